import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blendedBelief,
  chanceOfAtLeast,
  chancePoisson,
  chancePoissonAtMost,
  completionYears,
  driftsShown,
  expectedNew,
  observedBelief,
  predictiveQuantile,
  predictiveQuantiles,
  type RateBelief,
  rateQuantile,
  withDrift,
} from '../../../server/domain/projection/pooled-predictive.ts'
import { newAtMost, poissonAtMost } from '../../oracles/counts-by-summation.ts'

/** With as many years to come as have passed, each next subject is the toss of a coin. */
const coin: RateBelief = { shape: 1, exposureYears: 3 }

const someBelief = fc.record({
  shape: fc.double({ min: 0.3, max: 30, noNaN: true }),
  exposureYears: fc.double({ min: 0.5, max: 50, noNaN: true }),
})
const someYears = fc.double({ min: 0.01, max: 50, noNaN: true })

describe('beliefs about the rate', () => {
  it('the record alone, 2 in 5 site-years: shape 2.5', () => {
    expect(observedBelief(2, 5)).toEqual({ shape: 2.5, exposureYears: 5 })
  })

  it('without exposure there is none', () => {
    expect(observedBelief(0, 0)).toBeNull()
    expect(observedBelief(1, 0)).toBeNull()
  })

  it('a quarter of a plan of 12 in 3 years, with 2 in 5: shape 5 in 5.75 years', () => {
    expect(blendedBelief(2, 5, 12, 3, 0.25)).toEqual({ shape: 5, exposureYears: 5.75 })
  })

  it('before any exposure the blend is what the plan says', () => {
    expect(blendedBelief(0, 0, 12, 3, 1)).toEqual({ shape: 12, exposureYears: 3 })
  })

  it('refuses a blend with no plan or no weight', () => {
    expect(() => blendedBelief(2, 5, 0, 3, 0.5)).toThrow('0 subjects')
    expect(() => blendedBelief(2, 5, 12, 0, 0.5)).toThrow('0 years')
    expect(() => blendedBelief(2, 5, 12, 3, 0)).toThrow('weight')
    expect(() => blendedBelief(2, 5, 12, 3, 1.1)).toThrow('1.1')
  })

  it('its median, shape 1 in 1 year: ln 2', () => {
    expect(rateQuantile(0.5, { shape: 1, exposureYears: 1 })).toBeCloseTo(Math.LN2, 12)
    expect(rateQuantile(0.5, { shape: 1, exposureYears: 2 })).toBeCloseTo(Math.LN2 / 2, 12)
  })
})

describe('drift', () => {
  it('of 0.5 halves what shape 3 in 6 years is worth', () => {
    expect(withDrift({ shape: 3, exposureYears: 6 }, 0.5)).toEqual({ shape: 1.5, exposureYears: 3 })
  })

  it('of 0 changes nothing', () => {
    expect(withDrift({ shape: 3, exposureYears: 6 }, 0)).toEqual({ shape: 3, exposureYears: 6 })
  })

  it('is 0.45 unless said otherwise', () => {
    expect(withDrift(coin)).toEqual(withDrift(coin, 0.45))
  })

  it('keeps the mean rate and adds the variance of the factor: 1/k = 1/a + c^2 (1 + 1/a)', () => {
    fc.assert(
      fc.property(someBelief, fc.double({ min: 0, max: 2, noNaN: true }), (belief, c) => {
        const drifting = withDrift(belief, c)
        const { shape } = belief
        expect((drifting.shape / drifting.exposureYears) * (belief.exposureYears / shape)).toBeCloseTo(1, 12)
        expect((1 / shape + c ** 2 * (1 + 1 / shape)) * drifting.shape).toBeCloseTo(1, 12)
      }),
    )
  })

  it('under six subjects a larger one stands beside it', () => {
    expect(driftsShown(5)).toEqual([0.45, 0.6])
    expect(driftsShown(6)).toEqual([0.45])
  })

  it('refuses what is no coefficient of variation', () => {
    expect(() => withDrift(coin, -0.1)).toThrow('-0.1')
    expect(() => withDrift(coin, Number.NaN)).toThrow('NaN')
  })
})

describe('the chance that enough will come', () => {
  it('two tosses of a coin: 1/4', () => {
    expect(chanceOfAtLeast(1, coin, 3)).toBeCloseTo(1 / 2, 14)
    expect(chanceOfAtLeast(2, coin, 3)).toBeCloseTo(1 / 4, 14)
  })

  it('is 1 only where nothing is needed, however much time is left', () => {
    expect(chanceOfAtLeast(0, coin, 0)).toBe(1)
    expect(chanceOfAtLeast(-3, coin, 3)).toBe(1)
    expect(chanceOfAtLeast(1, { shape: 500, exposureYears: 1 }, 1000)).toBeLessThan(1)
    expect(chancePoisson(0, 0)).toBe(1)
    expect(chancePoisson(1, 1e6)).toBeLessThan(1)
  })

  it('is 0 where something is needed and no time is left', () => {
    expect(chanceOfAtLeast(1, coin, 0)).toBe(0)
    expect(chancePoisson(1, 0)).toBe(0)
  })

  it('is the Poisson chance, averaged over the belief about the rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), someBelief, someYears, (needed, belief, years) => {
        const { shape, exposureYears } = belief
        const again = 1 - newAtMost(needed - 1, shape, exposureYears, years)
        expect(Math.abs(chanceOfAtLeast(needed, belief, years) - again)).toBeLessThan(1e-9)
      }),
      { numRuns: 30 },
    )
  })

  it('a claim at its word: of 1 expected at least 1 comes with 1 - 1/e, of 3 expected none with e^-3', () => {
    expect(chancePoisson(1, 1)).toBeCloseTo(1 - Math.exp(-1), 14)
    expect(chancePoissonAtMost(0, 3)).toBeCloseTo(Math.exp(-3), 14)
    expect(chancePoissonAtMost(0, 0)).toBe(1)
  })

  it('a claim at its word is a sum of Poisson chances', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 60, noNaN: true }), (count, expected) => {
        expect(chancePoissonAtMost(count, expected)).toBeCloseTo(poissonAtMost(count, expected), 11)
        expect(chancePoisson(count, expected)).toBeCloseTo(1 - poissonAtMost(count - 1, expected), 11)
      }),
    )
  })

  it('refuses what is no number of subjects, no belief and no time', () => {
    expect(() => chanceOfAtLeast(1.5, coin, 3)).toThrow('1.5')
    expect(() => chanceOfAtLeast(1, { shape: 0, exposureYears: 3 }, 3)).toThrow('Gamma(0, 3 years)')
    expect(() => chanceOfAtLeast(1, { shape: 1, exposureYears: 0 }, 3)).toThrow('Gamma(1, 0 years)')
    expect(() => chanceOfAtLeast(1, coin, -1)).toThrow('-1')
    expect(() => chancePoisson(1, Number.NaN)).toThrow('NaN')
    expect(() => chancePoissonAtMost(-1, 3)).toThrow('-1')
  })
})

