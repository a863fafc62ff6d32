/**
 * Everything that can be said about a trial's registrations to come, as one value: from its record on a day and what
 * a request claims. The projection page and the printed feasibility sheet show it; neither computes anything.
 *
 * Rates "a year" are of the whole trial, per year in which any site is open; beliefs are per site-year.
 */
import type { CalendarDate } from '../calendar-date.ts'
import { type ClaimAboutSites, type ClaimCheck, claimsAgainstRecord, type SiteSoFar } from './claims-against-record.ts'
import { exposureYears, futureYears, instantAfter } from './exposure.ts'
import { chanceAt, driftingRate, type FutureRate, none, quantileAt } from './future-rate.ts'
import { pipelineChances, pipelineChancesAt } from './pipeline.ts'
import { type ObservedRate, observedRate } from './poisson-interval.ts'
import {
  blendedBelief,
  driftOfFewSubjects,
  fewSubjects,
  observedBelief,
  type RateBelief,
  usualDrift,
} from './pooled-predictive.ts'
import { convolved } from './predictive.ts'
import { meanRateNeeded, multipleOfObserved, rateForAssurance } from './required-rate.ts'
import { isWorthAForecast } from './site-forecast.ts'
import { type Claim, type SitePerYearProjection, sitePerYearProjection } from './site-per-year.ts'
import { type SitesDiffer, sitesDiffer } from './sites-differ.ts'
import {
  asItIs,
  type Completion,
  completionOf,
  type Outcome,
  outcomeOf,
  type WhatIf,
  type WhatIfGround,
} from './what-if.ts'

/** What a trial's record says on a day, and what is promised and claimed. */
export type TrialRecord = {
  asOf: CalendarDate
  /** Null where the trial has no target. */
  target: number | null
  /** The last day of registration. */
  deadline: CalendarDate
  sites: readonly SiteSoFar[]
  /** What was planned at the start: so many subjects in so many site-years; null where nothing was. */
  plan: Plan | null
  inScreening: number
  /** Of those who left screening in the year up to the day. */
  recentOutcomes: { converted: number; failed: number }
  claims: readonly ClaimAboutSites[]
  /** The length of the period that the claims speak of. */
  yearsAsked: number
}

export type Plan = { subjects: number; siteYears: number }

/**
 * What makes a trial special here, each with words of its own: `no_target`, `reached`; `no_site`, `one_site`,
 * `none_open` (neither now nor later), `closing` (all sites close before the deadline); `no_exposure`, `no_subject`,
 * `short_exposure` (under one site-year), `few_subjects` (under six); `over` (the deadline has passed).
 */
export const outlookStates = [
  'no_target',
  'reached',
  'over',
  'no_site',
  'none_open',
  'closing',
  'one_site',
  'no_exposure',
  'short_exposure',
  'no_subject',
  'few_subjects',
] as const
export type OutlookState = (typeof outlookStates)[number]

/** The chance of the target if the rate held exactly, with the usual drift, and with more of it under six subjects. */
export type DriftedChance = { held: number; drift: number; moreDrift: number | null }

export type RequiredRate = { assurance: number | null; perYear: number | null; multiple: number | null }

/** An answer with the plan as prior: `weight` of it, worth so many pseudo-subjects. */
export type BlendedAnswer = {
  weight: number
  pseudoSubjects: number
  belief: RateBelief
  ratePerSiteYear: number
  chance: DriftedChance
}

export type TargetOutlook = {
  target: number
  remaining: number
  required: { mean: RequiredRate; assured: RequiredRate[] }
  /** Null without claims. */
  claimed: {
    certain: DriftedChance
    inside: DriftedChance
    betaBinomial: DriftedChance
    /** Those in screening that the claims speak of. */
    inPipeline: number
  } | null
  /** Null without exposure. */
  observed: { belief: RateBelief; chance: DriftedChance } | null
  /** One pseudo-subject, the whole plan, and the list between; null without a plan. */
  blended: { one: BlendedAnswer; full: BlendedAnswer; list: BlendedAnswer[] } | null
  /** At the observed rate with drift, with the chances 10, 50 and 90%; null without exposure. */
  completion: [Completion, Completion, Completion] | null
  /** Where each site has a rate of its own; null for one site, without exposure or a plan, or with nothing needed. */
  sitesDiffer: SitesDiffer | null
}

export type SiteStanding = {
  id: string
  registered: number
  exposureYears: number
  futureYears: number
  observed: ObservedRate
}

export type TrialOutlook = {
  asOf: CalendarDate
  deadline: CalendarDate
  states: OutlookState[]
  registered: number
  /** Of the whole trial, per year in which any site was open. */
  observed: ObservedRate
  siteYears: number
  futureSiteYears: number
  yearsLeft: number
  /** New subjects by the deadline at the observed rate with drift: 80% range, median; null without exposure. */
  byDeadline: { low80: number; median: number; high80: number } | null
  plan: Plan | null
  inScreening: number
  recentOutcomes: TrialRecord['recentOutcomes']
  claims: { projection: SitePerYearProjection<Claim>; checks: ClaimCheck[]; yearsAsked: number } | null
  sites: SiteStanding[]
  /** Null where there is no target. */
  goal: TargetOutlook | null
}

