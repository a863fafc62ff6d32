import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fisherExact } from '../../server/domain/fisher-exact.ts'
import { fisherByEnumeration } from '../oracles/exact-by-enumeration.ts'

const part = (some: number, of: number) => ({ part: some, of })

describe('Fisher’s exact test', () => {
  it('the lady tasting tea: 3 of 4 right is 34/70, all right would have been 2/70', () => {
    const { chance, least } = fisherExact(part(3, 4), part(1, 4))
    expect(chance).toBeCloseTo(34 / 70, 12)
    expect(least).toBeCloseTo(2 / 70, 12)
  })

  it('1 of 10 against 11 of 14: 0.002759, as R and scipy have it', () => {
    expect(fisherExact(part(1, 10), part(11, 14)).chance).toBeCloseTo(0.0027594561852200836, 12)
  })

  it('an empty group, or nobody in either: 1', () => {
    expect(fisherExact(part(0, 0), part(3, 9))).toEqual({ chance: 1, least: 1 })
    expect(fisherExact(part(0, 5), part(0, 9))).toEqual({ chance: 1, least: 1 })
  })

  it('agrees with a count of every table', () => {
    const group = fc
      .integer({ min: 0, max: 40 })
      .chain((of) => fc.record({ of: fc.constant(of), part: fc.integer({ min: 0, max: of }) }))
    fc.assert(
      fc.property(group, group, (one, other) => {
        const { chance, least } = fisherExact(one, other)
        expect(chance).toBeCloseTo(fisherByEnumeration(one, other), 9)
        expect(least).toBeLessThanOrEqual(chance)
        expect(fisherExact(other, one).chance).toBeCloseTo(chance, 9)
      }),
    )
  })

  it('holds for a large table', () => {
    expect(fisherExact(part(2000, 20_000), part(2600, 20_000)).chance).toBeLessThan(1e-15)
    expect(fisherExact(part(2000, 20_000), part(2000, 20_000)).chance).toBeCloseTo(1, 9)
  })

  it('refuses what is no part of a group', () => {
    expect(() => fisherExact(part(5, 4), part(1, 4))).toThrow('5 of 4')
  })
})
