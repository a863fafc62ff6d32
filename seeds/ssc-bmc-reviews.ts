/**
 * The reviews of the extension request's trial: two that were signed, and the one of the day on which the extension
 * began, which waits. That it is reviewed every six months is stated; what was said at the reviews is made up.
 */
import { chooseReviewMeasures } from '../server/actions/choose-review-measures.ts'
import { commentOnReview } from '../server/actions/comment-on-review.ts'
import { openReview } from '../server/actions/open-review.ts'
import { signReview } from '../server/actions/sign-review.ts'
import type { Actor } from '../server/context.ts'
import { findReviewDraft } from '../server/db/reviews.ts'
import { demoPeople } from './demo-people.ts'
import type { MeasuresTold } from './ssc-bmc-recruitment.ts'
import { day, done, type Story } from './story.ts'
import type { Moment } from './subject-story.ts'

const reviews = [
  {
    dueOn: '2025-07-19',
    heldOn: '2025-07-24',
    meaning: 'with_reservations',
    comment:
      '（仮定）新規登録は1例で、約束を下回る。主機関で候補患者の確認を毎月行うこととし、次回の評価で効果を確かめる。',
  },
  {
    dueOn: '2026-01-19',
    heldOn: '2026-01-27',
    meaning: 'with_reservations',
    comment:
      '（仮定）この6か月の新規登録はない。期限までに目標に届く見込みは小さく、登録期間の延長について委員会に相談する。',
  },
] as const

export function signedReviews(
  told: Story,
  investigator: Actor,
  trialId: string,
  begunBy: MeasuresTold['begunBy'],
): Moment[] {
  return reviews.map(
    ({ dueOn, heldOn, meaning, comment }): Moment => ({
      on: heldOn,
      tell: async () => {
        const context = told.on(heldOn)
        const { reviewId } = await done(openReview(context, investigator, trialId, day(dueOn)))
        await done(commentOnReview(context, investigator, trialId, { reviewId, text: comment }))
        const answer = { reviewId, measureIds: begunBy(day(heldOn)) }
        await done(chooseReviewMeasures(context, investigator, trialId, answer))
        const draft = await findReviewDraft(context.db, trialId, reviewId, day(heldOn))
        const password = demoPeople.find(({ username }) => username === investigator.username)?.password ?? ''
        const signing = { reviewId, meaning, password, seen: draft?.seen ?? '' }
        await done(signReview(context, investigator, trialId, signing, { address: 'demo' }))
      },
    }),
  )
}

/** The last review of the second version: prepared, below projection, and not signed yet. */
export async function openReviewOfExtension(told: Story, investigator: Actor, trialId: string): Promise<void> {
  await done(openReview(told.on('2026-07-21'), investigator, trialId, day('2026-07-19')))
}
