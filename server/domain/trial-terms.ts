/**
 * The terms of a trial: how many subjects, until when. Terms are versions, never edits:
 * an extension is a new version with its own approval, and a chart draws every version.
 */
import type { Basis, Bilingual } from './bilingual.ts'
import { addDays, type CalendarDate, daysBetween } from './calendar-date.ts'
import type { ReviewAnchor } from './review-schedule.ts'

export type CostBearer = 'research_funds' | 'patient' | 'insurer'

/** Plan: the cumulative number promised, a straight line from its first day to the end of registration. */
export type Plan = { startsOn: CalendarDate; startsAtNumber: number; reachesNumber: number }

export type Approval = { body: Bilingual; approvedOn: CalendarDate | null; document: Bilingual }

export type TrialTerms = {
  version: number
  targetNumber: number
  registrationFrom: CalendarDate
  /** The last day on which a subject may be registered. */
  registrationUntil: CalendarDate
  studyUntil: CalendarDate | null
  costBearer: CostBearer
  reviewIntervalMonths: number
  /** Where the months between reviews are counted from. */
  reviewAnchor: ReviewAnchor
  plan: Plan
  effectiveFrom: CalendarDate
  approval: Approval | null
  basis: Basis
  /** What of this version no document states, in words; null when everything is stated. */
  assumption: Bilingual | null
}

/** The version in force on a day: the newest whose effective date has come; null before the first. */
export function termsInForce(versions: readonly TrialTerms[], on: CalendarDate): TrialTerms | null {
  return versions.filter((terms) => terms.effectiveFrom <= on).sort(newestFirst)[0] ?? null
}

/**
 * The version a forecast is measured against: the newest that was in force or already approved on the day.
 * An extension approved in June counts from June, even where its period begins in July.
 */
export function termsPromised(versions: readonly TrialTerms[], on: CalendarDate): TrialTerms | null {
  const known = versions.filter((terms) => terms.effectiveFrom <= on || isApprovedBy(terms, on))
  return known.sort(newestFirst)[0] ?? null
}

function isApprovedBy(terms: TrialTerms, on: CalendarDate): boolean {
  const approvedOn = terms.approval?.approvedOn ?? null
  return approvedOn !== null && approvedOn <= on
}

function newestFirst(a: TrialTerms, b: TrialTerms): number {
  return b.version - a.version
}

/** Registration is possible from the first to the last day of the period, both included. */
export function isInRegistrationPeriod(terms: TrialTerms, date: CalendarDate): boolean {
  return terms.registrationFrom <= date && date <= terms.registrationUntil
}

/**
 * The cumulative number the plan promises by the end of a day, in subjects: linear between its ends,
 * flat outside them. From 0 on 2021-07-19 to 12 on 2024-07-18, half-way: 6.
 */
export function plannedNumberBy(
  { plan, registrationUntil }: Pick<TrialTerms, 'plan' | 'registrationUntil'>,
  on: CalendarDate,
): number {
  const { startsOn, startsAtNumber, reachesNumber } = plan
  const whole = daysBetween(startsOn, registrationUntil) + 1
  const elapsed = Math.min(Math.max(daysBetween(startsOn, on) + 1, 0), whole)
  return startsAtNumber + ((reachesNumber - startsAtNumber) * elapsed) / whole
}

/** Whether every day from one to another lies in the registration period of the terms in force on it, both included. */
export function isAlwaysInRegistrationPeriod(
  versions: readonly TrialTerms[],
  from: CalendarDate,
  until: CalendarDate,
): boolean {
  const turns = versions.flatMap(({ registrationFrom, registrationUntil, effectiveFrom }) => [
    addDays(registrationFrom, -1),
    addDays(registrationUntil, 1),
    addDays(effectiveFrom, -1),
    effectiveFrom,
  ])
  return [from, until, ...turns.filter((day) => day > from && day < until)].every((day) => {
    const terms = termsInForce(versions, day)
    return terms !== null && isInRegistrationPeriod(terms, day)
  })
}
