import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  gammaQuantile,
  gammaTails,
  garwoodInterval,
  observedRate,
} from '../../../server/domain/projection/poisson-interval.ts'
import { garwoodByBisection, poissonAtMost } from '../../oracles/counts-by-summation.ts'

describe('the exact interval of a count', () => {
  it('says "at most 3" of none seen, 95% one-sided: the rule of three', () => {
    expect(garwoodInterval(0, 0.9)).toEqual({ lower: 0, upper: expect.closeTo(-Math.log(0.05), 12) })
  })

  it('is the published one: 2 seen, 0.2422 to 7.2247; 10 seen, 4.795 to 18.39', () => {
    expect(garwoodInterval(2).lower).toBeCloseTo(0.2422, 4)
    expect(garwoodInterval(2).upper).toBeCloseTo(7.2247, 4)
    expect(garwoodInterval(10).lower).toBeCloseTo(4.795, 3)
    expect(garwoodInterval(10).upper).toBeCloseTo(18.39, 2)
  })

  it('leaves the same chance on both sides, whatever the count and the level', () => {
    const levels = fc.constantFrom(0.5, 0.8, 0.9, 0.95, 0.998)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), levels, (count, level) => {
        const exact = garwoodInterval(count, level)
        const again = garwoodByBisection(count, level)
        expect(exact.lower).toBeCloseTo(again.lower, 8)
        expect(exact.upper).toBeCloseTo(again.upper, 8)
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what is not a count or not a level', () => {
    expect(() => garwoodInterval(-1)).toThrow('-1')
    expect(() => garwoodInterval(1.5)).toThrow('1.5')
    expect(() => garwoodInterval(Number.NaN)).toThrow('NaN')
    expect(() => garwoodInterval(2, 95)).toThrow('95')
  })
})

describe('what a record allows to be said about its rate', () => {
  it('2 in 4 site-years: 0.5 a year, between 0.06 and 1.8', () => {
    const interval = { lower: expect.closeTo(0.0606, 4), upper: expect.closeTo(1.8062, 4) }
    expect(observedRate(2, 4)).toEqual({ kind: 'rate', count: 2, exposureYears: 4, perYear: 0.5, interval })
  })

  it('before the first subject: no rate, only the interval', () => {
    const interval = { lower: 0, upper: expect.closeTo(-Math.log(0.025) / 3, 12) }
    expect(observedRate(0, 3)).toEqual({ kind: 'intervalOnly', count: 0, exposureYears: 3, interval })
  })

  it('under one site-year: no rate, so two subjects on the first day are not 730 a year', () => {
    const observed = observedRate(2, 1 / 365.25)
    expect(observed.kind).toBe('intervalOnly')
    expect(observed).not.toHaveProperty('perYear')
  })

  it('from one site-year on: a rate', () => {
    expect(observedRate(1, 1).kind).toBe('rate')
    expect(observedRate(2, 0.5, 2)).toMatchObject({ kind: 'rate', perYear: 4 })
    expect(observedRate(2, 0.5, 0.99).kind).toBe('intervalOnly')
    expect(observedRate(0, 0.5, 2).kind).toBe('intervalOnly')
  })

  it('within the first month: no rate, however many sites there are', () => {
    expect(observedRate(2, 1 / 365.25, 400 / 365.25).kind).toBe('intervalOnly')
    expect(observedRate(2, 1 / 12, 40 / 12).kind).toBe('rate')
  })

  it('without exposure: nothing, even where somebody was registered on the opening day', () => {
    expect(observedRate(0, 0)).toEqual({ kind: 'noExposure' })
    expect(observedRate(1, 0)).toEqual({ kind: 'noExposure' })
  })

  it('refuses an exposure that is negative or not a number', () => {
    expect(() => observedRate(1, -0.5)).toThrow('-0.5')
    expect(() => observedRate(1, Number.NaN)).toThrow('NaN')
    expect(() => observedRate(1, Number.POSITIVE_INFINITY)).toThrow('Infinity')
  })
})

describe('the tails of a gamma distribution', () => {
  it('shape 1 is the exponential', () => {
    expect(gammaTails(3, 1).above).toBeCloseTo(Math.exp(-3), 15)
    expect(gammaTails(3, 1).below).toBeCloseTo(1 - Math.exp(-3), 15)
    expect(gammaQuantile(0.5, 1)).toBeCloseTo(Math.LN2, 14)
  })

  it('for a whole shape they are sums of Poisson chances, also where x exceeds 1000', () => {
    for (const [x, shape] of [
      [0, 1],
      [4.5, 2],
      [950, 1010],
      [1001, 950],
      [1040.0037, 1064],
      [1153, 1188],
      [1466.9273, 1469],
      [3325.7472, 2825],
    ] as const) {
      const sum = poissonAtMost(shape - 1, x)
      const { below, above } = gammaTails(x, shape)
      expect(above / sum).toBeCloseTo(1, 9)
      expect(below).toBeCloseTo(1 - sum, 9)
      expect(below + above).toBeCloseTo(1, 12)
    }
  })

  it('for a broken shape they pass smoothly over 1000', () => {
    for (const shape of [0.5, 940.5, 999.37, 1003.25, 1100.5]) {
      const before = gammaTails(1000, shape)
      const after = gammaTails(1000 + 1e-9, shape)
      expect(after.below / before.below).toBeCloseTo(1, 8)
      expect(Math.abs(after.above - before.above)).toBeLessThanOrEqual(1e-8 * before.above)
    }
  })

  it('a tail smaller than any number is 0', () => {
    expect(gammaTails(1001, 1)).toEqual({ below: 1, above: 0 })
    expect(gammaTails(1001, 5000).below).toBe(0)
  })

  it('a quantile leaves the chance it is named after below it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.3, max: 4000, noNaN: true }),
        (p, shape) => {
          expect(gammaTails(gammaQuantile(p, shape), shape).below / p).toBeCloseTo(1, 9)
        },
      ),
    )
  })

  it('refuses what has no tails and no quantiles', () => {
    expect(() => gammaTails(-1, 1)).toThrow('-1')
    expect(() => gammaTails(1, 0)).toThrow('Gamma(0)')
    expect(() => gammaTails(Number.NaN, 1)).toThrow('NaN')
    expect(() => gammaQuantile(0.5, 0)).toThrow('Gamma(0)')
    expect(() => gammaQuantile(1, 2)).toThrow('1')
  })
})
