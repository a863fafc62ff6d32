/**
 * The drift rule: a forecast from the recent rate that does not pretend the rate will stay. Published methods take the
 * past rate for the future one; on histories that are over, their 80% intervals held 10 to 50% of what came.
 */
import { fitPoissonGamma } from './poisson-gamma.ts'
import { type RateBelief, usualDrift, withDrift } from './pooled-predictive.ts'
import { enoughForDriftRule, type KnownAccrual, recentBelief, sitesInWindow } from './recent-window.ts'

/** The share of the elapsed time over which sites are told apart. */
const siteShare = 0.5

/**
 * The rate of all sites that are open, each with its own: the Poisson-gamma model fitted by maximum likelihood to the
 * window, every site's rate then Gamma(alpha + n, beta + t), and their sum matched by its mean and variance. Where the
 * sites do not differ more than chance, all have the pooled rate N / T: a site that opened late then counts in full.
 * Null where nobody was registered in the window.
 *
 * Two sites of 1 year each with 2 and 2 subjects do not differ: 4 a year, shape 4.
 */
export function sitesBelief(known: KnownAccrual, share: number = siteShare): RateBelief | null {
  const sites = sitesInWindow(known, share)
  const fit = fitPoissonGamma(sites)
  switch (fit.kind) {
    case 'noExposure':
    case 'zeroEnrolment':
      return null
    case 'poissonBoundary': {
      const count = sites.reduce((sum, site) => sum + site.count, 0)
      return { shape: count, exposureYears: count / (fit.meanRate * sites.length) }
    }
    case 'interior': {
      const { alpha, beta } = fit
      let mean = 0
      let variance = 0
      for (const { count, exposureYears } of sites) {
        mean += (alpha + count) / (beta + exposureYears)
        variance += (alpha + count) / (beta + exposureYears) ** 2
      }
      return { shape: mean ** 2 / variance, exposureYears: mean / variance }
    }
  }
}

/**
 * What the recent past says about the rate of the trial, per year, before any drift. One site: the recent window alone.
 * Two or more: the rate is the geometric mean of the recent window's and of that of the sites that are open, the shape
 * the mean of both shapes. `enough` is what a recent window has to hold. Null before any time has passed.
 *
 * 30 a year with shape 20 and 120 a year with shape 40: 60 a year with shape 30, as if from half a year.
 */
export function recentRate(known: KnownAccrual, enough: number): RateBelief | null {
  const recent = recentBelief(known, enough)
  if (recent === null) return null
  const sites = siteCount(known) < 2 ? null : sitesBelief(known)
  return sites === null ? recent : between(recent, sites)
}

/** Rates by their geometric mean, shapes by their mean. */
function between(a: RateBelief, b: RateBelief): RateBelief {
  const rate = Math.sqrt((a.shape / a.exposureYears) * (b.shape / b.exposureYears))
  const shape = (a.shape + b.shape) / 2
  return { shape, exposureYears: shape / rate }
}

function siteCount({ registrations, openedOnDay }: KnownAccrual): number {
  return openedOnDay === null ? new Set(registrations.map(({ site }) => site)).size : openedOnDay.size
}

/**
 * The recent rate with drift: the belief about the future rate. Completion follows as `completionYears`,
 * (k / rate) x B/(1 - B) with B ~ Beta(needed, k). Null before any time has passed.
 */
export function driftRuleBelief(known: KnownAccrual): RateBelief | null {
  const rate = recentRate(known, enoughForDriftRule)
  return rate === null ? null : withDrift(rate, usualDrift)
}
