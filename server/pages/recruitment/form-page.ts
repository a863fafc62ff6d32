/** A form about recruitment: what it asks, what it warns of, one button; shown again with everything that was typed. */
import type { Problem } from '../../domain/parsed.ts'
import type { Words } from '../../i18n/words.ts'
import { errorSummary, type Page, problemsInWords } from '../page.ts'
import { atFields, type FieldSpec, type FormField, formField, type Typed } from '../settings/field-spec.ts'

/** What one form asks, of one entry or of a new one. */
export type Asked = {
  heading: string
  note: string
  /** What cannot be taken back; null where nothing is. */
  warning: string | null
  button: string
  specs: readonly FieldSpec[]
  /** As it stands now. */
  typed: Typed
  /** What of an entry was seen; empty for a new one. */
  seen: string
  /** Where the form is read, where it is sent, and the list that it belongs to. */
  address: string
  action: string
  back: string
  /** What is written down now: shown before an end, and to whom somebody else came first. */
  answers: readonly { label: string; value: string }[]
}

export type RecruitmentFormPage = Page & {
  heading: string
  note: string
  warning: string | null
  button: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  now: Asked['answers'] | null
  fields: FormField[]
  seen: string
  submissionKey: string
}

export function recruitmentFormPage(
  input: {
    asked: Asked
    typed: Typed
    seen: string
    submissionKey: string
    isChangedMeanwhile: boolean
    problems: readonly Problem[]
  },
  words: Words,
): RecruitmentFormPage {
  const { asked, typed } = input
  const problems = problemsInWords(atFields(input.problems, asked.specs), words)
  const showsNow = input.isChangedMeanwhile || asked.warning !== null
  return {
    template: 'recruitment/form',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${asked.heading}` : asked.heading,
    place: 'recruitment',
    hasDates: true,
    address: asked.address,
    heading: asked.heading,
    note: asked.note,
    warning: asked.warning,
    button: asked.button,
    action: asked.action,
    back: asked.back,
    errors: errorSummary(problems, words),
    now: showsNow && asked.answers.length > 0 ? asked.answers : null,
    fields: asked.specs.map((spec) => formField(spec, typed, problems, words)),
    seen: input.seen,
    submissionKey: input.submissionKey,
  }
}
