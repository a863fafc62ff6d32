/**
 * What a request's claims are worth: how likely the record would be if they were true.
 */
import { chancePoissonAtMost } from './pooled-predictive.ts'
import type { Claim } from './site-per-year.ts'

/** What the sites that a claim speaks of did: subjects registered, in so many site-years open. */
export type ClaimRecord = { registered: number; exposureYears: number }

/**
 * `agrees`, `differs`: a stated count and the recorded one. `open`: nobody knows yet. A claimed rate is `contradicted`
 * where a record as low has a chance under 0.01, `optimistic` under 0.05, else `consistent`; `unsupported` where the
 * sites were never open, `unnamed` where nobody says which sites are meant; `withheld` from readers who
 * are not shown small numbers.
 */
export type RecordVerdict =
  | 'agrees'
  | 'differs'
  | 'open'
  | 'contradicted'
  | 'optimistic'
  | 'consistent'
  | 'unsupported'
  | 'unnamed'
  | 'withheld'

/**
 * P(so few or fewer | the claimed rate per site and year), exact and one-sided.
 * 0 in 3 site-years at 1 a year: e^-3 = 0.050. 2 in 9.86 at 1 a year: 0.0031.
 */
export function chanceOfRecord(ratePerSiteYear: number, { registered, exposureYears }: ClaimRecord): number {
  return chancePoissonAtMost(registered, ratePerSiteYear * exposureYears)
}

/** A minimum for the whole period asked for is spread over its years: at least 1 in 3 years is 1/3 a year. */
export function claimedRatePerSiteYear(
  claim: Claim & { kind: 'siteRate' | 'siteMinimum' },
  yearsAsked: number,
): number {
  if (claim.kind === 'siteRate') return claim.ratePerSiteYear
  return yearsAsked <= 0 ? 0 : claim.minimumPerSite / yearsAsked
}

/** One claim against the record of the sites it speaks of, null where it does not say which; `yearsAsked` is the length of the period asked for. */
export function claimAgainstRecord(claim: Claim, record: ClaimRecord | null, yearsAsked: number): RecordVerdict {
  if (record === null) return 'unnamed'
  switch (claim.kind) {
    case 'registered':
      return claim.number === record.registered ? 'agrees' : 'differs'
    case 'pipeline':
      return 'open'
    case 'siteRate':
    case 'siteMinimum': {
      if (record.exposureYears === 0) return 'unsupported'
      return verdictOfChance(chanceOfRecord(claimedRatePerSiteYear(claim, yearsAsked), record))
    }
  }
}

/** The verdict on a claimed rate by the chance of the record under it; null where there is no record. */
export function verdictOfChance(
  chance: number | null,
): Extract<RecordVerdict, 'contradicted' | 'optimistic' | 'consistent' | 'unsupported'> {
  if (chance === null) return 'unsupported'
  if (chance < 0.01) return 'contradicted'
  return chance < 0.05 ? 'optimistic' : 'consistent'
}
