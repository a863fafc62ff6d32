/** A form of the calendar: what it is about, its fields, and one button with a verb on it. */
import type { Problem } from '../domain/parsed.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Page, problemsInWords } from './page.ts'
import { atFields, type FieldSpec, type FormField, formField, type Typed } from './settings/field-spec.ts'

/** What a form of the calendar asks; `facts` are what stands there now. */
export type CalendarForm = {
  /** Below the calendar's own address; the form is opened at `opens` and sent to `sendsTo`. */
  opens: string
  sendsTo: string
  heading: string
  note: string | null
  warning: string | null
  button: string
  facts: readonly { label: string; value: string }[]
  specs: readonly FieldSpec[]
  typed: Typed
  seen: string
}

export type CalendarFormPage = Page & {
  heading: string
  note: string | null
  warning: string | null
  facts: CalendarForm['facts']
  errors: ReturnType<typeof errorSummary>
  action: string
  back: string
  button: string
  fields: FormField[]
  seen: string
  submissionKey: string
}

export function calendarFormPage(
  input: {
    trial: Trial
    form: CalendarForm
    typed: Typed
    seen: string
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): CalendarFormPage {
  const { trial, form } = input
  const problems = problemsInWords(atFields(input.problems, form.specs), words)
  const calendar = `/trials/${trial.code}/calendar`
  return {
    template: 'calendar/form',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${form.heading}` : form.heading,
    place: 'calendar',
    hasDates: true,
    address: `${calendar}/${form.opens}`,
    heading: form.heading,
    note: form.note,
    warning: form.warning,
    facts: form.facts,
    errors: errorSummary(problems, words),
    action: `${calendar}/${form.sendsTo}`,
    back: calendar,
    button: form.button,
    fields: form.specs.map((spec) => formField(spec, input.typed, problems, words)),
    seen: input.seen,
    submissionKey: input.submissionKey,
  }
}
