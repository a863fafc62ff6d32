/** Where the total of registrations is expected to lie from a day until the deadline, month by month. */
import type { Attainment } from './attainment.ts'
import { addDays, addMonths, type CalendarDate, daysBetween, laterOf } from './calendar-date.ts'
import { instantAfter, openDays, yearsOpenBy } from './projection/exposure.ts'
import { type FanRow, forecastFan } from './projection/fan.ts'
import { openPeriods, type Site } from './site.ts'

/**
 * Up to the last of the deadlines that are promised or asked for. Null where nothing can be forecast, or all of them
 * have passed.
 */
export function fanOf(
  { asOf, promised, forecast, registered }: Attainment,
  sites: readonly Site[],
  asked: readonly CalendarDate[] = [],
): FanRow[] | null {
  const ends = [promised.registrationUntil, ...asked].map(instantAfter)
  const last = ends.reduce(laterOf)
  if (forecast === null || asOf >= last) return null
  const days = new Set([...stepsBetween(asOf, last), ...ends.filter((end) => end > asOf)])
  const open = sites.flatMap((site) => openDays(openPeriods(site), asOf))
  return forecastFan(
    registered,
    forecast.belief,
    [...days].sort().map((at) => ({ at, futureYears: yearsOpenBy(open, daysBetween(asOf, at)) })),
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