export const planWeights = [0.1, 0.25, 0.5, 0.75, 1] as const
export const assurances = [0.5, 0.8, 0.9] as const

/**
 * SSC-BMC on 2026-06-24: 2 of 12 in 4.93 years at 5 sites, 3.07 years left. Observed 0.406 a year, needed 3.26 or 8.0
 * times as much; P(12) = 0.676, 0.413, 0.478 as claimed, 0.0010 as observed, 0.0033 with drift.
 */
export function trialOutlook(record: TrialRecord): TrialOutlook {
  const { asOf, deadline, sites, target, claims, yearsAsked } = record
  const end = instantAfter(deadline)
  const anySite = sites.flatMap(({ open }) => open)
  const registered = sites.reduce((sum, site) => sum + site.registered, 0)
  const own = sites.map((site): SiteStanding => {
    const years = exposureYears(site.open, asOf)
    return {
      id: site.id,
      registered: site.registered,
      exposureYears: years,
      futureYears: futureYears(site.open, asOf, end),
      observed: observedRate(site.registered, years),
    }
  })
  const siteYears = own.reduce((sum, site) => sum + site.exposureYears, 0)
  const futureSiteYears = own.reduce((sum, site) => sum + site.futureYears, 0)
  const observed = observedRate(registered, exposureYears(anySite, asOf), siteYears)
  const belief = isWorthAForecast(registered, siteYears) ? observedBelief(registered, siteYears) : null
  const facts = {
    asOf,
    deadline,
    registered,
    observed,
    siteYears,
    futureSiteYears,
    yearsLeft: futureYears(anySite, asOf, end),
    byDeadline: belief === null ? null : rangeBy(registered, belief, futureSiteYears),
    plan: record.plan,
    inScreening: record.inScreening,
    recentOutcomes: record.recentOutcomes,
    claims:
      claims.length === 0
        ? null
        : {
            projection: sitePerYearProjection(
              claims.map(({ claim }) => claim),
              target ?? 0,
            ),
            checks: claimsAgainstRecord(claims, sites, yearsAsked, asOf),
            yearsAsked,
          },
    sites: own,
  }
  const states = statesOf(record, facts)
  const goal = target === null || target === 0 ? null : targetOutlook(record, target, facts, belief)
  return { ...facts, states, goal }
}

type Facts = Omit<TrialOutlook, 'states' | 'goal'>

function rangeBy(registered: number, belief: RateBelief, futureSiteYears: number) {
  const rate = driftingRate({ kind: 'believed', belief }, usualDrift)
  const by = (p: number) => registered + quantileAt(p, rate, futureSiteYears)
  return { low80: by(0.1), median: by(0.5), high80: by(0.9) }
}

function targetOutlook(record: TrialRecord, target: number, facts: Facts, belief: RateBelief | null): TargetOutlook {
  const { registered, observed, yearsLeft, futureSiteYears, siteYears } = facts
  const remaining = Math.max(target - registered, 0)
  const isFew = registered < fewSubjects
  const chances = (rate: FutureRate, needed: number, years: number, pipeline: Float64Array = none): DriftedChance => ({
    held: chanceAt(needed, rate, years, pipeline),
    drift: chanceAt(needed, driftingRate(rate, usualDrift), years, pipeline),
    moreDrift: isFew ? chanceAt(needed, driftingRate(rate, driftOfFewSubjects), years, pipeline) : null,
  })
  const required = (assurance: number | null): RequiredRate => {
    const perYear =
      assurance === null ? meanRateNeeded(remaining, yearsLeft) : rateForAssurance(assurance, remaining, yearsLeft)
    return { assurance, perYear, multiple: perYear === null ? null : multipleOfObserved(perYear, observed) }
  }
  const blendedWith = (plan: Plan, weight: number): BlendedAnswer => {
    const blend = blendedBelief(registered, siteYears, plan.subjects, plan.siteYears, weight)
    return {
      weight,
      pseudoSubjects: weight * plan.subjects,
      belief: blend,
      ratePerSiteYear: blend.shape / blend.exposureYears,
      chance: chances({ kind: 'believed', belief: blend }, remaining, futureSiteYears),
    }
  }
  const { plan, asOf } = record
  const rate: FutureRate | null = belief === null ? null : { kind: 'believed', belief }
  const drifting = rate === null ? null : driftingRate(rate, usualDrift)
  const completion = (p: number) =>
    drifting === null
      ? null
      : completionOf(
          p,
          drifting,
          remaining,
          record.sites.map(({ open }) => open),
          asOf,
        )
  const [early, median, late] = [completion(0.1), completion(0.5), completion(0.9)]
  return {
    target,
    remaining,
    required: { mean: required(null), assured: assurances.map(required) },
    claimed: facts.claims === null ? null : claimedAnswers(facts.claims.projection, record, target, chances),
    observed: belief === null || rate === null ? null : { belief, chance: chances(rate, remaining, futureSiteYears) },
    blended:
      plan === null
        ? null
        : {
            one: blendedWith(plan, Math.min(1 / plan.subjects, 1)),
            full: blendedWith(plan, 1),
            list: planWeights.map((weight) => blendedWith(plan, weight)),
          },
    completion: early && median && late ? [early, median, late] : null,
    sitesDiffer:
      plan === null || record.sites.length < 2 || belief === null || remaining === 0
        ? null
        : sitesDiffer(record.sites, plan, asOf, instantAfter(record.deadline), remaining),
  }
}

