/** Whoever is registered on the last day can still be followed to the end before the study ends. */
import { addDays, daysBetween } from '../calendar-date.ts'
import type { RequestCheck } from './finding.ts'

/** Registration until 2029-07-18 and 672 days of visits end on 2031-05-21: in time for 2032-07-18, not for 2031-05-20. */
export const followUpFits: RequestCheck = ({ after, followUpDays }) => {
  if (followUpDays === null || after.studyUntil === null) return []
  const lastVisitOn = addDays(after.registrationUntil, followUpDays)
  if (lastVisitOn <= after.studyUntil) return []
  const values = { lastVisitOn, studyUntil: after.studyUntil, days: daysBetween(after.studyUntil, lastVisitOn) }
  const place = '$.after.studyUntil'
  return [{ check: 'follow_up_fits', kind: 'follow_up_fits', severity: 'error', place, values }]
}
