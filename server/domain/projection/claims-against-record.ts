/**
 * Every claim about sites beside what those sites did: claimed and observed a year, the chance of so low a record if
 * the claim is true, the verdict, and whether two claims speak of the same sites and cannot both hold.
 */
import {
  type ClaimRecord,
  chanceOfRecord,
  claimedRatePerSiteYear,
  type RecordVerdict,
  verdictOfChance,
} from './claim-check.ts'
import { exposureYears, type OpenPeriod } from './exposure.ts'
import { type ObservedRate, observedRate } from './poisson-interval.ts'
import { chancePoissonAtMost } from './pooled-predictive.ts'
import { type Claim, sitePerYearProjection } from './site-per-year.ts'

/** One claim, and the sites it speaks of; none where it speaks of the whole trial. */
export type ClaimAboutSites = { claim: Claim; siteIds: readonly string[] }

/** A site with what it registered and when it is open. */
export type SiteSoFar = { id: string; registered: number; open: readonly OpenPeriod[] }

/** `disagrees`: another rate is claimed above for the same sites. `counted_twice`: some of the sites stand above, too. */
export type ClaimConflict = 'none' | 'disagrees' | 'counted_twice'

export type ClaimCheck = {
  /** The claim's place among all claims; null for all claims about sites together. */
  place: number | null
  sites: number
  /** In all its sites together. */
  claimedPerYear: number
  /** Per year in which any of its sites was open. */
  observed: ObservedRate
  /** Null where it is withheld from the reader. */
  registered: number | null
  /** P(so few or fewer | the claim is true); null where the sites were never open. */
  chance: number | null
  verdict: RecordVerdict
  conflict: ClaimConflict
}

/**
 * First all claims about sites together, then each of them. `yearsAsked` is the length of the period asked for.
 *
 * 2 sites x 1 a year, 2 registered in 4.93 years of each: claimed 2 a year, observed 0.41, chance 0.0031.
 */
export function claimsAgainstRecord(
  claims: readonly ClaimAboutSites[],
  sites: readonly SiteSoFar[],
  yearsAsked: number,
  asOf: OpenPeriod['from'],
): ClaimCheck[] {
  const aboutSites = claims.flatMap(({ claim, siteIds }, place) =>
    claim.kind === 'siteRate' || claim.kind === 'siteMinimum' ? [{ claim, siteIds, place }] : [],
  )
  if (aboutSites.length === 0 || yearsAsked <= 0) return []
  const checks = aboutSites.map(({ claim, siteIds, place }, index): ClaimCheck => {
    const record = recordOfClaim({ claim, siteIds }, sites, asOf)
    if (record === null) return unnamed(claim, place, yearsAsked)
    const rate = claimedRatePerSiteYear(claim, yearsAsked)
    const chance = record.exposureYears === 0 ? null : chanceOfRecord(rate, record)
    const above = aboutSites.slice(0, index)
    return {
      place,
      sites: claim.sites,
      claimedPerYear: claim.sites * rate,
      observed: observedTogether(record.registered, spokenOf({ siteIds }, sites), asOf),
      registered: record.registered,
      chance,
      verdict: verdictOfChance(chance),
      conflict: conflictWith(above, { claim, siteIds }, yearsAsked),
    }
  })
  const expected = sitePerYearProjection(
    aboutSites.map(({ claim }) => claim),
    0,
  ).sitesExpected
  const registered = sites.reduce((sum, site) => sum + site.registered, 0)
  const observed = observedTogether(registered, sites, asOf)
  const years = observed.kind === 'noExposure' ? 0 : observed.exposureYears
  const chance = years === 0 ? null : chancePoissonAtMost(registered, (expected / yearsAsked) * years)
  const whole: ClaimCheck = {
    place: null,
    sites: sites.length,
    claimedPerYear: expected / yearsAsked,
    observed,
    registered,
    chance,
    verdict: verdictOfChance(chance),
    conflict: 'none',
  }
  return [whole, ...checks]
}

/** A claim about some of the sites that does not say which: no record belongs to it. */
function unnamed(claim: AboutSites['claim'], place: number, yearsAsked: number): ClaimCheck {
  const claimedPerYear = claim.sites * claimedRatePerSiteYear(claim, yearsAsked)
  const nothing = { observed: { kind: 'noExposure' }, registered: 0, chance: null } as const
  return { place, sites: claim.sites, claimedPerYear, ...nothing, verdict: 'unnamed', conflict: 'none' }
}

/** What the sites that a claim speaks of did, in so many site-years; null where it does not say which of them it means. */
export function recordOfClaim(
  claim: ClaimAboutSites,
  sites: readonly SiteSoFar[],
  asOf: OpenPeriod['from'],
): ClaimRecord | null {
  const { claim: said, siteIds } = claim
  const isAboutSites = said.kind === 'siteRate' || said.kind === 'siteMinimum'
  if (isAboutSites && siteIds.length === 0 && said.sites !== sites.length) return null
  const own = spokenOf(claim, sites)
  return {
    registered: own.reduce((sum, site) => sum + site.registered, 0),
    exposureYears: own.reduce((sum, { open }) => sum + exposureYears(open, asOf), 0),
  }
}

/** The sites that a claim names; all of them where it names none. */
function spokenOf({ siteIds }: Pick<ClaimAboutSites, 'siteIds'>, sites: readonly SiteSoFar[]): readonly SiteSoFar[] {
  return siteIds.length === 0 ? sites : sites.filter(({ id }) => siteIds.includes(id))
}

function observedTogether(registered: number, sites: readonly SiteSoFar[], asOf: OpenPeriod['from']): ObservedRate {
  const anySite = sites.flatMap(({ open }) => open)
  const siteYears = sites.reduce((sum, { open }) => sum + exposureYears(open, asOf), 0)
  return observedRate(registered, exposureYears(anySite, asOf), siteYears)
}

type AboutSites = { claim: Claim & { kind: 'siteRate' | 'siteMinimum' }; siteIds: readonly string[] }

function conflictWith(above: readonly AboutSites[], { claim, siteIds }: AboutSites, yearsAsked: number): ClaimConflict {
  if (siteIds.length === 0) return 'none'
  const rate = claimedRatePerSiteYear(claim, yearsAsked)
  const sharing = above.filter((other) => other.siteIds.some((id) => siteIds.includes(id)))
  if (sharing.length === 0) return 'none'
  const isSame = (other: AboutSites) =>
    other.siteIds.length === siteIds.length && other.siteIds.every((id) => siteIds.includes(id))
  const disagrees = sharing.some(
    (other) => isSame(other) && Math.abs(claimedRatePerSiteYear(other.claim, yearsAsked) - rate) > 1e-9,
  )
  return disagrees ? 'disagrees' : 'counted_twice'
}