/**
 * The claims taken at their word: P(Poisson(expected at the sites) >= still needed), with those in screening certain,
 * part of the sites' numbers, or beta-binomial. Target 12, 2 registered, 2 in screening, 9 expected at the sites: 0.676,
 * 0.413, 0.478.
 */
function claimedAnswers(
  { sitesExpected, terms }: SitePerYearProjection<Claim>,
  { recentOutcomes, sites }: TrialRecord,
  target: number,
  chances: (rate: FutureRate, needed: number, years: number, pipeline?: Float64Array) => DriftedChance,
): TargetOutlook['claimed'] {
  const rate: FutureRate = { kind: 'certain', perSiteYear: sitesExpected }
  // Whatever a claim says of those registered: what the record holds is not claimed.
  const registered = sites.reduce((sum, site) => sum + site.registered, 0)
  const needed = Math.max(target - registered, 0)
  const inPipeline = terms.reduce((sum, { claim }) => (claim.kind === 'pipeline' ? sum + claim.number : sum), 0)
  let converted: Float64Array = none
  for (const { claim } of terms) {
    if (claim.kind !== 'pipeline') continue
    const own = pipelineChancesAt(claim.conversion, claim.number)
    converted = convolved(converted, own, converted.length + own.length - 1)
  }
  return {
    certain: chances(rate, needed, 1, converted),
    inside: chances(rate, needed, 1),
    betaBinomial: chances(
      rate,
      needed,
      1,
      pipelineChances({ inScreening: inPipeline, ...recentOutcomes, priorA: 1, priorB: 1 }),
    ),
    inPipeline,
  }
}

function groundOf(record: TrialRecord, target: number, { registered, siteYears }: Facts): WhatIfGround {
  const { asOf, deadline, sites, plan, inScreening } = record
  return { asOf, deadline, target, registered, sites: sites.map(({ open }) => open), siteYears, plan, inScreening }
}

/** What a scenario would bring; null where there is no target, or nothing to go by. */
export function whatIfOutcome(record: TrialRecord, scenario: WhatIf): Outcome | null {
  if (record.target === null || record.target === 0) return null
  return outcomeOf(groundOf(record, record.target, trialOutlookFacts(record)), scenario)
}

function trialOutlookFacts(record: TrialRecord): Facts {
  return trialOutlook({ ...record, target: null, claims: [] })
}

/**
 * What stands beside it where nobody asked for anything else: the claims' own rate, else one more a year than expected
 * of the record.
 */
export function usualAlternative({ claims, yearsLeft, observed }: TrialOutlook): WhatIf {
  if (claims !== null && claims.yearsAsked > 0 && claims.projection.sitesExpected > 0) {
    return { ...asItIs, ratePerYear: rounded(claims.projection.sitesExpected / claims.yearsAsked) }
  }
  const rate = observed.kind === 'rate' ? observed.perYear : 0
  return yearsLeft > 0 ? { ...asItIs, ratePerYear: rounded(rate + 1) } : asItIs
}

const rounded = (rate: number) => Math.round(rate * 100) / 100

function statesOf(record: TrialRecord, { registered, siteYears }: Facts): OutlookState[] {
  const { asOf, deadline, target, sites } = record
  const end = instantAfter(deadline)
  const periods = sites.flatMap(({ open }) => open)
  const isOpenLater = periods.some(({ until }) => until === null || until > asOf)
  const lastsToTheEnd = periods.some(({ until }) => until === null || until >= end)
  const hasTarget = target !== null && target > 0
  const holds: Record<OutlookState, boolean> = {
    no_target: !hasTarget,
    reached: hasTarget && registered >= target,
    over: asOf >= end,
    no_site: sites.length === 0,
    none_open: sites.length > 0 && !isOpenLater,
    closing: isOpenLater && !lastsToTheEnd && asOf < end,
    one_site: sites.length === 1,
    no_exposure: siteYears === 0,
    short_exposure: siteYears > 0 && siteYears < 1,
    no_subject: siteYears > 0 && registered === 0,
    few_subjects: siteYears > 0 && registered < fewSubjects,
  }
  return outlookStates.filter((state) => holds[state])
}
