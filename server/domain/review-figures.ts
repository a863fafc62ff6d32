/**
 * The figures of a periodic review, as one value that is frozen when the review is prepared: everything that its page
 * and its printed sheet say, so that neither has to ask the record again.
 *
 * What is stored stays readable: a field may be added, none is renamed or given another meaning; `format` says which
 * shape it is.
 */
import type { DayCount } from './accrual.ts'
import type { Attainment } from './attainment.ts'
import { fanOf } from './attainment-fan.ts'
import type { Bilingual } from './bilingual.ts'
import { addMonths, type CalendarDate, laterOf, monthOf } from './calendar-date.ts'
import { type EarlierPromise, earlierPromises, type RequestPromise } from './earlier-promises.ts'
import { type Pace, paceOn } from './pace.ts'
import { type ClaimRecord, claimAgainstRecord, type RecordVerdict } from './projection/claim-check.ts'
import { recordOfClaim } from './projection/claims-against-record.ts'
import { exposureYears, instantAfter } from './projection/exposure.ts'
import type { FanRow } from './projection/fan.ts'
import { methodVersion } from './projection/method.ts'
import { type ObservedRate, observedRate } from './projection/poisson-interval.ts'
import { type Claim, sitePerYearProjection } from './projection/site-per-year.ts'
import { trialOutlook } from './projection/trial-outlook.ts'
import type { Completion } from './projection/what-if.ts'
import type { Month, MonthReport } from './reporting.ts'
import {
  type EarlierForecasts,
  forecastsAhead,
  type Hindsight,
  hindsightOn,
  type ReviewForecast,
} from './review-forecast.ts'
import { judgePromise, type ReviewJudgement, type ReviewRule, rulesOf } from './review-judgement.ts'
import { reviewSchedule, type ScheduledReview } from './review-schedule.ts'
import { openPeriods } from './site.ts'
import type { Trial } from './trial.ts'
import { type CountedTrial, type RecordOfTrial, recordOfTrial } from './trial-record.ts'
import type { TrialTerms } from './trial-terms.ts'
import { type SiteChange, siteChanges } from './turning-points.ts'
import { wilsonInterval } from './wilson-interval.ts'

export type ReviewFigures = {
  format: 1
  methodVersion: string
  trial: Pick<Trial, 'code' | 'title' | 'timeZone'>
  /** The day by whose end everything is counted: that on which the review was due. */
  asOf: CalendarDate
  judgement: ReviewJudgement
  /** The rule for the next reviews. */
  rules: ReviewRule[]
  attainment: Attainment
  /** The terms known on the day. */
  versions: TrialTerms[]
  /** Running totals of registrations. */
  steps: DayCount[]
  /** Days on which sites began or stopped to register. */
  openings: SiteChange[]
  fan: FanRow[] | null
  pace: Pace
  /** With the chances 10, 50 and 90%; null where nothing can be forecast. */
  completion: [Completion, Completion, Completion] | null
  conversion: { registered: number; screened: number; interval: { lower: number; upper: number } | null }
  /** The months since the review before that were over on the day, the first one first. */
  months: Month[]
  sites: ReviewedSite[]
  whole: {
    exposureYears: number
    screened: number
    registered: number
    rate: ObservedRate
    reported: number
    open: number
  }
  claims: ReviewedClaims | null
  forecasts: ReviewForecast[]
  hindsight: Hindsight
}

export type ReviewedSite = {
  code: string
  name: Bilingual
  exposureYears: number
  screened: number
  registered: number
  treated: number
  rate: ObservedRate
  lastActivityOn: CalendarDate | null
  /** Of the months in which the site was open, those of which it reported something, "nothing" included. */
  reported: number
  open: number
  /** Months of which nobody said anything. */
  silent: Month[]
}

/** The projection in force: what the newest request claims, term by term, against the record. */
export type ReviewedClaims = {
  requestNumber: number
  title: Bilingual
  asOf: CalendarDate
  inputHash: string
  statedTotal: number
  terms: {
    label: Bilingual
    source: Bilingual
    claim: Claim
    expected: number
    record: ClaimRecord | null
    verdict: RecordVerdict
  }[]
  /** What of the total was to have come by the day, and what did; null where the day of the request has not passed. */
  promise: EarlierPromise | null
}

/** What was read of a trial to review it. */
export type ReviewFacts = {
  trial: Pick<Trial, 'code' | 'title' | 'timeZone'>
  asOf: CalendarDate
  /** The terms that ask for the review, whose promise it judges. */
  termsVersion: number
  counted: CountedTrial
  requests: readonly RequestPromise[]
  /** The sites' reports of the months that the review looks at, in the order of the sites. */
  reports: readonly { month: Month; reports: readonly MonthReport[] }[]
  earlier: readonly EarlierForecasts[]
}

/** The scheduled review of a day; null where the terms ask for none on it. */
export function scheduledOn(versions: readonly TrialTerms[], on: CalendarDate): ScheduledReview | null {
  return reviewSchedule(versions).find(({ dueOn }) => dueOn === on) ?? null
}

