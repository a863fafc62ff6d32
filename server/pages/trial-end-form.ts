/** The forms at the end of a trial: how long records are kept, the lock, and its end; the last two with a password. */
import type { Problem } from '../domain/parsed.ts'
import { mostRetentionYears, type Retention } from '../domain/retention.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Trial } from '../domain/trial.ts'
import type { TrialLock } from '../domain/trial-lock.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords } from './page.ts'
import { atFields, type FieldSpec, type FormField, formField, optionsFrom, type Typed } from './settings/field-spec.ts'

export const endFields = ['because', 'years', 'ruleJa', 'ruleEn', 'retentionEnd', 'retentionBasis', 'why'] as const
export type EndField = (typeof endFields)[number]
export const hintedEndFields = ['because', 'years', 'ruleJa', 'retentionEnd'] as const satisfies readonly EndField[]

/** What one form asks. */
export type EndForm = {
  heading: string
  warnings: readonly string[]
  button: string
  facts: readonly { label: string; value: string }[]
  specs: readonly FieldSpec<EndField>[]
  /** Whether it is signed with the password of whoever sends it. */
  signing: 'signed' | 'plain'
  typed: Typed<EndField>
  seen: string
  /** Where it is read, and where it is sent. */
  address: string
  action: string
}

export type EndFormPage = Page & {
  heading: string
  warnings: readonly string[]
  button: string
  facts: EndForm['facts']
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  fields: FormField[]
  password: Field | null
  seen: string
  submissionKey: string
}

export function endFormPage(
  input: {
    trial: Trial
    form: EndForm
    typed: Typed<EndField>
    seen: string
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): EndFormPage {
  const { trial, form, typed } = input
  const ids = [...form.specs, ...(form.signing === 'signed' ? [{ id: 'password' }] : [])]
  const problems = problemsInWords(atFields(input.problems, ids), words)
  return {
    template: 'trials/end-form',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${form.heading}` : form.heading,
    place: 'profile',
    hasDates: true,
    address: form.address,
    heading: form.heading,
    warnings: form.warnings,
    button: form.button,
    facts: form.facts,
    action: form.action,
    back: `/trials/${trial.code}/profile`,
    errors: errorSummary(problems, words),
    fields: form.specs.map((spec) => formField(spec, typed, problems, words, fieldWords(words))),
    password: form.signing === 'signed' ? field('password', '', problems) : null,
    seen: input.seen,
    submissionKey: input.submissionKey,
  }
}

function fieldWords(words: Words) {
  const isHinted = (id: string) => (hintedEndFields as readonly string[]).includes(id)
  return {
    label: (id: string) => words.of('end_field', id),
    hint: (id: string) => (isHinted(id) ? words.of('end_hint', id) : null),
  }
}

const because: FieldSpec<EndField> = { id: 'because', must: 'must', as: 'prose', most: 500 }

export function lockForm(trial: Trial, words: Words): EndForm {
  return {
    heading: words.t('trial_end.lock_question', { code: trial.code }),
    warnings: [words.t('trial_end.lock_warning'), words.t('trial_end.lock_by_two')],
    button: words.t('trial_end.lock_button'),
    facts: [],
    specs: [because],
    signing: 'signed',
    typed: {},
    seen: '',
    address: `/trials/${trial.code}/locks/new`,
    action: `/trials/${trial.code}/locks`,
  }
}

export function unlockForm(trial: Trial, lock: TrialLock, words: Words): EndForm {
  const here = `/trials/${trial.code}/locks/${lock.id}/end`
  return {
    heading: words.t('trial_end.unlock_question', { code: trial.code }),
    warnings: [words.t('trial_end.unlock_warning')],
    button: words.t('trial_end.unlock_button'),
    facts: [
      { label: words.t('trial_end.locked_at'), value: words.instant(lock.lockedAt, trial.timeZone) },
      { label: words.t('trial_end.locked_by'), value: words.pick(lock.name) },
      { label: words.of('end_field', 'because'), value: lock.because },
    ],
    specs: [because],
    signing: 'signed',
    typed: {},
    seen: '',
    address: `${here}/new`,
    action: here,
  }
}

export function retentionForm(trial: Trial, setting: Setting<Retention> | null, words: Words): EndForm {
  const known = setting?.value ?? null
  const bases = optionsFrom(['recorded', 'assumed'] as const, (basis) => words.of('basis', basis))
  const why: FieldSpec<EndField>[] = known === null ? [] : [{ id: 'why', must: 'must', as: 'line', most: 200 }]
  return {
    heading: words.t('trial_end.retention_title'),
    warnings: [words.t('trial_end.retention_note')],
    button: words.t('trial_end.retention_button'),
    facts: [],
    specs: [
      { id: 'years', must: 'must', as: 'number', least: 1, most: mostRetentionYears, decimals: 0 },
      { id: 'ruleJa', must: 'must', as: 'line', most: 300 },
      { id: 'ruleEn', must: 'may', as: 'line', most: 300 },
      { id: 'retentionEnd', must: 'may', as: 'date' },
      { id: 'retentionBasis', must: 'must', as: 'choice', options: bases },
      ...why,
    ],
    signing: 'plain',
    typed: {
      years: known === null ? String(trial.retentionYears ?? '') : String(known.years),
      ruleJa: known?.rule.ja ?? '',
      ruleEn: known?.rule.en ?? '',
      retentionEnd: known?.endedOn ?? '',
      retentionBasis: known?.basis ?? 'recorded',
    },
    seen: setting?.seen ?? '',
    address: `/trials/${trial.code}/retention`,
    action: `/trials/${trial.code}/retention`,
  }
}
