/** Which caps make sense: one for each of trial, site and arm, and a warning that comes before the end. */
import type { Cap } from './cap.ts'
import type { Problem } from './parsed.ts'

export type CapDraft = Omit<Cap, 'id'>

/** A cap that was lifted stays as a row without numbers, and may be set again. */
export function isLifted({ hardNumber, softNumber }: CapDraft): boolean {
  return hardNumber === null && softNumber === null
}

export function isOfTheSame(a: CapDraft, b: CapDraft): boolean {
  return a.siteId === b.siteId && a.armCode === b.armCode
}

/** `others`: the caps in force beside the one that is set. Below what is registered already is allowed, and said. */
export function capDraftProblems(draft: CapDraft, others: readonly CapDraft[]): Problem[] {
  const { hardNumber, softNumber } = draft
  if (isLifted(draft)) return [{ field: 'hardNumber', code: 'cap_empty' }]
  if (others.some((other) => isOfTheSame(other, draft))) return [{ field: 'capOf', code: 'cap_exists' }]
  if (hardNumber !== null && softNumber !== null && softNumber > hardNumber) {
    return [{ field: 'softNumber', code: 'cap_soft_above_hard', values: { hard: hardNumber } }]
  }
  return []
}
