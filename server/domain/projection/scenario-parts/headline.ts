/** The one answer that a person asks for, with the state that says which answer there can be. */
import { yearsOpenBy } from '../exposure.ts'
import { methodVersion } from '../method.ts'
import {
  chanceOfAtLeast,
  completionYears,
  driftsShown,
  type RateBelief,
  usualDrift,
  withDrift,
} from '../pooled-predictive.ts'
import { mostThatCanCome } from '../predictive.ts'
import { believedChanceWithDrift, isWorthAPointRate, type SiteForecast } from '../site-forecast.ts'
import { daysOfPooled } from './pooled.ts'
import { dateAfter, type Facts } from './scenario-facts.ts'

/**
 * `noTarget`: 0 or none is asked for; `reached`: nothing is needed any more; `noSite`: there is no site, not even a
 * planned one; `noTimeLeft`: something is needed, and no site will be open before the deadline; `capped`: the sites'
 * caps admit fewer than are needed; `noExposure`, `zeroEnrolment`: the plan alone speaks, or nearly; `open`: the rest.
 */
export const headlineStates = [
  'noTarget',
  'reached',
  'noSite',
  'noTimeLeft',
  'capped',
  'noExposure',
  'zeroEnrolment',
  'open',
] as const
export type HeadlineState = (typeof headlineStates)[number]

/**
 * The default answer: over all spreads where there are two sites or more, or where the pooled answer does not exist or
 * has seen too little; else the pooled one.
 */
export function headlineOf(facts: Facts, hasTarget: boolean, forecast: SiteForecast, belief: RateBelief | null) {
  const { scenario, needed, enrolled, outlook, daysToDeadline } = facts
  const state = stateOf(facts, hasTarget)
  const start = {
    state,
    methodVersion,
    target: scenario.target,
    enrolled,
    needed: hasTarget ? Math.max(needed, 0) : null,
  }
  if (!hasTarget) return { ...start, answer: null, pTarget: null }
  if (outlook.sites.length >= 2 || belief === null || !isWorthAPointRate(outlook)) {
    const { ifRatesHold, withDrift: drifting } = forecast.believed
    return {
      ...start,
      answer: 'hierarchical',
      pTarget: { withDrift: drifting.chance, ifRatesHold: ifRatesHold.chance },
      drift: usualDrift,
      withLargerDrift: driftsShown(enrolled)
        .filter((drift) => drift !== usualDrift)
        .map((drift) => ({
          drift,
          pTarget: believedChanceWithDrift(outlook, scenario.plan, daysToDeadline, needed, drift),
        })),
      completion: {
        withDrift: completionOf(facts, drifting.completion),
        ifRatesHold: completionOf(facts, ifRatesHold.completion),
      },
    }
  }
  const chanceAt = (drift: number) => chanceOfAtLeast(needed, withDrift(belief, drift), facts.futureTotal)
  const completionAt = (drift: number) => {
    const days = (p: number) => daysOfPooled(facts, completionYears(p, withDrift(belief, drift), needed))
    return completionOf(facts, { early: days(0.1), median: days(0.5), late: days(0.9) })
  }
  return {
    ...start,
    answer: 'pooledJeffreys',
    pTarget: { withDrift: chanceAt(usualDrift), ifRatesHold: chanceAt(0) },
    drift: usualDrift,
    withLargerDrift: driftsShown(enrolled)
      .filter((drift) => drift !== usualDrift)
      .map((drift) => ({ drift, pTarget: chanceAt(drift) })),
    completion: { withDrift: completionAt(usualDrift), ifRatesHold: completionAt(0) },
  }
}

function stateOf({ needed, outlook, daysToDeadline, exposure, enrolled }: Facts, hasTarget: boolean): HeadlineState {
  if (!hasTarget) return 'noTarget'
  if (needed <= 0) return 'reached'
  if (outlook.sites.length === 0 && outlook.uncertain.length === 0) return 'noSite'
  if (mostThatCanCome(outlook, daysToDeadline) < needed) {
    const isAnyOpen = outlook.sites.some(({ open }) => yearsOpenBy(open, daysToDeadline) > 0)
    return isAnyOpen ? 'capped' : 'noTimeLeft'
  }
  if (exposure === 0) return 'noExposure'
  return enrolled === 0 ? 'zeroEnrolment' : 'open'
}

function completionOf(
  { scenario }: Facts,
  { early, median, late }: { early: number | null; median: number | null; late: number | null },
) {
  return {
    q10: { days: early, date: dateAfter(scenario.asOf, early) },
    q50: { days: median, date: dateAfter(scenario.asOf, median) },
    q90: { days: late, date: dateAfter(scenario.asOf, late) },
  }
}
