/** How many places are taken: read in the trial's turn, so that the last one is given once. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Counted } from '../domain/cap.ts'
import type { Pathway } from '../domain/milestone.ts'
import { countBySite } from './daily-counts.ts'
import type { Db } from './database.ts'

/** What counts toward the target by a day in the trial and at a site; and who was allocated to an arm, where one is named. */
export async function countPlaces(
  db: Db,
  { trialId, pathway }: { trialId: string; pathway: Pathway },
  { siteId, armCode }: { siteId: string; armCode: string | null },
  by: CalendarDate,
): Promise<Counted> {
  const counts = await countBySite(db, trialId, by)
  const counting = counts.filter(({ step }) => step === pathway.counting.code)
  const sum = (some: typeof counting) => some.reduce((total, { number }) => total + number, 0)
  return {
    inTrial: sum(counting),
    atSite: sum(counting.filter((count) => count.siteId === siteId)),
    inArm: armCode === null ? null : await countInArm(db, trialId, armCode),
  }
}

async function countInArm(db: Db, trialId: string, armCode: string): Promise<number> {
  const row = await db
    .selectFrom('allocation')
    .innerJoin('subject', 'subject.id', 'allocation.subject_id')
    .select(({ fn }) => fn.countAll<number>().as('number'))
    .where('allocation.trial_id', '=', trialId)
    .where('allocation.arm_code', '=', armCode)
    .where('subject.state', '!=', 'void')
    .executeTakeFirst()
  return Number(row?.number ?? 0)
}
