/** The form by which the principal investigator lets a registration happen outside its period, with a reason. */
import type { Milestone, Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Subject } from '../domain/subject.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type DateField, dateField } from './date-field.ts'
import { withMilestoneNames } from './event-words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

export type OverrideTyped = { occurredOn: string; reason: string; seenEventId: string; submissionKey: string }

export type OverrideFormPage = Page & {
  number: string
  step: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  occurredOn: DateField
  reason: Field
  seenEventId: string
  submissionKey: string
}

export function overrideFormPage(
  input: {
    trial: Trial
    subject: Subject
    pathway: Pathway
    milestone: Milestone
    typed: OverrideTyped
    problems: readonly Problem[]
  },
  words: Words,
): OverrideFormPage {
  const { trial, subject, pathway, milestone, typed } = input
  const problems = problemsInWords(withMilestoneNames(input.problems, pathway, words), words)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  return {
    template: 'overrides/new',
    title: titleOf('override.title', words, problems.length > 0),
    place: 'subjects',
    hasDates: true,
    address: `${here}/override/new`,
    number: subject.number,
    step: words.pick(milestone.label),
    action: `${here}/override`,
    back: here,
    errors: errorSummary(problems, words),
    occurredOn: dateField('occurredOn', typed.occurredOn, problems, words),
    reason: field('reason', typed.reason, problems),
    seenEventId: typed.seenEventId,
    submissionKey: typed.submissionKey,
  }
}
