/** A trial's record on a day, read once: what the projection page and the sheets made from it are computed from. */
import type { Context } from '../context.ts'
import { findLatestRequest } from '../db/change-requests.ts'
import { countByDay, countBySite } from '../db/daily-counts.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway } from '../db/trials.ts'
import { accrualBySite, cumulative, type DayCount, type ScreeningFlow, screeningFlow } from '../domain/accrual.ts'
import { type Attainment, attainmentOn } from '../domain/attainment.ts'
import { addMonths, type CalendarDate, yearsBetween } from '../domain/calendar-date.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import { instantAfter } from '../domain/projection/exposure.ts'
import type { Plan, TrialRecord } from '../domain/projection/trial-outlook.ts'
import { openPeriods, type Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import { type TrialTerms, termsInForce } from '../domain/trial-terms.ts'

export type RecordOfTrial = {
  record: TrialRecord
  /** The request that is asked about, where it was made by the day. */
  request: ChangeRequest | null
  attainment: Attainment
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  steps: readonly DayCount[]
}

/** Null where the trial had no terms yet on the day. Without a request of its own, the newest one is meant. */
export function readTrialRecord(
  context: Context,
  trial: Trial,
  asOf: CalendarDate,
  own: ChangeRequest | null = null,
): Promise<RecordOfTrial | null> {
  return remembered(context.db, trial.id, `record ${asOf} ${own?.id ?? 'newest'}`, async () =>
    readRecord(context, trial, asOf, own ?? (await findLatestRequest(context.db, trial.id))),
  )
}

async function readRecord(
  { db }: Context,
  trial: Trial,
  asOf: CalendarDate,
  newest: ChangeRequest | null,
): Promise<RecordOfTrial | null> {
  const request = newest !== null && newest.asOf <= asOf ? newest : null
  const pathway = await findPathway(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const sites = await listSites(db, trial.id)
  const counts = await countBySite(db, trial.id, asOf)
  const flow = screeningFlow(pathway, counts)
  const yearBefore = screeningFlow(pathway, await countBySite(db, trial.id, addMonths(asOf, -12)))
  const steps = cumulative(await countByDay(db, trial.id, pathway.counting.code, asOf))
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
  return { record, request, attainment, versions, sites, steps }
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
