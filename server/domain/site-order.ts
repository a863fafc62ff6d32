/** In what order the sites of a trial stand in a table, and which page of it. */
import type { CalendarDate } from './calendar-date.ts'
import type { LastReport } from './reporting.ts'
import { bySiteCode, type Site, siteStatuses, siteStatusOn } from './site.ts'

export const siteOrders = ['site', 'state', 'report', 'last', 'exposure', 'screened', 'registered', 'rate'] as const
export type SiteOrder = (typeof siteOrders)[number]

/** One site with what a table sorts it by. */
export type SiteStanding = {
  site: Site
  report: LastReport
  lastActivityOn: CalendarDate | null
  exposureYears: number
  screened: number
  registered: number
}

export type SiteTableQuery = { order: SiteOrder; direction: 'asc' | 'desc'; page: number }

/** So many sites stand on a page. */
export const sitesToAPage = 50

/** In the order of the query; sites that are equal in it, and all by their code, as people count: 2 before 10. */
export function inSiteOrder(
  sites: readonly SiteStanding[],
  { order, direction }: Pick<SiteTableQuery, 'order' | 'direction'>,
  day: CalendarDate,
): SiteStanding[] {
  const sign = direction === 'asc' ? 1 : -1
  const by: Record<Exclude<SiteOrder, 'site'>, (one: SiteStanding) => number | string> = {
    state: ({ site }) => siteStatuses.indexOf(siteStatusOn(site, day)),
    report: ({ report }) => reportRank(report),
    last: ({ lastActivityOn }) => lastActivityOn ?? '',
    exposure: ({ exposureYears }) => exposureYears,
    screened: ({ screened }) => screened,
    registered: ({ registered }) => registered,
    // Where there is no rate to print, there is none to sort by.
    rate: ({ registered, exposureYears }) => (exposureYears < 1 ? 0 : registered / exposureYears),
  }
  return [...sites].sort((a, b) => {
    if (order === 'site') return sign * bySiteCode(a.site, b.site)
    const [x, y] = [by[order](a), by[order](b)]
    return x === y ? bySiteCode(a.site, b.site) : sign * (x < y ? -1 : 1)
  })
}

/** Who reported stands first, who has been silent longest last. */
function reportRank({ report, silentMonths }: LastReport): number {
  const ranks = { reported: 0, nothing: 1, not_open: 2, silent: 3 }
  return ranks[report.kind] + (report.kind === 'silent' ? (silentMonths ?? 0) : 0)
}

/** A page of a list, the last one where there are not so many; pages are counted from 1. */
export function pageOf<T>(all: readonly T[], page: number, size: number): { page: number; part: readonly T[] } {
  const shown = Math.max(Math.min(page, Math.ceil(all.length / size)), 1)
  return { page: shown, part: all.slice((shown - 1) * size, shown * size) }
}
