/**
 * A number of new subjects in short: its mean and variance, and the one distribution with those. Where hundreds are
 * needed its completion dates differ from the exact ones by hours, and it costs next to nothing.
 */
import betainc from '@stdlib/math-base-special-betainc'
import { chanceOfAtLeast, chancePoisson, type RateBelief } from './pooled-predictive.ts'

/** The mean and the variance of a number of new subjects. */
export type Moments = { mean: number; variance: number }

/**
 * Mean and variance of a whole number with these chances. A coin: of 1/2, 1/2 they are 1/2 and 1/4.
 */
export function momentsOfCounts(chances: Float64Array): Moments {
  let mean = 0
  let square = 0
  for (let count = 0; count < chances.length; count++) {
    mean += chances[count]! * count
    square += chances[count]! * count * count
  }
  return { mean, variance: Math.max(square - mean * mean, 0) }
}

/**
 * The variance with drift: one factor of mean 1 and coefficient of variation c on all rates. Chance itself (the mean)
 * stays; what is uncertain about the rates, s = variance - mean, becomes s + c^2 (s + mean^2). This is the
 * 1/k + c^2 (1 + 1/k) of the pooled model, with k = mean^2 / s.
 *
 * Mean 10, variance 10 (rates known), c = 0.5: 10 + 0.25 x 100 = 35.
 */
export function momentsWithDrift({ mean, variance }: Moments, coefficientOfVariation: number): Moments {
  return { mean, variance: variance + coefficientOfVariation ** 2 * (variance - mean + mean * mean) }
}

/**
 * The negative binomial with these moments, as a belief about one rate of which one year is to come; null where the
 * variance is not above the mean, as where caps cut the number off.
 *
 * Mean 1, variance 2: shape 1 in 1 year.
 */
export function beliefByMoments({ mean, variance }: Moments): RateBelief | null {
  if (!(mean > 0 && variance > mean)) return null
  return { shape: (mean * mean) / (variance - mean), exposureYears: mean / (variance - mean) }
}

/**
 * P(at least `needed`) of the distribution with these moments: negative binomial where the variance is above the
 * mean, Poisson where it is the mean, binomial where it is below. 0 where nobody is expected and somebody needed;
 * exactly 1 only if nobody is.
 *
 * Mean 1, variance 2 (each next one a coin toss): 2 or more has 1/4.
 */
export function chanceByMoments(moments: Moments, needed: number): number {
  const { mean, variance } = moments
  if (needed <= 0) return 1
  if (mean <= 0) return 0
  if (Math.abs(variance - mean) < 1e-9 * mean) return chancePoisson(needed, mean)
  const belief = beliefByMoments(moments)
  if (belief !== null) return chanceOfAtLeast(needed, belief, 1)
  // Binomial: of `trials`, each succeeds with the chance `share`.
  const share = 1 - variance / mean
  const trials = mean / share
  if (needed >= trials + 1) return 0
  return Math.min(betainc(share, needed, trials - needed + 1), 1 - Number.EPSILON / 2)
}
