/**
 * The projection of a scenario as other programs read it: every figure under the name that the reference scenarios
 * use, so that anybody can compare them one by one, and a headline with the one answer that a person asks for.
 */
import { addDays, type CalendarDate, calendarDate, daysBetween } from '../calendar-date.ts'
import { sitesToAdd, sitesToAddForMany } from './added-sites.ts'
import { completionDays, horizonDays } from './completion-date.ts'
import { daysUntilExposure, exposureYears, futureYears, type OpenPeriod, openDays, yearsOpenBy } from './exposure.ts'
import { funnelOfSites } from './funnel-of-sites.ts'
import { methodVersion } from './method.ts'
import { beliefByMoments, momentsOfCounts } from './moments.ts'
import { pipelineChances } from './pipeline.ts'
import { type PoissonGammaFit, spreadOf } from './poisson-gamma.ts'
import { gammaQuantile, garwoodInterval, observedRate } from './poisson-interval.ts'
import {
  blendedBelief,
  chanceOfAtLeast,
  chancePoisson,
  chancePoissonAtMost,
  completionYears,
  driftsShown,
  expectedNew,
  observedBelief,
  predictiveQuantiles,
  type RateBelief,
  rateQuantile,
  usualDrift,
  withDrift,
} from './pooled-predictive.ts'
import {
  chanceOfNew,
  chancesOfNew,
  isMany,
  momentsOfNew,
  mostExact,
  mostThatCanCome,
  type Outlook,
  type Possibility,
  quantileOf,
  taken,
} from './predictive.ts'
import { believedMeanRate, logAlphaPrior, rateHeterogeneity } from './rate-heterogeneity.ts'
import { reachedAt } from './reached-at.ts'
import { expectedForAssurance, rateForAssurance } from './required-rate.ts'
import { openPeriodsOf, type Scenario } from './scenario.ts'
import {
  believedChanceWithDrift,
  chanceWithDrift,
  driftingPossibilities,
  isWorthAPointRate,
  manyNeeded,
  type SiteForecast,
  siteForecast,
} from './site-forecast.ts'
import { tornado, tornadoOfMany } from './tornado.ts'
import { openingTimes } from './uncertain-opening.ts'

const levels = { q5: 0.05, q10: 0.1, q25: 0.25, q50: 0.5, q75: 0.75, q90: 0.9, q95: 0.95 } as const
const levelNames = Object.keys(levels) as (keyof typeof levels)[]
const assurances = { p50: 0.5, p80: 0.8, p90: 0.9 } as const
const assuranceNames = Object.keys(assurances) as (keyof typeof assurances)[]
const driftsCompared = [0.3, usualDrift, 0.6]

/**
 * `noTarget`: 0 or none is asked for; `reached`: nothing is needed any more; `noSite`: there is no site, not even a
 * planned one; `noTimeLeft`: something is needed, and no site will be open before the deadline; `capped`: the sites'
 * caps admit fewer than are needed; `noExposure`, `zeroEnrolment`: the plan alone speaks, or nearly; `open`: the rest.
 */
export const headlineStates = [
  'noTarget',
  'reached',
  'noSite',
  'noTimeLeft',
  'capped',
  'noExposure',
  'zeroEnrolment',
  'open',
] as const
export type HeadlineState = (typeof headlineStates)[number]

type Facts = {
  scenario: Scenario
  periods: OpenPeriod[][]
  past: number[]
  future: number[]
  exposure: number
  futureTotal: number
  enrolled: number
  needed: number
  daysToDeadline: number
  outlook: Outlook
  /** The largest number of new subjects whose chance is computed. */
  largest: number
}

/**
 * Everything about a scenario. What does not exist is left out or null, never a number that is none: no completion
 * date where sites close before, no fit where nobody was registered, no point rate from a first day, nothing about a
 * target where there is none. Pooled answers are left out where caps, people in screening or uncertain openings make them
 * something else.
 */
