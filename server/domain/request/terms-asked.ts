/** The terms that a request asks for, and the version of the trial's terms that they become once they are approved. */
import type { Basis, Bilingual } from '../bilingual.ts'
import { type CalendarDate, laterOf } from '../calendar-date.ts'
import type { CostBearer, TrialTerms } from '../trial-terms.ts'
import type { DecidingBody, Decision } from './decisions.ts'

export type TermsAsked = {
  targetNumber: number
  registrationFrom: CalendarDate
  registrationUntil: CalendarDate
  studyUntil: CalendarDate | null
  costBearer: CostBearer
  /** The day from which they are asked for; an approval that comes later moves it. */
  effectiveFrom: CalendarDate
  basis: Basis
  assumption: Bilingual | null
}

/**
 * The next version: what was asked, in force from the later of the asked day and the day of the approval, with the
 * promise of the request as its plan. Asked from 2026-07-19, approved on 2026-07-31: in force from 2026-07-31, and the
 * old terms hold until the day before.
 */
export function termsApproved(
  asked: TermsAsked,
  promise: { registeredNumber: number; statedTotal: number },
  approval: { decision: Decision; body: DecidingBody },
  current: TrialTerms,
  version: number,
): TrialTerms {
  const { decision, body } = approval
  const effectiveFrom = laterOf(asked.effectiveFrom, decision.decidedOn)
  return {
    ...asked,
    version,
    reviewIntervalMonths: current.reviewIntervalMonths,
    reviewAnchor: current.reviewAnchor,
    plan: {
      startsOn: effectiveFrom,
      startsAtNumber: promise.registeredNumber,
      reachesNumber: promise.statedTotal,
    },
    effectiveFrom,
    approval: { body: body.name, approvedOn: decision.decidedOn, document: decision.source },
  }
}
