/** The reviews of a trial: those that wait for somebody, and those that were held. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { daysBetween } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { ListedReview } from '../domain/review.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Mark, mark, type Page, problemsInWords } from './page.ts'
import { reviewVerdictMark } from './review-report.ts'

type Row = {
  dueOn: string
  note: string
  state: Mark
  verdict: Mark | null
  signature: string
  /** Where it is shown; null before it is prepared. */
  href: string | null
  reportHref: string | null
  /** Its day, where the reader may prepare it; null otherwise. */
  preparable: string | null
}

export type ReviewsPage = Page & {
  heading: string
  note: string
  errors: ReturnType<typeof errorSummary>
  action: string
  submissionKey: string
  waiting: Row[]
  earlier: Row[]
  earlierTitle: string
}

export type ReviewsInput = {
  trial: Trial
  today: CalendarDate
  waiting: readonly ListedReview[]
  earlier: readonly ListedReview[]
  mayPrepare: boolean
  submissionKey: string
  problems: readonly Problem[]
}

export function reviewsPage(input: ReviewsInput, words: Words): ReviewsPage {
  const { trial, problems } = input
  const row = (one: ListedReview) => rowOf(one, input, words)
  return {
    template: 'reviews/index',
    title: `${problems.length > 0 ? words.t('form.error_prefix') : ''}${words.t('review.title')}`,
    place: 'reviews',
    address: `/trials/${trial.code}/reviews`,
    heading: words.t('review.title'),
    note: words.t('review.list_note'),
    errors: errorSummary(problemsInWords(problems, words), words),
    action: `/trials/${trial.code}/reviews`,
    submissionKey: input.submissionKey,
    waiting: input.waiting.map(row),
    earlier: input.earlier.map(row),
    earlierTitle: words.t('review.earlier_title', { count: input.earlier.length }),
  }
}

function rowOf({ dueOn, termsVersion, state, review }: ListedReview, input: ReviewsInput, words: Words): Row {
  const { trial, today, mayPrepare } = input
  const here = review === null ? null : `/trials/${trial.code}/reviews/${review.id}`
  const signature = review?.signature ?? null
  return {
    dueOn,
    note: words.t('review.row_terms', { version: termsVersion }),
    state: stateMark(state, daysBetween(dueOn, today), words),
    verdict: review === null ? null : reviewVerdictMark(review.verdict, words),
    signature:
      signature === null
        ? '—'
        : words.t('review.signed_by', {
            name: words.pick(signature.name),
            at: words.instant(signature.signedAt, trial.timeZone),
            meaning: words.of('review_meaning', signature.meaning),
          }),
    href: here,
    reportHref: here === null ? null : `${here}/report`,
    preparable: mayPrepare && (state === 'due' || state === 'missed') ? dueOn : null,
  }
}

/** `days`: since the day on which it was due; below 0, until then. */
export function stateMark(state: ListedReview['state'], days: number, words: Words): Mark {
  const text = words.of('review_state', state, { days: Math.abs(days) })
  switch (state) {
    case 'signed':
      return mark('full', 'is-real', text)
    case 'open':
      return mark('half', 'is-wait', text)
    case 'upcoming':
      return mark('open', 'is-wait', text)
    case 'due':
      return mark('over', 'is-act', text)
    case 'missed':
      return mark('silent', '', text)
  }
}
