/**
 * Drift where sites differ: one common factor on all future rates, Gamma with mean 1. The rate of a trial changes, and
 * a forecast that takes the past rates as settled is too narrow.
 */

import { requireAmount } from './poisson-interval.ts'
import type { Possibility } from './predictive.ts'

/** Factors of less weight than this, relative to the heaviest, are left out, and pairs of less than that. */
const lightest = 1e-7
const lightestPair = 3e-5

/**
 * The factor as points: the density of Gamma(1/c^2, 1/c^2) in ln(factor), by the trapezoidal sum, `distance` apart.
 * The weights add up to 1 and the mean is 1 to 5 digits. No drift: the factor 1.
 */
export function driftFactors(coefficientOfVariation: number, distance: number): { factor: number; weight: number }[] {
  requireAmount('coefficientOfVariation', coefficientOfVariation)
  if (coefficientOfVariation === 0) return [{ factor: 1, weight: 1 }]
  const shape = 1 / coefficientOfVariation ** 2
  // ln of the density beside its peak at ln(factor) = 0.
  const logDensity = (x: number) => shape * (x - Math.expm1(x))
  const apart = Math.min(distance, coefficientOfVariation)
  const points: { factor: number; weight: number }[] = []
  for (const direction of [1, -1] as const) {
    for (let step = direction === 1 ? 0 : 1; ; step++) {
      const weight = Math.exp(logDensity(direction * step * apart))
      if (weight < lightest) break
      points.push({ factor: Math.exp(direction * step * apart), weight })
    }
  }
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  return points.map(({ factor, weight }) => ({ factor, weight: weight / total })).sort((a, b) => a.factor - b.factor)
}

/**
 * Every possibility with every factor. `relativeWidth` is the standard deviation of the new subjects over their mean,
 * without drift: the chance of the target turns from 0 to 1 within that much of a factor, and the points must be
 * as dense. No drift leaves everything as it is.
 */
export function withDriftOfSites(
  possibilities: readonly Possibility[],
  coefficientOfVariation: number,
  relativeWidth: number,
): Possibility[] {
  // Many possibilities blur what the points leave out; a single one does not.
  const most = possibilities.length === 1 ? 0.5 * coefficientOfVariation : coefficientOfVariation
  const factors = driftFactors(coefficientOfVariation, Math.min(Math.max(relativeWidth, 0.01), most))
  const heaviest = possibilities.reduce((most, { weight }) => Math.max(most, weight), 0)
  const heaviestFactor = factors.reduce((most, { weight }) => Math.max(most, weight), 0)
  const least = possibilities.length === 1 ? 0 : heaviest * heaviestFactor * lightestPair
  const pairs: Possibility[] = []
  let total = 0
  for (const { weight, spread, factor } of possibilities) {
    for (const drift of factors) {
      const both = weight * drift.weight
      if (both < least) continue
      pairs.push({ weight: both, spread, factor: factor * drift.factor })
      total += both
    }
  }
  for (const pair of pairs) pair.weight /= total
  return pairs
}
