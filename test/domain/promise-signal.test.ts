import { describe, expect, it } from 'vitest'
import { isBelowPromise, largestCountBelowPromise } from '../../server/domain/promise-signal.ts'
import { poissonAtMost } from '../oracles/counts-by-summation.ts'

describe('the rule of the six-monthly review', () => {
  it('a promise of 9 in 3 years: none is no signal by 6 months (0.223), but by 12 months (0.050)', () => {
    expect(poissonAtMost(0, 1.5)).toBeCloseTo(0.223, 3)
    expect(largestCountBelowPromise(1.5)).toBeNull()
    expect(poissonAtMost(0, 3)).toBeCloseTo(0.05, 3)
    expect(largestCountBelowPromise(3)).toBe(0)
  })

  it('by 18 months 1 is (0.061), by 24 months 2 are (0.062)', () => {
    expect(poissonAtMost(1, 4.5)).toBeCloseTo(0.061, 3)
    expect(largestCountBelowPromise(4.5)).toBe(1)
    expect(poissonAtMost(2, 6)).toBeCloseTo(0.062, 3)
    expect(largestCountBelowPromise(6)).toBe(2)
  })

  it('the signal includes the largest count, and ends there', () => {
    expect(isBelowPromise(2, 6)).toBe(true)
    expect(isBelowPromise(3, 6)).toBe(false)
    expect(isBelowPromise(0, 1.5)).toBe(false)
  })

  it('nothing promised is nothing broken', () => {
    expect(largestCountBelowPromise(0)).toBeNull()
    expect(isBelowPromise(0, 0)).toBe(false)
  })

  it('is the largest count with a chance under 0.10, whatever was promised', () => {
    for (let promised = 0; promised <= 60; promised += 0.35) {
      let largest: number | null = null
      for (let count = 0; poissonAtMost(count, promised) < 0.1; count++) largest = count
      expect(largestCountBelowPromise(promised)).toBe(largest)
    }
  })

  it('refuses what is no promise and no count', () => {
    expect(() => largestCountBelowPromise(-1)).toThrow('-1')
    expect(() => largestCountBelowPromise(Number.NaN)).toThrow('NaN')
    expect(() => isBelowPromise(-1, 3)).toThrow('-1')
  })
})
