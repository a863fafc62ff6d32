/**
 * A trial that is locked: nothing of it is changed any more. Its pages and its audit trail stay readable, and roles may
 * still be given and ended, so that an inspector can be let in. Another person than the one who locked it may unlock it.
 */
import type { Bilingual } from './bilingual.ts'
import type { Problem } from './parsed.ts'
import type { Trial } from './trial.ts'

export type TrialLock = {
  id: string
  personId: string
  /** As of then. */
  name: Bilingual
  because: string
  lockedAt: string
  ended: { name: Bilingual; because: string; at: string } | null
}

/** A trial as a visit sees it, with the lock that holds now. */
export type TrialAtHand = Trial & {
  lock: Pick<TrialLock, 'id' | 'name' | 'lockedAt'> | null
  /** Whether whoever has a role in it must sign in with a second factor. */
  asksSecondFactor: boolean
}

/** Whoever locked a trial cannot take that back alone. */
export function unlockProblems(lock: TrialLock | null, lockId: string, personId: string): Problem[] {
  if (lock === null || lock.id !== lockId) return [{ field: '', code: 'trial_not_locked' }]
  return lock.personId === personId ? [{ field: '', code: 'unlock_by_another' }] : []
}
