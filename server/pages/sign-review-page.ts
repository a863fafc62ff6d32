/** Before a review is signed: what is signed once more, what the signature says, and the signer's password. */
import type { Problem } from '../domain/parsed.ts'
import { type ReviewMeaning, reviewMeanings } from '../domain/review.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords } from './page.ts'
import { type ReportContent, reviewReport } from './review-report.ts'

export type SignReviewPage = Page & {
  question: string
  warning: string
  answers: { label: string; value: string }[]
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  meaning: Field
  meanings: { value: ReviewMeaning; label: string; chosen: boolean }[]
  password: Field
  passwordHint: string
  seen: string
  submissionKey: string
}

export type SignReviewInput = {
  trial: Trial
  reviewId: string
  content: ReportContent
  signer: string
  typed: { meaning: string; seen: string; submissionKey: string }
  problems: readonly Problem[]
}

export function signReviewPage(input: SignReviewInput, words: Words): SignReviewPage {
  const { trial, reviewId, content, typed } = input
  const problems = problemsInWords(input.problems, words)
  const here = `/trials/${trial.code}/reviews/${reviewId}`
  const report = reviewReport(content, words)
  const title = words.t('review.sign_title')
  return {
    template: 'reviews/sign',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${title}` : title,
    place: 'reviews',
    address: `${here}/signature/new`,
    question: words.t('review.sign_question', { day: words.date(content.figures.asOf) }),
    warning: words.t('review.sign_warning'),
    answers: [
      { label: words.t('review.col_verdict'), value: report.kicker.text },
      { label: words.t('review.figures'), value: report.lines[0]?.replace(/\[\[|\]\]|\*\*/g, '') ?? '' },
      {
        label: words.t('review.measures_title'),
        value: listed(
          report.measures.map((one) => one.title),
          words,
        ),
      },
      {
        label: words.t('review.comments_title'),
        value: listed(
          report.comments.map(({ text }) => text),
          words,
        ),
      },
      { label: words.t('review.figures_hash'), value: content.hash },
      { label: words.t('review.col_signer'), value: input.signer },
    ],
    action: `${here}/signature`,
    back: here,
    errors: errorSummary(problems, words),
    meaning: field('meaning', typed.meaning, problems),
    meanings: reviewMeanings.map((value) => ({
      value,
      label: words.of('review_meaning', value),
      chosen: value === typed.meaning,
    })),
    password: field('password', '', problems),
    passwordHint: words.t('review.password_hint'),
    seen: typed.seen,
    submissionKey: typed.submissionKey,
  }
}

function listed(texts: readonly string[], words: Words): string {
  return texts.length === 0 ? words.t('review.none') : texts.join(' / ')
}
