/** What of the claims' checks is shown to readers who are not shown small numbers of single sites. */
import { maySum, type SmallNumbers } from '../small-numbers.ts'
import type { ClaimAboutSites, ClaimCheck } from './claims-against-record.ts'
import type { TrialOutlook } from './trial-outlook.ts'

/** The record of a claim's sites is withheld with its verdict: a verdict tells of the count that it was made from. */
export function checksShown(
  outlook: TrialOutlook,
  claims: readonly ClaimAboutSites[],
  small: SmallNumbers,
): TrialOutlook {
  if (outlook.claims === null) return outlook
  const shown = (check: ClaimCheck): ClaimCheck =>
    check.place === null || maySum(small, claims[check.place]?.siteIds ?? [])
      ? check
      : { ...check, observed: { kind: 'noExposure' }, registered: null, chance: null, verdict: 'withheld' }
  return { ...outlook, claims: { ...outlook.claims, checks: outlook.claims.checks.map(shown) } }
}
