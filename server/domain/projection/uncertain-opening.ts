/**
 * A site that is planned but not open: when it opens, and whether it ever does, is a distribution. What it brings is
 * that of an open site mixed over the delay, with nobody at all where it never opens.
 */
import type { Moments } from './moments.ts'
import type { RateSpread } from './poisson-gamma.ts'
import { gammaQuantile, gammaTails } from './poisson-interval.ts'
import { chancesOfSum } from './sum-of-counts.ts'

/** The delay from the as-of date to the opening: Gamma of this shape and mean, and the chance to open at all. */
export type UncertainOpening = { delayShape: number; delayMeanDays: number; chanceOpens: number }

/**
 * How long such a site will have been open by a day: never with the chance 1 - `chance`, else so many years with these
 * weights, which add up to 1.
 */
export type OpeningTimes = { chance: number; open: readonly { years: number; weight: number }[] }

/**
 * The mean over the delay is taken at points of Gauss-Legendre between the delays that are likely enough to matter (all
 * but 1e-9 on either side) and come in time, weighted by the gamma density; a power takes the peak of a shape under 2 at
 * 0 away. For shapes from 0.5 on it is exact to 5 digits, mostly to 9. Delays beyond `days` count as never.
 *
 * A site that opens today for certain, looked at in a year: open for about 1 year with the chance 1.
 */
export function openingTimes({ delayShape, delayMeanDays, chanceOpens }: UncertainOpening, days: number): OpeningTimes {
  const daysPerUnit = delayMeanDays / delayShape
  const chance = chanceOpens * chanceInTime(days / daysPerUnit, delayShape)
  if (chance === 0) return { chance, open: [] }
  const last = Math.min(days / daysPerUnit, gammaQuantile(1 - 1e-9, delayShape))
  const likely = delayShape < 4 ? 0 : gammaQuantile(1e-9, delayShape)
  const first = likely < last ? likely : 0
  const power = Math.max(1, Math.ceil(2 / delayShape))
  const points = gaussLegendre.map(({ at, weight }) => {
    const delay = first + (last - first) * at ** power
    const logDensity = (delayShape - 1) * Math.log(delay) - delay + (power - 1) * Math.log(at)
    return { delay, log: logDensity + Math.log(weight) }
  })
  const highest = points.reduce((most, { log }) => Math.max(most, log), Number.NEGATIVE_INFINITY)
  const total = points.reduce((sum, { log }) => sum + Math.exp(log - highest), 0)
  const open = points.map(({ delay, log }) => ({
    years: Math.max(0, days - delay * daysPerUnit) / 365.25,
    weight: Math.exp(log - highest) / total,
  }))
  return { chance, open }
}

/** P(Gamma(shape) <= x); beyond 40 standard deviations nothing is left to sum up. */
function chanceInTime(x: number, shape: number): number {
  if (x <= 0) return 0
  return x > shape + 40 * Math.sqrt(shape) + 400 ? 1 : gammaTails(x, shape).below
}

/**
 * P(0), P(1), ... of the subjects: the mean over the time t that the site is open of NB(alpha, beta/(beta + t)), with all
 * rates times `factor`. A site that never opens: 1, 0, 0.
 */
export function uncertainOpeningChances(
  { chance, open }: OpeningTimes,
  spread: RateSpread,
  length: number,
  factor = 1,
): Float64Array {
  const chances = new Float64Array(length)
  chances[0] = 1 - chance
  for (const { years, weight } of open) addChances(chances, chance * weight, spread, factor * years)
  return chances
}

/** Adds the chances of one site that is open for so long, times a weight: each from the one before it. */
function addChances(chances: Float64Array, weight: number, spread: RateSpread, years: number): void {
  const isPoisson = spread.kind === 'equal'
  const ratio = isPoisson ? spread.ratePerYear * years : years / (spread.beta + years)
  const size = isPoisson ? 0 : spread.alpha
  let here = weight * Math.exp(isPoisson ? -ratio : size * Math.log1p(-ratio))
  if (here === 0) {
    // Hundreds are expected: the chance of nobody is no number any more.
    const sum = isPoisson
      ? { sizes: [], ratios: [], poissonMean: ratio }
      : { sizes: [size], ratios: [ratio], poissonMean: 0 }
    const scaled = chancesOfSum(sum, chances.length)
    for (let k = 0; k < chances.length; k++) chances[k]! += weight * scaled[k]!
    return
  }
  chances[0]! += here
  for (let k = 1; k < chances.length; k++) {
    here *= (ratio * (isPoisson ? 1 : size + k - 1)) / k
    chances[k]! += here
  }
}

/**
 * Mean and variance of the same. One that is open for a year with the chance 1/2, at 2 a year for certain: mean 1,
 * variance 1 + 1.
 */
export function uncertainOpeningMoments({ chance, open }: OpeningTimes, spread: RateSpread, factor = 1): Moments {
  const rate = spread.kind === 'equal' ? spread.ratePerYear : spread.alpha / spread.beta
  let mean = 0
  let square = 0
  for (const { years, weight } of open) {
    const expected = rate * factor * years
    const variance = spread.kind === 'equal' ? expected : expected * (1 + (factor * years) / spread.beta)
    mean += chance * weight * expected
    square += chance * weight * (variance + expected * expected)
  }
  return { mean, variance: Math.max(square - mean * mean, 0) }
}

/** Points and weights between 0 and 1: the roots of the Legendre polynomial, by Newton's steps. */
function legendrePoints(count: number): { at: number; weight: number }[] {
  return Array.from({ length: count }, (_, place) => {
    let x = Math.cos((Math.PI * (place + 0.75)) / (count + 0.5))
    let slope = 0
    for (let again = 0; again < 8; again++) {
      let before = 1
      let value = x
      for (let k = 2; k <= count; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * before) / k
        before = value
        value = next
      }
      slope = (count * (x * value - before)) / (x * x - 1)
      x -= value / slope
    }
    return { at: (1 + x) / 2, weight: 1 / ((1 - x * x) * slope * slope) }
  })
}

const gaussLegendre = legendrePoints(16)
