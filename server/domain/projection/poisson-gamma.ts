/**
 * Sites that differ: each site registers by its own constant rate, and the rates are spread over the sites as a gamma
 * distribution. The Poisson-gamma model of Anisimov & Fedorov (Statistics in Medicine 26, 2007; staggered openings:
 * Anisimov 2011), fitted by maximum likelihood.
 */
import { requireAmount, requireCount } from './poisson-interval.ts'
import { logRisingFactorial, sumOfReciprocals } from './rising-factorial.ts'

/** What one site did: subjects registered, in so many years open; a site that was not open yet has none of either. */
export type SiteRecord = { count: number; exposureYears: number }

/**
 * How rates per year are spread over sites: Gamma(shape alpha, rate beta in years), with mean alpha / beta. As alpha
 * grows the sites become equal; where they are (`equal`), the counts are Poisson.
 */
export type RateSpread = { kind: 'gamma'; alpha: number; beta: number } | { kind: 'equal'; ratePerYear: number }

/**
 * `interior`: the likelihood has a maximum. `poissonBoundary`: the counts differ no more than chance makes equal sites
 * differ, the likelihood rises without end as alpha does, and only the mean rate is known. `zeroEnrolment`: nobody was
 * registered, any small rate fits. `noExposure`: no site has been open.
 *
 * Rates are per site and year. `scoreAtBoundary` = sum((n - mu)^2 - n)/2 with mu expected from equal sites: above 0
 * the sites differ more than chance. Log-likelihoods include the -ln n! terms; `gradient` is that by ln alpha and ln
 * beta at the maximum, 0 but for rounding.
 */
export type PoissonGammaFit =
  | {
      kind: 'interior'
      alpha: number
      beta: number
      meanRate: number
      logLikelihood: number
      gradient: [number, number]
      scoreAtBoundary: number
      logLikelihoodIfEqual: number
    }
  | { kind: 'poissonBoundary'; meanRate: number; logLikelihood: number; scoreAtBoundary: number }
  | { kind: 'zeroEnrolment'; exposureYears: number }
  | { kind: 'noExposure' }

/**
 * The maximum of the likelihood: sum over sites with exposure t > 0 of lnG(alpha+n) - lnG(alpha) - ln n!
 * + alpha ln(beta/(beta+t)) + n ln(t/(beta+t)). Throws for a negative or broken number, and for subjects at a site
 * that was never open.
 *
 * Two sites of 1 year each with 2 and 2: nothing speaks for a difference, `poissonBoundary`, 2 a year. With 0 and 4:
 * sum((n-2)^2 - n) = 4 + 4 - 4 = 4 > 0, so `interior`, and the mean rate is again 2 (equal exposures).
 */
export function fitPoissonGamma(sites: readonly SiteRecord[]): PoissonGammaFit {
  const record = openedSites(sites)
  if (record.exposureYears === 0) return { kind: 'noExposure' }
  if (record.count === 0) return { kind: 'zeroEnrolment', exposureYears: record.exposureYears }
  const equal = record.count / record.exposureYears
  const scoreAtBoundary = record.sites.reduce((sum, { count, exposureYears }) => {
    return sum + ((count - equal * exposureYears) ** 2 - count) / 2
  }, 0)
  const logLikelihoodIfEqual = record.sites.reduce((sum, { count, exposureYears }) => {
    const expected = equal * exposureYears
    return sum + count * Math.log(expected) - expected - logRisingFactorial(1, count)
  }, 0)
  const boundary = {
    kind: 'poissonBoundary',
    meanRate: equal,
    logLikelihood: logLikelihoodIfEqual,
    scoreAtBoundary,
  } as const
  if (scoreAtBoundary <= 0) return boundary
  const logAlpha = highestMaximum(record.sites, equal)
  if (logAlpha === null) return boundary
  const alpha = Math.exp(logAlpha)
  const meanRate = meanRateGiven(alpha, record.sites, equal)
  const beta = alpha / meanRate
  return {
    kind: 'interior',
    alpha,
    beta,
    meanRate,
    logLikelihood: logLikelihood(alpha, beta, record.sites),
    gradient: gradientAt(alpha, beta, record.sites),
    scoreAtBoundary,
    logLikelihoodIfEqual,
  }
}

/** The spread that a fit stands for; null where there is nothing to fit. */
export function spreadOf(fit: PoissonGammaFit): RateSpread | null {
  switch (fit.kind) {
    case 'interior':
      return { kind: 'gamma', alpha: fit.alpha, beta: fit.beta }
    case 'poissonBoundary':
      return { kind: 'equal', ratePerYear: fit.meanRate }
    case 'zeroEnrolment':
    case 'noExposure':
      return null
  }
}

/**
 * The log-likelihood of the spread Gamma(alpha, beta), with the -ln n! terms; sites without exposure add nothing.
 *
 * One site, none in 1 year, alpha = beta = 1: the chance of none is beta/(beta+1) = 1/2, so ln(1/2) = -0.69.
 */
