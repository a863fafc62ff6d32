/** The sums that a dashboard shows, from the events instead of the roll-up: as they were known by the end of a day. */
import type { Context } from '../context.ts'
import { countKnown } from '../db/known-counts.ts'
import { remembered } from '../db/remembered.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Trial } from '../domain/trial.ts'
import { endOfDay, type KnownCounts } from '../domain/two-clocks.ts'

/** So many subjects are read at once. */
export const partSize = 500

/** What had happened by one day, of what was known by the end of the other: per site and step, and per day. */
export function knownCounts(
  { db }: Context,
  trial: Trial,
  pathway: Pathway,
  asOf: CalendarDate,
  knownAt: CalendarDate,
): Promise<KnownCounts> {
  return remembered(db, trial.id, `known ${asOf} ${knownAt}`, () =>
    countKnown(db, trial.id, pathway, asOf, endOfDay(trial.timeZone, knownAt)),
  )
}
