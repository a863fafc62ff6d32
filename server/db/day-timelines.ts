/** Timelines that know only days from an index date. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { DayTimeline } from '../domain/day-timeline.ts'
import type { Db } from './database.ts'
import { inFixedOrder, type Write } from './write.ts'

/** In the order in which they were written down. */
export async function listDayTimelines(db: Db, trialId: string): Promise<(DayTimeline & { id: string })[]> {
  const rows = await db.selectFrom('day_timeline').selectAll().where('trial_id', '=', trialId).orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    anchorCode: row.anchor_code,
    days: JSON.parse(row.days),
    basis: row.basis as Basis,
  }))
}

/** Those of some numbers that stand in the trial's log: their dates are known there. */
export async function listNumbersInLog(db: Db, trialId: string, numbers: readonly string[]): Promise<string[]> {
  if (numbers.length === 0) return []
  const rows = await db
    .selectFrom('subject')
    .select('number')
    .where('trial_id', '=', trialId)
    .where('number', 'in', numbers)
    .execute()
  return rows.map(({ number }) => number)
}

export async function insertDayTimeline(
  write: Write,
  context: Context,
  trialId: string,
  { number, anchorCode, days, basis }: DayTimeline,
): Promise<void> {
  const row = {
    id: context.newId(),
    trial_id: trialId,
    number,
    anchor_code: anchorCode,
    days: inFixedOrder(days),
    basis,
  }
  await write.insert('day_timeline', row, 'day_timeline_recorded')
}

/** Other days for a number that has some: the old ones stay in the audit trail, with the reason. */
export async function reviseDayTimeline(
  write: Write,
  id: string,
  { anchorCode, days }: DayTimeline,
  reason: string,
): Promise<void> {
  const changes = { anchor_code: anchorCode, days: inFixedOrder(days) }
  await write.revise('day_timeline', id, changes, 'day_timeline_corrected', reason)
}
