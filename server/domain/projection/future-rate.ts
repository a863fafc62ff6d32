/**
 * The rate that an answer or a scenario assumes for the future: certain, as a claim has it, or believed, as a record
 * leaves it; and what follows from either for the number of new subjects. With drift both are beliefs.
 */

import {
  chanceOfAtLeast,
  chancePoisson,
  completionYears,
  expectedNew,
  type RateBelief,
  withDrift,
} from './pooled-predictive.ts'
import { reachedAt } from './reached-at.ts'
import { expectedForAssurance } from './required-rate.ts'

export type FutureRate = { kind: 'certain'; perSiteYear: number } | { kind: 'believed'; belief: RateBelief }

/**
 * The same with drift: one factor of mean 1 and the given coefficient of variation c on all future rates. A certain
 * rate becomes the belief Gamma(1/c^2) with that mean. 3 a year, c = 0.5: shape 4 in 1.33 years.
 */
export function driftingRate(rate: FutureRate, coefficientOfVariation: number): FutureRate {
  if (rate.kind === 'believed') return { kind: 'believed', belief: withDrift(rate.belief, coefficientOfVariation) }
  if (rate.perSiteYear === 0 || coefficientOfVariation === 0) return rate
  const shape = 1 / coefficientOfVariation ** 2
  return { kind: 'believed', belief: { shape, exposureYears: shape / rate.perSiteYear } }
}

/** The new subjects expected in so many future site-years. 2 a year for 3 years: 6. */
export function expectedAt(rate: FutureRate, siteYears: number): number {
  return rate.kind === 'certain' ? rate.perSiteYear * siteYears : expectedNew(rate.belief, siteYears).mean
}

/**
 * The chance that at least `needed` come in so many future site-years, some of them from `pipeline`: the chances that
 * 0, 1, 2, ... of those in screening are registered, `none` where they are part of the rate. Exactly 1 only if nothing
 * is needed.
 *
 * 1 needed, 0 years, one in screening with 1/2: 1/2.
 */
export function chanceAt(needed: number, rate: FutureRate, siteYears: number, pipeline: Float64Array = none): number {
  if (needed <= 0) return 1
  const fromSites = (count: number) =>
    rate.kind === 'certain'
      ? chancePoisson(count, rate.perSiteYear * siteYears)
      : chanceOfAtLeast(count, rate.belief, siteYears)
  const chance = pipeline.reduce((sum, weight, registered) => sum + weight * fromSites(needed - registered), 0)
  // What is not impossible is not 0 either, however far beyond the smallest number it lies.
  const isPossible = expectedAt(rate, siteYears) > 0
  return Math.min(Math.max(chance, isPossible ? Number.MIN_VALUE : 0), 1 - Number.EPSILON / 2)
}

/** Nobody is counted apart. */
export const none = Float64Array.of(1)

/** The smallest number k of new subjects with P(new <= k) >= p. Of 0 or 1 with 1/2 each the median is 0. */
export function quantileAt(p: number, rate: FutureRate, siteYears: number, pipeline: Float64Array = none): number {
  const isEnough = (count: number) => 1 - chanceAt(count + 1, rate, siteYears, pipeline) >= p * (1 - 1e-12)
  if (isEnough(0)) return 0
  let low = 0
  let high = 1
  while (!isEnough(high)) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * The future site-years within which `needed` come with the chance p, some of them from `pipeline` (`none`: those in
 * screening are part of the rate); null where they never do, 0 where those in screening are enough. It lies between the
 * site-years for what is left if all in screening are registered and those if none is.
 *
 * Shape 1 in 3 years, one needed: 3 by the median. With one in screening who is registered with 1/4: at 3 x years the
 * chance is 1/4 + 3/4 x/(1 + x), which is 1/2 at x = 1/2, so 1.5.
 */
export function siteYearsUntil(
  p: number,
  rate: FutureRate,
  needed: number,
  pipeline: Float64Array = none,
): number | null {
  if (needed <= 0) return 0
  const alone = siteYearsAlone(p, rate, needed)
  const most = pipeline.findLastIndex((chance) => chance > 0)
  if (most === 0) return alone
  const enough = pipeline.reduce((sum, chance, registered) => (registered >= needed ? sum + chance : sum), 0)
  if (enough >= p * (1 - 1e-12)) return 0
  if (alone === null) return null
  const withAll = siteYearsAlone(p, rate, needed - most) ?? 0
  const [found = null] = reachedAt([p], (years) => chanceAt(needed, rate, years, pipeline), {
    guess: () => (withAll + alone) / 2,
    most: Math.min(alone * (1 + 1e-9), Number.MAX_VALUE),
    tolerance: 1e-9,
  })
  return found
}

function siteYearsAlone(p: number, rate: FutureRate, needed: number): number | null {
  if (needed <= 0) return 0
  if (rate.kind === 'believed') return completionYears(p, rate.belief, needed)
  return rate.perSiteYear === 0 ? null : expectedForAssurance(p, needed) / rate.perSiteYear
}
