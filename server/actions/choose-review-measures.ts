/** The principal investigator says which measures answer a review; the ones left out are taken from it. */
import type { Actor, Context } from '../context.ts'
import { listCountermeasures } from '../db/countermeasures.ts'
import { chooseReviewMeasures as choose, findReview } from '../db/reviews.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { measuresInForce } from '../domain/review.ts'

/** Only measures that stand and have begun; another one is refused by its name. Choosing the same again changes nothing. */
export function chooseReviewMeasures(
  context: Context,
  actor: Actor,
  trialId: string,
  draft: { reviewId: string; measureIds: readonly string[] },
): Promise<Parsed<{ reviewId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const { reviewId } = draft
    const review = await findReview(write, trialId, reviewId)
    if (review === null || !mayIn(actor.grants, 'sign_reviews', trialId)) {
      return { problems: [{ field: '', code: 'review_not_yours' }] }
    }
    if (review.signature !== null) return { problems: [{ field: '', code: 'review_signed' }] }
    const { timeZone } = await findTrial(write, trialId)
    const all = await listCountermeasures(write, trialId)
    const chosen = measuresInForce(draft.measureIds, all, context.today(timeZone)).map(({ id }) => id)
    if (draft.measureIds.some((id) => !chosen.includes(id))) {
      return { problems: [{ field: 'measures', code: 'review_measure_unknown' }] }
    }
    const isSame = chosen.length === review.measureIds.length && chosen.every((id) => review.measureIds.includes(id))
    if (!isSame) await choose(write, reviewId, chosen)
    return { value: { reviewId } }
  })
}
