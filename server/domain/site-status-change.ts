/** Which changes of a site's dated states are refused: those that would close it on a day on which somebody began there. */
import type { CalendarDate } from './calendar-date.ts'
import type { Problem } from './parsed.ts'
import { isOpenOn, type Site, type SiteStatusEntry } from './site.ts'

/**
 * The site's entries after one is added, or takes the place of another; in order of their days. `at` is the day of the
 * entry that is corrected, null for a new one.
 */
export function entriesAfter(site: Site, at: CalendarDate | null, entry: SiteStatusEntry): SiteStatusEntry[] {
  const others = site.statuses.filter(({ from }) => from !== at)
  return [...others, entry].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

/** `days`: those on which somebody was written down, screened or registered at the site. */
export function statusProblems(
  site: Site,
  at: CalendarDate | null,
  entry: SiteStatusEntry,
  days: readonly CalendarDate[],
): Problem[] {
  if (site.statuses.some(({ from }) => from === entry.from && from !== at)) {
    return [{ field: 'fromOn', code: 'status_day_taken', values: { on: entry.from } }]
  }
  const after = { ...site, statuses: entriesAfter(site, at, entry) }
  const shut = days.filter((day) => isOpenOn(site, day) && !isOpenOn(after, day)).sort()
  if (shut.length === 0) return []
  return [{ field: 'fromOn', code: 'status_has_events', values: { first: shut[0] ?? '', days: shut.length } }]
}
