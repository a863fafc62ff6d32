import { describe, expect, it } from 'vitest'
import { funnelLimits, funnelPlace } from '../../../server/domain/projection/site-funnel.ts'
import { poissonAtMost } from '../../oracles/counts-by-summation.ts'

describe('the funnel of sites', () => {
  it('expects between 0 and 7 where 3 are expected, and between 0 and 10 in all but one of 500', () => {
    const limits = funnelLimits(3)
    expect(limits).toMatchObject({ low95: 0, high95: 7, expected: 3 })
    expect(funnelPlace(7, limits)).toBe('within')
    expect(funnelPlace(8, limits)).toBe('beyond95')
    expect(funnelPlace(12, limits)).toBe('beyond998')
  })

  it('of nobody expected is nobody', () => {
    expect(funnelLimits(0)).toEqual({ low998: 0, low95: 0, expected: 0, high95: 0, high998: 0 })
    expect(() => funnelLimits(Number.NaN)).toThrow('NaN')
  })

  it('leaves at most the tail outside on each side, and one step further in more than it', () => {
    for (const expected of [0.2, 1, 4.7, 20, 150]) {
      const { low998, low95, high95, high998 } = funnelLimits(expected)
      for (const [low, high, tail] of [
        [low95, high95, 0.025],
        [low998, high998, 0.001],
      ] as const) {
        expect(low === 0 ? 0 : poissonAtMost(low - 1, expected)).toBeLessThanOrEqual(tail)
        expect(poissonAtMost(low, expected)).toBeGreaterThan(tail)
        expect(1 - poissonAtMost(high, expected)).toBeLessThanOrEqual(tail + 1e-12)
        expect(high === 0 ? 1 : 1 - poissonAtMost(high - 1, expected)).toBeGreaterThan(tail)
      }
      expect([low998, low95, high95, high998]).toEqual([low998, low95, high95, high998].toSorted((a, b) => a - b))
    }
  })
})
