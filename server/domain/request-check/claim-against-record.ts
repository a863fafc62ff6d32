/** What a request claims of its sites, held against what these sites did. */
import { addDays, yearsBetween } from '../calendar-date.ts'
import { chanceOfRecord, claimedRatePerSiteYear, verdictOfChance } from '../projection/claim-check.ts'
import { exposureYears } from '../projection/exposure.ts'
import type { CheckedRequest, StatedClaim } from './checked-request.ts'
import type { Finding, RequestCheck } from './finding.ts'

/**
 * The claims about sites that the record contradicts (p < 0.01) or makes optimistic (p < 0.05), in one finding at the
 * weakest of them: a rate is one assumption, in however many groups it is written. 2 registered in 9.86 site-years
 * where 1 a year is claimed: p = 0.0031. A claim that names no sites, or sites that were never open, is not judged
 * here. A stated number of registered subjects has to be the record's.
 */
export const claimAgainstRecord: RequestCheck = (request) => {
  const judged = request.claims.flatMap((stated, index) => judge(request, stated, index))
  const weakest = judged.toSorted((a, b) => a.p - b.p)[0]
  return [...registeredNumber(request), ...(weakest === undefined ? [] : [asFinding(weakest, judged.length)])]
}

type Judged = { index: number; sites: string; registered: number; siteYears: number; claimed: number; p: number }

function judge(request: CheckedRequest, { claim, sites, standing }: StatedClaim, index: number): Judged[] {
  if ((claim.kind !== 'siteRate' && claim.kind !== 'siteMinimum') || standing !== 'counted') return []
  const record = recordOf(request, sites)
  if (record === null || record.exposureYears === 0) return []
  const yearsAsked = yearsBetween(request.after.effectiveFrom, addDays(request.after.registrationUntil, 1))
  const claimed = claimedRatePerSiteYear(claim, yearsAsked)
  const p = chanceOfRecord(claimed, record)
  if (verdictOfChance(p) === 'consistent') return []
  const { registered, exposureYears: siteYears } = record
  return [{ index, sites: sites.join(', '), registered, siteYears, claimed, p }]
}

/** What the named sites did by the as-of day; null where none is named, or one that the trial does not have. */
function recordOf({ sites, asOf }: CheckedRequest, codes: readonly string[]) {
  const meant = sites.filter(({ code }) => codes.includes(code))
  if (meant.length === 0 || meant.length < codes.length) return null
  return {
    registered: meant.reduce((sum, { registered }) => sum + registered, 0),
    exposureYears: meant.reduce((sum, { open }) => sum + exposureYears(open, asOf), 0),
  }
}

function asFinding({ index, ...judged }: Judged, claims: number): Finding {
  const place = `$.claims[${index}]`
  const kind =
    verdictOfChance(judged.p) === 'contradicted'
      ? 'claim_against_record_contradicted'
      : 'claim_against_record_optimistic'
  return { check: 'claim_against_record', kind, severity: 'warning', place, values: { ...judged, claims } }
}

function registeredNumber({ claims, sites }: CheckedRequest): Finding[] {
  const recorded = sites.reduce((sum, { registered }) => sum + registered, 0)
  return claims.flatMap(({ claim }, index): Finding[] => {
    if (claim.kind !== 'registered' || claim.number === recorded) return []
    const kind = 'claim_against_record_differs'
    const values = { stated: claim.number, recorded }
    return [{ check: 'claim_against_record', kind, severity: 'error', place: `$.claims[${index}]`, values }]
  })
}
