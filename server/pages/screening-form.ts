/** The form that adds one person to the log: four fields, three of them already filled in. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { errorSummary, type Field, field, type ProblemInWords, problemsInWords } from './page.ts'

/** What stands in the form: as typed, or its defaults. */
export type ScreeningTyped = {
  siteId: string
  number: string
  /** The number the form offered; left as it is, the next free one is given even where this one is gone by then. */
  offeredNumber: string
  consentedOn: string
  consentVersionId: string
  referralSource: string
  submissionKey: string
}

export type Choice = { value: string; label: string; chosen: boolean }

export type ScreeningForm = {
  action: string
  errors: ReturnType<typeof errorSummary>
  problems: ProblemInWords[]
  siteId: Field
  sites: Choice[]
  number: Field
  offeredNumber: string
  consentedOn: DateField
  consentVersionId: Field
  versions: Choice[]
  referralSource: Field
  submissionKey: string
}

export function screeningForm(
  trial: Trial,
  input: {
    typed: ScreeningTyped
    problems: readonly Problem[]
    sites: readonly Site[]
    versions: readonly ConsentVersion[]
    today: CalendarDate
  },
  words: Words,
): ScreeningForm {
  const { typed } = input
  const problems = problemsInWords(input.problems, words)
  return {
    action: `/trials/${trial.code}/subjects`,
    errors: errorSummary(problems, words),
    problems,
    siteId: field('siteId', typed.siteId, problems),
    sites: input.sites.map((site) => ({
      value: site.id,
      label: `${site.code} ${words.pick(site.name)}`,
      chosen: site.id === typed.siteId,
    })),
    number: field('number', typed.number, problems),
    offeredNumber: typed.offeredNumber,
    consentedOn: dateField('consentedOn', typed.consentedOn, problems, words),
    consentVersionId: field('consentVersionId', typed.consentVersionId, problems),
    versions: input.versions.map((version) => ({
      value: version.id,
      label: versionLabel(version, words),
      chosen: version.id === typed.consentVersionId,
    })),
    referralSource: field('referralSource', typed.referralSource, problems),
    submissionKey: typed.submissionKey,
  }
}

export function versionLabel(version: ConsentVersion, words: Words): string {
  const assumed = version.basis === 'assumed' ? words.t('format.assumed_in_brackets') : ''
  return `${words.pick(version.label)}${assumed}`
}
