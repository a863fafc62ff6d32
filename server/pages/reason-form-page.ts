/** A form that asks for a reason and one button: to take back the last thing recorded, or to void a whole entry. */
import { correctionReasons } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Subject } from '../domain/subject.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { withMilestoneNames } from './event-words.ts'
import { type Choice, errorSummary, type Field, field, type Page, problemsInWords } from './page.ts'

export type ReasonTyped = { reason: string; note: string; seenEventId: string; submissionKey: string }

export type ReasonFormPage = Page & {
  heading: string
  number: string
  warning: string
  action: string
  back: string
  button: string
  errors: ReturnType<typeof errorSummary>
  reason: Field
  reasons: Choice[]
  note: Field
  seenEventId: string
  submissionKey: string
}

export function reasonFormPage(
  input: {
    trial: Trial
    subject: Subject
    pathway: Pathway
    /** What is asked: its words stand in `taking_back`, and its address below the subject's. */
    asks: { kind: 'take_back'; what: string; path: string } | { kind: 'void'; path: string }
    typed: ReasonTyped
    problems: readonly Problem[]
  },
  words: Words,
): ReasonFormPage {
  const { trial, subject, pathway, asks, typed } = input
  const problems = problemsInWords(withMilestoneNames(input.problems, pathway, words), words)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const isVoid = asks.kind === 'void'
  const heading = words.t(isVoid ? 'taking_back.void_title' : 'taking_back.title')
  return {
    template: 'corrections/reason',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'subjects',
    address: `${here}/${asks.path}/new`,
    heading,
    number: subject.number,
    warning: isVoid ? words.t('taking_back.void_warning') : words.t('taking_back.warning', { what: asks.what }),
    action: `${here}/${asks.path}`,
    back: here,
    button: words.t(isVoid ? 'taking_back.void_button' : 'taking_back.button'),
    errors: errorSummary(problems, words),
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
