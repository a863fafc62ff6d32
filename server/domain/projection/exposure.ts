/**
 * Exposure: how long a site stood open for registration, in site-years of 365.25 days. Silence counts:
 * a site that registered nobody for a year was exposed for a year, and that year is evidence.
 */
import { addDays, type CalendarDate, daysBetween, yearsBetween } from '../calendar-date.ts'

/** Open from `from` up to but excluding `until`, null while it lasts. A hold is the gap between two periods. */
export type OpenPeriod = { from: CalendarDate; until: CalendarDate | null }

/**
 * The instant at which a last day is over: registration "until 2029-07-18" ends at 2029-07-19, 00:00.
 * All intervals here are half-open, so this is the deadline to compute with.
 */
export function instantAfter(lastDay: CalendarDate): CalendarDate {
  return addDays(lastDay, 1)
}

/**
 * Site-years that one site was open before the instant `asOf`; 0 where it opens on that day or later.
 * Periods that overlap count once: open from 2024-01-01 until 2027-01-01 and from 2026-01-01 on is, as of
 * 2028-01-01, 1461 days or 4 site-years. Throws where a period ends before it begins.
 */
export function exposureYears(openPeriods: readonly OpenPeriod[], asOf: CalendarDate): number {
  return apart(openPeriods).reduce((years, { from, until }) => {
    const end = earlier(until, asOf)
    return end > from ? years + yearsBetween(from, end) : years
  }, 0)
}

/**
 * Site-years that one site will be open between the instants `asOf` and `deadline`, as its periods stand
 * today; 0 where it is closed for good or the deadline has passed. As of 2028-01-01 a site that stays open
 * has 1461 days or 4 site-years until 2032-01-01, and so has one that only opens that day.
 */
export function futureYears(openPeriods: readonly OpenPeriod[], asOf: CalendarDate, deadline: CalendarDate): number {
  return deadline > asOf ? exposureYears(openPeriods, deadline) - exposureYears(openPeriods, asOf) : 0
}

/**
 * Days from the instant `asOf` until the sites together have been open for so many more site-years; null
 * where all of them close before. It turns a wait in exposure, as `completionYears` gives it, into days on the
 * calendar, and there may be more of them than the calendar has.
 *
 * Two open sites need 1461 days for 8 site-years. Where one closes on day 1461, 12 take 2922 days; where
 * both do, there never are 12.
 */
export function daysUntilExposure(
  sites: readonly (readonly OpenPeriod[])[],
  asOf: CalendarDate,
  siteYears: number,
): number | null {
  if (!(siteYears >= 0)) throw new RangeError(`siteYears must be 0 or more, not ${siteYears}`)
  let missingDays = siteYears * 365.25
  let openSites = 0
  let day = 0
  for (const change of openingsAndClosings(sites, asOf)) {
    const collected = openSites * (change.day - day)
    if (collected >= missingDays) break
    missingDays -= collected
    openSites += change.openSites
    day = change.day
  }
  if (missingDays === 0) return day
  return openSites === 0 ? null : day + missingDays / openSites
}

/** Days after the as-of date on which a site opens and closes; one that stays open closes on day Infinity. */
export type OpenDays = { from: number; until: number }

/**
 * The open periods as days after the instant `asOf`, for looking at many future dates: what lies before is left out.
 * As of 2026-01-01, open from 2025-01-01 until 2026-01-11: from day 0 until day 10.
 */
export function openDays(openPeriods: readonly OpenPeriod[], asOf: CalendarDate): OpenDays[] {
  return apart(openPeriods).flatMap(({ from, until }) => {
    const end = until === null ? Number.POSITIVE_INFINITY : daysBetween(asOf, until)
    return end <= 0 ? [] : [{ from: Math.max(0, daysBetween(asOf, from)), until: end }]
  })
}

/** Site-years of those days that lie before a day: of days 0 until 10 and from 20 on, by day 30, 20 days. */
export function yearsOpenBy(open: readonly OpenDays[], day: number): number {
  let days = 0
  for (const { from, until } of open) if (day > from) days += Math.min(until, day) - from
  return days / 365.25
}

/** By how many the sites that are open become more or fewer, by days since `asOf`, in order. */
function openingsAndClosings(sites: readonly (readonly OpenPeriod[])[], asOf: CalendarDate) {
  const changes: { day: number; openSites: number }[] = []
  for (const { from, until } of sites.flatMap(apart)) {
    if (until !== null && until <= asOf) continue
    changes.push({ day: Math.max(0, daysBetween(asOf, from)), openSites: 1 })
    if (until !== null) changes.push({ day: daysBetween(asOf, until), openSites: -1 })
  }
  return changes.sort((a, b) => a.day - b.day)
}

/** The same days in periods that do not overlap, in order. */
function apart(openPeriods: readonly OpenPeriod[]): OpenPeriod[] {
  const periods: OpenPeriod[] = []
  for (const { from, until } of openPeriods.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    if (until !== null && until < from) throw new RangeError(`A site opens on ${from} and closes before, on ${until}`)
    const last = periods.at(-1)
    if (last === undefined || (last.until !== null && last.until < from)) periods.push({ from, until })
    else last.until = last.until === null || until === null ? null : later(last.until, until)
  }
  return periods
}

const earlier = (until: CalendarDate | null, asOf: CalendarDate) => (until !== null && until < asOf ? until : asOf)
const later = (a: CalendarDate, b: CalendarDate) => (a > b ? a : b)
