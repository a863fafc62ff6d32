/** On which days a trial is reviewed: every so many months, as its terms say, until registration ends. */
import { addDays, addMonths, type CalendarDate, earlierOf } from './calendar-date.ts'
import type { TrialTerms } from './trial-terms.ts'

/** Where the months are counted from: the first day of registration, or the first day of the terms in force. */
export const reviewAnchors = ['registration_start', 'terms_start'] as const
export type ReviewAnchor = (typeof reviewAnchors)[number]

/** One review that the terms ask for. */
export type ScheduledReview = { dueOn: CalendarDate; termsVersion: number }

type Reviewed = Pick<
  TrialTerms,
  'version' | 'registrationFrom' | 'registrationUntil' | 'effectiveFrom' | 'reviewIntervalMonths' | 'reviewAnchor'
>

/**
 * Every review of a trial, the first one first. A version of the terms rules from the day it comes into force until
 * the next one does; its last review is on the day after registration ends, when the whole promise can be judged.
 * Months are counted from the anchor and not from the review before: from 31 August every six months come 28 February
 * and again 31 August.
 *
 * Registration from 2021-07-19 until 2022-07-18, every 6 months: 2022-01-19 and 2022-07-19.
 */
export function reviewSchedule(versions: readonly Reviewed[]): ScheduledReview[] {
  const inOrder = versions.toSorted((a, b) => a.version - b.version)
  return inOrder.flatMap((terms, index) => {
    const next = inOrder.slice(index + 1).reduce<CalendarDate | null>((first, { effectiveFrom }) => {
      return first === null ? effectiveFrom : earlierOf(first, effectiveFrom)
    }, null)
    return reviewDays(terms)
      .filter((day) => day > terms.effectiveFrom && (next === null || day <= next))
      .map((dueOn) => ({ dueOn, termsVersion: terms.version }))
  })
}

/** The days of one version, whether or not it was in force on them. */
function reviewDays(terms: Reviewed): CalendarDate[] {
  const { reviewIntervalMonths: months, registrationUntil } = terms
  const anchor = terms.reviewAnchor === 'registration_start' ? terms.registrationFrom : terms.effectiveFrom
  const last = addDays(registrationUntil, 1)
  const days: CalendarDate[] = []
  for (let count = 1; addMonths(anchor, count * months) <= last; count += 1)
    days.push(addMonths(anchor, count * months))
  return days
}

/** The first review after a day; null where none is left. */
export function nextReview(versions: readonly Reviewed[], after: CalendarDate): ScheduledReview | null {
  return reviewSchedule(versions).find(({ dueOn }) => dueOn > after) ?? null
}
