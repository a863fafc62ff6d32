/**
 * The Poisson-gamma fit a second time: the likelihood written out as a product of negative binomial chances, and its
 * maximum found by looking at a grid of (ln alpha, ln mean) again and again, each time around the best point so far.
 */

type Site = { count: number; exposureYears: number }

/** ln P(count) of a negative binomial of the given size, whose chance of a further subject is `ratio`. */
function lnChance(count: number, size: number, ratio: number): number {
  let sum = size * Math.log(1 - ratio)
  for (let j = 0; j < count; j++) sum += Math.log(((size + j) / (j + 1)) * ratio)
  return sum
}

/** The log-likelihood of alpha and the mean rate over the sites that were open. */
export function likelihoodOneByOne(alpha: number, meanRate: number, sites: readonly Site[]): number {
  let sum = 0
  for (const { count, exposureYears } of sites) {
    if (exposureYears > 0) sum += lnChance(count, alpha, exposureYears / (alpha / meanRate + exposureYears))
  }
  return sum
}

/** The best (alpha, mean rate) with alpha between e^-8 and e^8. */
export function maximumBySearch(sites: readonly Site[]): { alpha: number; meanRate: number; logLikelihood: number } {
  const total = sites.reduce((sum, { count }) => sum + count, 0)
  const years = sites.reduce((sum, { exposureYears }) => sum + exposureYears, 0)
  let best = { logAlpha: 0, logMean: Math.log(total / years), logLikelihood: Number.NEGATIVE_INFINITY }
  for (let width = 8, steps = 40; width > 1e-9; width *= 0.3, steps = 10) {
    const { logAlpha, logMean } = best
    for (let a = -steps; a <= steps; a++) {
      for (let m = -steps; m <= steps; m++) {
        const at = { logAlpha: logAlpha + (width * a) / steps, logMean: logMean + (0.3 * width * m) / steps }
        const value = likelihoodOneByOne(Math.exp(at.logAlpha), Math.exp(at.logMean), sites)
        if (value > best.logLikelihood) best = { ...at, logLikelihood: value }
      }
    }
  }
  return { alpha: Math.exp(best.logAlpha), meanRate: Math.exp(best.logMean), logLikelihood: best.logLikelihood }
}
