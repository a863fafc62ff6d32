/** The form that mends a date: what stands there now, the right one, and why it was wrong. */
import { correctionReasons } from '../domain/correction.ts'
import { type ExitReason, reasonsFor } from '../domain/exit-reason.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Subject, SubjectEvent } from '../domain/subject.ts'
import { withdrawalScopes } from '../domain/subject-state.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { eventWords, withMilestoneNames } from './event-words.ts'
import {
  type Choice,
  errorSummary,
  type Field,
  field,
  type Page,
  type ProblemInWords,
  problemsInWords,
  titleOf,
} from './page.ts'

export type CorrectionTyped = {
  occurredOn: string
  reason: string
  note: string
  /** Of an exit: what it says. */
  reasons: readonly string[]
  measuredValue: string
  scope: readonly string[]
  said: string
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
  /** What an exit says besides its day; null for everything else. */
  exit: {
    reasons: Choice[]
    reasonsError: string | null
    measured: Field | null
    scopes: Choice[]
    scopeError: string | null
    said: Field
  } | null
  seenEventId: string
  submissionKey: string
}

export type CorrectionInput = {
  trial: Trial
  pathway: Pathway
  subject: Subject
  event: SubjectEvent
  reasons: readonly ExitReason[]
  typed: CorrectionTyped
  problems: readonly Problem[]
}

export function correctionFormPage(input: CorrectionInput, words: Words): CorrectionFormPage {
  const { trial, pathway, subject, event, typed } = input
  const problems = problemsInWords(withMilestoneNames(input.problems, pathway, words), words)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const action = `${here}/events/${event.id}/corrections`
  return {
    template: 'corrections/new',
    title: titleOf('correction.title', words, problems.length > 0),
    place: 'subjects',
    hasDates: true,
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
    exit: exitOf(input, problems, words),
    seenEventId: typed.seenEventId,
    submissionKey: typed.submissionKey,
  }
}

function exitOf(
  { event, reasons, typed }: CorrectionInput,
  problems: readonly ProblemInWords[],
  words: Words,
): CorrectionFormPage['exit'] {
  const { what } = event
  if (what.kind !== 'exit') return null
  const errorAt = (name: string) => problems.find((problem) => problem.field === name)?.text ?? null
  const isMeasured = what.exit === 'excluded_after_provisional'
  const isScoped = event.scope.length > 0
  return {
    reasons: reasonsFor(reasons, what.exit).map(({ code, label }) => ({
      value: code,
      label: words.pick(label),
      chosen: typed.reasons.includes(code),
    })),
    reasonsError: errorAt('reasons'),
    measured: isMeasured ? field('measuredValue', typed.measuredValue, problems) : null,
    scopes: isScoped
      ? withdrawalScopes.map((value) => ({
          value,
          label: words.of('withdrawal_scope', value),
          chosen: typed.scope.includes(value),
        }))
      : [],
    scopeError: errorAt('scope'),
    said: field('said', typed.said, problems),
  }
}
