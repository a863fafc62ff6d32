/** The form that mends a date: what stands there now, the right one, and why it was wrong. */
import { correctionReasons } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Subject, SubjectEvent } from '../domain/subject.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { eventWords } from './event-words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'
import type { Choice } from './screening-form.ts'

export type CorrectionTyped = {
  occurredOn: string
  reason: string
  note: string
  seenEventId: string
  submissionKey: string
}

export type CorrectionFormPage = Page & {
  number: string
  now: { step: string; date: string }
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  occurredOn: DateField
  reason: Field
  reasons: Choice[]
  note: Field
  seenEventId: string
  submissionKey: string
}

export function correctionFormPage(
  input: {
    trial: Trial
    pathway: Pathway
    subject: Subject
    event: SubjectEvent
    typed: CorrectionTyped
    problems: readonly Problem[]
  },
  words: Words,
): CorrectionFormPage {
  const { trial, pathway, subject, event, typed } = input
  const problems = problemsInWords(input.problems, words)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const action = `${here}/events/${event.id}/corrections`
  return {
    template: 'corrections/new',
    title: titleOf('correction.title', words, problems.length > 0),
    place: 'subjects',
    address: `${action}/new`,
    number: subject.number,
    now: { step: eventWords(event, pathway, words), date: words.date(event.occurredOn) },
    action,
    back: here,
    errors: errorSummary(problems, words),
    occurredOn: dateField('occurredOn', typed.occurredOn, problems, words),
    reason: field('reason', typed.reason, problems),
    reasons: correctionReasons.map((reason) => ({
      value: reason,
      label: words.of('correction_reason', reason),
      chosen: reason === typed.reason,
    })),
    note: field('note', typed.note, problems),
    seenEventId: typed.seenEventId,
    submissionKey: typed.submissionKey,
  }
}
