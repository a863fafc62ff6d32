/** One review on the screen: what has changed since it was frozen, what is left to do, and the report. */
import { type CalendarDate, daysBetween } from '../domain/calendar-date.ts'
import type { Countermeasure } from '../domain/countermeasure.ts'
import type { Problem } from '../domain/parsed.ts'
import { longestComment, mostComments, type Review, type ReviewedMeasure } from '../domain/review.ts'
import type { FigureChange, SinceFrozen } from '../domain/review-changes.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Mark, mark, type Page, problemsInWords } from './page.ts'
import { pInWords } from './projection-words.ts'
import { type ReportContent, type ReviewReport, reviewReport } from './review-report.ts'
import { stateMark } from './reviews-page.ts'

export type ReviewPage = Page & {
  heading: string
  state: Mark
  back: string
  reportHref: string
  /** What was signed, as a file whose digest is the one on the report; null before. */
  contentHref: string | null
  hash: string
  errors: ReturnType<typeof errorSummary>
  since: {
    text: string
    mark: Mark
    changes: { name: string; frozen: string; now: string }[]
    /** Whether the figures may be frozen once more. */
    refreeze: string | null
  }
  /** What the principal investigator has left to do; null for everybody else, and once it is signed. */
  work: {
    measures: { id: string; title: string; since: string; chosen: boolean }[]
    measuresNote: string
    measuresAction: string
    measuresError: Field
    addHref: string
    comment: (Field & { action: string; hint: string }) | null
    /** Null while something stands against signing, which `blocked` says. */
    signHref: string | null
    blocked: string | null
  } | null
  submissionKey: string
  done: string | null
  report: ReviewReport
}

/** What was just done, for the line above the page. */
export const reviewDoings = ['opened', 'commented', 'measures', 'frozen', 'signed'] as const
export type ReviewDoing = (typeof reviewDoings)[number]

export type ReviewInput = {
  trial: Trial
  today: CalendarDate
  review: Review
  content: ReportContent
  since: SinceFrozen
  measures: readonly Countermeasure[]
  inForce: readonly ReviewedMeasure[]
  mayWork: boolean
  typed: { text: string; measureIds: readonly string[] }
  problems: readonly Problem[]
  submissionKey: string
  done: ReviewDoing | null
}

export function reviewPage(input: ReviewInput, words: Words): ReviewPage {
  const { trial, review, content, today, done } = input
  const here = `/trials/${trial.code}/reviews/${review.id}`
  const problems = problemsInWords(input.problems, words)
  const heading = words.t('review.of_day', { day: words.date(review.dueOn) })
  return {
    template: 'reviews/show',
    title: `${problems.length > 0 ? words.t('form.error_prefix') : ''}${heading}`,
    place: 'reviews',
    address: here,
    hasChart: true,
    heading,
    state: stateMark(review.signature === null ? 'open' : 'signed', daysBetween(review.dueOn, today), words),
    back: `/trials/${trial.code}/reviews`,
    reportHref: `${here}/report`,
    contentHref: review.signed === null || trial.leastShown !== null ? null : `${here}/report.json`,
    hash: content.hash,
    errors: errorSummary(problems, words),
    since: sinceOf(input, here, words),
    work: review.signature !== null || !input.mayWork ? null : workOf(input, here, words),
    submissionKey: input.submissionKey,
    done: done === null ? null : words.of('review_done', done),
    report: reviewReport(content, words),
  }
}

function sinceOf({ trial, review, since, mayWork }: ReviewInput, here: string, words: Words): ReviewPage['since'] {
  const isSigned = review.signature !== null
  const all = since.kind === 'changed' ? since.changes : []
  const changes = trial.leastShown === null ? all : all.filter(({ site }) => site === null)
  const text =
    since.kind === 'same'
      ? words.t('review.unchanged')
      : since.kind === 'other_method'
        ? words.t('review.other_method')
        : words.t(isSigned ? 'review.changed_signed' : 'review.changed_frozen', { count: changes.length })
  return {
    text,
    mark:
      since.kind === 'same'
        ? mark('full', 'is-real', words.t('review.same'))
        : mark('over', 'is-act', words.t(isSigned ? 'review.since_signing' : 'review.since_freezing')),
    changes: changes.map((change) => changeInWords(change, words)),
    refreeze: mayWork && !isSigned && since.kind !== 'same' ? `${here}/freezing` : null,
  }
}

function changeInWords({ figure, site, frozen, now, decimals }: FigureChange, words: Words) {
  const name = words.of('review_figure', figure)
  const told = (value: number | null) =>
    decimals === 'chance' ? pInWords(value, words) : words.numberOr(value, decimals)
  return {
    name: site === null ? name : `${site.code}　${words.pick(site.name)}　${name}`,
    frozen: told(frozen),
    now: told(now),
  }
}

function workOf(input: ReviewInput, here: string, words: Words): NonNullable<ReviewPage['work']> {
  const { trial, review, measures, inForce, typed, today } = input
  const problems = problemsInWords(input.problems, words)
  const needs = review.verdict === 'below' && inForce.length === 0
  return {
    measures: measures
      .filter(({ startedOn }) => startedOn <= today)
      .map(({ id, title, startedOn, endedOn }) => ({
        id,
        title: words.pick(title),
        since: endedOn === null ? words.t('review.since', { from: startedOn }) : `${startedOn} – ${endedOn}`,
        chosen: typed.measureIds.includes(id),
      })),
    measuresNote: words.t(review.verdict === 'below' ? 'review.measures_needed' : 'review.measures_wanted'),
    measuresAction: `${here}/measures`,
    measuresError: field('measures', '', problems),
    addHref: `/trials/${trial.code}/countermeasures`,
    comment:
      review.comments.length >= mostComments
        ? null
        : {
            ...field('text', typed.text, problems),
            action: `${here}/comments`,
            hint: words.t('review.comment_hint', { most: longestComment, left: mostComments - review.comments.length }),
          },
    signHref: needs ? null : `${here}/signature/new`,
    blocked: needs ? words.t('review.sign_blocked') : null,
  }
}
