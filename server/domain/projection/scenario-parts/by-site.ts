/** Answers that let each site have a rate of its own: the fit, its sites, and what is believed over all spreads. */
import { completionDays, horizonDays } from '../completion-date.ts'
import { beliefByMoments, momentsOfCounts } from '../moments.ts'
import type { PoissonGammaFit } from '../poisson-gamma.ts'
import { gammaQuantile } from '../poisson-interval.ts'
import { predictiveQuantiles } from '../pooled-predictive.ts'
import {
  chanceOfNew,
  chancesOfNew,
  isMany,
  momentsOfNew,
  mostExact,
  type Possibility,
  quantileOf,
} from '../predictive.ts'
import { believedMeanRate, logAlphaPrior, rateHeterogeneity } from '../rate-heterogeneity.ts'
import { reachedAt } from '../reached-at.ts'
import type { SiteForecast } from '../site-forecast.ts'
import { openingTimes } from '../uncertain-opening.ts'
import { assurances, byAssurance, byLevel, dateAfter, type Facts, levelNames, levels } from './scenario-facts.ts'

export function fitPart(fit: PoissonGammaFit, isWorth: boolean) {
  switch (fit.kind) {
    case 'interior':
      return {
        status: fit.kind,
        alpha: fit.alpha,
        beta: fit.beta,
        meanRate: isWorth ? fit.meanRate : null,
        logLik: fit.logLikelihood,
        gradient: fit.gradient,
        scoreAtBoundary: fit.scoreAtBoundary,
        logLikPoisson: fit.logLikelihoodIfEqual,
      }
    case 'poissonBoundary':
      return {
        status: fit.kind,
        meanRate: isWorth ? fit.meanRate : null,
        logLik: fit.logLikelihood,
        scoreAtBoundary: fit.scoreAtBoundary,
      }
    case 'zeroEnrolment':
      return { status: fit.kind, meanRate: 0 }
    case 'noExposure':
      return { status: fit.kind, meanRate: null }
  }
}

export function posteriorPart({ scenario, past }: Facts, { alpha, beta }: { alpha: number; beta: number }) {
  return scenario.sites.map(({ id, n }, place) => {
    const shape = alpha + n
    const rate = beta + past[place]!
    return {
      id,
      shape,
      rate,
      mean: shape / rate,
      'q2.5': gammaQuantile(0.025, shape) / rate,
      'q97.5': gammaQuantile(0.975, shape) / rate,
    }
  })
}

/** Mean, spread and quantiles of the new subjects; of very many, from mean and variance alone and without the chances. */
function newPart({ outlook, needed, daysToDeadline, largest }: Facts, possibilities: readonly Possibility[]) {
  if (isMany(needed, mostExact, outlook)) {
    const moments = momentsOfNew(outlook, possibilities, daysToDeadline)
    const belief = beliefByMoments(moments)
    const counts = belief === null ? null : predictiveQuantiles(Object.values(levels), belief, 1)
    return {
      mean: moments.mean,
      sd: Math.sqrt(moments.variance),
      quantiles: byLevel((_, place) => counts?.[place] ?? null),
      massCovered: 1,
      pmf: null,
    }
  }
  const chances = chancesOfNew(outlook, possibilities, daysToDeadline, largest + 1)
  const { mean, variance } = momentsOfCounts(chances)
  return {
    mean,
    sd: Math.sqrt(variance),
    quantiles: byLevel((p) => quantileOf(p, chances)),
    massCovered: chances.reduce((total, chance) => total + chance, 0),
    pmf: Array.from(chances.subarray(0, Math.max(41, Math.max(needed, 0) + 11))),
  }
}

export function plugInPart(facts: Facts, possibilities: readonly Possibility[]) {
  const { scenario, outlook, needed, daysToDeadline } = facts
  const found = completionDays(Object.values(levels), outlook, possibilities, needed)
  const days = byLevel((_, place) => found[place] ?? null)
  const expected = momentsOfNew(outlook, possibilities, daysToDeadline).mean
  const factors = reachedAt(
    Object.values(assurances),
    (factor) => chanceOfNew(outlook, possibilities, daysToDeadline, needed, factor),
    { guess: () => (expected > 0 ? Math.max(needed, 0) / expected : 1), most: 1e6, tolerance: 1e-5 },
  )
  return {
    ...newPart(facts, possibilities),
    pTarget: chanceOfNew(outlook, possibilities, daysToDeadline, needed),
    completion: {
      days,
      date: byLevel((_, place) => dateAfter(scenario.asOf, days[levelNames[place]!])),
      pEverWithin200Years: chanceOfNew(outlook, possibilities, horizonDays, needed),
    },
    rateMultiplierFor: byAssurance((_, place) => factors[place] ?? null),
  }
}

export function hierarchicalPart(facts: Facts, { believed }: SiteForecast) {
  const { scenario, outlook } = facts
  const possibilities = rateHeterogeneity(outlook.sites, scenario.plan)
  const { early, median, late } = believed.ifRatesHold.completion
  return {
    priorShape: 1,
    priorRateSiteYears: scenario.plan.siteYears / scenario.plan.subjects,
    logAlphaPrior: [logAlphaPrior.mean, logAlphaPrior.standardDeviation],
    gridPointsKept: possibilities.length,
    ...newPart(facts, possibilities),
    pTarget: believed.ifRatesHold.chance,
    meanRate: { mean: believedMeanRate(possibilities) },
    completionDays: { q10: early, q50: median, q90: late },
  }
}

/** What each planned site brings by the deadline, over all spreads of rates. */
export function plannedPart({ scenario, outlook, daysToDeadline }: Facts) {
  const possibilities = rateHeterogeneity(outlook.sites, scenario.plan)
  return scenario.plannedSites.map(({ id, opening }) => {
    const alone = { sites: [], pipeline: null, uncertain: [opening] }
    const { mean, variance } = momentsOfNew(alone, possibilities, daysToDeadline)
    const pOpenByDeadline = openingTimes(opening, daysToDeadline).chance
    return { id, pOpenByDeadline, mean, sd: Math.sqrt(variance) }
  })
}
