/** Before it is signed, the figures of a review are made once more from what is known now. */
import type { Actor, Context } from '../context.ts'
import { findReviewFacts } from '../db/review-facts.ts'
import { findReview, refreezeReview as refreeze } from '../db/reviews.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { reviewFigures } from '../domain/review-figures.ts'

export function refreezeReview(
  context: Context,
  actor: Actor,
  trialId: string,
  reviewId: string,
): Promise<Parsed<{ reviewId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const review = await findReview(write, trialId, reviewId)
    if (review === null || !mayIn(actor.grants, 'sign_reviews', trialId)) {
      return { problems: [{ field: '', code: 'review_not_yours' }] }
    }
    if (review.signature !== null) return { problems: [{ field: '', code: 'review_signed' }] }
    const trial = await findTrial(write, trialId)
    const { dueOn, termsVersion, openedAt } = review
    const asked = { asOf: dueOn, termsVersion, openedBefore: openedAt }
    await refreeze(write, context, reviewId, reviewFigures(await findReviewFacts(write, trial, asked, null)))
    return { value: { reviewId } }
  })
}
