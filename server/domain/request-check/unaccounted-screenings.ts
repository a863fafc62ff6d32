/** Every screening that a request counts came to something that it says. */
import { unaccounted } from '../reconciliation.ts'
import type { RequestCheck } from './finding.ts'

/** 4 started and 2 still in screening: 2 unaccounted. More outcomes than starts are told as well. */
export const unaccountedScreenings: RequestCheck = ({ screenings }) => {
  const missing = screenings === null ? 0 : unaccounted(screenings)
  if (screenings === null || missing === 0) return []
  const { started } = screenings
  return [
    {
      check: 'unaccounted_screenings',
      kind: 'unaccounted_screenings',
      severity: missing > 0 ? 'warning' : 'error',
      place: '$.screenings',
      values: { started, unaccounted: missing },
    },
  ]
}
