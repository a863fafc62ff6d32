/**
 * What if: registration ends on another day, sites are added, the rate is another one, those in screening are counted
 * apart, the plan is believed by a weight, drift is left out. Each of these is one field; what is null stays as it is.
 */
import { addDays, type CalendarDate } from '../calendar-date.ts'
import { daysUntilExposure, futureYears, instantAfter, type OpenPeriod } from './exposure.ts'
import { chanceAt, driftingRate, expectedAt, type FutureRate, none, quantileAt, siteYearsUntil } from './future-rate.ts'
import { pipelineChancesAt } from './pipeline.ts'
import { blendedBelief, observedBelief, usualDrift } from './pooled-predictive.ts'
import { meanRateNeeded } from './required-rate.ts'
import { isWorthAForecast } from './site-forecast.ts'

export type WhatIf = {
  /** The last day of registration; null: the deadline that the page is about. */
  until: CalendarDate | null
  /** Sites that open on the as-of date besides those there are. */
  addedSites: number
  /** A year, at all sites there are together; added ones come on top. Null: as observed. */
  ratePerYear: number | null
  /** The part (0 to 1) of those in screening that is registered on top; null: they are part of the rate. */
  conversion: number | null
  /** How much the plan counts beside the record, above 0 and up to 1; null: not at all. */
  planWeight: number | null
  drift: 'on' | 'off'
}

export const asItIs: WhatIf = {
  until: null,
  addedSites: 0,
  ratePerYear: null,
  conversion: null,
  planWeight: null,
  drift: 'on',
}

/** What a scenario starts from. */
export type WhatIfGround = {
  asOf: CalendarDate
  /** The last day of registration. */
  deadline: CalendarDate
  target: number
  registered: number
  /** When each site was and will be open. */
  sites: readonly (readonly OpenPeriod[])[]
  /** Site-years of all sites so far. */
  siteYears: number
  plan: { subjects: number; siteYears: number } | null
  inScreening: number
}

/**
 * When the number needed will have come: at once, on a day, later than anybody can see (20 years), or never, because
 * all sites close before or nobody is expected.
 */
export type Completion =
  | { kind: 'reached' }
  | { kind: 'on'; date: CalendarDate }
  | { kind: 'beyond' }
  | { kind: 'never' }
  /** Those in screening, counted apart, are enough, whenever that is settled. */
  | { kind: 'in_screening' }

export type Outcome = {
  until: CalendarDate
  /** New subjects expected by the end of registration. */
  expectedNew: number
  /** Of reaching the target by then. */
  chance: number
  /** Registered in all by then: the middle 80% and the median. */
  low80: number
  median: number
  high80: number
  /** With the chances 10, 50 and 90%. */
  completion: [Completion, Completion, Completion]
  /** The mean rate that just brings what is needed, a year; null where no time is left. */
  requiredPerYear: number | null
}

/** Further away nobody can see. */
export const yearsInSight = 20

/** Null where there is nothing to go by: no site was open, and neither a rate nor a plan is given. */
export function outcomeOf(ground: WhatIfGround, scenario: WhatIf): Outcome | null {
  const rate = rateOf(ground, scenario)
  if (rate === null) return null
  const { asOf, target, registered } = ground
  const until = scenario.until ?? ground.deadline
  const sites = [...ground.sites, ...Array<OpenPeriod[]>(scenario.addedSites).fill([{ from: asOf, until: null }])]
  const siteYears = sites.reduce((sum, open) => sum + futureYears(open, asOf, instantAfter(until)), 0)
  const needed = Math.max(target - registered, 0)
  const pipeline = scenario.conversion === null ? none : pipelineChancesAt(scenario.conversion, ground.inScreening)
  const fromPipeline = (scenario.conversion ?? 0) * ground.inScreening
  const total = (p: number) => registered + quantileAt(p, rate, siteYears, pipeline)
  const completion = (p: number) => completionOf(p, rate, needed, sites, asOf, pipeline)
  return {
    until,
    expectedNew: expectedAt(rate, siteYears) + fromPipeline,
    chance: chanceAt(needed, rate, siteYears, pipeline),
    low80: total(0.1),
    median: total(0.5),
    high80: total(0.9),
    completion: [completion(0.1), completion(0.5), completion(0.9)],
    requiredPerYear: meanRateNeeded(needed, futureYears(sites.flat(), asOf, instantAfter(until))),
  }
}

/** The day by which the number needed has come with the chance p, those in screening included where they are counted apart. */
export function completionOf(
  p: number,
  rate: FutureRate,
  needed: number,
  sites: readonly (readonly OpenPeriod[])[],
  asOf: CalendarDate,
  pipeline: Float64Array = none,
): Completion {
  if (needed <= 0) return { kind: 'reached' }
  const siteYears = siteYearsUntil(p, rate, needed, pipeline)
  if (siteYears === 0) return { kind: 'in_screening' }
  const days = siteYears === null ? null : daysUntilExposure(sites, asOf, siteYears)
  if (days === null) return { kind: 'never' }
  return days > yearsInSight * 365.25 ? { kind: 'beyond' } : { kind: 'on', date: addDays(asOf, Math.floor(days)) }
}

/** The rate of a scenario: the one that is typed, else the plan and the record, else the record. */
function rateOf(ground: WhatIfGround, { ratePerYear, planWeight, drift, until }: WhatIf): FutureRate | null {
  const rate = heldRateOf({ ...ground, deadline: until ?? ground.deadline }, ratePerYear, planWeight)
  return rate === null || drift === 'off' ? rate : driftingRate(rate, usualDrift)
}

function heldRateOf(
  { asOf, deadline, sites, registered, siteYears, plan }: WhatIfGround,
  ratePerYear: number | null,
  planWeight: number | null,
): FutureRate | null {
  if (ratePerYear !== null) return { kind: 'certain', perSiteYear: ratePerYear / sitesSharing(sites, asOf, deadline) }
  if (planWeight !== null && plan !== null) {
    const belief = blendedBelief(registered, siteYears, plan.subjects, plan.siteYears, planWeight)
    return { kind: 'believed', belief }
  }
  const belief = isWorthAForecast(registered, siteYears) ? observedBelief(registered, siteYears) : null
  return belief === null ? null : { kind: 'believed', belief }
}

/**
 * Among how many sites a rate of the whole trial is shared, on average until the end: the site-years ahead of the sites
 * there are, over the years in which any of them is open, so that a rate a year brings just that. At least 1.
 */
function sitesSharing(sites: WhatIfGround['sites'], asOf: CalendarDate, until: CalendarDate): number {
  const end = instantAfter(until)
  const years = futureYears(sites.flat(), asOf, end)
  const siteYears = sites.reduce((sum, open) => sum + futureYears(open, asOf, end), 0)
  return years === 0 ? 1 : siteYears / years
}
