/** Reasons that most trials begin with, by exit: each by the key of its words; `other` asks for words of its own. */
import type { Bilingual } from './bilingual.ts'
import { type ExitReason, otherReason } from './exit-reason.ts'
import type { Exit } from './subject-state.ts'

/** The exits that a trial explains by its own list. */
export const explainedExits = [
  'prescreen_excluded',
  'screen_failed',
  'declined',
  'excluded_after_provisional',
  'not_treated',
  'withdrawn',
  'lost',
] as const satisfies readonly Exit[]
export type ExplainedExit = (typeof explainedExits)[number]

export const defaultReasonLabels = [
  'inclusion',
  'exclusion',
  'consent_withdrawn',
  'no_visit',
  'patient_wish',
  'family',
  'other_treatment',
  'distance',
  'improved',
  'worsened',
  'adverse_event',
  'product',
  'physician',
  'moved',
  'no_contact',
  'other',
] as const
export type DefaultReasonLabel = (typeof defaultReasonLabels)[number]

const sets: Record<ExplainedExit, readonly DefaultReasonLabel[]> = {
  prescreen_excluded: ['inclusion', 'exclusion', 'no_visit', 'other'],
  screen_failed: ['inclusion', 'exclusion', 'consent_withdrawn', 'other'],
  declined: ['patient_wish', 'family', 'other_treatment', 'distance', 'other'],
  excluded_after_provisional: ['improved', 'worsened', 'exclusion', 'other'],
  not_treated: ['worsened', 'adverse_event', 'product', 'consent_withdrawn', 'other'],
  withdrawn: ['patient_wish', 'adverse_event', 'worsened', 'physician', 'other'],
  lost: ['moved', 'no_contact', 'other'],
}

/** The defaults of an exit that the trial does not have yet, whether in use or not: nothing comes back by itself. */
export function defaultReasons(
  exit: ExplainedExit,
  known: readonly Pick<ExitReason, 'exit' | 'code'>[],
  labelOf: (label: DefaultReasonLabel) => Bilingual,
): ExitReason[] {
  const taken = known.filter((reason) => reason.exit === exit).map(({ code }) => code)
  return sets[exit]
    .map((key) => ({ exit, code: key === 'other' ? otherReason : key, label: labelOf(key) }))
    .filter(({ code }) => !taken.includes(code))
}
