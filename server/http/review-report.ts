/** The report of a review as a page that stands alone, and what was signed as the very text whose digest it carries. */
import { listReviews } from '../db/reviews.ts'
import { reviewReportPage } from '../pages/review-report-page.ts'
import { contentOf, findVisited } from './review-content.ts'
import type { Reply, TrialVisit } from './visit.ts'

/** The report of the newest review that was prepared; where none was, the list says what comes next. */
export async function showCurrentReport({ context, trial }: TrialVisit): Promise<Reply> {
  const [newest] = await listReviews(context.db, trial.id)
  const reviews = `/trials/${trial.code}/reviews`
  return { seeOther: newest === undefined ? reviews : `${reviews}/${newest.id}/report` }
}

export async function showReport(visit: TrialVisit): Promise<Reply> {
  const draft = await findVisited(visit)
  if (draft === null) return { error: 'not_found' }
  return { page: reviewReportPage(draft.review.id, contentOf(draft, visit.trial), visit.words) }
}

/** Byte by byte as it was signed: its SHA-256 is the digest of the signature. */
export async function showSignedContent(visit: TrialVisit): Promise<Reply> {
  // Its digest holds for the whole text only, with every number in it.
  if (visit.trial.leastShown !== null) return { error: 'forbidden' }
  const visited = await findVisited(visit)
  const signed = visited?.review.signed ?? null
  return signed === null ? { error: 'not_found' } : { jsonText: signed.content, status: 200 }
}
