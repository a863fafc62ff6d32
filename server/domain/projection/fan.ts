/** The fan of a cumulative chart: where the total of registrations is expected to lie at future dates. */
import type { CalendarDate } from '../calendar-date.ts'
import { requireCount } from './poisson-interval.ts'
import { predictiveQuantiles, type RateBelief } from './pooled-predictive.ts'

/** A date to look at, and the site-years of all sites together from the as-of date until then. */
export type FanPoint = { at: CalendarDate; futureYears: number }

/**
 * The total at a date: the median, and the limits of the central 50% (25% and 75% quantiles) and 80% (10% and
 * 90% quantiles). As counts are whole, each band holds at least the chance it is named after.
 */
export type FanRow = {
  at: CalendarDate
  low80: number
  low50: number
  median: number
  high50: number
  high80: number
}

const quantiles = [0.1, 0.25, 0.5, 0.75, 0.9]

/**
 * One row for each point, in their order: those registered so far and the quantiles of the new ones. At the
 * as-of date itself, with 0 future years, all five are what is registered. The target does not cap them.
 *
 * 2 registered, a belief of shape 1, as many years to come as have passed: 1/2, 3/4, 7/8, 15/16 for up to 0,
 * 1, 2, 3 new ones, so median 2, 50% range 2 to 3, 80% range 2 to 5.
 */
export function forecastFan(registered: number, belief: RateBelief, points: readonly FanPoint[]): FanRow[] {
  requireCount('registered', registered)
  return points.map(({ at, futureYears }) => {
    const totals = predictiveQuantiles(quantiles, belief, futureYears).map((count) => registered + count)
    const [low80, low50, median, high50, high80] = totals as [number, number, number, number, number]
    return { at, low80, low50, median, high50, high80 }
  })
}
