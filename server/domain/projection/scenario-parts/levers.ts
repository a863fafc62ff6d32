/** What would have to change: the rate required, one more of something, added sites; and which sites stand out. */
import { sitesToAdd, sitesToAddForMany } from '../added-sites.ts'
import { funnelOfSites } from '../funnel-of-sites.ts'
import { usualDrift } from '../pooled-predictive.ts'
import { isMany, type Possibility } from '../predictive.ts'
import { rateHeterogeneity } from '../rate-heterogeneity.ts'
import { expectedForAssurance, rateForAssurance } from '../required-rate.ts'
import { driftingPossibilities, manyNeeded } from '../site-forecast.ts'
import { tornado, tornadoOfMany } from '../tornado.ts'
import { assurances, byAssurance, type Facts } from './scenario-facts.ts'

export function requiredPart({ needed, futureTotal }: Facts) {
  return {
    poissonRatePerSiteYear: byAssurance((p) => rateForAssurance(p, needed, futureTotal)),
    expectedNew: byAssurance((p) => expectedForAssurance(p, needed)),
  }
}

/** P(target) with drift, as it is and with one more of something. As it is, it is the headline's over all spreads. */
export function tornadoPart({ scenario, outlook, needed, daysToDeadline }: Facts) {
  const { plan, addedSiteDelayDays } = scenario
  const coarse = rateHeterogeneity(outlook.sites, plan, 'coarse')
  return isMany(needed, manyNeeded, outlook)
    ? tornadoOfMany(outlook, coarse, daysToDeadline, needed, usualDrift, addedSiteDelayDays)
    : tornado(
        outlook,
        driftingPossibilities(outlook, coarse, daysToDeadline, usualDrift),
        daysToDeadline,
        needed,
        addedSiteDelayDays,
      )
}

/** The smallest number of new sites that brings the chance to 50, 80 and 90%; null where a thousand do not. */
export function addedPart(facts: Facts, plugIn: readonly Possibility[] | null) {
  const { scenario, outlook, needed, daysToDeadline } = facts
  const { plan, addedSiteDelayDays: delay } = scenario
  const sitesFor = (possibilities: readonly Possibility[], drift: number) => {
    const sites = isMany(needed, manyNeeded, outlook)
      ? sitesToAddForMany(Object.values(assurances), outlook, possibilities, daysToDeadline, needed, delay, drift)
      : sitesToAdd(
          Object.values(assurances),
          outlook,
          drift === 0 ? possibilities : driftingPossibilities(outlook, possibilities, daysToDeadline, drift),
          daysToDeadline,
          needed,
          delay,
        )
    return byAssurance((_, place) => sites[place] ?? null)
  }
  const rough = rateHeterogeneity(outlook.sites, plan, 'rough')
  return {
    openingDelayDays: delay,
    withDrift: sitesFor(rough, usualDrift),
    ifRatesHold: sitesFor(rateHeterogeneity(outlook.sites, plan, 'coarse'), 0),
    ...(plugIn === null ? {} : { poissonGamma: sitesFor(plugIn, 0) }),
  }
}

/** Each site's count between its exact limits around the common rate; null where there is no such rate. */
export function funnelPart({ scenario, past }: Facts) {
  const funnel = funnelOfSites(
    scenario.sites.map(({ id, n }, place) => ({ id, registered: n, exposureYears: past[place]! })),
  )
  if (funnel === null) return null
  return {
    ratePerSiteYear: funnel.ratePerSiteYear,
    sites: funnel.sites.map(({ id, registered, exposureYears: years, limits, place }) => ({
      id,
      n: registered,
      exposureYears: years,
      ...limits,
      place,
    })),
  }
}
