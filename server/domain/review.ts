/**
 * A periodic review: prepared from the day on which it is due, frozen, commented on, answered with measures where the
 * promise is not kept, and signed. What was signed is kept as it was, for good.
 */
import type { Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Countermeasure } from './countermeasure.ts'
import type { Problem } from './parsed.ts'
import type { Role } from './permission.ts'
import type { ReviewFigures } from './review-figures.ts'
import type { ReviewVerdict } from './review-judgement.ts'
import type { ScheduledReview } from './review-schedule.ts'

/** What a signature says: that the report was read and agreed with, or with reservations that the comments name. */
export const reviewMeanings = ['agreed', 'with_reservations'] as const
export type ReviewMeaning = (typeof reviewMeanings)[number]

/** A comment is no longer than this, and a review has no more: the report is one page. */
export const longestComment = 140
export const mostComments = 2

export type ReviewComment = { id: string; text: string; name: Bilingual; writtenAt: string }

/** A measure as it stood when the review was signed. */
export type ReviewedMeasure = Pick<Countermeasure, 'id' | 'category' | 'title' | 'startedOn' | 'endedOn' | 'owner'>

export type ReviewSignature = {
  personId: string
  /** As of then. */
  name: Bilingual
  role: Role
  meaning: ReviewMeaning
  /** The instant, UTC. */
  signedAt: string
}

/** What is signed, as one value: its canonical text is stored, and its digest stands on the report. */
export type SignedContent = {
  /** Of the trial and the review: a signature cannot be moved to another one. */
  trialId: string
  reviewId: string
  dueOn: CalendarDate
  frozenAt: string
  figures: ReviewFigures
  comments: readonly ReviewComment[]
  measures: readonly ReviewedMeasure[]
  signature: ReviewSignature
}

/** A review as lists show it. */
export type ReviewSummary = {
  id: string
  dueOn: CalendarDate
  termsVersion: number
  verdict: ReviewVerdict
  frozenAt: string
  signature: Pick<ReviewSignature, 'name' | 'role' | 'meaning' | 'signedAt'> | null
}

/** A review with everything that belongs to it. */
export type Review = ReviewSummary & {
  openedAt: string
  figures: ReviewFigures
  figuresHash: string
  comments: readonly ReviewComment[]
  measureIds: readonly string[]
  /** The text that was signed and its digest; null before. */
  signed: { content: string; hash: string } | null
}

/**
 * `upcoming`: its day is still to come. `due`: its day has come and nobody prepared it. `missed`: nobody did, and a
 * later one was prepared since; it can still be. `open`: prepared. `signed`.
 */
export const reviewStates = ['upcoming', 'due', 'missed', 'open', 'signed'] as const
export type ReviewState = (typeof reviewStates)[number]

export type ListedReview = {
  dueOn: CalendarDate
  termsVersion: number
  state: ReviewState
  review: ReviewSummary | null
}

/**
 * Every review that a trial's terms ask for and every one that was held: first the next one and those that wait for
 * somebody, then the others; within each the latest first. Of those to come only the next is listed.
 */
export function listedReviews(
  schedule: readonly ScheduledReview[],
  held: readonly ReviewSummary[],
  today: CalendarDate,
): { waiting: ListedReview[]; earlier: ListedReview[] } {
  const lastHeld = held.reduce<CalendarDate | null>(
    (last, { dueOn }) => (last === null || dueOn > last ? dueOn : last),
    null,
  )
  const next = schedule.find(({ dueOn }) => dueOn > today)
  const stateOf = (dueOn: CalendarDate, review: ReviewSummary | null): ReviewState => {
    if (review !== null) return review.signature === null ? 'open' : 'signed'
    if (dueOn > today) return 'upcoming'
    return lastHeld !== null && dueOn < lastHeld ? 'missed' : 'due'
  }
  const scheduled = schedule.filter(({ dueOn }) => dueOn <= today || dueOn === next?.dueOn)
  // Terms that were adopted later may have moved the days; what was held stays.
  const moved = held.filter(({ dueOn }) => !scheduled.some((one) => one.dueOn === dueOn))
  const all = [...scheduled, ...moved]
    .map(({ dueOn, termsVersion }): ListedReview => {
      const review = held.find((one) => one.dueOn === dueOn) ?? null
      return { dueOn, termsVersion, state: stateOf(dueOn, review), review }
    })
    .sort((a, b) => (a.dueOn > b.dueOn ? -1 : 1))
  const isWaiting = ({ state }: ListedReview) => state === 'upcoming' || state === 'due' || state === 'open'
  return { waiting: all.filter(isWaiting), earlier: all.filter((one) => !isWaiting(one)) }
}

/** The measures that answer a review: those chosen that still stand and had begun by the day. */
export function measuresInForce(
  measureIds: readonly string[],
  all: readonly Countermeasure[],
  on: CalendarDate,
): ReviewedMeasure[] {
  return all
    .filter(({ id, startedOn }) => measureIds.includes(id) && startedOn <= on)
    .map(({ id, category, title, startedOn, endedOn, owner }) => ({ id, category, title, startedOn, endedOn, owner }))
}

/** Why a review cannot be signed yet: it was, or its promise is not kept and nothing is done about it. */
export function signingProblems(
  review: Pick<Review, 'verdict' | 'signature'>,
  measures: readonly ReviewedMeasure[],
): Problem[] {
  if (review.signature !== null) return [{ field: '', code: 'review_signed' }]
  if (review.verdict !== 'below' || measures.length > 0) return []
  return [{ field: 'measures', code: 'review_needs_measure' }]
}

/** Why a comment cannot be kept. */
export function commentProblems(review: Pick<Review, 'signature' | 'comments'>, text: string): Problem[] {
  if (review.signature !== null) return [{ field: '', code: 'review_signed' }]
  if (review.comments.length >= mostComments) {
    return [{ field: 'text', code: 'review_comments_full', values: { most: mostComments } }]
  }
  return text === '' ? [{ field: 'text', code: 'review_comment_missing' }] : []
}
