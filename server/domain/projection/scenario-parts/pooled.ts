/** Answers of one common rate: the record, the claim, and the rate believed from either or both. */
import { horizonDays } from '../completion-date.ts'
import { daysUntilExposure } from '../exposure.ts'
import { garwoodInterval, observedRate } from '../poisson-interval.ts'
import {
  blendedBelief,
  chanceOfAtLeast,
  chancePoisson,
  chancePoissonAtMost,
  completionYears,
  expectedNew,
  predictiveQuantiles,
  type RateBelief,
  rateQuantile,
} from '../pooled-predictive.ts'
import { isWorthAPointRate } from '../site-forecast.ts'
import { byLevel, dateAfter, type Facts, levelNames, levels, sum } from './scenario-facts.ts'

export function observedPart({ enrolled, exposure, outlook }: Facts) {
  const record = observedRate(enrolled, exposure)
  if (record.kind === 'noExposure') return { state: record.kind, ratePerSiteYear: null, garwood95PerSiteYear: null }
  const { lower, upper } = garwoodInterval(enrolled)
  return {
    state: record.kind,
    ratePerSiteYear: isWorthAPointRate(outlook) ? enrolled / exposure : null,
    garwood95PerSiteYear: [lower / exposure, upper / exposure],
  }
}

export function claimedPart({ scenario, exposure, enrolled, needed, futureTotal }: Facts, hasTarget: boolean) {
  const rate = scenario.plan.subjects / scenario.plan.siteYears
  return {
    ratePerSiteYear: rate,
    expectedSoFar: rate * exposure,
    pAtMostObserved: chancePoissonAtMost(enrolled, rate * exposure),
    pTargetPoisson: hasTarget ? chancePoisson(needed, rate * futureTotal) : null,
  }
}

export function pooledPart(facts: Facts, belief: RateBelief, prior: RateBelief) {
  const { needed, futureTotal, largest, outlook } = facts
  const moments = expectedNew(belief, futureTotal)
  const exact = chanceOfAtLeast(needed, belief, futureTotal)
  const beyond = chanceOfAtLeast(largest + 1, belief, futureTotal)
  const counts = predictiveQuantiles(Object.values(levels), belief, futureTotal)
  return {
    priorShape: prior.shape,
    priorRateSiteYears: prior.exposureYears,
    postShape: belief.shape,
    postRate: belief.exposureYears,
    ratePerSiteYear: {
      mean: isWorthAPointRate(outlook) || prior.exposureYears > 0 ? belief.shape / belief.exposureYears : null,
      'q2.5': rateQuantile(0.025, belief),
      'q97.5': rateQuantile(0.975, belief),
    },
    mean: moments.mean,
    sd: moments.standardDeviation,
    pTarget: Math.max(needed <= 0 ? exact : exact - beyond, 0),
    quantiles: byLevel((_, place) => counts[place]!),
    massCovered: 1 - beyond,
    pTargetExact: exact,
    completion: pooledCompletion(facts, belief),
  }
}

export function blendedPart(facts: Facts) {
  const { scenario, enrolled, exposure } = facts
  const { subjects, siteYears } = scenario.plan
  return [Math.min(1 / subjects, 1), 0.1, 0.25, 0.5, 0.75, 1].map((weight) => ({
    weight,
    ...pooledPart(facts, blendedBelief(enrolled, exposure, subjects, siteYears, weight), {
      shape: weight * subjects,
      exposureYears: weight * siteYears,
    }),
  }))
}

export function daysOfPooled({ periods, scenario }: Facts, years: number): number | null {
  const days = daysUntilExposure(periods, scenario.asOf, years)
  return days === null || days > horizonDays ? null : days
}

export function pooledCompletion(facts: Facts, belief: RateBelief) {
  const { scenario, needed, outlook } = facts
  const days = byLevel((p) => daysOfPooled(facts, completionYears(p, belief, needed)))
  const within = sum(outlook.sites.map(({ open }) => sum(open.map(({ from, until }) => yearsWithin(from, until)))))
  return {
    days,
    date: byLevel((_, place) => dateAfter(scenario.asOf, days[levelNames[place]!])),
    pEverWithin200Years: chanceOfAtLeast(needed, belief, within),
  }
}

const yearsWithin = (from: number, until: number) => Math.max(0, Math.min(until, horizonDays) - from) / 365.25
