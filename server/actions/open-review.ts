/** The principal investigator prepares the review of a day: its figures are made from what is known now, and frozen. */
import type { Actor, Context } from '../context.ts'
import { findReviewFacts } from '../db/review-facts.ts'
import { insertReview, listReviews } from '../db/reviews.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { reviewFigures, scheduledOn } from '../domain/review-figures.ts'

/** `dueOn` is a day for which the terms ask for a review; it is prepared on that day or after it, and once. */
export function openReview(
  context: Context,
  actor: Actor,
  trialId: string,
  dueOn: CalendarDate,
): Promise<Parsed<{ reviewId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const refuse = (why: Refusal) => ({ problems: [{ field: 'dueOn', ...why, values: { day: dueOn } }] })
    if (!mayIn(actor.grants, 'sign_reviews', trialId)) return refuse({ code: 'review_not_yours' })
    const trial = await findTrial(write, trialId)
    const scheduled = scheduledOn(await listTerms(write, trialId), dueOn)
    if (scheduled === null) return refuse({ code: 'review_not_asked_for' })
    if (dueOn > context.today(trial.timeZone)) return refuse({ code: 'review_not_due' })
    const held = await listReviews(write, trialId)
    if (held.some((review) => review.dueOn === dueOn)) return refuse({ code: 'review_prepared' })
    const asked = { asOf: dueOn, termsVersion: scheduled.termsVersion, openedBefore: context.now() }
    const figures = reviewFigures(await findReviewFacts(write, trial, asked, null))
    return { value: { reviewId: await insertReview(write, context, trialId, figures) } }
  })
}

type Refusal = { code: 'review_not_yours' | 'review_not_asked_for' | 'review_not_due' | 'review_prepared' }
