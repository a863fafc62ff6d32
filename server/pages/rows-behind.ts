/** The way from a number to the rows that it counts, for those who may see all of them. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { reaches } from '../domain/permission.ts'
import type { SavedList } from '../domain/saved-list.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import { addressWith, type Kept } from './as-of.ts'

export type RowsBehind = {
  trial: Pick<Trial, 'code' | 'leastShown'>
  /** The sites whose subjects the reader may open. */
  sees: 'every' | readonly string[]
  /** The days that the numbers speak of, as they stand in the address; the log is asked for the same ones. */
  clocks: Kept
}

/** The log's list, of one site or of all; null where the reader would not see all that was counted, or nothing was. */
export function rowsHref(
  { trial, sees, clocks }: RowsBehind,
  { list, number, site = null, consented = null }: RowsOf,
): string | null {
  const isSeen = site === null ? sees === 'every' : reaches(sees, site.id)
  if (!isSeen || number === 0) return null
  const ofSite: Kept = site === null ? [] : [['site', site.code]]
  const inPeriod: Kept =
    consented === null
      ? []
      : [
          ['from', consented.from],
          ['until', consented.until],
        ]
  return `/trials/${trial.code}/subjects${addressWith([['list', list], ...ofSite, ...inPeriod, ...clocks])}`
}

export type RowsOf = {
  list: SavedList
  number: number
  site?: Site | null
  /** Only those who consented in this time. */
  consented?: { from: CalendarDate; until: CalendarDate } | null
}
