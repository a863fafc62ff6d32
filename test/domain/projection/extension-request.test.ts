import { describe, expect, it } from 'vitest'
import { addDays, calendarDate } from '../../../server/domain/calendar-date.ts'
import { daysUntilExposure, exposureYears, futureYears } from '../../../server/domain/projection/exposure.ts'
import { garwoodInterval, observedRate } from '../../../server/domain/projection/poisson-interval.ts'
import {
  blendedBelief,
  chanceOfAtLeast,
  chancePoisson,
  chancePoissonAtMost,
  completionYears,
  expectedNew,
  observedBelief,
  withDrift,
} from '../../../server/domain/projection/pooled-predictive.ts'
import {
  expectedForAssurance,
  meanRateNeeded,
  multipleOfObserved,
  rateForAssurance,
} from '../../../server/domain/projection/required-rate.ts'
import request from '../../reference/seed-001.json' with { type: 'json' }

const { inputs, pTarget } = request
const asOf = calendarDate(inputs.asOf)
const trialOpen = [{ from: calendarDate(inputs.start), until: null }]
const past = exposureYears(trialOpen, asOf)
const future = futureYears(trialOpen, asOf, calendarDate(inputs.deadlineInstant))
const needed = inputs.target - inputs.registrations
const neededBesidesPipeline = needed - inputs.inScreening
const record = observedRate(inputs.registrations, past)
const belief = observedBelief(inputs.registrations, past)!

/** The reference's own tolerance: one part in 10^9. */
function expectSame(actual: number | null, reference: number) {
  expect(actual).not.toBeNull()
  expect(Math.abs(actual! - reference)).toBeLessThanOrEqual(1e-9 * Math.abs(reference))
}

