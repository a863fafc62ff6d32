/**
 * A site that is planned but not open: when it opens, and whether it ever does, is a distribution. What it brings is
 * that of an open site mixed over the delay, with nobody at all where it never opens.
 */
import type { RateSpread } from './poisson-gamma.ts'
import { gammaQuantile, gammaTails } from './poisson-interval.ts'
import { chancesOfSum } from './sum-of-counts.ts'

/** The delay from the as-of date to the opening: Gamma of this shape and mean, and the chance to open at all. */
export type UncertainOpening = { delayShape: number; delayMeanDays: number; chanceOpens: number }

/**
 * P(0), P(1), ... of the subjects by so many days after the as-of date: the mean over the delay d of
 * NB(alpha, beta/(beta + (days - d)/365.25)). Delays beyond `days` and a site that never opens bring nobody.
 *
 * The mean is taken at equally weighted delays of Gauss-Legendre within those that come in time, which is exact to
 * about 7 digits. A site that never opens: 1, 0, 0.
 */
export function uncertainOpeningChances(
  { delayShape, delayMeanDays, chanceOpens }: UncertainOpening,
  spread: RateSpread,
  days: number,
  length: number,
  factor = 1,
): Float64Array {
  const chances = new Float64Array(length)
  const inTime = days <= 0 ? 0 : gammaTails((days * delayShape) / delayMeanDays, delayShape).below
  const opens = chanceOpens * inTime
  chances[0] = 1 - opens
  if (opens === 0) return chances
  for (const { at, weight } of gaussLegendre) {
    const delay = (gammaQuantile(at * inTime, delayShape) * delayMeanDays) / delayShape
    const years = (factor * Math.max(0, days - delay)) / 365.25
    const here = chancesOfSum(sumOfOne(spread, years), length)
    for (let k = 0; k < length; k++) chances[k]! += opens * weight * here[k]!
  }
  return chances
}

function sumOfOne(spread: RateSpread, years: number) {
  return spread.kind === 'equal'
    ? { sizes: [], ratios: [], poissonMean: spread.ratePerYear * years }
    : {
        sizes: [spread.alpha],
        ratios: [years / (spread.beta + years)],
        poissonMean: 0,
      }
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

const gaussLegendre = legendrePoints(48)
