/** What a review's pages and its report are made from: frozen content, and how it compares with what is known today. */
import type { Context } from '../context.ts'
import { remembered } from '../db/remembered.ts'
import { findReviewFacts } from '../db/review-facts.ts'
import { findReviewDraft, type ReviewDraft } from '../db/reviews.ts'
import type { Review, SignedContent } from '../domain/review.ts'
import { changesSince, type SinceFrozen } from '../domain/review-changes.ts'
import { reviewFigures } from '../domain/review-figures.ts'
import type { Trial } from '../domain/trial.ts'
import type { ReportContent } from '../pages/review-report.ts'
import type { TrialVisit } from './visit.ts'

/** The review of the address with the measures that answer it today; null where the trial has none. */
export function findVisited({ context, request, trial }: TrialVisit): Promise<ReviewDraft | null> {
  const today = context.today(trial.timeZone)
  return findReviewDraft(context.db, trial.id, String(request.params.review), today)
}

/** Of a signed review only what was signed, read from its text; of an open one its figures and what stands to them now. */
export function contentOf({ review, measures }: ReviewDraft, { leastShown }: Trial): ReportContent {
  if (review.signed !== null) {
    const { figures, frozenAt, comments, signature, ...signed }: SignedContent = JSON.parse(review.signed.content)
    return { figures, frozenAt, comments, measures: signed.measures, signature, hash: review.signed.hash, leastShown }
  }
  const { figures, frozenAt, comments, figuresHash } = review
  return { figures, frozenAt, comments, measures, signature: null, hash: figuresHash, leastShown }
}

/** The figures of the review's day as they would be made now, beside the frozen ones. */
export function sinceFrozen({ db }: Context, trial: Trial, review: Review): Promise<SinceFrozen> {
  const { dueOn, termsVersion, openedAt, figures } = review
  return remembered(db, trial.id, `review ${review.id}`, async () => {
    const facts = await findReviewFacts(db, trial, { asOf: dueOn, termsVersion, openedBefore: openedAt }, null)
    return changesSince(figures, reviewFigures(facts))
  })
}
