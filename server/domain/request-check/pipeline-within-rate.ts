/** People in screening are part of what their sites register in a year, and not on top of it. */
import type { RequestCheck } from './finding.ts'

/**
 * Two in screening at sites 01 and 02, counted, beside a counted rate of 1 a year at 01 and 02: the first months of
 * that rate are these two. A minimum for the whole period is no flow, so it raises nothing; nor do sites apart.
 */
export const pipelineWithinRate: RequestCheck = ({ claims }) => {
  const counted = claims.map((stated, index) => ({ ...stated, index })).filter(({ standing }) => standing === 'counted')
  const flowing = new Set(counted.filter(({ claim }) => claim.kind === 'siteRate').flatMap(({ sites }) => sites))
  return counted.flatMap(({ claim, sites, index }) => {
    const shared = sites.filter((code) => flowing.has(code))
    if (claim.kind !== 'pipeline' || claim.number * claim.conversion === 0 || shared.length === 0) return []
    const values = { number: claim.number, sites: shared.join(', ') }
    const place = `$.claims[${index}]`
    return [{ check: 'pipeline_within_rate', kind: 'pipeline_within_rate', severity: 'warning', place, values }]
  })
}