export function projectScenario(scenario: Scenario) {
  const facts = factsOf(scenario)
  const { outlook, needed, daysToDeadline, enrolled, exposure } = facts
  const hasTarget = (scenario.target ?? 0) > 0
  const forecast = siteForecast(outlook, scenario.plan, daysToDeadline, hasTarget ? needed : 0)
  const spread = isWorthAPointRate(outlook) ? spreadOf(forecast.fit) : null
  const isPooled =
    outlook.pipeline === null && outlook.uncertain.length === 0 && outlook.sites.every(({ admits }) => admits === null)
  const belief = observedBelief(enrolled, exposure)
  return {
    id: scenario.id,
    headline: headlineOf(facts, hasTarget, forecast, isPooled ? belief : null),
    derived: {
      tauYears: facts.past,
      futureYears: facts.future,
      totalExposureYears: exposure,
      totalFutureYears: facts.futureTotal,
      enrolled,
      remaining: hasTarget ? needed : null,
      deadlineDays: daysToDeadline,
    },
    observed: observedPart(facts),
    claimed: claimedPart(facts, hasTarget),
    ...(hasTarget && isPooled && belief !== null
      ? { pooledJeffreys: pooledPart(facts, belief, { shape: 0.5, exposureYears: 0 }) }
      : {}),
    ...(hasTarget && isPooled ? { pooledPlan: blendedPart(facts) } : {}),
    ml: fitPart(forecast.fit, isWorthAPointRate(outlook)),
    ...(forecast.fit.kind === 'interior' ? { sitePosterior: posteriorPart(facts, forecast.fit) } : {}),
    ...(hasTarget && spread !== null ? { poissonGamma: plugInPart(facts, taken(spread)) } : {}),
    ...(hasTarget ? { required: requiredPart(facts) } : {}),
    ...(hasTarget && isPooled && belief !== null
      ? { drift: driftPart(facts, belief, spread === null ? null : taken(spread)) }
      : {}),
    ...(hasTarget ? { hierarchical: hierarchicalPart(facts, forecast) } : {}),
    ...(scenario.plannedSites.length === 0 ? {} : { plannedSites: plannedPart(facts) }),
    ...(hasTarget
      ? { tornado: tornadoPart(facts), addedSites: addedPart(facts, spread === null ? null : taken(spread)) }
      : {}),
    funnel: funnelPart(facts),
  }
}

export type ScenarioProjection = ReturnType<typeof projectScenario>

function factsOf(scenario: Scenario): Facts {
  const { asOf, deadline, sites, plannedSites, screening } = scenario
  const periods = sites.map(openPeriodsOf)
  const past = periods.map((each) => exposureYears(each, asOf))
  const future = periods.map((each) => futureYears(each, asOf, deadline))
  const enrolled = sum(sites.map(({ n }) => n))
  const needed = (scenario.target ?? 0) - enrolled
  const largest = scenario.largestCount ?? Math.max(150, 4 * needed + 60)
  return {
    scenario,
    periods,
    past,
    future,
    exposure: sum(past),
    futureTotal: sum(future),
    enrolled,
    needed,
    daysToDeadline: daysBetween(asOf, deadline),
    outlook: {
      sites: sites.map(({ n, cap }, place) => ({
        count: n,
        exposureYears: past[place]!,
        open: openDays(periods[place]!, asOf),
        admits: cap === null ? null : cap - n,
      })),
      pipeline: screening === null ? null : pipelineChances(screening),
      uncertain: plannedSites.map(({ opening }) => opening),
    },
    largest: Math.min(largest, 20_000),
  }
}

/**
 * The default answer: over all spreads where there are two sites or more, or where the pooled answer does not exist or
 * has seen too little; else the pooled one.
 */
function headlineOf(facts: Facts, hasTarget: boolean, forecast: SiteForecast, belief: RateBelief | null) {
  const { scenario, needed, enrolled, outlook, daysToDeadline } = facts
  const state = stateOf(facts, hasTarget)
  const start = {
    state,
    methodVersion,
    target: scenario.target,
    enrolled,
    needed: hasTarget ? Math.max(needed, 0) : null,
  }
  if (!hasTarget) return { ...start, answer: null, pTarget: null }
  if (outlook.sites.length >= 2 || belief === null || !isWorthAPointRate(outlook)) {
    const { ifRatesHold, withDrift: drifting } = forecast.believed
    return {
      ...start,
      answer: 'hierarchical',
      pTarget: { withDrift: drifting.chance, ifRatesHold: ifRatesHold.chance },
      drift: usualDrift,
      withLargerDrift: driftsShown(enrolled)
        .filter((drift) => drift !== usualDrift)
        .map((drift) => ({
          drift,
          pTarget: believedChanceWithDrift(outlook, scenario.plan, daysToDeadline, needed, drift),
        })),
      completion: {
        withDrift: completionOf(facts, drifting.completion),
        ifRatesHold: completionOf(facts, ifRatesHold.completion),
      },
    }
  }
  const chanceAt = (drift: number) => chanceOfAtLeast(needed, withDrift(belief, drift), facts.futureTotal)
  const completionAt = (drift: number) => {
    const days = (p: number) => daysOfPooled(facts, completionYears(p, withDrift(belief, drift), needed))
    return completionOf(facts, { early: days(0.1), median: days(0.5), late: days(0.9) })
  }
  return {
    ...start,
    answer: 'pooledJeffreys',
    pTarget: { withDrift: chanceAt(usualDrift), ifRatesHold: chanceAt(0) },
    drift: usualDrift,
    withLargerDrift: driftsShown(enrolled)
      .filter((drift) => drift !== usualDrift)
      .map((drift) => ({ drift, pTarget: chanceAt(drift) })),
    completion: { withDrift: completionAt(usualDrift), ifRatesHold: completionAt(0) },
  }
}

