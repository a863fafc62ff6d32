/** The principal investigator says something to a review that is still open. */
import type { Actor, Context } from '../context.ts'
import { findReview, insertReviewComment } from '../db/reviews.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { commentProblems } from '../domain/review.ts'

export function commentOnReview(
  context: Context,
  actor: Actor,
  trialId: string,
  draft: { reviewId: string; text: string },
): Promise<Parsed<{ commentId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const review = await findReview(write, trialId, draft.reviewId)
    if (review === null || !mayIn(actor.grants, 'sign_reviews', trialId)) {
      return { problems: [{ field: '', code: 'review_not_yours' }] }
    }
    const problems = commentProblems(review, draft.text)
    if (problems.length > 0) return { problems }
    return { value: { commentId: await insertReviewComment(write, context, actor, trialId, review.id, draft.text) } }
  })
}
