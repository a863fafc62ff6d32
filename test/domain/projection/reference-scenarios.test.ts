import { describe, expect, it } from 'vitest'
import { addDays, calendarDate, daysBetween } from '../../../server/domain/calendar-date.ts'
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
  predictiveQuantiles,
  type RateBelief,
  rateQuantile,
  withDrift,
} from '../../../server/domain/projection/pooled-predictive.ts'
import { expectedForAssurance, rateForAssurance } from '../../../server/domain/projection/required-rate.ts'
import reference from '../../reference/reference.json' with { type: 'json' }

type Quantiles<T> = Record<'q5' | 'q10' | 'q25' | 'q50' | 'q75' | 'q90' | 'q95', T>
type Completion = { days: Quantiles<number | null>; date: Quantiles<string | null>; pEverWithin200Years: number }
type Pooled = {
  postShape: number
  postRate: number
  ratePerSiteYear: { mean: number; 'q2.5': number; 'q97.5': number }
  mean: number
  sd: number
  pTargetExact: number
  quantiles: Quantiles<number>
  completion: Completion
}
type Assured = Record<'p50' | 'p80' | 'p90', number>
type Reference = {
  scenario: {
    id: string
    asOf: string
    deadline: string
    target: number
    plan: { subjects: number; siteYears: number }
    sites: { open: string; close: string | null; n: number }[]
  }
  expected: {
    derived: {
      tauYears: number[]
      futureYears: number[]
      totalExposureYears: number
      totalFutureYears: number
      enrolled: number
      remaining: number
      deadlineDays: number
    }
    observed: { ratePerSiteYear: number; garwood95PerSiteYear: [number, number] }
    claimed: { ratePerSiteYear: number; expectedSoFar: number; pAtMostObserved: number; pTargetPoisson: number }
    pooledJeffreys?: Pooled
    pooledPlan?: (Pooled & { weight: number })[]
    drift?: {
      cv: number
      pooled: { shape: number; rateSiteYears: number; meanNew: number; pTarget: number; completion: Completion }
    }[]
    required: { poissonRatePerSiteYear: Assured; expectedNew: Assured }
  }
}

const chanceOf: Quantiles<number> = { q5: 0.05, q10: 0.1, q25: 0.25, q50: 0.5, q75: 0.75, q90: 0.9, q95: 0.95 }
const names = Object.keys(chanceOf) as (keyof Quantiles<number>)[]
const assurances = { p50: 0.5, p80: 0.8, p90: 0.9 } as const

function expectSame(actual: number, expected: number) {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected))
}

