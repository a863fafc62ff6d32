import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '../../server/domain/wilson-interval.ts'

describe('the interval of a proportion', () => {
  it('5 of 6: 43.6 to 97.0%', () => {
    const { lower, upper } = wilsonInterval(5, 6)
    expect(lower).toBeCloseTo(0.436, 3)
    expect(upper).toBeCloseTo(0.97, 3)
  })

  it('none of 6: 0 to 3.84/9.84, 39%; all of 6: the same from above', () => {
    expect(wilsonInterval(0, 6)).toEqual({ lower: 0, upper: expect.closeTo(3.8414588 / 9.8414588, 6) })
    expect(wilsonInterval(6, 6)).toEqual({ lower: expect.closeTo(6 / 9.8414588, 6), upper: 1 })
  })

  it('0 of 0 says nothing', () => {
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 })
  })

  it('ends where the proportion is just z standard errors away', () => {
    const z = 1.959963984540054
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (n, seed) => {
        const proportion = (seed % (n + 1)) / n
        const { lower, upper } = wilsonInterval(seed % (n + 1), n)
        for (const end of [lower, upper]) {
          if (end === 0 || end === 1) expect(proportion).toBe(end)
          else expect(Math.abs(proportion - end)).toBeCloseTo(z * Math.sqrt((end * (1 - end)) / n), 10)
        }
      }),
    )
  })

  it('refuses what is no proportion', () => {
    expect(() => wilsonInterval(7, 6)).toThrow('7 of 6')
    expect(() => wilsonInterval(-1, 6)).toThrow('-1 of 6')
    expect(() => wilsonInterval(0.5, 6)).toThrow('0.5 of 6')
    expect(() => wilsonInterval(Number.NaN, 6)).toThrow('NaN of 6')
    expect(() => wilsonInterval(5, 6, 95)).toThrow('95')
  })
})
