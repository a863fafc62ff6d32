/** The terms of a request add up to the total it states. */
import { sitePerYearProjection } from '../projection/site-per-year.ts'
import type { RequestCheck } from './finding.ts'

/** Sums of thirds come out this near to a whole number, and no nearer. */
const nearly = 1e-9

/** 2 + 2 + 6 + 3 is 13: nothing to say where 13 is stated; 14 is told beside 13. */
export const sumOfTerms: RequestCheck = ({ claims, statedTotal, targetNumber }) => {
  const counted = claims.filter(({ standing }) => standing === 'counted').map(({ claim }) => claim)
  const { total } = sitePerYearProjection(counted, targetNumber)
  if (Math.abs(total - statedTotal) <= nearly) return []
  return [
    {
      check: 'sum_of_terms',
      kind: 'sum_of_terms',
      severity: 'error',
      place: '$.statedTotal',
      values: { sum: total, statedTotal },
    },
  ]
}