describe.each(reference.scenarios as unknown as Reference[])('scenario $scenario.id', ({ scenario, expected }) => {
  const asOf = calendarDate(scenario.asOf)
  const deadline = calendarDate(scenario.deadline)
  const sites = scenario.sites.map(({ open, close }) => [
    { from: calendarDate(open), until: close === null ? null : calendarDate(close) },
  ])
  const pasts = sites.map((site) => exposureYears(site, asOf))
  const futures = sites.map((site) => futureYears(site, asOf, deadline))
  const past = sum(pasts)
  const future = sum(futures)
  const enrolled = sum(scenario.sites.map(({ n }) => n))
  const needed = scenario.target - enrolled
  const { derived, observed, claimed, pooledJeffreys, pooledPlan, drift, required } = expected

  it('exposure of each site, past and future', () => {
    pasts.forEach((years, site) => {
      expectSame(years, derived.tauYears[site]!)
      expectSame(futures[site]!, derived.futureYears[site]!)
    })
    expectSame(past, derived.totalExposureYears)
    expectSame(future, derived.totalFutureYears)
    expect([enrolled, needed]).toEqual([derived.enrolled, derived.remaining])
    expect(daysBetween(asOf, deadline)).toBe(derived.deadlineDays)
  })

  it('the observed rate and its exact interval', () => {
    const record = observedRate(enrolled, past)
    if (record.kind === 'rate') expectSame(record.perYear, observed.ratePerSiteYear)
    else expect(enrolled === 0 || past < 1).toBe(true)
    const { lower, upper } = garwoodInterval(enrolled)
    expectSame(lower / past, observed.garwood95PerSiteYear[0])
    expectSame(upper / past, observed.garwood95PerSiteYear[1])
  })

  it('the claim of the plan', () => {
    const rate = scenario.plan.subjects / scenario.plan.siteYears
    expectSame(rate, claimed.ratePerSiteYear)
    expectSame(rate * past, claimed.expectedSoFar)
    expectSame(chancePoissonAtMost(enrolled, rate * past), claimed.pAtMostObserved)
    expectSame(chancePoisson(needed, rate * future), claimed.pTargetPoisson)
  })

  it('the rate needed for 50, 80 and 90% assurance', () => {
    for (const name of ['p50', 'p80', 'p90'] as const) {
      expectSame(expectedForAssurance(assurances[name], needed), required.expectedNew[name])
      expectSame(rateForAssurance(assurances[name], needed, future)!, required.poissonRatePerSiteYear[name])
    }
  })

  // Absent where caps or people in screening make the pooled answers something else.
  if (pooledJeffreys === undefined || pooledPlan === undefined || drift === undefined) return

  it('the observed answer', () => {
    expectPooled(observedBelief(enrolled, past)!, pooledJeffreys)
  })

  it('the answers blended with the plan', () => {
    expect(pooledPlan).toHaveLength(6)
    for (const row of pooledPlan) {
      const { subjects, siteYears } = scenario.plan
      expectPooled(blendedBelief(enrolled, past, subjects, siteYears, row.weight), row)
    }
  })

  it('the observed answer with drift', () => {
    expect(drift.map(({ cv }) => cv)).toContain(0.45)
    for (const { cv, pooled } of drift) {
      const belief = withDrift(observedBelief(enrolled, past)!, cv)
      expectSame(belief.shape, pooled.shape)
      expectSame(belief.exposureYears, pooled.rateSiteYears)
      expectSame(expectedNew(belief, future).mean, pooled.meanNew)
      expectSame(chanceOfAtLeast(needed, belief, future), pooled.pTarget)
      expectCompletion(belief, pooled.completion)
    }
  })

  function expectPooled(belief: RateBelief, pooled: Pooled) {
    expectSame(belief.shape, pooled.postShape)
    expectSame(belief.exposureYears, pooled.postRate)
    expectSame(belief.shape / belief.exposureYears, pooled.ratePerSiteYear.mean)
    expectSame(rateQuantile(0.025, belief), pooled.ratePerSiteYear['q2.5'])
    expectSame(rateQuantile(0.975, belief), pooled.ratePerSiteYear['q97.5'])
    const { mean, standardDeviation } = expectedNew(belief, future)
    expectSame(mean, pooled.mean)
    expectSame(standardDeviation, pooled.sd)
    expectSame(chanceOfAtLeast(needed, belief, future), pooled.pTargetExact)
    const counts = predictiveQuantiles(Object.values(chanceOf), belief, future)
    expect(counts).toEqual(names.map((name) => pooled.quantiles[name]))
    expectCompletion(belief, pooled.completion)
  }

  /** The reference looks 200 years ahead; its days are given to a hundredth, its dates to the day. */
  function expectCompletion(belief: RateBelief, completion: Completion) {
    const horizon = addDays(asOf, 200 * 365.25)
    const within200Years = sum(sites.map((site) => futureYears(site, asOf, horizon)))
    expectSame(chanceOfAtLeast(needed, belief, within200Years), completion.pEverWithin200Years)
    for (const name of names) {
      const days = daysUntilExposure(sites, asOf, completionYears(chanceOf[name], belief, needed))
      const expectedDays = completion.days[name]
      if (expectedDays === null) {
        expect(days === null || days > 200 * 365.25).toBe(true)
      } else {
        expect(Math.abs(days! - expectedDays)).toBeLessThanOrEqual(0.01)
        expect(addDays(asOf, Math.floor(days!))).toBe(completion.date[name])
      }
    }
  }
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
