/** New terms begin on the day after registration under the old ones ends. */
import { addDays, daysBetween } from '../calendar-date.ts'
import type { StatedTerms } from './checked-request.ts'
import type { Finding, RequestCheck } from './finding.ts'

/**
 * Registration until 2026-07-18 and new terms from 2026-07-19: nothing to say. From 2026-07-18 they overlap by a day,
 * from 2026-08-01 they leave 13 days in which nobody can be registered. A period that ends before it begins is told.
 */
export const termsFollowOn: RequestCheck = ({ before, after }) => [...gapBetween(before, after), ...reversed(after)]

function gapBetween(before: StatedTerms, after: StatedTerms): Finding[] {
  const gapDays = daysBetween(addDays(before.registrationUntil, 1), after.effectiveFrom)
  if (gapDays === 0) return []
  const values = { until: before.registrationUntil, from: after.effectiveFrom, days: Math.abs(gapDays) }
  const place = '$.after.effectiveFrom'
  return gapDays > 0
    ? [{ check: 'terms_follow_on', kind: 'terms_follow_on_gap', severity: 'error', place, values }]
    : [{ check: 'terms_follow_on', kind: 'terms_follow_on_overlap', severity: 'warning', place, values }]
}

function reversed({ effectiveFrom, registrationUntil }: StatedTerms): Finding[] {
  if (registrationUntil >= effectiveFrom) return []
  const values = { until: registrationUntil, from: effectiveFrom }
  const place = '$.after.registrationUntil'
  return [{ check: 'terms_follow_on', kind: 'terms_follow_on_reversed', severity: 'error', place, values }]
}
