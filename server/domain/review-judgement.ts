/**
 * What a periodic review says of a promise, by the rule fixed beforehand (`promise-signal.ts`): new registrations since
 * the plan began against those that the plan promises by the day.
 */
import { addDays, type CalendarDate } from './calendar-date.ts'
import { chancePoissonAtMost } from './projection/pooled-predictive.ts'
import { falseAlarmChance, largestCountBelowPromise } from './promise-signal.ts'
import type { ScheduledReview } from './review-schedule.ts'
import { plannedNumberBy, type TrialTerms } from './trial-terms.ts'

/** `too_early`: so little is promised by the day that even none at all would be no signal. */
export const reviewVerdicts = ['below', 'not_below', 'too_early'] as const
export type ReviewVerdict = (typeof reviewVerdicts)[number]

/** What the rule says for a day, whatever will have come. */
export type ReviewRule = {
  on: CalendarDate
  termsVersion: number
  /** New subjects that the plan promises before the day. */
  promised: number
  /** So many new ones or fewer are below the promise; null where even none is not. */
  largestBelow: number | null
  /** P(so many or fewer | the promise is true); for none where even none is no signal. */
  chance: number
}

export type ReviewJudgement = {
  termsVersion: number
  promised: number
  /** New subjects since the plan began. */
  actual: number
  largestBelow: number | null
  /** P(so few or fewer | the promise is true). */
  chance: number
  verdict: ReviewVerdict
}

type Promising = Pick<TrialTerms, 'version' | 'plan' | 'registrationUntil'>

/**
 * The day's own registrations may still come, so the plan is read at the end of the day before.
 *
 * 9 promised in 3 years, after 6 months: 1.5 promised, none has P = 0.22, so even none is no signal. After 12 months:
 * 3 promised, none has 0.05 and is.
 */
export function reviewRule(terms: Promising, on: CalendarDate): ReviewRule {
  const promised = Math.max(plannedNumberBy(terms, addDays(on, -1)) - terms.plan.startsAtNumber, 0)
  const largestBelow = largestCountBelowPromise(promised)
  const chance = chancePoissonAtMost(largestBelow ?? 0, promised)
  return { on, termsVersion: terms.version, promised, largestBelow, chance }
}

/** `registered`: all subjects by the day. 2 at the start, 3 by the day: 1 new. */
export function judgePromise(terms: Promising, on: CalendarDate, registered: number): ReviewJudgement {
  const { promised, largestBelow } = reviewRule(terms, on)
  const actual = Math.max(registered - terms.plan.startsAtNumber, 0)
  const verdict = largestBelow === null ? 'too_early' : actual <= largestBelow ? 'below' : 'not_below'
  return {
    termsVersion: terms.version,
    promised,
    actual,
    largestBelow,
    chance: chancePoissonAtMost(actual, promised),
    verdict,
  }
}

/** The rule for reviews to come, fixed today; a review of unknown terms has none. */
export function rulesOf(schedule: readonly ScheduledReview[], versions: readonly TrialTerms[]): ReviewRule[] {
  return schedule.flatMap(({ dueOn, termsVersion }) => {
    const terms = versions.find(({ version }) => version === termsVersion)
    return terms === undefined ? [] : [reviewRule(terms, dueOn)]
  })
}

/** The level below which a chance is a signal, for the words of the rule: 0.10. */
export const signalChance = falseAlarmChance
