/** Signing a review: one page that shows what is signed and asks for the password, and the signature. */
import { z } from 'zod'
import { signReview } from '../actions/sign-review.ts'
import type { ReviewDraft } from '../db/reviews.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { reviewMeanings, signingProblems } from '../domain/review.ts'
import { signReviewPage } from '../pages/sign-review-page.ts'
import { readForm, text } from './forms.ts'
import { contentOf, findVisited } from './review-content.ts'
import { showReviewAgain } from './reviews.ts'
import { placeOf } from './signed-in.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function newReviewSignature(visit: TrialVisit): Promise<Reply> {
  const visited = await findVisited(visit)
  if (visited === null) return { error: 'not_found' }
  const { review, measures } = visited
  // The review's own page says what is still to do, or that it is signed.
  if (signingProblems(review, measures).length > 0)
    return { seeOther: `/trials/${visit.trial.code}/reviews/${review.id}` }
  return show(visit, visited, '', [], 200)
}

const fields = z.object({
  meaning: text(64),
  password: z.string().max(256).default(''),
  seen: text(64),
  submissionKey: text(64),
})

export async function createReviewSignature(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const visited = await findVisited(visit)
  if (visited === null) return { error: 'not_found' }
  const typed = textOf(request.body?.meaning)
  const read = readForm(fields, request.body)
  if (isRefused(read)) return show(visit, visited, typed, read.problems, 422)
  const { password, seen } = read.value
  const meaning = reviewMeanings.find((one) => one === read.value.meaning)
  const problems: Problem[] = []
  if (meaning === undefined) problems.push({ field: 'meaning', code: 'review_meaning_missing' })
  if (password === '') problems.push({ field: 'password', code: 'password_missing' })
  if (meaning === undefined || problems.length > 0) return show(visit, visited, typed, problems, 422)
  const signing = { reviewId: visited.review.id, meaning, password, seen }
  const outcome = await signReview(context, actor, trial.id, signing, placeOf(request))
  if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/reviews/${visited.review.id}?done=signed` }
  const status = outcome.problems.some(({ code }) => code === 'review_changed_meanwhile') ? 409 : 422
  return show(visit, visited, typed, outcome.problems, status)
}

export async function showSignatureAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const visited = await findVisited(visit)
  if (visited === null) return { error: 'not_found' }
  return show(visit, visited, textOf(visit.request.body?.meaning), problems, 422)
}

/** What stands against signing at all is said on the review's own page, where it can be mended. */
async function show(
  visit: TrialVisit,
  draft: ReviewDraft,
  meaning: string,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const { actor, context, trial, words } = visit
  const standing = signingProblems(draft.review, draft.measures)
  if (standing.length > 0) return showReviewAgain(visit, standing)
  const typed = { meaning, seen: draft.seen, submissionKey: context.newId() }
  const signer = words.pick(actor.name)
  const input = { trial, reviewId: draft.review.id, content: contentOf(draft, trial), signer, typed, problems }
  return { page: signReviewPage(input, words), status }
}
