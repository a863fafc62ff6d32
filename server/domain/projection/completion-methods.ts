/** The methods by which a completion can be forecast and tried on histories that are over, each under its name. */
import type { CompletionMethod } from './backtest.ts'
import { driftRuleBelief, sitesBelief } from './drift-rule.ts'
import { fitPoissonGamma } from './poisson-gamma.ts'
import { gammaQuantile } from './poisson-interval.ts'
import { completionYears, type RateBelief } from './pooled-predictive.ts'
import { type KnownAccrual, sitesInWindow, wholeBelief } from './recent-window.ts'
import { driftingCompletionYears, slowingDriftBelief } from './slowing-drift.ts'

/**
 * - `slowingDrift`: the default, see `slowing-drift.ts`.
 * - `driftRule`: the recent rate with a drift of 0.45, see `drift-rule.ts`.
 * - `pooledPoisson`: all history, one rate that will stay, with the prior of Jeffreys.
 * - `poissonGamma`: all history, each site with a rate of its own that will stay, fitted by maximum likelihood; the fit
 *   is taken for certain.
 */
export const completionMethods = {
  slowingDrift: (known, remaining) => {
    const belief = someBelief(slowingDriftBelief(known, remaining))
    return (p) => daysOf(driftingCompletionYears(p, belief, remaining))
  },
  driftRule: (known, remaining) => betaPrimeDays(driftRuleBelief(known), remaining),
  pooledPoisson: (known, remaining) => betaPrimeDays(wholeBelief(known), remaining),
  poissonGamma: poissonGammaDays,
} as const satisfies Record<string, CompletionMethod>

export type CompletionMethodName = keyof typeof completionMethods

export const defaultMethod: CompletionMethodName = 'slowingDrift'

/**
 * Sites that do not differ have one rate, which the fit takes for certain: the wait is then Gamma(remaining) / rate.
 * Where no site has registered anybody after its opening there is nothing to fit, and the pooled rate stands in.
 */
function poissonGammaDays(known: KnownAccrual, remaining: number): (p: number) => number {
  const sites = sitesInWindow(known, 1)
  const fit = fitPoissonGamma(sites)
  if (fit.kind === 'poissonBoundary') {
    return (p) => daysOf(gammaQuantile(p, remaining) / (fit.meanRate * sites.length))
  }
  return betaPrimeDays(sitesBelief(known, 1) ?? wholeBelief(known), remaining)
}

function betaPrimeDays(belief: RateBelief | null, remaining: number): (p: number) => number {
  const some = someBelief(belief)
  return (p) => daysOf(completionYears(p, some, remaining))
}

function someBelief<T>(belief: T | null): T {
  if (belief === null) throw new RangeError('No time has passed: there is no rate to forecast from')
  return belief
}

/** Centuries of days are still a number. */
function daysOf(years: number): number {
  return Math.min(years * 365.25, Number.MAX_VALUE)
}
