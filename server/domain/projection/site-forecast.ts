/**
 * Everything that a page shows of sites that differ: the fit, the forecast that takes it at its word, and the default
 * forecast, which is the mean over all spreads of rates that the record leaves possible, with and without drift.
 */
import { completionDays, completionDaysByMoments } from './completion-date.ts'
import { withDriftOfSites } from './drift-of-sites.ts'
import type { Moments } from './moments.ts'
import { fitPoissonGamma, type PoissonGammaFit, type RateSpread, spreadOf } from './poisson-gamma.ts'
import { requireAmount, requireWhole } from './poisson-interval.ts'
import { usualDrift } from './pooled-predictive.ts'
import { chanceOfMany, chanceOfNew, isMany, momentsOfNew, type Outlook, type Possibility, taken } from './predictive.ts'
import { believedMeanRate, type Plan, rateHeterogeneity } from './rate-heterogeneity.ts'

/** Days after the as-of date by which completion has 10, 50 and 90%; null: not within 200 years, or never. */
export type CompletionDays = { early: number | null; median: number | null; late: number | null }

/** A chance of the target by the deadline, and when it is reached. */
export type SiteAnswer = { chance: number; completion: CompletionDays }

export type SiteForecast = {
  fit: PoissonGammaFit
  /** The most likely spread at its word; null where there is none, or where so little was seen that it would mislead. */
  plugIn: SiteAnswer | null
  /** The default: over all spreads that the record leaves possible, if rates hold and with drift. */
  believed: { ifRatesHold: SiteAnswer; withDrift: SiteAnswer; meanRate: number; expectedNew: Moments }
}

const probabilities = [0.1, 0.5, 0.9] as const

/** With more than so many needed, drift is reckoned on the mean and the variance: its own spread hides what that leaves out. */
export const manyNeeded = 400

/**
 * Fit, plug-in and default answer for the number needed by so many days after the as-of date. Works for any number of
 * sites, open or not, from no subject on: without a record the plan speaks, as one pseudo-subject.
 *
 * Nothing needed: every chance is 1, and completion is 0 days away.
 */
export function siteForecast(
  outlook: Outlook,
  plan: Plan,
  daysToDeadline: number,
  needed: number,
  drift: number = usualDrift,
): SiteForecast {
  requireWhole('needed', needed)
  requireAmount('daysToDeadline', daysToDeadline)
  const fit = fitPoissonGamma(outlook.sites)
  const spread = isWorthAPointRate(outlook) ? spreadOf(fit) : null
  const fine = rateHeterogeneity(outlook.sites, plan)
  const coarse = rateHeterogeneity(outlook.sites, plan, 'coarse')
  const expectedNew = momentsOfNew(outlook, fine, daysToDeadline)
  return {
    fit,
    plugIn: spread === null ? null : answer(outlook, spread, daysToDeadline, needed),
    believed: {
      ifRatesHold: {
        chance: chanceOfNew(outlook, fine, daysToDeadline, needed),
        completion: named(completionDays(probabilities, outlook, coarse, needed, { tolerance: 1e-3 })),
      },
      withDrift: {
        chance: driftingChance(outlook, coarse, daysToDeadline, needed, drift),
        completion: driftingCompletion(
          outlook,
          rateHeterogeneity(outlook.sites, plan, 'rough'),
          daysToDeadline,
          needed,
          drift,
        ),
      },
      meanRate: believedMeanRate(fine),
      expectedNew,
    },
  }
}

/**
 * Whether the record allows a point rate to be forecast from: under a year of exposure and with a handful of subjects
 * it does not ("730 a year" of two on the first day), and only what includes the plan says anything.
 */
export function isWorthAPointRate({ sites }: Pick<Outlook, 'sites'>): boolean {
  const years = sites.reduce((sum, { exposureYears }) => sum + exposureYears, 0)
  const count = sites.reduce((sum, site) => sum + site.count, 0)
  return isWorthAForecast(count, years)
}

/**
 * One site-year of all sites together, or six subjects: with less, the rate of the first day would be carried on for
 * years. A point rate is printed from one site-year and one subject on (`observedRate`); a forecast needs less of
 * either, as it carries its width with it.
 */
export function isWorthAForecast(registered: number, siteYears: number): boolean {
  return siteYears >= 1 || registered >= 6
}

/**
 * P(target) of a fit with drift: over all factors, exactly; where hundreds are needed too. Two equal sites of 5 a year
 * each for a year with 10 needed: about one half, and drift leaves it there.
 */
export function chanceWithDrift(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  days: number,
  needed: number,
  drift: number,
): number {
  return chanceOfNew(outlook, driftingPossibilities(outlook, possibilities, days, drift), days, needed)
}

/** Every possibility with every factor of drift, as dense as the new subjects by that day need it. */
export function driftingPossibilities(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  days: number,
  drift: number,
): Possibility[] {
  return withDriftOfSites(possibilities, drift, relativeWidth(momentsOfNew(outlook, possibilities, days)))
}

function answer(outlook: Outlook, spread: RateSpread, days: number, needed: number): SiteAnswer {
  return {
    chance: chanceOfNew(outlook, taken(spread), days, needed),
    completion: named(completionDays(probabilities, outlook, taken(spread), needed)),
  }
}

/**
 * The chance of the default forecast with another drift, for the larger one that few subjects cannot speak against.
 */
export function believedChanceWithDrift(
  outlook: Outlook,
  plan: Plan,
  daysToDeadline: number,
  needed: number,
  drift: number,
): number {
  const coarse = rateHeterogeneity(outlook.sites, plan, 'coarse')
  return driftingChance(outlook, coarse, daysToDeadline, needed, drift)
}

function driftingChance(
  outlook: Outlook,
  coarse: readonly Possibility[],
  days: number,
  needed: number,
  drift: number,
): number {
  return isMany(needed, manyNeeded, outlook)
    ? chanceOfMany(outlook, coarse, days, needed, drift)
    : chanceWithDrift(outlook, coarse, days, needed, drift)
}

function driftingCompletion(
  outlook: Outlook,
  rough: readonly Possibility[],
  daysToDeadline: number,
  needed: number,
  drift: number,
): CompletionDays {
  const guess = completionDaysByMoments(probabilities, outlook, rough, needed, drift)
  if (isMany(needed, manyNeeded, outlook)) return named(guess)
  const drifting = driftingPossibilities(outlook, rough, daysToDeadline, drift)
  return named(completionDays(probabilities, outlook, drifting, needed, { guess, tolerance: 1e-3 }))
}

/** The standard deviation of the new subjects over their mean; 1 where nobody is expected. */
function relativeWidth({ mean, variance }: Moments): number {
  return mean > 0 ? Math.sqrt(variance) / mean : 1
}

function named([early = null, median = null, late = null]: readonly (number | null)[]): CompletionDays {
  return { early, median, late }
}
