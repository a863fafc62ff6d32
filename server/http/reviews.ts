/** The periodic reviews of a trial: their list, one of them, and what the principal investigator does with it before signing. */
import { z } from 'zod'
import { chooseReviewMeasures } from '../actions/choose-review-measures.ts'
import { commentOnReview } from '../actions/comment-on-review.ts'
import { openReview } from '../actions/open-review.ts'
import { refreezeReview } from '../actions/refreeze-review.ts'
import { listCountermeasures } from '../db/countermeasures.ts'
import { listReviews, type ReviewDraft } from '../db/reviews.ts'
import { listTerms } from '../db/trial-terms.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { listedReviews, longestComment } from '../domain/review.ts'
import { reviewSchedule } from '../domain/review-schedule.ts'
import { type ReviewDoing, reviewDoings, reviewPage } from '../pages/review-page.ts'
import { reviewsPage } from '../pages/reviews-page.ts'
import { codes, readDateField, readForm, text } from './forms.ts'
import { contentOf, findVisited, sinceFrozen } from './review-content.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export function listReviewsOfTrial(visit: TrialVisit): Promise<Reply> {
  return showList(visit, [], 200)
}

async function showList(visit: TrialVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const { actor, context, trial, words } = visit
  const today = context.today(trial.timeZone)
  const schedule = reviewSchedule(await listTerms(context.db, trial.id))
  const lists = listedReviews(schedule, await listReviews(context.db, trial.id), today)
  const mayPrepare = mayIn(actor.grants, 'sign_reviews', trial.id)
  const input = { trial, today, ...lists, mayPrepare, submissionKey: context.newId(), problems }
  return { page: reviewsPage(input, words), status }
}

const openFields = z.object({ dueOn: text(64), submissionKey: text(64) })

export async function createReview(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const fields = readForm(openFields, request.body)
  if (isRefused(fields)) return showList(visit, fields.problems, 422)
  const day = readDateField('dueOn', fields.value.dueOn)
  if (isRefused(day)) return showList(visit, withoutField(day.problems), 422)
  const outcome = await openReview(context, actor, trial.id, day.value)
  if (isRefused(outcome)) return showList(visit, withoutField(outcome.problems), 422)
  return { seeOther: `/trials/${trial.code}/reviews/${outcome.value.reviewId}?done=opened` }
}

/** The day stands in a button, which cannot be mended. */
function withoutField(problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, field: '' }))
}

export async function showReview(visit: TrialVisit): Promise<Reply> {
  const visited = await findVisited(visit)
  return visited === null ? { error: 'not_found' } : show(visit, visited, { text: '', problems: [] }, 200)
}

async function show(
  visit: TrialVisit,
  draft: ReviewDraft,
  typed: { text: string; measureIds?: readonly string[]; problems: readonly Problem[] },
  status: number,
): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const today = context.today(trial.timeZone)
  const { review, measures: inForce } = draft
  const done = reviewDoings.find((doing) => doing === request.query.done) ?? null
  const page = reviewPage(
    {
      trial,
      today,
      review,
      content: contentOf(draft, trial),
      since: await sinceFrozen(context, trial, review),
      measures: await listCountermeasures(context.db, trial.id),
      inForce,
      mayWork: mayIn(actor.grants, 'sign_reviews', trial.id),
      typed: { text: typed.text, measureIds: typed.measureIds ?? review.measureIds },
      problems: typed.problems,
      submissionKey: context.newId(),
      done: status === 200 ? done : null,
    },
    words,
  )
  return { page, status }
}

/** The review's page again, with everything that was typed. */
export async function showReviewAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const visited = await findVisited(visit)
  if (visited === null) return { error: 'not_found' }
  return show(visit, visited, { ...typedIn(visit), problems }, 422)
}

function typedIn({ request: { body = {} } }: TrialVisit): { text: string; measureIds?: readonly string[] } {
  const chosen = codes.safeParse(body.measures)
  return {
    text: textOf(body.text),
    ...(body.measures === undefined || !chosen.success ? {} : { measureIds: chosen.data }),
  }
}

/** Does one thing with the review of the address, and goes back to it or shows it again. */
async function change(
  visit: TrialVisit,
  doing: ReviewDoing,
  work: (visited: ReviewDraft) => Promise<Parsed<unknown>>,
): Promise<Reply> {
  const visited = await findVisited(visit)
  if (visited === null) return { error: 'not_found' }
  const outcome = await work(visited)
  if (isRefused(outcome)) return showReviewAgain(visit, outcome.problems)
  return { seeOther: `/trials/${visit.trial.code}/reviews/${visited.review.id}?done=${doing}` }
}

const commentFields = z.object({ text: text(longestComment), submissionKey: text(64) })

export function createReviewComment(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  return change(visit, 'commented', async ({ review }) => {
    const fields = readForm(commentFields, request.body)
    if (isRefused(fields)) return fields
    return commentOnReview(context, actor, trial.id, { reviewId: review.id, text: fields.value.text })
  })
}

const measureFields = z.object({ measures: codes, submissionKey: text(64) })

export function createReviewMeasures(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  return change(visit, 'measures', async ({ review }) => {
    const fields = readForm(measureFields, request.body)
    if (isRefused(fields)) return fields
    return chooseReviewMeasures(context, actor, trial.id, { reviewId: review.id, measureIds: fields.value.measures })
  })
}

const freezingFields = z.object({ submissionKey: text(64) })

export function createFreezing(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  return change(visit, 'frozen', async ({ review }) => {
    const fields = readForm(freezingFields, request.body)
    return isRefused(fields) ? fields : refreezeReview(context, actor, trial.id, review.id)
  })
}
