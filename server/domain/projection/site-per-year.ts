/**
 * The site-per-year model of a change request: what its claims add up to. It is a sum of expectations, not a
 * forecast, and its margin is never shown without the chance of reaching the target.
 */
import { requireAmount, requireCount } from './poisson-interval.ts'

/** One assumption that a change request asserts, as data. */
export type Claim =
  | { kind: 'registered'; number: number }
  /** Of the people in screening, so large a part (0 to 1) will be registered. */
  | { kind: 'pipeline'; number: number; conversion: number }
  /** Each of the sites registers so many a year, for so many years. */
  | { kind: 'siteRate'; sites: number; ratePerSiteYear: number; years: number }
  /** Each of the sites registers at least so many in the whole period. */
  | { kind: 'siteMinimum'; sites: number; minimumPerSite: number }

export type SitePerYearProjection<C extends Claim> = {
  /** In the order of the claims; together they are the total. */
  terms: { claim: C; expected: number }[]
  total: number
  target: number
  /** What the total has beyond the target; negative where it falls short. */
  margin: number
  /** The part of the total that has happened. */
  alreadyRegistered: number
  /** The part that has not: `pipelineExpected` and `sitesExpected`. */
  newExpected: number
  pipelineExpected: number
  sitesExpected: number
}

/**
 * The terms of a request and their sum, in subjects. No claims add up to 0.
 *
 * 2 registered + 2 in screening x 1 + 2 sites x 1 a year x 3 years + 3 sites x at least 1 = 2 + 2 + 6 + 3 = 13:
 * for a target of 12 the margin is 1, and 11 of the 13 are still to come, 9 of them from the sites.
 */
export function sitePerYearProjection<C extends Claim>(claims: readonly C[], target: number): SitePerYearProjection<C> {
  requireCount('target', target)
  const terms = claims.map((claim) => ({ claim, expected: expectedOf(claim) }))
  const sumOf = (...kinds: Claim['kind'][]) =>
    terms.reduce((sum, { claim, expected }) => (kinds.includes(claim.kind) ? sum + expected : sum), 0)
  const alreadyRegistered = sumOf('registered')
  const pipelineExpected = sumOf('pipeline')
  const sitesExpected = sumOf('siteRate', 'siteMinimum')
  const newExpected = pipelineExpected + sitesExpected
  const total = alreadyRegistered + newExpected
  return {
    terms,
    total,
    target,
    margin: total - target,
    alreadyRegistered,
    newExpected,
    pipelineExpected,
    sitesExpected,
  }
}

/** What one claim adds, in subjects: 2 sites x 1 a year x 3 years are 6. */
function expectedOf(claim: Claim): number {
  switch (claim.kind) {
    case 'registered':
      requireCount('number', claim.number)
      return claim.number
    case 'pipeline':
      requireCount('number', claim.number)
      if (!(claim.conversion >= 0 && claim.conversion <= 1)) {
        throw new RangeError(`conversion must lie between 0 and 1, not ${claim.conversion}`)
      }
      return claim.number * claim.conversion
    case 'siteRate':
      requireCount('sites', claim.sites)
      requireAmount('ratePerSiteYear', claim.ratePerSiteYear)
      requireAmount('years', claim.years)
      return claim.sites * claim.ratePerSiteYear * claim.years
    case 'siteMinimum':
      requireCount('sites', claim.sites)
      requireAmount('minimumPerSite', claim.minimumPerSite)
      return claim.sites * claim.minimumPerSite
  }
}
