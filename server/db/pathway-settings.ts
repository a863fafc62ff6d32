/** A trial's milestones as settings, and the events by which a change of them is judged. */
import type { Context } from '../context.ts'
import type { Milestone } from '../domain/milestone.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import type { Db } from './database.ts'
import { keepList, settingFrom } from './kept-settings.ts'
import { listEventsOf } from './subject-events.ts'
import { milestoneColumns, milestoneFrom } from './trials.ts'
import type { Write } from './write.ts'

/** In the order of the pathway. */
export async function listMilestoneSettings(db: Db, trialId: string): Promise<Setting<Milestone>[]> {
  const rows = await milestoneRows(db, trialId)
  return rows.filter((row) => row.retired_at === null).map((row) => settingFrom(row, milestoneFrom(row)))
}

function milestoneRows(db: Db, trialId: string) {
  return db.selectFrom('milestone').selectAll().where('trial_id', '=', trialId).orderBy('position').execute()
}

export async function keepPathway(
  write: Write,
  context: Context,
  trialId: string,
  milestones: readonly Milestone[],
): Promise<void> {
  await keepList(write, context, trialId, {
    table: 'milestone',
    rows: await milestoneRows(write, trialId),
    wanted: milestones.map(milestoneColumns),
    isSame: (row, wanted) => row.code === wanted.code,
    auditAs: ['milestone_configured', 'milestone_changed', 'milestone_retired'],
    reason: null,
  })
}

export async function isAnybodyInLog(db: Db, trialId: string): Promise<boolean> {
  const row = await db.selectFrom('subject').select('id').where('trial_id', '=', trialId).limit(1).executeTakeFirst()
  return row !== undefined
}

/** The milestones of which a version of an event speaks that is no longer believed. */
export async function listWithdrawnSteps(db: Db, trialId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('subject_event')
    .select('step')
    .distinct()
    .where('trial_id', '=', trialId)
    .where('kind', '=', 'milestone')
    .where('withdrawn_at', 'is not', null)
    .execute()
  return rows.map(({ step }) => step)
}

/**
 * The believed events of every subject of a trial: so many subjects are held at once while a change is judged. In the
 * order of their numbers, of which a trial has an index.
 */
export async function* eventsInPages(db: Db, trialId: string, pageSize = 500): AsyncGenerator<SubjectEvent[][]> {
  let after = ''
  for (;;) {
    const rows = await db
      .selectFrom('subject')
      .select(['id', 'number_key'])
      .where('trial_id', '=', trialId)
      .where('number_key', '>', after)
      .orderBy('number_key')
      .limit(pageSize)
      .execute()
    const events = await listEventsOf(
      db,
      rows.map(({ id }) => id),
    )
    yield [...events.values()]
    if (rows.length < pageSize) return
    after = rows.at(-1)?.number_key ?? after
  }
}
