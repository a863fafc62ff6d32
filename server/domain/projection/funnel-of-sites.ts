/**
 * Sites beside each other: the number each registered against how long it was open, with the limits within which sites
 * of one common rate stay. Exact Poisson limits (Spiegelhalter, Statistics in Medicine 24, 2005, with counts in place
 * of proportions).
 */
import { chancePoissonAtMost } from './pooled-predictive.ts'

/** Whole numbers, both belonging to it: a site of the common rate lies within them with at least the chance named. */
export type Limits = { low: number; high: number }
export type FunnelPoint = { exposureYears: number; expected: number; limits95: Limits; limits998: Limits }
export type FunnelPlace = 'within' | 'outside95' | 'outside998'
export type SiteInFunnel = FunnelPoint & { id: string; registered: number; place: FunnelPlace }
export type SiteFunnel = { ratePerSiteYear: number; sites: SiteInFunnel[]; curve: FunnelPoint[] }

/** Points of the curve of the limits. */
const curvePoints = 60

/**
 * Null where nobody was registered or no site was open: there is no common rate. Sites that were never open are left
 * out.
 *
 * 2 and 0 in 1 year each: 1 a year. Of 1 expected, 4 or more have the chance 0.019, so up to 3 lie within 95%.
 */
export function siteFunnel(
  sites: readonly { id: string; registered: number; exposureYears: number }[],
): SiteFunnel | null {
  const opened = sites.filter(({ exposureYears }) => exposureYears > 0)
  const registered = opened.reduce((sum, site) => sum + site.registered, 0)
  const years = opened.reduce((sum, site) => sum + site.exposureYears, 0)
  if (registered === 0) return null
  const rate = registered / years
  const longest = opened.reduce((most, { exposureYears }) => Math.max(most, exposureYears), 0)
  return {
    ratePerSiteYear: rate,
    sites: opened.map((site) => {
      const point = pointAt(site.exposureYears, rate)
      return { id: site.id, registered: site.registered, ...point, place: placeOf(site.registered, point) }
    }),
    curve: Array.from({ length: curvePoints + 1 }, (_, step) => pointAt((1.08 * longest * step) / curvePoints, rate)),
  }
}

function pointAt(exposureYears: number, rate: number): FunnelPoint {
  const expected = rate * exposureYears
  return { exposureYears, expected, limits95: limitsOf(expected, 0.95), limits998: limitsOf(expected, 0.998) }
}

function placeOf(registered: number, { limits95, limits998 }: FunnelPoint): FunnelPlace {
  const isWithin = ({ low, high }: Limits) => registered >= low && registered <= high
  if (isWithin(limits95)) return 'within'
  return isWithin(limits998) ? 'outside95' : 'outside998'
}

/** The smallest counts k with P(X <= k) above (1 - level)/2, and with P(X <= k) of at least (1 + level)/2. */
function limitsOf(expected: number, level: number): Limits {
  if (expected === 0) return { low: 0, high: 0 }
  const tail = (1 - level) / 2
  return {
    low: smallest((count) => chancePoissonAtMost(count, expected) > tail, expected),
    high: smallest((count) => chancePoissonAtMost(count, expected) >= 1 - tail, expected),
  }
}

/** The smallest count from 0 on for which something holds that holds for all larger ones. */
function smallest(holds: (count: number) => boolean, guess: number): number {
  let high = Math.max(Math.ceil(guess), 1)
  while (!holds(high)) high *= 2
  let low = -1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
