/** The principal investigator signs a review with their password: what stands in it then is kept as it was, for good. */
import { type Actor, type Context, nobody } from '../context.ts'
import { findCredentials } from '../db/people.ts'
import { findReviewDraft, insertSignature } from '../db/reviews.ts'
import { findTrial } from '../db/trials.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn, roleIn } from '../domain/permission.ts'
import { type ReviewMeaning, signingProblems } from '../domain/review.ts'

export type SigningDraft = {
  reviewId: string
  meaning: ReviewMeaning
  password: string
  /** The digest of what the signer had before them. */
  seen: string
}

/**
 * The password is tried before the trial's turn is taken, and counted like any other try: whoever sits down at somebody
 * else's screen may not guess here what they may not guess at the door.
 */
export async function signReview(
  context: Context,
  actor: Actor,
  trialId: string,
  { reviewId, meaning, password, seen }: SigningDraft,
  from: { address: string },
): Promise<Parsed<{ reviewId: string }>> {
  const notTheirs = { problems: [{ field: '', code: 'review_not_yours' }] }
  if (!mayIn(actor.grants, 'sign_reviews', trialId)) return notTheirs
  const who = { username: actor.username, address: from.address }
  // Who comes in by OpenID Connect alone has nothing to sign with.
  const credentials = await findCredentials(context.db, actor.username)
  if (credentials === null) return { problems: [{ field: 'password', code: 'password_none' }] }
  const outcome = await tryPassword(context, nobody, who, password)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'right') await forgive(context, who)
  return transact(context, actor, trialId, async (write) => {
    const { timeZone } = await findTrial(write, trialId)
    const draft = await findReviewDraft(write, trialId, reviewId, context.today(timeZone))
    const role = roleIn(
      actor.grants.filter((grant) => grant.trialId === trialId),
      trialId,
    )
    if (draft === null || role === null) return notTheirs
    if (outcome.is === 'wrong') return { problems: [{ field: 'password', code: 'password_wrong' }] }
    const { review, measures } = draft
    const problems = signingProblems(review, measures)
    if (problems.length > 0) return { problems }
    if (draft.seen !== seen) return { problems: [{ field: '', code: 'review_changed_meanwhile' }] }
    await insertSignature(write, context, {
      trialId,
      reviewId,
      dueOn: review.dueOn,
      frozenAt: review.frozenAt,
      figures: review.figures,
      comments: review.comments,
      measures,
      signature: { personId: actor.personId, name: actor.name, role, meaning, signedAt: context.now() },
    })
    return { value: { reviewId } }
  })
}
