/**
 * How fast registration would have to go from now on: on average, and to be as sure as somebody wants to be.
 */
import {
  gammaQuantile,
  type ObservedRate,
  requireAmount,
  requireProbability,
  requireWhole,
} from './poisson-interval.ts'

/**
 * The mean rate that just brings the number needed, per site-year: needed / future site-years. 0 if nothing is
 * needed, null if something is and no time is left. At this rate the target is reached little more than half the time.
 *
 * 10 needed in 4 years: 2.5 a year.
 */
export function meanRateNeeded(needed: number, futureYears: number): number | null {
  requireWhole('needed', needed)
  requireAmount('futureYears', futureYears)
  if (needed <= 0) return 0
  return futureYears === 0 ? null : needed / futureYears
}

/**
 * How many subjects have to be expected for the chance p that at least the number needed comes: the mean with
 * P(Poisson(mean) >= needed) = p, the p-quantile of Gamma(needed, 1). 0 if nothing is needed.
 *
 * For 95% of one subject: 1 - exp(-mean) = 0.95, mean 3.0.
 */
export function expectedForAssurance(p: number, needed: number): number {
  requireProbability('p', p)
  requireWhole('needed', needed)
  return needed <= 0 ? 0 : gammaQuantile(p, needed)
}

/**
 * The rate per site-year that gives the chance p of at least the number needed, if it held exactly. 0 if nothing
 * is needed, null if something is and no time is left.
 *
 * For 95% of one subject in 2 years: 3.0 / 2 = 1.5 a year.
 */
export function rateForAssurance(p: number, needed: number, futureYears: number): number | null {
  requireAmount('futureYears', futureYears)
  const expected = expectedForAssurance(p, needed)
  if (expected === 0) return 0
  return futureYears === 0 ? null : expected / futureYears
}

/**
 * How many times the observed rate another rate is. Null where no point rate was observed: there is nothing to
 * be a multiple of. 3 a year, where 2 came in 4 years (0.5 a year): 6 times.
 */
export function multipleOfObserved(ratePerYear: number, observed: ObservedRate): number | null {
  requireAmount('ratePerYear', ratePerYear)
  return observed.kind === 'rate' ? ratePerYear / observed.perYear : null
}
