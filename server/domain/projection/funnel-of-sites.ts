/** All sites of a trial in their funnel, around the rate that they would share if they were equal. */
import { type FunnelLimits, type FunnelPlace, funnelLimits, funnelPlace } from './site-funnel.ts'

export type FunnelPoint = { exposureYears: number; limits: FunnelLimits }
export type SiteInFunnel = FunnelPoint & { id: string; registered: number; place: FunnelPlace }
export type FunnelOfSites = { ratePerSiteYear: number; sites: SiteInFunnel[]; curve: FunnelPoint[] }

/** Points of the curve of the limits, and how far it goes beyond the longest exposure. */
const curvePoints = 60
const overhang = 1.08

/**
 * Null where nobody was registered or no site was open: there is no common rate. Sites that were never open are left
 * out. 2 and 0 in 1 year each: 1 a year, so 1 is expected of each.
 */
export function funnelOfSites(
  sites: readonly { id: string; registered: number; exposureYears: number }[],
): FunnelOfSites | null {
  const opened = sites.filter(({ exposureYears }) => exposureYears > 0)
  const registered = opened.reduce((sum, site) => sum + site.registered, 0)
  const years = opened.reduce((sum, site) => sum + site.exposureYears, 0)
  if (registered === 0) return null
  const rate = registered / years
  const pointAt = (exposureYears: number) => ({ exposureYears, limits: funnelLimits(rate * exposureYears) })
  const longest = opened.reduce((most, { exposureYears }) => Math.max(most, exposureYears), 0)
  return {
    ratePerSiteYear: rate,
    sites: opened.map((site) => {
      const point = pointAt(site.exposureYears)
      return { id: site.id, registered: site.registered, ...point, place: funnelPlace(site.registered, point.limits) }
    }),
    curve: Array.from({ length: curvePoints + 1 }, (_, step) => pointAt((overhang * longest * step) / curvePoints)),
  }
}
