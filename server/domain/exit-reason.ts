/** The reasons that a trial names for its exits, so that a hundred of them can be counted. */
import type { Bilingual } from './bilingual.ts'
import type { Problem } from './parsed.ts'
import type { EventDetails } from './subject.ts'
import { type Exit, hasScope, type SubjectState } from './subject-state.ts'

export type ExitReason = { exit: Exit; code: string; label: Bilingual }

/** The reason that says nothing by itself: words have to stand beside it. */
export const otherReason = 'other'

export function reasonsFor(reasons: readonly ExitReason[], exit: Exit): ExitReason[] {
  return reasons.filter((reason) => reason.exit === exit)
}

/**
 * What an exit has to say: a reason of the trial's list, or words where it has none for this exit; what was measured
 * when a provisional registration ends; what a withdrawal takes back. Empty when everything is said.
 */
export function exitDetailProblems(
  from: SubjectState,
  draft: { exit: Exit; note: string | null } & Pick<EventDetails, 'reasons' | 'measuredValue' | 'scope'>,
  configured: readonly ExitReason[],
): Problem[] {
  const problems: Problem[] = []
  const known = reasonsFor(configured, draft.exit).map(({ code }) => code)
  if (draft.reasons.some((code) => !known.includes(code)))
    problems.push({ field: 'reasons', code: 'exit_reason_unknown' })
  else if (known.length > 0 && draft.reasons.length === 0)
    problems.push({ field: 'reasons', code: 'exit_reason_missing' })
  const needsWords = known.length === 0 || draft.reasons.includes(otherReason)
  if (needsWords && (draft.note ?? '') === '') problems.push({ field: 'note', code: 'note_missing' })
  if (draft.exit === 'excluded_after_provisional' && (draft.measuredValue ?? '') === '') {
    problems.push({ field: 'measuredValue', code: 'measured_value_missing' })
  }
  if (hasScope(draft.exit, from) && draft.scope.length === 0) problems.push({ field: 'scope', code: 'scope_missing' })
  return problems
}
