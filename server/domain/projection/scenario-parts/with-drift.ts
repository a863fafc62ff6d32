/** The same answers where the rate drifts. */
import { chanceOfAtLeast, expectedNew, type RateBelief, usualDrift, withDrift } from '../pooled-predictive.ts'
import type { Possibility } from '../predictive.ts'
import { chanceWithDrift } from '../site-forecast.ts'
import { pooledCompletion } from './pooled.ts'
import type { Facts } from './scenario-facts.ts'

const driftsCompared = [0.3, usualDrift, 0.6]

export function driftPart(facts: Facts, belief: RateBelief, plugIn: readonly Possibility[] | null) {
  const { outlook, needed, daysToDeadline, futureTotal } = facts
  return driftsCompared.map((cv) => {
    const drifting = withDrift(belief, cv)
    return {
      cv,
      pooled: {
        shape: drifting.shape,
        rateSiteYears: drifting.exposureYears,
        meanNew: expectedNew(drifting, futureTotal).mean,
        pTarget: chanceOfAtLeast(needed, drifting, futureTotal),
        completion: pooledCompletion(facts, drifting),
      },
      ...(plugIn === null ? {} : { poissonGammaPTarget: chanceWithDrift(outlook, plugIn, daysToDeadline, needed, cv) }),
    }
  })
}
