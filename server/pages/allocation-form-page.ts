/** The form for the arm that a registered subject was given, and the page that asks once: an arm never changes. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Subject } from '../domain/subject.ts'
import type { Arm, Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import type { ConfirmPage } from './confirm-event-page.ts'
import { type DateField, dateField } from './date-field.ts'
import { type Choice, errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

export type AllocationTyped = {
  armCode: string
  stratum: string
  occurredOn: string
  seenEventId: string
  submissionKey: string
}

type AllocationInput = {
  trial: Trial
  subject: Subject
  arms: readonly Arm[]
  typed: AllocationTyped
  problems: readonly Problem[]
}

export type AllocationFormPage = Page & {
  number: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  armCode: Field
  arms: Choice[]
  stratum: Field
  occurredOn: DateField
  seenEventId: string
  submissionKey: string
}

export function allocationFormPage(input: AllocationInput, words: Words): AllocationFormPage {
  const { trial, subject, typed } = input
  const problems = problemsInWords(input.problems, words)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  return {
    template: 'allocations/new',
    title: titleOf('allocation.title', words, problems.length > 0),
    place: 'subjects',
    hasDates: true,
    address: `${here}/allocation/new`,
    number: subject.number,
    action: `${here}/allocation`,
    back: here,
    errors: errorSummary(problems, words),
    armCode: field('armCode', typed.armCode, problems),
    arms: input.arms.map(({ code, label }) => ({
      value: code,
      label: `${code}　${words.pick(label)}`,
      chosen: code === typed.armCode,
    })),
    stratum: field('stratum', typed.stratum, problems),
    occurredOn: dateField('occurredOn', typed.occurredOn, problems, words),
    seenEventId: typed.seenEventId,
    submissionKey: typed.submissionKey,
  }
}

export function confirmAllocationPage(
  input: AllocationInput & { occurredOn: CalendarDate },
  words: Words,
): ConfirmPage {
  const { trial, subject, arms, typed } = input
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const arm = arms.find(({ code }) => code === typed.armCode)
  return {
    template: 'events/confirm',
    title: words.t('allocation.title'),
    place: 'subjects',
    address: `${here}/allocation/new`,
    question: words.t('allocation.question', { number: subject.number }),
    warnings: [words.t('allocation.never_changes')],
    action: `${here}/allocation`,
    button: words.t('allocation.button'),
    answers: [
      { label: words.t('subjects.number'), value: subject.number },
      { label: words.t('allocation.arm'), value: arm === undefined ? '—' : `${arm.code}　${words.pick(arm.label)}` },
      { label: words.t('allocation.stratum'), value: typed.stratum === '' ? '—' : typed.stratum },
      { label: words.t('event.occurred_on'), value: words.date(input.occurredOn) },
    ],
    hidden: [
      { name: 'armCode', value: typed.armCode },
      { name: 'stratum', value: typed.stratum },
      { name: 'occurredOn', value: typed.occurredOn },
      { name: 'seenEventId', value: typed.seenEventId },
      { name: 'submissionKey', value: typed.submissionKey },
      { name: 'confirmed', value: 'yes' },
    ],
  }
}