function stateOf({ needed, outlook, daysToDeadline, exposure, enrolled }: Facts, hasTarget: boolean): HeadlineState {
  if (!hasTarget) return 'noTarget'
  if (needed <= 0) return 'reached'
  if (outlook.sites.length === 0 && outlook.uncertain.length === 0) return 'noSite'
  if (mostThatCanCome(outlook, daysToDeadline) < needed) {
    const isAnyOpen = outlook.sites.some(({ open }) => yearsOpenBy(open, daysToDeadline) > 0)
    return isAnyOpen ? 'capped' : 'noTimeLeft'
  }
  if (exposure === 0) return 'noExposure'
  return enrolled === 0 ? 'zeroEnrolment' : 'open'
}

function completionOf(
  { scenario }: Facts,
  { early, median, late }: { early: number | null; median: number | null; late: number | null },
) {
  return {
    q10: { days: early, date: dateAfter(scenario.asOf, early) },
    q50: { days: median, date: dateAfter(scenario.asOf, median) },
    q90: { days: late, date: dateAfter(scenario.asOf, late) },
  }
}

function observedPart({ enrolled, exposure, outlook }: Facts) {
  const record = observedRate(enrolled, exposure)
  if (record.kind === 'noExposure') return { state: record.kind, ratePerSiteYear: null, garwood95PerSiteYear: null }
  const { lower, upper } = garwoodInterval(enrolled)
  return {
    state: record.kind,
    ratePerSiteYear: isWorthAPointRate(outlook) ? enrolled / exposure : null,
    garwood95PerSiteYear: [lower / exposure, upper / exposure],
  }
}

function claimedPart({ scenario, exposure, enrolled, needed, futureTotal }: Facts, hasTarget: boolean) {
  const rate = scenario.plan.subjects / scenario.plan.siteYears
  return {
    ratePerSiteYear: rate,
    expectedSoFar: rate * exposure,
    pAtMostObserved: chancePoissonAtMost(enrolled, rate * exposure),
    pTargetPoisson: hasTarget ? chancePoisson(needed, rate * futureTotal) : null,
  }
}

