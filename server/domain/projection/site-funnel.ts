/**
 * The funnel of sites: what each registered against how long it was open, with the limits within which equal sites
 * stay by chance alone (Spiegelhalter, Statistics in Medicine 24, 2005). It asks whether a site is unlike the others,
 * not whether it is good.
 */
import { gammaTails, requireAmount } from './poisson-interval.ts'

/** Counts of subjects: a site outside 95% limits is one in 20 by chance, outside 99.8% one in 500. Both ends belong. */
export type FunnelLimits = { low998: number; low95: number; expected: number; high95: number; high998: number }

/** Where a site lies: within the 95% limits, beyond them, or beyond the 99.8% limits too. */
export type FunnelPlace = 'within' | 'beyond95' | 'beyond998'

/**
 * The exact Poisson limits for an expected number of subjects (common rate x exposure): the lower is the smallest
 * count k with P(X <= k) > tail, the upper the largest with P(X >= k) > tail, so that outside lies at most the tail.
 *
 * 3 expected: none has e^-3 = 0.05 > 0.025, so the lower 95% limit is 0; 7 or more has 0.034 and 8 or more 0.012, so
 * the upper is 7.
 */
export function funnelLimits(expected: number): FunnelLimits {
  requireAmount('expected', expected)
  return {
    low998: lowest(expected, 0.001),
    low95: lowest(expected, 0.025),
    expected,
    high95: highest(expected, 0.025),
    high998: highest(expected, 0.001),
  }
}

/** Where a count lies within its limits: 8 where 3 are expected is beyond the 95% limits, 12 beyond both. */
export function funnelPlace(count: number, limits: FunnelLimits): FunnelPlace {
  if (count < limits.low998 || count > limits.high998) return 'beyond998'
  return count < limits.low95 || count > limits.high95 ? 'beyond95' : 'within'
}

/** P(Poisson >= k): 1 for k = 0. */
const atLeast = (count: number, expected: number) => (count <= 0 ? 1 : gammaTails(expected, count).below)

function lowest(expected: number, tail: number): number {
  return firstWhere((count) => gammaTails(expected, count + 1).above > tail, expected)
}

function highest(expected: number, tail: number): number {
  return firstWhere((count) => !(atLeast(count + 1, expected) > tail), expected)
}

/** The first count for which something is so that stays so, by doubling and halving. */
function firstWhere(isSo: (count: number) => boolean, expected: number): number {
  let so = Math.ceil(expected) + 1
  while (!isSo(so)) so *= 2
  let not = -1
  while (so - not > 1) {
    const middle = Math.floor((so + not) / 2)
    if (isSo(middle)) so = middle
    else not = middle
  }
  return so
}
