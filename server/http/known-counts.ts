/** The sums that a dashboard shows, from the events instead of the roll-up: as they were known by the end of a day. */
import type { Context } from '../context.ts'
import { listEventVersions, listLoggedSubjects, listSubjectIds } from '../db/logs.ts'
import { remembered } from '../db/remembered.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import { courseOf, type Tally } from '../domain/subject.ts'
import type { Trial } from '../domain/trial.ts'
import { believedBefore, countsFrom, endOfDay, type KnownCounts } from '../domain/two-clocks.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'

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
  return remembered(db, trial.id, `known ${asOf} ${knownAt}`, async () => {
    const knownBefore = endOfDay(trial.timeZone, knownAt)
    const everybody = { scope: 'every', siteId: null, search: null, consented: null, list: { by: 'every' } } as const
    const ids = await listSubjectIds(db, trial.id, { ...everybody, order: 'number', direction: 'asc' }, 'all')
    const tallied: { siteId: string; tallies: readonly Tally[]; whole: readonly Tally[] }[] = []
    for (let from = 0; from < ids.length; from += partSize) {
      const part = ids.slice(from, from + partSize)
      const versions = await listEventVersions(db, part)
      for (const { subject } of await listLoggedSubjects(db, part)) {
        const known = believedBefore(versions.get(subject.id) ?? [], knownBefore)
        if (known.length === 0) continue
        const { tallies } = courseOf(pathway, known)
        tallied.push({ siteId: subject.siteId, tallies, whole: wholeTallies(pathway, known) })
      }
    }
    return countsFrom(tallied, pathway.counting.code, asOf)
  })
}
