/**
 * What a trial of two sites or more lets expect if each has a rate of its own: the answer over all spreads of rates
 * that the record leaves possible, each site's own rate, and what one more of something would do.
 */
import { type CalendarDate, daysBetween } from '../calendar-date.ts'
import { sitesToAdd } from './added-sites.ts'
import type { SiteSoFar } from './claims-against-record.ts'
import { withDriftOfSites } from './drift-of-sites.ts'
import { exposureYears, openDays } from './exposure.ts'
import { driftOfFewSubjects, fewSubjects, usualDrift } from './pooled-predictive.ts'
import type { Outlook, Possibility } from './predictive.ts'
import { type Plan, rateHeterogeneity } from './rate-heterogeneity.ts'
import { manyNeeded, siteForecast } from './site-forecast.ts'
import { type Tornado, tornado, tornadoOfMany } from './tornado.ts'

export type SitesDiffer = {
  chance: { held: number; drift: number; moreDrift: number | null }
  /** New subjects expected by the deadline. */
  expectedNew: number
  /** One more site, year, or subject a year; with drift. */
  tornado: Tornado
  /** The smallest number of new sites for 50, 80 and 90%; null: a thousand are not enough. With drift. */
  sitesNeeded: { assurance: number; sites: number | null }[]
  /** Each site's mean rate a year, given its own record and all others', in the order of the sites. */
  ratesPerYear: number[]
}

const assurances = [0.5, 0.8, 0.9]

/** Up to so many needed the number of sites to add is looked for; it takes dozens of forecasts. */
const mostLookedFor = 50

/** `end` is the instant at which registration is over; `needed` is above 0, and so is the plan. */
export function sitesDiffer(
  sites: readonly SiteSoFar[],
  plan: Plan,
  asOf: CalendarDate,
  end: CalendarDate,
  needed: number,
): SitesDiffer {
  const outlook: Outlook = {
    sites: sites.map(({ registered, open }) => ({
      count: registered,
      exposureYears: exposureYears(open, asOf),
      open: openDays(open, asOf),
      admits: null,
    })),
    pipeline: null,
    uncertain: [],
  }
  const days = Math.max(daysBetween(asOf, end), 0)
  const registered = sites.reduce((sum, site) => sum + site.registered, 0)
  const { believed } = siteForecast(outlook, plan, days, needed)
  const { mean, variance } = believed.expectedNew
  const width = mean > 0 ? Math.sqrt(variance) / mean : 1
  const drifting = () => withDriftOfSites(rateHeterogeneity(outlook.sites, plan, 'rough'), usualDrift, width)
  return {
    chance: {
      held: believed.ifRatesHold.chance,
      drift: believed.withDrift.chance,
      moreDrift:
        registered < fewSubjects
          ? siteForecast(outlook, plan, days, needed, driftOfFewSubjects).believed.withDrift.chance
          : null,
    },
    expectedNew: mean,
    tornado:
      needed > manyNeeded
        ? tornadoOfMany(outlook, rateHeterogeneity(outlook.sites, plan, 'rough'), days, needed, usualDrift)
        : tornado(outlook, drifting(), days, needed),
    sitesNeeded:
      needed > mostLookedFor
        ? []
        : sitesToAdd(assurances, outlook, drifting(), days, needed, 0).map((added, place) => ({
            assurance: assurances[place] ?? 0,
            sites: added,
          })),
    ratesPerYear: ratesOf(outlook, rateHeterogeneity(outlook.sites, plan)),
  }
}

function ratesOf({ sites }: Outlook, possibilities: readonly Possibility[]): number[] {
  return sites.map(({ count, exposureYears: years }) =>
    possibilities.reduce((sum, { weight, spread, factor }) => {
      const rate = spread.kind === 'equal' ? spread.ratePerYear : (spread.alpha + count) / (spread.beta + years)
      return sum + weight * factor * rate
    }, 0),
  )
}
