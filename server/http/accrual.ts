/**
 * How a trial's registrations came in up to a day, and where that leaves it: the part of what is said of a trial that takes
 * longest to work out, and that stays as it is while others are screened, judged and followed up.
 */
import type { ChainHead } from '../db/audit-trail.ts'
import { isOnlyAboutOtherSteps } from '../db/changed-subjects.ts'
import { countByDay } from '../db/daily-counts.ts'
import type { Db } from '../db/database.ts'
import { rememberedWhile, type Stands } from '../db/remembered.ts'
import { findTrialFacts, type TrialFacts } from '../db/trial-facts.ts'
import { cumulative, type DayCount } from '../domain/accrual.ts'
import { type Attainment, attainmentOn } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'

export type Accrual = {
  /** What the trial was set up with when this was worked out. */
  facts: TrialFacts
  days: readonly DayCount[]
  /** Registered in all after each day on which somebody was. */
  steps: readonly DayCount[]
  /** Null where the trial had no terms yet on the day. */
  attainment: Attainment | null
}

const stands: Stands<Accrual> = (db, trialId, before, head, { facts }) =>
  isOnlyAboutOtherSteps(db, trialId, before, head, facts.pathway.counting.code)

/** The same object for whoever asks, until a registration or what the trial is set up with changes. */
export function accrualBy(
  db: Db,
  trialId: string,
  day: CalendarDate,
  under: ChainHead | null = null,
): Promise<Accrual> {
  const read = async (head: ChainHead) => {
    const facts = await findTrialFacts(db, trialId, head)
    return accrualFrom(facts, day, await countByDay(db, trialId, facts.pathway.counting.code, day))
  }
  return rememberedWhile(db, trialId, `accrual ${day}`, stands, read, under)
}

export function accrualFrom(facts: TrialFacts, day: CalendarDate, days: readonly DayCount[]): Accrual {
  const steps = cumulative(days)
  const attainment = attainmentOn(day, facts.versions, facts.sites, steps.at(-1)?.number ?? 0)
  return { facts, days, steps, attainment }
}
