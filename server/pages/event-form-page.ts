/** The form for what happened to a subject next, and the page that asks once before a registration. */

import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import { nextMilestones, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { exitsFrom } from '../domain/subject-state.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'
import type { Choice } from './screening-form.ts'

/** `what` is a milestone's code, or `exit:` and the exit. */
export type EventTyped = { what: string; occurredOn: string; note: string; seenEventId: string; submissionKey: string }

export type EventInput = {
  trial: Trial
  pathway: Pathway
  subject: Subject
  events: readonly SubjectEvent[]
  typed: EventTyped
  problems: readonly Problem[]
}

export type EventFormPage = Page & {
  number: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  what: Field
  choices: Choice[]
  occurredOn: DateField
  note: Field
  seenEventId: string
  submissionKey: string
}

export function eventFormPage(input: EventInput, words: Words): EventFormPage {
  const { trial, pathway, subject, events, typed } = input
  const problems = problemsInWords(withMilestoneNames(input.problems, pathway, words), words)
  const milestones = nextMilestones(pathway, subject.state, events).map(({ code, label }) => ({
    value: code,
    label: words.pick(label),
  }))
  const exits = exitsFrom(subject.state).map((exit) => ({ value: `exit:${exit}`, label: words.of('state', exit) }))
  const all = typed.what === 'exit' ? exits : [...milestones, ...exits]
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  return {
    template: 'events/new',
    title: titleOf('event.title', words, problems.length > 0),
    place: 'subjects',
    address: `${here}/events/new?what=${typed.what}`,
    number: subject.number,
    action: `${here}/events`,
    back: here,
    errors: errorSummary(problems, words),
    what: field('what', typed.what, problems),
    choices: all.map((choice) => ({ ...choice, chosen: choice.value === typed.what })),
    occurredOn: dateField('occurredOn', typed.occurredOn, problems, words),
    note: field('note', typed.note, problems),
    seenEventId: typed.seenEventId,
    submissionKey: typed.submissionKey,
  }
}

function withMilestoneNames(problems: readonly Problem[], pathway: Pathway, words: Words): Problem[] {
  return problems.map((problem) => {
    const milestone = pathway.milestones.find(({ code }) => code === problem.values?.milestone)
    if (milestone === undefined) return problem
    return { ...problem, values: { ...problem.values, milestone: words.pick(milestone.label) } }
  })
}

export type ConfirmPage = Page & {
  question: string
  warning: string
  action: string
  back: string
  button: string
  answers: { label: string; value: string }[]
  hidden: { name: string; value: string }[]
}

/** Before a registration: the answers once more, and one button. */
export function confirmRegistrationPage(
  input: EventInput & { occurredOn: CalendarDate; siteName: string; registered: number; targetNumber: number },
  words: Words,
): ConfirmPage {
  const { trial, pathway, subject, typed } = input
  const milestone = pathway.milestones.find(({ code }) => code === typed.what)
  const step = milestone === undefined ? '' : words.pick(milestone.label)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const counts = milestone?.counting === 'target'
  return {
    template: 'events/confirm',
    title: words.t('confirm.title', { step }),
    place: 'subjects',
    address: `${here}/events/new?what=${typed.what}`,
    question: words.t('confirm.question', { number: subject.number, step }),
    warning: counts
      ? words.t('confirm.counts', { next: input.registered + 1, target: input.targetNumber })
      : words.t('confirm.does_not_count'),
    action: `${here}/events`,
    back: `${here}/events/new?what=${typed.what}`,
    button: words.t('confirm.button', { step }),
    answers: [
      { label: words.t('subjects.number'), value: subject.number },
      { label: words.t('subjects.site'), value: input.siteName },
      { label: words.t('event.what'), value: step },
      { label: words.t('event.occurred_on'), value: words.date(input.occurredOn) },
      { label: words.t('event.note'), value: typed.note === '' ? '—' : typed.note },
    ],
    hidden: [
      { name: 'what', value: typed.what },
      { name: 'occurredOn', value: typed.occurredOn },
      { name: 'note', value: typed.note },
      { name: 'seenEventId', value: typed.seenEventId },
      { name: 'submissionKey', value: typed.submissionKey },
      { name: 'confirmed', value: 'yes' },
    ],
  }
}
