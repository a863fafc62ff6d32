/** The sums of the roll-up, from the events instead: as they were known just before an instant. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import { courseOf, type Tally } from '../domain/subject.ts'
import { believedBefore, countsFrom, type KnownCounts } from '../domain/two-clocks.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'
import type { Db } from './database.ts'
import { listEventVersions, listLoggedSubjects, listSubjectIds } from './logs.ts'

/** So many subjects are read at once. */
const partSize = 500

/** What had happened by the end of a day, of what had been recorded before an instant: per site and step, and per day. */
export async function countKnown(
  db: Db,
  trialId: string,
  pathway: Pathway,
  asOf: CalendarDate,
  knownBefore: string,
): Promise<KnownCounts> {
  const everybody = { scope: 'every', siteId: null, search: null, consented: null, list: { by: 'every' } } as const
  const ids = await listSubjectIds(db, trialId, { ...everybody, order: 'number', direction: 'asc' }, 'all')
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
}
