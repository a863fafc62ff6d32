/**
 * The pace of a trial on a day: how fast it would have to register, how fast it did from the first day on and lately,
 * and the date to which each of these leads. Rates are subjects a year, of the whole trial, per year in which any site
 * was open; each stands with its number of subjects and the years it rests on.
 */
import type { DayCount } from './accrual.ts'
import type { Attainment } from './attainment.ts'
import { addDays, type CalendarDate, daysBetween, earlierOf } from './calendar-date.ts'
import { daysUntilExposure, exposureYears } from './projection/exposure.ts'
import { type ObservedRate, observedRate } from './projection/poisson-interval.ts'
import { enoughForDriftRule, windowHolding } from './projection/recent-window.ts'
import { yearsInSight } from './projection/what-if.ts'
import { openPeriods, type Site } from './site.ts'

/** `leadsTo`: the day by whose end the target would be reached; null without a rate, beyond 20 years, or never. */
export type PaceRate = {
  rate: ObservedRate
  /** The first day of what is counted; null where no site was open yet. */
  since: CalendarDate | null
  leadsTo: CalendarDate | null
}

export type Pace = {
  asOf: CalendarDate
  target: number
  /** Still needed, in the open years left; null `perYear` where something is needed and no time is left. */
  required: { perYear: number | null; count: number; exposureYears: number; leadsTo: CalendarDate | null }
  overall: PaceRate
  /** Of the shortest of the last 15, 25, 33 and 50% of the time since the first opening that holds 25 subjects, else all. */
  recent: PaceRate
  lastScreening: Last | null
  lastRegistration: Last | null
}

/** The last day on which something happened by a day, and how many days ago that was: 0 on the same day. */
export type Last = { on: CalendarDate; daysSince: number }

/**
 * `registrations`: how many on each day up to the day of the attainment, in order of the days. A target that is reached
 * leads to the day on which it was, at every rate.
 *
 * 2 in 4 years, 4 more needed in the 2 years left: 2 a year needed, leading to the deadline; 0.5 a year observed,
 * leading to 8 years from now.
 */
export function paceOn(
  attainment: Attainment,
  sites: readonly Site[],
  registrations: readonly DayCount[],
  lastScreenedOn: CalendarDate | null,
): Pace {
  const { asOf, promised, remaining, yearsLeft, requiredPerYear } = attainment
  const open = sites.map(openPeriods)
  const origin = open.flat().reduce<CalendarDate | null>((first, { from }) => {
    if (from >= asOf) return first
    return first === null ? from : earlierOf(first, from)
  }, null)
  const reached = remaining === 0 ? reachedOn(registrations, promised.targetNumber) : null
  const leadsTo = (rate: ObservedRate) =>
    remaining === 0 ? reached : rate.kind === 'rate' ? dayAfterYears(remaining / rate.perYear, open, asOf) : null
  const paced = (since: CalendarDate | null): PaceRate => {
    const rate = since === null ? ({ kind: 'noExposure' } as const) : rateSince(since, asOf, open, registrations)
    return { rate, since, leadsTo: leadsTo(rate) }
  }
  const lastRegisteredOn = registrations.findLast(({ number }) => number > 0)?.date ?? null
  return {
    asOf,
    target: promised.targetNumber,
    required: {
      perYear: requiredPerYear,
      count: remaining,
      exposureYears: yearsLeft,
      leadsTo: remaining === 0 ? reached : requiredPerYear === null ? null : promised.registrationUntil,
    },
    overall: paced(origin),
    recent: paced(origin === null ? null : recentSince(origin, asOf, registrations)),
    lastScreening:
      lastScreenedOn === null ? null : { on: lastScreenedOn, daysSince: daysBetween(lastScreenedOn, asOf) },
    lastRegistration:
      lastRegisteredOn === null ? null : { on: lastRegisteredOn, daysSince: daysBetween(lastRegisteredOn, asOf) },
  }
}

type OpenTime = readonly (readonly { from: CalendarDate; until: CalendarDate | null }[])[]

/** The first day of the recent window: of 100 days of which the last 25 hold enough, day 75. */
function recentSince(origin: CalendarDate, asOf: CalendarDate, registrations: readonly DayCount[]): CalendarDate {
  const count = registrations.reduce((sum, { number }) => sum + number, 0)
  const first = (days: number) => addDays(asOf, -Math.round(days))
  const whole = { count, days: daysBetween(origin, asOf) }
  const window = windowHolding(whole, enoughForDriftRule, (days) => countFrom(first(days), registrations))
  return first(window.days)
}

/**
 * Of nobody, or where the sites have been open for less than one site-year in all, there is no point rate; the interval
 * is given all the same. A recent window may be shorter than that: it is one only where 25 subjects came in it.
 */
function rateSince(
  since: CalendarDate,
  asOf: CalendarDate,
  open: OpenTime,
  registrations: readonly DayCount[],
): ObservedRate {
  const years = (periods: OpenTime[number]) => exposureYears(periods, asOf) - exposureYears(periods, since)
  const exposure = years(open.flat())
  const siteYears = open.reduce((sum, periods) => sum + exposureYears(periods, asOf), 0)
  return observedRate(countFrom(since, registrations), exposure, siteYears)
}

function countFrom(since: CalendarDate, registrations: readonly DayCount[]): number {
  let count = 0
  for (let place = registrations.length - 1; place >= 0; place--) {
    const { date, number } = registrations[place]!
    if (date < since) break
    count += number
  }
  return count
}

/** The day at whose end so many more years, in which any site is open, have passed. */
function dayAfterYears(years: number, open: OpenTime, asOf: CalendarDate): CalendarDate | null {
  const days = daysUntilExposure([open.flat()], asOf, years)
  if (days === null || days > yearsInSight * 365.25) return null
  // Half a minute of grace, so that rounding does not turn the end of a day into the next.
  return addDays(asOf, Math.max(Math.ceil(days - 0.0004) - 1, 0))
}

function reachedOn(registrations: readonly DayCount[], target: number): CalendarDate | null {
  let registered = 0
  for (const { date, number } of registrations) {
    registered += number
    if (registered >= target) return date
  }
  return null
}
