/** The form that takes timelines known by their days only: an anchor, and rows as they are pasted from a spreadsheet. */
import { correctionReasons } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type Choice, errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'
import { anchorsOf } from './timelines-page.ts'

export type DayTimelinesTyped = { anchorCode: string; rows: string; because: string; submissionKey: string }

export type DayTimelinesFormPage = Page & {
  heading: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  anchorCode: Field
  anchors: Choice[]
  rows: Field & { errors: string[] }
  because: Field
  reasons: Choice[]
  columns: { label: string; code: string }[]
  submissionKey: string
}

/** More cells than these are not listed: whoever sees them mends the first ones and sends again. */
const mostListed = 50

export function dayTimelinesFormPage(
  input: { trial: Trial; pathway: Pathway; typed: DayTimelinesTyped; problems: readonly Problem[] },
  words: Words,
): DayTimelinesFormPage {
  const { trial, pathway, typed } = input
  const problems = problemsInWords(input.problems, words)
  const here = `/trials/${trial.code}/timelines`
  const ofRows = problems.filter((problem) => problem.field === 'rows').map(({ text }) => text)
  return {
    template: 'timelines/days',
    title: titleOf('days.title', words, problems.length > 0),
    heading: words.t('days.title'),
    place: 'timelines',
    address: `${here}/days/new`,
    action: `${here}/days`,
    back: here,
    errors: errorSummary(problems.slice(0, mostListed), words),
    anchorCode: field('anchorCode', typed.anchorCode, problems),
    anchors: anchorsOf(pathway).map(({ code, label }) => ({
      value: code,
      label: words.pick(label),
      chosen: code === typed.anchorCode,
    })),
    rows: { ...field('rows', typed.rows, problems), errors: ofRows.slice(0, mostListed) },
    because: field('because', typed.because, problems),
    reasons: correctionReasons
      .filter((reason) => reason !== 'other')
      .map((reason) => ({
        value: reason,
        label: words.of('correction_reason', reason),
        chosen: reason === typed.because,
      })),
    columns: pathway.milestones.map(({ code, label }) => ({ label: words.pick(label), code })),
    submissionKey: typed.submissionKey,
  }
}