/** The months of which a review prints the reporting: those that were over on its day, from the review before on. */
export function monthsReviewed({ registrationFrom, reviewIntervalMonths }: TrialTerms, asOf: CalendarDate): Month[] {
  const from = laterOf(addMonths(asOf, -reviewIntervalMonths), registrationFrom)
  const months: Month[] = []
  for (let month = monthOf(from); month < monthOf(asOf); month = nextMonth(month)) months.push(month)
  return months
}

function nextMonth(month: Month): Month {
  return monthOf(addMonths(`${month}-01` as CalendarDate, 1))
}

/**
 * Throws where there are no such terms.
 *
 * SSC-BMC on 2026-01-19: 2 registered of 12, 8.3 new ones promised since 2024-07-19 and 1 came, P = 0.002: below.
 */
export function reviewFigures(facts: ReviewFacts): ReviewFigures {
  const { asOf, counted, earlier, termsVersion } = facts
  const terms = counted.versions.find(({ version }) => version === termsVersion)
  const found = recordOfTrial(asOf, counted)
  if (terms === undefined || found === null) throw new Error(`no terms ${termsVersion} to review on ${asOf}`)
  const { attainment, steps, flow, accruals, sites, record } = found
  const known = counted.versions.filter(({ version }) => version <= attainment.promised.version)
  const ahead = reviewSchedule(known).filter(({ dueOn }) => dueOn > asOf)
  const registeredBy = (day: CalendarDate) => steps.findLast(({ date }) => date <= day)?.number ?? 0
  const { screening } = counted.pathway
  const lastScreenedOn = counted.counts.reduce<CalendarDate | null>(
    (last, { step, lastOn }) => (step !== screening.code ? last : last === null ? lastOn : laterOf(last, lastOn)),
    null,
  )
  // Where each site has a rate of its own is the projection's matter; a review needs the days of completion only.
  const outlook = trialOutlook({
    ...record,
    plan: null,
    target: attainment.promised.targetNumber,
    deadline: attainment.promised.registrationUntil,
    claims: [],
  })
  const reviewed = sites.map((site, place): ReviewedSite => {
    const years = exposureYears(openPeriods(site), asOf)
    const { screened = 0, registered = 0, treated = 0, lastActivityOn = null } = accruals[place] ?? {}
    const own = facts.reports.flatMap(({ month, reports }) => {
      const report = reports[place]
      return report === undefined || report.kind === 'not_open' ? [] : [{ month, kind: report.kind }]
    })
    const silent = own.filter(({ kind }) => kind === 'silent').map(({ month }) => month)
    return {
      code: site.code,
      name: site.name,
      exposureYears: years,
      screened,
      registered,
      treated,
      rate: observedRate(registered, years),
      lastActivityOn,
      reported: own.length - silent.length,
      open: own.length,
      silent,
    }
  })
  const sum = (of: (site: ReviewedSite) => number) => reviewed.reduce((total, site) => total + of(site), 0)
  const siteYears = sum((site) => site.exposureYears)
  const screened = flow.screened
  return {
    format: 1,
    methodVersion,
    trial: { code: facts.trial.code, title: facts.trial.title, timeZone: facts.trial.timeZone },
    asOf,
    judgement: judgePromise(terms, asOf, attainment.registered),
    rules: rulesOf(ahead.slice(0, 4), known),
    attainment,
    versions: known,
    steps: [...steps],
    openings: siteChanges(sites, asOf),
    fan: fanOf(attainment, sites),
    pace: paceOn(attainment, sites, counted.registrations, lastScreenedOn),
    completion: outlook.goal?.completion ?? null,
    conversion: {
      registered: flow.registered,
      screened,
      interval: screened === 0 ? null : wilsonInterval(Math.min(flow.registered, screened), screened),
    },
    months: monthsReviewed(terms, asOf),
    sites: reviewed,
    whole: {
      exposureYears: siteYears,
      screened: sum((site) => site.screened),
      registered: attainment.registered,
      rate: observedRate(attainment.registered, siteYears),
      reported: sum((site) => site.reported),
      open: sum((site) => site.open),
    },
    claims: claimsReviewed(facts, found),
    forecasts: forecastsAhead(attainment, ahead, known, sites),
    hindsight: hindsightOn(asOf, earlier, registeredBy),
  }
}

function claimsReviewed(
  { asOf, requests }: ReviewFacts,
  { request, record, steps }: RecordOfTrial,
): ReviewedClaims | null {
  if (request === null) return null
  const { yearsAsked, sites } = record
  const deadline = instantAfter(request.registrationUntil)
  const promises = earlierPromises(asOf, deadline, null, requests, [], steps)
  return {
    requestNumber: request.number,
    title: request.title,
    asOf: request.asOf,
    inputHash: request.inputHash,
    statedTotal: request.statedTotal,
    terms: request.claims.map(({ claim, siteIds, label, source }) => {
      const own = recordOfClaim({ claim, siteIds }, sites, asOf)
      return {
        label,
        source,
        claim,
        expected: sitePerYearProjection([claim], 0).total,
        record: own,
        verdict: claimAgainstRecord(claim, own, yearsAsked),
      }
    }),
    promise: promises.find(({ of, number }) => of === 'request' && number === request.number) ?? null,
  }
}
