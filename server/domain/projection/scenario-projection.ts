/**
 * The projection of a scenario as other programs read it: every figure under the name that the reference scenarios
 * use, so that anybody can compare them one by one, and a headline with the one answer that a person asks for.
 */
import { spreadOf } from './poisson-gamma.ts'
import { observedBelief } from './pooled-predictive.ts'
import { taken } from './predictive.ts'
import type { Scenario } from './scenario.ts'
import { fitPart, hierarchicalPart, plannedPart, plugInPart, posteriorPart } from './scenario-parts/by-site.ts'
import { headlineOf } from './scenario-parts/headline.ts'
import { addedPart, funnelPart, requiredPart, tornadoPart } from './scenario-parts/levers.ts'
import { blendedPart, claimedPart, observedPart, pooledPart } from './scenario-parts/pooled.ts'
import { factsOf } from './scenario-parts/scenario-facts.ts'
import { driftPart } from './scenario-parts/with-drift.ts'
import { isWorthAPointRate, siteForecast } from './site-forecast.ts'

/**
 * Everything about a scenario. What does not exist is left out or null, never a number that is none: no completion
 * date where sites close before, no fit where nobody was registered, no point rate from a first day, nothing about a
 * target where there is none. Pooled answers are left out where caps, people in screening or uncertain openings make them
 * something else.
 */
export function projectScenario(scenario: Scenario) {
  const facts = factsOf(scenario)
  const { outlook, needed, daysToDeadline, enrolled, exposure } = facts
  const hasTarget = (scenario.target ?? 0) > 0
  const forecast = siteForecast(outlook, scenario.plan, daysToDeadline, hasTarget ? needed : 0)
  const spread = isWorthAPointRate(outlook) ? spreadOf(forecast.fit) : null
  const isPooled =
    outlook.pipeline === null && outlook.uncertain.length === 0 && outlook.sites.every(({ admits }) => admits === null)
  const belief = observedBelief(enrolled, exposure)
  return {
    id: scenario.id,
    headline: headlineOf(facts, hasTarget, forecast, isPooled ? belief : null),
    derived: {
      tauYears: facts.past,
      futureYears: facts.future,
      totalExposureYears: exposure,
      totalFutureYears: facts.futureTotal,
      enrolled,
      remaining: hasTarget ? needed : null,
      deadlineDays: daysToDeadline,
    },
    observed: observedPart(facts),
    claimed: claimedPart(facts, hasTarget),
    ...(hasTarget && isPooled && belief !== null
      ? { pooledJeffreys: pooledPart(facts, belief, { shape: 0.5, exposureYears: 0 }) }
      : {}),
    ...(hasTarget && isPooled ? { pooledPlan: blendedPart(facts) } : {}),
    ml: fitPart(forecast.fit, isWorthAPointRate(outlook)),
    ...(forecast.fit.kind === 'interior' ? { sitePosterior: posteriorPart(facts, forecast.fit) } : {}),
    ...(hasTarget && spread !== null ? { poissonGamma: plugInPart(facts, taken(spread)) } : {}),
    ...(hasTarget ? { required: requiredPart(facts) } : {}),
    ...(hasTarget && isPooled && belief !== null
      ? { drift: driftPart(facts, belief, spread === null ? null : taken(spread)) }
      : {}),
    ...(hasTarget ? { hierarchical: hierarchicalPart(facts, forecast) } : {}),
    ...(scenario.plannedSites.length === 0 ? {} : { plannedSites: plannedPart(facts) }),
    ...(hasTarget
      ? { tornado: tornadoPart(facts), addedSites: addedPart(facts, spread === null ? null : taken(spread)) }
      : {}),
    funnel: funnelPart(facts),
  }
}

export type ScenarioProjection = ReturnType<typeof projectScenario>
