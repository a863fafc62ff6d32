/** The forms that add somebody to the log: a person who gave consent, or a candidate before it. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import { readDate } from '../domain/read-date.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { type Choice, errorSummary, type Field, field, type ProblemInWords, problemsInWords } from './page.ts'

/** What stands in the form: as typed, or its defaults. */
export type ScreeningTyped = {
  /** `prescreening` for a candidate; a candidate's day of entry stands in `consentedOn`. */
  opening: 'consent' | 'prescreening'
  siteId: string
  number: string
  /** The number the form offered; left as it is, the next free one is given even where this one is gone by then. */
  offeredNumber: string
  consentedOn: string
  consentVersionId: string
  referralSource: string
  /** The attempt that this one follows; empty for a first one. */
  earlierAttemptId: string
  candidateKey: string
  isDuplicateAcknowledged: boolean
  note: string
  submissionKey: string
}

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
  isCandidate: boolean
  /** The number of the attempt that this one follows. */
  follows: string | null
  earlierAttemptId: Field
  candidateKey: Field
  /** Asked for once somebody else has the same candidate. */
  acknowledges: boolean
  isAcknowledged: boolean
  note: Field
  /** The day that was asked for once more, because it lies far back. */
  confirmed: string
  submissionKey: string
}

export function screeningForm(
  trial: Trial,
  input: {
    typed: ScreeningTyped
    problems: readonly Problem[]
    sites: readonly Site[]
    versions: readonly ConsentVersion[]
    follows: string | null
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
    isCandidate: typed.opening === 'prescreening',
    follows: input.follows,
    earlierAttemptId: field('earlierAttemptId', typed.earlierAttemptId, problems),
    candidateKey: field('candidateKey', typed.candidateKey, problems),
    acknowledges:
      typed.isDuplicateAcknowledged || input.problems.some(({ code }) => code === 'candidate_active_elsewhere'),
    isAcknowledged: typed.isDuplicateAcknowledged,
    note: field('note', typed.note, problems),
    confirmed: input.problems.some(({ code }) => code === 'date_far') ? understood(typed.consentedOn) : '',
    submissionKey: typed.submissionKey,
  }
}

function understood(typed: string): string {
  const reading = readDate(typed)
  return 'date' in reading ? reading.date : ''
}

export function versionLabel(version: ConsentVersion, words: Words): string {
  const assumed = version.basis === 'assumed' ? words.t('format.assumed_in_brackets') : ''
  return `${words.pick(version.label)}${assumed}`
}
