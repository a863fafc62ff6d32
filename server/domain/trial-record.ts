/**
 * A trial's record on a day, put together from its sums: what projections, the sheets made from them and the periodic
 * reviews are computed from.
 */
import {
  accrualBySite,
  cumulative,
  type DayCount,
  type ScreeningFlow,
  type SiteAccrual,
  type SiteCount,
  screeningFlow,
} from './accrual.ts'
import { type Attainment, attainmentOn } from './attainment.ts'
import { type CalendarDate, yearsBetween } from './calendar-date.ts'
import type { ChangeRequest } from './claim.ts'
import type { Pathway } from './milestone.ts'
import { instantAfter } from './projection/exposure.ts'
import type { Plan, TrialRecord } from './projection/trial-outlook.ts'
import { openPeriods, type Site } from './site.ts'
import { type TrialTerms, termsInForce } from './trial-terms.ts'

/** What was read of a trial: its terms and sites, and its sums by the day. */
export type CountedTrial = {
  pathway: Pathway
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  counts: readonly SiteCount[]
  /** The same twelve months earlier. */
  countsYearBefore: readonly SiteCount[]
  /** How many were registered on each day up to the day. */
  registrations: readonly DayCount[]
  /** The newest request that was made by the day. */
  request: ChangeRequest | null
}

export type RecordOfTrial = {
  record: TrialRecord
  request: ChangeRequest | null
  attainment: Attainment
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  /** Running totals of registrations. */
  steps: readonly DayCount[]
  /** In the order of the sites. */
  accruals: readonly SiteAccrual[]
  flow: ScreeningFlow
}

/** Null where the trial had no terms yet on the day. */
export function recordOfTrial(asOf: CalendarDate, counted: CountedTrial): RecordOfTrial | null {
  const { pathway, versions, sites, counts, request } = counted
  const flow = screeningFlow(pathway, counts)
  const yearBefore = screeningFlow(pathway, counted.countsYearBefore)
  const steps = cumulative(counted.registrations)
  const siteIds = sites.map(({ id }) => id)
  const accruals = accrualBySite(pathway, siteIds, counts)
  const registered = accruals.reduce((sum, accrual) => sum + accrual.registered, 0)
  const attainment = attainmentOn(asOf, versions, sites, registered)
  if (attainment === null) return null

  const { promised } = attainment
  const deadline = request?.registrationUntil ?? promised.registrationUntil
  const asked = request === null ? 0 : yearsAskedBy(request, versions)
  const record: TrialRecord = {
    asOf,
    target: request?.targetNumber ?? promised.targetNumber,
    deadline,
    sites: sites.map((site, index) => ({
      id: site.id,
      registered: accruals[index]?.registered ?? 0,
      open: openPeriods(site),
    })),
    plan: firstPlan(versions, sites.length),
    inScreening: flow.inScreening + (flow.provisional?.waiting ?? 0),
    recentOutcomes: {
      converted: Math.max(flow.registered - yearBefore.registered, 0),
      failed: Math.max(failedIn(flow) - failedIn(yearBefore), 0),
    },
    claims: request?.claims ?? [],
    yearsAsked: asked > 0 ? asked : Math.max(yearsBetween(asOf, instantAfter(deadline)), 0),
  }
  return { record, request, attainment, versions, sites, steps, accruals, flow }
}

/** From the end of registration that held when the request was made, to the one that it asks for. */
function yearsAskedBy(request: ChangeRequest, versions: readonly TrialTerms[]): number {
  const then = termsInForce(versions, request.asOf)
  return then === null ? 0 : yearsBetween(then.registrationUntil, request.registrationUntil)
}

/** Those who left screening without being registered; an outcome that nobody knows is none. */
function failedIn({ notRegistered, unaccounted, provisional }: ScreeningFlow): number {
  return notRegistered + unaccounted + (provisional?.excluded ?? 0)
}

/** What the first version of the terms planned, over all sites; null where it planned nothing. */
function firstPlan(versions: readonly TrialTerms[], siteCount: number): Plan | null {
  const first = versions.toSorted((a, b) => a.version - b.version)[0]
  if (first === undefined) return null
  const { startsOn, startsAtNumber, reachesNumber } = first.plan
  const subjects = reachesNumber - startsAtNumber
  const siteYears = siteCount * yearsBetween(startsOn, instantAfter(first.registrationUntil))
  return subjects > 0 && siteYears > 0 ? { subjects, siteYears } : null
}