describe('how many will come', () => {
  it('of tosses of a coin: none has 1/2, at most 1 has 3/4, at most 2 has 7/8', () => {
    expect(predictiveQuantiles([0.5, 0.75, 0.8, 0.875, 0.9], coin, 3)).toEqual([0, 1, 2, 2, 3])
    expect(predictiveQuantile(0.8, coin, 3)).toBe(2)
  })

  it('answers in the order of the question', () => {
    expect(predictiveQuantiles([0.9, 0.1, 0.75], coin, 3)).toEqual([3, 0, 1])
    expect(predictiveQuantiles([], coin, 3)).toEqual([])
  })

  it('nobody, where no time is left', () => {
    expect(predictiveQuantiles([0.1, 0.5, 0.9], coin, 0)).toEqual([0, 0, 0])
  })

  it('shape 2 in 4 years, 12 to come: 6 on average, standard deviation sqrt(24)', () => {
    const expected = expectedNew({ shape: 2, exposureYears: 4 }, 12)
    expect(expected).toEqual({ mean: 6, standardDeviation: Math.sqrt(24) })
  })

  it('is the smallest count whose chance to be enough reaches p', () => {
    const p = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(p, someBelief, someYears, (probability, belief, years) => {
        const count = predictiveQuantile(probability, belief, years)
        expect(chanceOfAtLeast(count + 1, belief, years)).toBeLessThanOrEqual(1 - probability + 1e-10)
        if (count > 0) expect(chanceOfAtLeast(count, belief, years)).toBeGreaterThan(1 - probability - 1e-10)
      }),
    )
  })

  it('counts to thousands, where the chance of none is smaller than any number', () => {
    const many = { shape: 2824.5, exposureYears: 319 }
    const count = predictiveQuantile(0.5, many, 250)
    expect(Math.exp(-many.shape * Math.log1p(250 / 319))).toBe(0)
    expect(chanceOfAtLeast(count, many, 250)).toBeGreaterThan(0.5)
    expect(chanceOfAtLeast(count + 1, many, 250)).toBeLessThanOrEqual(0.5)
  })

  it('ends, however near to certainty somebody asks', () => {
    expect(predictiveQuantile(1 - Number.EPSILON / 2, { shape: 40, exposureYears: 3 }, 9)).toBeGreaterThan(120)
  })

  it('takes sixty dates with five quantiles each in a few milliseconds', () => {
    const many = { shape: 2824.5, exposureYears: 319 }
    const started = performance.now()
    for (let date = 1; date <= 60; date++) predictiveQuantiles([0.1, 0.25, 0.5, 0.75, 0.9], many, date * 4)
    expect(performance.now() - started).toBeLessThan(250)
  })

  it('refuses what is no probability', () => {
    for (const p of [0, 1, -0.1, Number.NaN]) expect(() => predictiveQuantile(p, coin, 3)).toThrow(String(p))
  })
})

describe('how long it will take', () => {
  it('shape 1 in 3 years, one needed: 3 years with 1/2, 9 years with 3/4', () => {
    expect(completionYears(0.5, coin, 1)).toBeCloseTo(3, 12)
    expect(completionYears(0.75, coin, 1)).toBeCloseTo(9, 12)
  })

  it('no time, where nothing is needed', () => {
    expect(completionYears(0.5, coin, 0)).toBe(0)
    expect(completionYears(0.5, coin, -2)).toBe(0)
  })

  it('within that time enough come with that chance', () => {
    const p = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(p, someBelief, fc.integer({ min: 1, max: 200 }), (probability, belief, needed) => {
        const years = completionYears(probability, belief, needed)
        expect(chanceOfAtLeast(needed, belief, years)).toBeCloseTo(probability, 8)
      }),
    )
  })

  it('stays a number, where next to nothing is known', () => {
    const next = { shape: 0.01, exposureYears: 1 }
    expect(completionYears(0.999999, next, 10)).toBeLessThanOrEqual(Number.MAX_VALUE)
    expect(completionYears(0.999999, next, 10)).toBeGreaterThan(1e9)
  })

  it('refuses what is no probability, belief or number of subjects', () => {
    expect(() => completionYears(0, coin, 1)).toThrow('0')
    expect(() => completionYears(0.5, { shape: Number.NaN, exposureYears: 1 }, 1)).toThrow('NaN')
    expect(() => completionYears(0.5, coin, 0.5)).toThrow('0.5')
  })
})
