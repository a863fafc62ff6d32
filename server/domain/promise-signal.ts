/**
 * The rule of the six-monthly review, fixed beforehand: when is so little registered that the promise itself,
 * and not chance, has to be explained?
 */
import { requireAmount, requireCount } from './projection/poisson-interval.ts'
import { chancePoissonAtMost } from './projection/pooled-predictive.ts'

/** So seldom would a promise that is true still look broken, at any one review. */
export const falseAlarmChance = 0.1

/**
 * The largest count that is below a promise: the largest k with P(Poisson(promised) <= k) < 0.10, where
 * `promised` are the subjects promised by the date of the review. Null where even none is no signal: up to
 * 2.3 promised, since e^-2.3 is 0.10.
 *
 * A promise of 9 in 3 years: by 6 months 1.5, where none has the chance 0.22: null. By 12 months 3, none 0.05: 0.
 * By 18 months 4.5: 1. By 24 months 6: 2.
 */
export function largestCountBelowPromise(promised: number): number | null {
  requireAmount('promised', promised)
  // One more than the mean has more than half of the chance at or below it.
  let notBelow = Math.ceil(promised) + 1
  let below = -1
  while (notBelow - below > 1) {
    const count = Math.floor((below + notBelow) / 2)
    if (chancePoissonAtMost(count, promised) < falseAlarmChance) below = count
    else notBelow = count
  }
  return below === -1 ? null : below
}

/**
 * Whether a count is below the promise, so that the review asks for a countermeasure before it is signed.
 * 0 where 3 were promised is; 1 is not.
 */
export function isBelowPromise(actual: number, promised: number): boolean {
  requireCount('actual', actual)
  const largest = largestCountBelowPromise(promised)
  return largest !== null && actual <= largest
}
