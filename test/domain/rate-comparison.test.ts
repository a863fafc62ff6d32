import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRates, powerOfComparison } from '../../server/domain/rate-comparison.ts'
import { chanceByEnumeration, powerByEnumeration, ratioByBisection } from '../oracles/exact-by-enumeration.ts'

const over = (count: number, years: number) => ({ count, years })
const someTime = fc.double({ min: 0.05, max: 20, noNaN: true })
const someCount = fc.integer({ min: 0, max: 30 })

describe('two rates', () => {
  it('of 21 in 3011 and 11 in 800, the example of R’s poisson.test: ratio 1.971488, 0.8584264 to 4.2772659', () => {
    const { ratio, chance } = compareRates(over(21, 1083 + 1050 + 878), over(11, 800))
    expect(ratio?.value).toBeCloseTo(1.971488, 6)
    expect(ratio?.lower).toBeCloseTo(0.8584264, 6)
    expect(ratio?.upper).toBeCloseTo(4.2772659, 6)
    // Twice R's one-sided p of 0.05600866.
    expect(chance).toBeCloseTo(2 * 0.05600866, 7)
  })

  it('1 before and 3 since in equal times: 5/16 twice', () => {
    expect(compareRates(over(1, 2), over(3, 2)).chance).toBeCloseTo(0.625, 12)
  })

  it('none at all: nothing is unlikely; none before: no ratio, for it has no upper end', () => {
    expect(compareRates(over(0, 1), over(0, 1))).toEqual({ chance: 1, ratio: null })
    const { chance, ratio } = compareRates(over(0, 1), over(4, 1))
    expect(chance).toBeCloseTo(2 / 16, 12)
    expect(ratio).toBeNull()
  })

  it('none since: ratio 0, at most so many times', () => {
    const { ratio } = compareRates(over(5, 1), over(0, 1))
    expect(ratio).toMatchObject({ value: 0, lower: 0 })
    expect(ratio?.upper).toBeLessThan(1.1)
  })

  it('agree with a count of every outcome', () => {
    fc.assert(
      fc.property(someCount, someTime, someCount, someTime, (b, bYears, s, sYears) => {
        const [before, since] = [over(b, bYears), over(s, sYears)]
        const { chance, ratio } = compareRates(before, since)
        expect(chance).toBeCloseTo(chanceByEnumeration(before, since), 9)
        expect(ratio === null).toBe(b === 0)
        if (ratio === null) return
        const slow = ratioByBisection(before, since)
        expect(Math.abs(ratio.lower - slow.lower)).toBeLessThanOrEqual(1e-6 * slow.upper)
        expect(ratio.upper / slow.upper).toBeCloseTo(1, 6)
      }),
    )
  })

  it('are called different just where the interval of their ratio leaves out 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), someTime, someCount, someTime, (b, bYears, s, sYears) => {
        const { chance, ratio } = compareRates(over(b, bYears), over(s, sYears))
        fc.pre(ratio !== null && Math.abs(chance - 0.05) > 1e-9)
        expect(chance < 0.05).toBe((ratio?.lower ?? 0) > 1 || (ratio?.upper ?? 0) < 1)
      }),
    )
  })

  it('need exposure and whole counts', () => {
    expect(() => compareRates(over(1, 0), over(1, 1))).toThrow('0 years')
    expect(() => compareRates(over(1, 1), over(0.5, 1))).toThrow('0.5')
    expect(() => compareRates(over(1, 1), over(1, Number.POSITIVE_INFINITY))).toThrow('Infinity')
  })

  it('of tens of thousands are compared at once', () => {
    const { ratio, chance } = compareRates(over(20_000, 100), over(30_000, 100))
    expect(ratio?.value).toBeCloseTo(1.5, 9)
    expect(chance).toBeLessThan(1e-100)
  })
})

describe('the power of the comparison', () => {
  it('5 events in equal times can never be under 0.05: 0', () => {
    expect(powerOfComparison(over(2, 1), over(3, 1), 2)).toBe(0)
  })

  it('6 can, with all of them on one side: (2/3)^6 + (1/3)^6 against a doubling', () => {
    expect(powerOfComparison(over(3, 1), over(3, 1), 2)).toBeCloseTo((2 / 3) ** 6 + (1 / 3) ** 6, 12)
  })

  it('agrees with a count of every outcome', () => {
    fc.assert(
      fc.property(someCount, someTime, someCount, someTime, (b, bYears, s, sYears) => {
        const [before, since] = [over(b, bYears), over(s, sYears)]
        expect(powerOfComparison(before, since, 2)).toBeCloseTo(powerByEnumeration(before, since, 2), 8)
      }),
      { numRuns: 60 },
    )
  })
})
