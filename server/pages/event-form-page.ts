/** The form for what happened to a subject next: each choice with the questions that belong to it. */
import { type ExitReason, reasonsFor } from '../domain/exit-reason.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import { nextAtSite, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { type Exit, exitsFrom, hasScope, withdrawalScopes } from '../domain/subject-state.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { stateWords, withMilestoneNames } from './event-words.ts'
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
import { versionLabel } from './screening-form.ts'

/** `what` is a milestone's code, or `exit:` and the exit; a reason is `exit:code`, so that it names its exit too. */
export type EventTyped = {
  what: string
  occurredOn: string
  reasons: readonly string[]
  measuredValue: string
  scope: readonly string[]
  consentVersionId: string
  note: string
  seenEventId: string
  submissionKey: string
}

export type EventInput = {
  trial: Trial
  pathway: Pathway
  subject: Subject
  events: readonly SubjectEvent[]
  reasons: readonly ExitReason[]
  consentVersions: readonly ConsentVersion[]
  typed: EventTyped
  problems: readonly Problem[]
}

/** A choice, and what it asks besides the day: null or empty where it asks nothing more. */
export type EventChoice = Choice & {
  id: string
  hasDetails: boolean
  reasons: Choice[]
  reasonsError: string | null
  scopes: Choice[]
  scopeError: string | null
  versions: Choice[]
  versionError: string | null
  measured: Field | null
}

export type EventFormPage = Page & {
  number: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  what: Field
  choices: EventChoice[]
  occurredOn: DateField
  note: Field
  seenEventId: string
  submissionKey: string
}

export function eventFormPage(input: EventInput, words: Words): EventFormPage {
  const { trial, pathway, subject, events, typed } = input
  const problems = problemsInWords(withMilestoneNames(input.problems, pathway, words), words)
  const milestones = nextAtSite(pathway, subject.state, events).map((milestone) =>
    choice(milestone.code, words.pick(milestone.label), typed, {
      versions:
        milestone.kind !== 'screening'
          ? []
          : input.consentVersions.map((version) => ({
              value: version.id,
              label: versionLabel(version, words),
              chosen: version.id === typed.consentVersionId,
            })),
      versionError: errorAt('consentVersionId', problems),
    }),
  )
  const exits = exitsFrom(subject.state).map((exit) => exitChoice(exit, input, problems, words))
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  return {
    template: 'events/new',
    title: titleOf('event.title', words, problems.length > 0),
    place: 'subjects',
    hasDates: true,
    address: `${here}/events/new?what=${encodeURIComponent(typed.what)}`,
    number: subject.number,
    action: `${here}/events`,
    back: here,
    errors: errorSummary(problems, words),
    what: field('what', typed.what, problems),
    choices: typed.what === 'exit' ? exits : [...milestones, ...exits],
    occurredOn: dateField('occurredOn', typed.occurredOn, problems, words),
    note: field('note', typed.note, problems),
    seenEventId: typed.seenEventId,
    submissionKey: typed.submissionKey,
  }
}

function exitChoice(exit: Exit, input: EventInput, problems: readonly ProblemInWords[], words: Words): EventChoice {
  const { typed, subject } = input
  const reasons = reasonsFor(input.reasons, exit).map(({ code, label }) => {
    const value = `${exit}:${code}`
    return { value, label: words.pick(label), chosen: typed.reasons.includes(value) }
  })
  const scopes = hasScope(exit, subject.state)
    ? withdrawalScopes.map((value) => ({
        value,
        label: words.of('withdrawal_scope', value),
        chosen: typed.scope.includes(value),
      }))
    : []
  const isMeasured = exit === 'excluded_after_provisional'
  return choice(`exit:${exit}`, stateWords(exit, input.pathway, words), typed, {
    reasons,
    reasonsError: typed.what === `exit:${exit}` ? errorAt('reasons', problems) : null,
    scopes,
    scopeError: errorAt('scope', problems),
    measured: isMeasured ? field('measuredValue', typed.measuredValue, problems) : null,
  })
}

const errorAt = (name: string, problems: readonly ProblemInWords[]) =>
  problems.find((problem) => problem.field === name)?.text ?? null

function choice(value: string, label: string, typed: EventTyped, asks: Partial<EventChoice>): EventChoice {
  const whole = {
    ...{ reasons: [], reasonsError: null, scopes: [], scopeError: null, versions: [], versionError: null },
    measured: null,
    ...asks,
  }
  const { reasons, scopes, versions, measured } = whole
  const hasDetails = reasons.length + scopes.length + versions.length > 0 || measured !== null
  return { value, label, chosen: value === typed.what, id: value.replace(':', '-'), hasDetails, ...whole }
}