export function logLikelihood(alpha: number, beta: number, sites: readonly SiteRecord[]): number {
  return sites.reduce((sum, { count, exposureYears: t }) => {
    if (t === 0) return sum
    const rising = logRisingFactorial(alpha, count) - logRisingFactorial(1, count)
    return sum + rising - alpha * Math.log1p(t / beta) + (count === 0 ? 0 : count * Math.log(t / (beta + t)))
  }, 0)
}

/** The sites that were open, with their sums; a subject at a site that never was is a contradiction. */
function openedSites(sites: readonly SiteRecord[]): SiteRecord & { sites: SiteRecord[] } {
  let count = 0
  let years = 0
  for (const site of sites) {
    requireCount('count', site.count)
    requireAmount('exposureYears', site.exposureYears)
    if (site.exposureYears === 0 && site.count > 0) {
      throw new RangeError(`${site.count} subjects at a site that was never open`)
    }
    count += site.count
    years += site.exposureYears
  }
  return { sites: sites.filter(({ exposureYears }) => exposureYears > 0), count, exposureYears: years }
}

/**
 * The mean rate m with the highest likelihood for a given alpha: the root of sum((n - m t)/(alpha + m t)), which falls
 * as m grows. Newton's steps on ln m, held between the bounds that the signs have proved; the last one, of a part in
 * 10^9, is right to all digits.
 */
function meanRateGiven(alpha: number, sites: readonly SiteRecord[], start: number): number {
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let m = start
  for (let step = 0; step < 100; step++) {
    let value = 0
    let slope = 0
    for (const { count, exposureYears: t } of sites) {
      const spread = alpha + m * t
      value += (count - m * t) / spread
      slope -= (m * t * (alpha + count)) / (spread * spread)
    }
    if (value > 0) low = m
    else high = m
    let next = m * Math.exp(Math.max(-2, Math.min(2, -value / slope)))
    if (!(next > low && next < high)) next = high === Number.POSITIVE_INFINITY ? 2 * m : (low + high) / 2
    if (Math.abs(next - m) <= 1e-9 * m) return next
    m = next
  }
  return m
}

/** alpha times the slope of the likelihood by alpha, with m always the best for that alpha. */
function profileSlope(logAlpha: number, sites: readonly SiteRecord[], start: number): number {
  const alpha = Math.exp(logAlpha)
  const m = meanRateGiven(alpha, sites, start)
  let slope = 0
  for (const { count, exposureYears: t } of sites) {
    const expected = m * t
    slope += sumOfReciprocals(alpha, count) - Math.log1p(expected / alpha) + (expected - count) / (alpha + expected)
  }
  return alpha * slope
}

/** The range of ln alpha that is searched: e^-12 is one site doing everything, e^18 sites that no data tell apart. */
const lowestLogAlpha = -12
const highestLogAlpha = 18

/**
 * Where the slope changes from rising to falling; where it does so more than once, the higher maximum. Null where it
 * rises to the end of the range, so that alpha cannot be told from endless.
 */
function highestMaximum(sites: readonly SiteRecord[], start: number): number | null {
  let best: number | null = null
  let bestLikelihood = Number.NEGATIVE_INFINITY
  let rising = profileSlope(lowestLogAlpha, sites, start)
  for (let logAlpha = lowestLogAlpha + 1; logAlpha <= highestLogAlpha; logAlpha++) {
    const slope = profileSlope(logAlpha, sites, start)
    if (rising > 0 && slope <= 0) {
      const root = rootBetween(logAlpha - 1, logAlpha, (at) => profileSlope(at, sites, start))
      const alpha = Math.exp(root)
      const likelihood = logLikelihood(alpha, alpha / meanRateGiven(alpha, sites, start), sites)
      if (likelihood > bestLikelihood) {
        best = root
        bestLikelihood = likelihood
      }
    }
    rising = slope
  }
  return best
}

/** The root of a function that is above 0 at `low` and not at `high`: regula falsi, Illinois variant. */
function rootBetween(low: number, high: number, value: (at: number) => number): number {
  let atLow = value(low)
  let atHigh = value(high)
  for (let step = 0; step < 100 && atHigh !== 0; step++) {
    let next = low + ((high - low) * atLow) / (atLow - atHigh)
    if (!(next > low && next < high)) next = (low + high) / 2
    const atNext = value(next)
    if (atNext > 0) {
      if (next - low <= 1e-14) return next
      low = next
      atLow = atNext
      atHigh /= 2
    } else {
      if (high - next <= 1e-14) return next
      high = next
      atHigh = atNext
      atLow /= 2
    }
  }
  return high
}

function gradientAt(alpha: number, beta: number, sites: readonly SiteRecord[]): [number, number] {
  let byAlpha = 0
  let byBeta = 0
  for (const { count, exposureYears: t } of sites) {
    byAlpha += sumOfReciprocals(alpha, count) - Math.log1p(t / beta)
    byBeta += alpha / beta - (alpha + count) / (beta + t)
  }
  return [alpha * byAlpha, beta * byBeta]
}
