/** The sites of a request add up: each claim names as many as it counts, none twice, and together as many as stated. */
import type { StatedClaim } from './checked-request.ts'
import type { Finding, FindingKind, RequestCheck } from './finding.ts'

type Group = { stated: StatedClaim; index: number; count: number }

/**
 * 2 and 3 sites where five are stated: nothing to say. 2 and 4 are; so is a claim about 3 sites that names two, a site
 * that two counted claims share, and a site that the trial does not have.
 */
export const siteCounts: RequestCheck = ({ claims, sites, statedSites }) => {
  const groups = claims.flatMap((stated, index): Group[] => {
    const { claim } = stated
    const isGroup = claim.kind === 'siteRate' || claim.kind === 'siteMinimum'
    return isGroup ? [{ stated, index, count: claim.sites }] : []
  })
  const known = new Set(sites.map(({ code }) => code))
  const counted = groups.filter(({ stated }) => stated.standing === 'counted')
  return [
    ...claims.flatMap((stated, index) => unknownSites(stated, index, known)),
    ...groups.flatMap(namesAsMany),
    ...sharedSites(counted),
    ...togetherAsStated(counted, statedSites),
  ]
}

function unknownSites({ sites }: StatedClaim, index: number, known: ReadonlySet<string>): Finding[] {
  const unknown = sites.filter((code) => !known.has(code))
  if (unknown.length === 0) return []
  return [finding('site_counts_unknown', `$.claims[${index}].sites`, { sites: unknown.join(', ') })]
}

function namesAsMany({ stated, index, count }: Group): Finding[] {
  const named = new Set(stated.sites).size
  if (named === 0 || named === count) return []
  return [finding('site_counts_named', `$.claims[${index}].sites`, { stated: count, named })]
}

function sharedSites(groups: readonly Group[]): Finding[] {
  return groups.flatMap(({ stated, index }, place) => {
    const earlier = new Set(groups.slice(0, place).flatMap((group) => group.stated.sites))
    const shared = stated.sites.filter((code) => earlier.has(code))
    if (shared.length === 0) return []
    return [finding('site_counts_shared', `$.claims[${index}].sites`, { sites: shared.join(', ') })]
  })
}

function togetherAsStated(groups: readonly Group[], statedSites: number | null): Finding[] {
  const sum = groups.reduce((sofar, { count }) => sofar + count, 0)
  if (statedSites === null || groups.length === 0 || sum === statedSites) return []
  return [finding('site_counts_together', '$.statedSites', { stated: statedSites, sum })]
}

function finding(kind: FindingKind, place: string, values: Finding['values']): Finding {
  return { check: 'site_counts', kind, severity: 'error', place, values }
}
