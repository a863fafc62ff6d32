/**
 * Reconciliation: everybody whose screening was started must be somewhere. Started = registered + failed + declined +
 * withdrawn + still in screening; what is left over is unaccounted, and named so.
 */
import type { SubjectState } from './subject-state.ts'

export type Reconciliation = {
  started: number
  registered: number
  failed: number
  declined: number
  /** Withdrawn, lost or died before any registration. */
  withdrawn: number
  inScreening: number
}

/** 4 started, 2 still in screening, nobody registered, failed or declined: 2 unaccounted. Negative: more ends than starts. */
export function unaccounted(parts: Reconciliation): number {
  const { started, registered, failed, declined, withdrawn, inScreening } = parts
  return started - registered - failed - declined - withdrawn - inScreening
}

export const nobody: Reconciliation = {
  started: 0,
  registered: 0,
  failed: 0,
  declined: 0,
  withdrawn: 0,
  inScreening: 0,
}

export function addReconciliations(a: Reconciliation, b: Reconciliation): Reconciliation {
  return {
    started: a.started + b.started,
    registered: a.registered + b.registered,
    failed: a.failed + b.failed,
    declined: a.declined + b.declined,
    withdrawn: a.withdrawn + b.withdrawn,
    inScreening: a.inScreening + b.inScreening,
  }
}

/** Where a screening stands, by its state and whether it led to a registration; null for what nobody can say. */
export function placeOf(state: SubjectState, isRegistered: boolean): Exclude<keyof Reconciliation, 'started'> | null {
  if (isRegistered) return 'registered'
  switch (state) {
    case 'screening':
    case 'eligible':
    case 'provisional':
      return 'inScreening'
    case 'screen_failed':
    case 'excluded_after_provisional':
      return 'failed'
    case 'declined':
      return 'declined'
    case 'withdrawn':
    case 'lost':
    case 'died':
      return 'withdrawn'
    default:
      return null
  }
}