function pooledPart(facts: Facts, belief: RateBelief, prior: RateBelief) {
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

function blendedPart(facts: Facts) {
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

function daysOfPooled({ periods, scenario }: Facts, years: number): number | null {
  const days = daysUntilExposure(periods, scenario.asOf, years)
  return days === null || days > horizonDays ? null : days
}

function pooledCompletion(facts: Facts, belief: RateBelief) {
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

function fitPart(fit: PoissonGammaFit, isWorth: boolean) {
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

function posteriorPart({ scenario, past }: Facts, { alpha, beta }: { alpha: number; beta: number }) {
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

function plugInPart(facts: Facts, possibilities: readonly Possibility[]) {
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

function requiredPart({ needed, futureTotal }: Facts) {
  return {
    poissonRatePerSiteYear: byAssurance((p) => rateForAssurance(p, needed, futureTotal)),
    expectedNew: byAssurance((p) => expectedForAssurance(p, needed)),
  }
}

function driftPart(facts: Facts, belief: RateBelief, plugIn: readonly Possibility[] | null) {
  const { outlook, needed, daysToDeadline, futureTotal } = facts
  return driftsCompared.map((cv) => {
    const drifting = withDrift(belief, cv)
    return {
      cv,
      pooled: {
        shape: drifting.shape,
        rateSiteYears: drifting.exposureYears,
        meanNew: expectedNew(drifting, futureTotal).mean,
        pTarget: chanceOfAtLeast(needed, drifting, futureTotal),
        completion: pooledCompletion(facts, drifting),
      },
      ...(plugIn === null ? {} : { poissonGammaPTarget: chanceWithDrift(outlook, plugIn, daysToDeadline, needed, cv) }),
    }
  })
}

function hierarchicalPart(facts: Facts, { believed }: SiteForecast) {
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
function plannedPart({ scenario, outlook, daysToDeadline }: Facts) {
  const possibilities = rateHeterogeneity(outlook.sites, scenario.plan)
  return scenario.plannedSites.map(({ id, opening }) => {
    const alone = { sites: [], pipeline: null, uncertain: [opening] }
    const { mean, variance } = momentsOfNew(alone, possibilities, daysToDeadline)
    const pOpenByDeadline = openingTimes(opening, daysToDeadline).chance
    return { id, pOpenByDeadline, mean, sd: Math.sqrt(variance) }
  })
}

/** P(target) with drift, as it is and with one more of something. As it is, it is the headline's over all spreads. */
function tornadoPart({ scenario, outlook, needed, daysToDeadline }: Facts) {
  const { plan, addedSiteDelayDays } = scenario
  const coarse = rateHeterogeneity(outlook.sites, plan, 'coarse')
  return isMany(needed, manyNeeded, outlook)
    ? tornadoOfMany(outlook, coarse, daysToDeadline, needed, usualDrift, addedSiteDelayDays)
    : tornado(
        outlook,
        driftingPossibilities(outlook, coarse, daysToDeadline, usualDrift),
        daysToDeadline,
        needed,
        addedSiteDelayDays,
      )
}

/** The smallest number of new sites that brings the chance to 50, 80 and 90%; null where a thousand do not. */
function addedPart(facts: Facts, plugIn: readonly Possibility[] | null) {
  const { scenario, outlook, needed, daysToDeadline } = facts
  const { plan, addedSiteDelayDays: delay } = scenario
  const sitesFor = (possibilities: readonly Possibility[], drift: number) => {
    const sites = isMany(needed, manyNeeded, outlook)
      ? sitesToAddForMany(Object.values(assurances), outlook, possibilities, daysToDeadline, needed, delay, drift)
      : sitesToAdd(
          Object.values(assurances),
          outlook,
          drift === 0 ? possibilities : driftingPossibilities(outlook, possibilities, daysToDeadline, drift),
          daysToDeadline,
          needed,
          delay,
        )
    return byAssurance((_, place) => sites[place] ?? null)
  }
  const rough = rateHeterogeneity(outlook.sites, plan, 'rough')
  return {
    openingDelayDays: delay,
    withDrift: sitesFor(rough, usualDrift),
    ifRatesHold: sitesFor(rateHeterogeneity(outlook.sites, plan, 'coarse'), 0),
    ...(plugIn === null ? {} : { poissonGamma: sitesFor(plugIn, 0) }),
  }
}

/** Each site's count between its exact limits around the common rate; null where there is no such rate. */
function funnelPart({ scenario, past }: Facts) {
  const funnel = funnelOfSites(
    scenario.sites.map(({ id, n }, place) => ({ id, registered: n, exposureYears: past[place]! })),
  )
  if (funnel === null) return null
  return {
    ratePerSiteYear: funnel.ratePerSiteYear,
    sites: funnel.sites.map(({ id, registered, exposureYears: years, limits, place }) => ({
      id,
      n: registered,
      exposureYears: years,
      ...limits,
      place,
    })),
  }
}

/** The date on which so many days have passed; null where there are none, or where the calendar ends before. */
function dateAfter(asOf: CalendarDate, days: number | null): CalendarDate | null {
  if (days === null || Math.floor(days) > daysBetween(asOf, lastDate)) return null
  return addDays(asOf, Math.floor(days))
}

const lastDate = calendarDate('9999-12-31')

function byLevel<T>(value: (p: number, place: number) => T): Record<keyof typeof levels, T> {
  const entries = levelNames.map((name, place) => [name, value(levels[name], place)])
  return Object.fromEntries(entries) as Record<keyof typeof levels, T>
}

function byAssurance<T>(value: (p: number, place: number) => T): Record<keyof typeof assurances, T> {
  const entries = assuranceNames.map((name, place) => [name, value(assurances[name], place)])
  return Object.fromEntries(entries) as Record<keyof typeof assurances, T>
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
