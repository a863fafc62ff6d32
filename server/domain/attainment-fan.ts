/** Where the total of registrations is expected to lie from a day until the deadline, month by month. */
import { type Attainment, siteYears } from './attainment.ts'
import { addDays, addMonths, type CalendarDate, daysBetween } from './calendar-date.ts'
import { instantAfter } from './projection/exposure.ts'
import { type FanRow, forecastFan } from './projection/fan.ts'
import type { Site } from './site.ts'

/** Null where nothing can be forecast, or the deadline has passed. */
export function fanOf({ asOf, promised, forecast, registered }: Attainment, sites: readonly Site[]): FanRow[] | null {
  const deadline = instantAfter(promised.registrationUntil)
  if (forecast === null || asOf >= deadline) return null
  return forecastFan(
    registered,
    forecast.belief,
    stepsBetween(asOf, deadline).map((at) => ({ at, futureYears: siteYears(sites, asOf, at).future })),
  )
}

/** Every month from one date to another, and the other; every week where the whole is under a year. */
function stepsBetween(from: CalendarDate, until: CalendarDate): CalendarDate[] {
  const weekly = daysBetween(from, until) < 366
  const steps: CalendarDate[] = []
  for (let count = 0; ; count++) {
    const at = weekly ? addDays(from, 7 * count) : addMonths(from, count)
    if (at >= until) break
    steps.push(at)
  }
  return [...steps, until]
}