describe('the extension request of 2026-06-24: 2 registered since 2021-07-19, 12 promised by 2029-07-18', () => {
  it('has been open for 4.93 years and has 3.07 left', () => {
    expectSame(past, request.observedYears)
    expectSame(future, request.futureYears)
  })

  it('registered 0.406 a year, exact 95% interval 0.049 to 1.465', () => {
    if (record.kind !== 'rate') throw new Error(`No rate, but ${record.kind}`)
    expectSame(record.perYear, request.observedRatePerYear)
    expectSame(record.interval.lower, request.garwood95RatePerYear[0]!)
    expectSame(record.interval.upper, request.garwood95RatePerYear[1]!)
    expectSame(garwoodInterval(2).lower, request.garwood95Count[0]!)
    expectSame(garwoodInterval(2).upper, request.garwood95Count[1]!)
    expectSame(garwoodInterval(2, 0.9).upper / past, request.oneSided95UpperRatePerYear)
  })

  it('needs 3.26 a year, 8.0 times what was observed', () => {
    const rate = meanRateNeeded(needed, future)!
    expectSame(rate, request.neededMeanRatePerYear)
    expectSame(multipleOfObserved(rate, record), request.neededOverObserved)
    expectSame(multipleOfObserved(inputs.claimedNew / inputs.claimedYears, record), request.claimedOverObserved)
  })

  it('needs 3.15, 4.08 and 4.63 a year for 50, 80 and 90% assurance', () => {
    expectSame(rateForAssurance(0.5, needed, future), request.requiredRatePerYear.p50)
    expectSame(rateForAssurance(0.8, needed, future), request.requiredRatePerYear.p80)
    expectSame(rateForAssurance(0.9, needed, future), request.requiredRatePerYear.p90)
  })

  it('contradicts its record: P(at most 2 | 1 a year at the two experienced sites) = 0.0031', () => {
    expectSame(chancePoissonAtMost(2, 2 * past), request.pDataGivenTwoSitesAtOnePerYear)
    expectSame(chancePoissonAtMost(2, 3 * past), request.pDataGivenClaimedTotalRate)
    expectSame(chancePoissonAtMost(2, (12 / 3) * past), request.pDataGivenPlanRate)
    expectSame(chancePoissonAtMost(0, 3 * past), request.pZeroAtThreeSitesGivenOnePerYear)
    expectSame(chancePoissonAtMost(0, past), request.pZeroAtThreeSitesGivenOneThirdPerYear)
  })

  it('reaches 12 with 0.676 if every claim holds, with 0.413 if the two in screening are part of the flow', () => {
    expectSame(chancePoisson(neededBesidesPipeline, 9), pTarget.claimedPoisson9PipelineCertain_need8)
    expectSame(chancePoisson(needed, 9), pTarget.claimedPoisson9PipelineInsideTheRate_need10)
  })

  it('reaches 12 with 0.478 if the two in screening are beta-binomial', () => {
    const chance = request.pipelineBetaBinomial.pmf.reduce(
      (sum, weight, converted) => sum + weight * chancePoisson(needed - converted, 9),
      0,
    )
    expectSame(chance, pTarget.claimedPoisson9PipelineBetaBinomial)
  })

  it('reaches 12 with 0.0010 at the observed rate, with 0.017 at the upper end of its interval', () => {
    expectSame(chanceOfAtLeast(needed, belief, future), pTarget.observedRateJeffreys_need10)
    expectSame(chanceOfAtLeast(neededBesidesPipeline, belief, future), pTarget.observedRateJeffreys_need8)
    expectSame(chancePoisson(needed, (2 / past) * future), pTarget.observedRatePlugIn_need10)
    const upper = garwoodInterval(2).upper / past
    expectSame(chancePoisson(needed, upper * future), pTarget.garwoodUpper_need10)
    expectSame(chancePoisson(neededBesidesPipeline, upper * future), pTarget.garwoodUpper_need8)
  })

  it('reaches 12 with 0.0033 with drift', () => {
    expect(chanceOfAtLeast(needed, withDrift(belief), future)).toBeCloseTo(0.0033, 4)
  })

  it('with the plan as prior at weights from one pseudo-subject to the whole: 0.0015 to 0.080', () => {
    for (const row of request.blended) {
      const blend = blendedBelief(2, past, inputs.planSubjects, inputs.planYears, row.planWeight)
      expectSame(blend.shape, row.shape)
      expectSame(blend.exposureYears, row.rateYears)
      expectSame(blend.shape / blend.exposureYears, row.meanRatePerYear)
      expectSame(expectedNew(blend, future).mean, row.meanNew)
      expectSame(chanceOfAtLeast(needed, blend, future), row.pTarget_need10)
      expectSame(chanceOfAtLeast(neededBesidesPipeline, blend, future), row.pTarget_need8)
      expectSame(completionYears(0.5, blend, needed), row.medianCompletionYearsFromAsOf)
    }
  })

  it('with its own claim as prior: at most 0.030', () => {
    for (const row of request.blendedExtensionClaim) {
      const blend = blendedBelief(2, past, inputs.claimedNew, inputs.claimedYears, row.claimWeight)
      expectSame(blend.shape / blend.exposureYears, row.meanRatePerYear)
      expectSame(expectedNew(blend, future).mean, row.meanNew)
      expectSame(chanceOfAtLeast(needed, blend, future), row.pTarget_need10)
      expectSame(chanceOfAtLeast(neededBesidesPipeline, blend, future), row.pTarget_need8)
    }
  })

  it('at least one at each of the three sites: 0.253 if each expects one; 3.37 each for 90%', () => {
    expectSame(chancePoisson(1, 1) ** 3, request.atLeastOneAtAllThreeSites.pGivenMeanOneEach)
    const each = expectedForAssurance(0.9 ** (1 / 3), 1)
    expectSame(each, request.atLeastOneAtAllThreeSites.meanNeededPerSiteForJoint90)
  })

  it('at the observed rate takes 24.7 years more', () => {
    if (record.kind !== 'rate') throw new Error(`No rate, but ${record.kind}`)
    expectSame(needed / record.perYear, request.yearsToTargetAtObservedRate)
  })

  it('with drift is complete on 2034-09-21 at the earliest (10%), and not within 20 years by the median', () => {
    const daysUntil = (p: number) =>
      daysUntilExposure([trialOpen], asOf, completionYears(p, withDrift(belief), needed))!
    expect(addDays(asOf, Math.floor(daysUntil(0.1)))).toBe('2034-09-21')
    expect(daysUntil(0.5)).toBeGreaterThan(20 * 365.25)
  })
})
