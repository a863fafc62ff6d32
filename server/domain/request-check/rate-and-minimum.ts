/** A rate and a minimum for the same sites promise the same number. */
import type { Claim } from '../projection/site-per-year.ts'
import type { StatedClaim } from './checked-request.ts'
import type { Finding, RequestCheck } from './finding.ts'

type About<K extends Claim['kind']> = { claim: Claim & { kind: K }; sites: readonly string[]; index: number }

/**
 * Three sites at 1 a year for 3 years are 9, at least 1 each are 3: told side by side, whichever of them the sum
 * counts. Only the sites that both speak of are compared; 1/3 a year for 3 years agrees with at least 1.
 */
export const rateAndMinimum: RequestCheck = ({ claims }) => {
  const minima = about(claims, 'siteMinimum')
  return about(claims, 'siteRate').flatMap((rate) =>
    minima.flatMap((minimum): Finding[] => {
      const sites = rate.sites.filter((code) => minimum.sites.includes(code))
      const byRate = sites.length * rate.claim.ratePerSiteYear * rate.claim.years
      const byMinimum = sites.length * minimum.claim.minimumPerSite
      if (Math.abs(byRate - byMinimum) <= 1e-9) return []
      const place = `$.claims[${Math.max(rate.index, minimum.index)}]`
      const values = { sites: sites.join(', '), count: sites.length, byRate, byMinimum }
      return [{ check: 'rate_and_minimum', kind: 'rate_and_minimum', severity: 'error', place, values }]
    }),
  )
}

function about<K extends Claim['kind']>(claims: readonly StatedClaim[], kind: K): About<K>[] {
  return claims.flatMap(({ claim, sites }, index) =>
    claim.kind === kind ? [{ claim: claim as Claim & { kind: K }, sites, index }] : [],
  )
}
