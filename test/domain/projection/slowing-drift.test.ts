import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chanceOfAtLeast, completionYears } from '../../../server/domain/projection/pooled-predictive.ts'
import type { KnownAccrual } from '../../../server/domain/projection/recent-window.ts'
import {
  chanceWithin,
  type DriftingBelief,
  driftingCompletionYears,
  slowingDriftBelief,
} from '../../../server/domain/projection/slowing-drift.ts'
import { dice, gamma, normal, standardErrorsOff, waits } from '../../oracles/completion-by-chance.ts'

const at = (site: string, ...days: number[]) => days.map((day) => ({ day, site }))
const everyTenth = (count: number) => Array.from({ length: count }, (_, place) => 10 * place)

const oneSite = (count: number): KnownAccrual => ({
  registrations: at('A', ...everyTenth(count)),
  asOfDay: 10 * count - 9,
  openedOnDay: null,
})

/** Shape 1 in 3 years, all but certain of the rate's future. */
const coin: DriftingBelief = { past: { shape: 1, exposureYears: 3 }, slowdown: 0, drift: 0.01 }

const someBelief = fc.record({
  past: fc.record({
    shape: fc.double({ min: 0.5, max: 300, noNaN: true }),
    exposureYears: fc.double({ min: 0.1, max: 20, noNaN: true }),
  }),
  slowdown: fc.double({ min: 0, max: 0.5, noNaN: true }),
  drift: fc.double({ min: 0.05, max: 1, noNaN: true }),
})

describe('the belief about the future rate', () => {
  it('30 of 40 there, at one site: slower by a quarter of three quarters, drift 0.5 x (1/4)^(1/4)', () => {
    const belief = slowingDriftBelief(oneSite(30), 10)
    expect(belief?.slowdown).toBeCloseTo(0.1875, 12)
    expect(belief?.drift).toBeCloseTo(0.5 * Math.SQRT1_2, 12)
    expect(belief?.past.shape).toBe(29.5)
  })

  it('the further the end, the less sure and the less slowed down', () => {
    const [near, far] = [5, 200].map((needed) => slowingDriftBelief(oneSite(30), needed))
    expect(far!.drift).toBeGreaterThan(near!.drift)
    expect(far!.slowdown).toBeLessThan(near!.slowdown)
  })

  it('does not slow down as far as sites have opened lately: one of two, half as much', () => {
    const known = {
      registrations: [...at('A', 0, 10, 20, 30, 40, 50), ...at('B', 60, 70)].sort((a, b) => a.day - b.day),
      asOfDay: 100,
      openedOnDay: null,
    }
    expect(slowingDriftBelief(known, 8)?.slowdown).toBeCloseTo(0.25 * 0.5 * 0.5, 12)
  })

  it('is none before any time has passed', () => {
    expect(slowingDriftBelief({ registrations: [], asOfDay: 0, openedOnDay: null }, 3)).toBeNull()
  })

  it('with openings known and nobody there yet, is all drift and no slowdown', () => {
    const known = { registrations: [], asOfDay: 100, openedOnDay: new Map([['A', 0]]) }
    expect(slowingDriftBelief(known, 3)).toMatchObject({ slowdown: 0, drift: 0.5, past: { shape: 0.5 } })
  })
})

describe('completion with a drift', () => {
  it('all but without drift: shape 1 in 3 years, one needed, 3 years in the middle, 9 for three quarters', () => {
    expect(driftingCompletionYears(0.5, coin, 1)).toBeCloseTo(3, 3)
    expect(driftingCompletionYears(0.75, coin, 1) / 9).toBeCloseTo(1, 3)
    expect(chanceWithin(3, coin, 1)).toBeCloseTo(0.5, 4)
  })

  it('with a slowdown of ln 2 takes twice as long', () => {
    const slow = { ...coin, slowdown: Math.LN2 }
    for (const p of [0.1, 0.5, 0.9]) {
      expect(driftingCompletionYears(p, slow, 2) / driftingCompletionYears(p, coin, 2)).toBeCloseTo(2, 10)
    }
  })

  it('all but without drift is the pooled predictive', () => {
    fc.assert(
      fc.property(someBelief, fc.integer({ min: 1, max: 60 }), ({ past }, needed) => {
        const sure = { past, slowdown: 0, drift: 0.002 }
        for (const p of [0.1, 0.5, 0.9]) {
          const years = completionYears(p, past, needed)
          expect(Math.abs(Math.log(driftingCompletionYears(p, sure, needed) / years))).toBeLessThan(1e-4)
          expect(Math.abs(chanceWithin(years, sure, needed) - chanceOfAtLeast(needed, past, years))).toBeLessThan(1e-4)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('the chance within a quantile is its probability, for few and for thousands', () => {
    const someNeed = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1000, max: 20_000 }))
    fc.assert(
      fc.property(someBelief, someNeed, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (belief, needed, p) => {
        expect(chanceWithin(driftingCompletionYears(p, belief, needed), belief, needed)).toBeCloseTo(p, 9)
      }),
    )
  })

  it('is that of rates and factors drawn by chance, within 5 standard errors', () => {
    const uniform = dice(42)
    for (const { shape, needed, drift } of [
      { shape: 6.5, needed: 7, drift: 0.5 },
      { shape: 40.5, needed: 1, drift: 0.2 },
      { shape: 0.5, needed: 3, drift: 0.5 },
    ]) {
      const belief = { past: { shape, exposureYears: 2 }, slowdown: 0.1, drift }
      const factor = () => Math.exp(drift * normal(uniform) - drift ** 2 / 2 - 0.1)
      const all = waits(60_000, needed, () => (gamma(shape, uniform) / 2) * factor(), uniform)
      for (const p of [0.025, 0.1, 0.5, 0.9, 0.975]) {
        expect(standardErrorsOff(all, driftingCompletionYears(p, belief, needed), p)).toBeLessThan(5)
      }
    }
  })

  it('is now if nothing is needed, never certain if something is, and impossible without time', () => {
    expect(driftingCompletionYears(0.9, coin, 0)).toBe(0)
    expect(chanceWithin(0, coin, 0)).toBe(1)
    expect(chanceWithin(0, coin, 1)).toBe(0)
    expect(chanceWithin(1e12, coin, 1)).toBeLessThan(1)
  })

  it('refuses what is no belief', () => {
    for (const wrong of [
      { ...coin, drift: 0 },
      { ...coin, drift: Number.NaN },
      { ...coin, slowdown: Number.POSITIVE_INFINITY },
      { ...coin, past: { shape: 0, exposureYears: 3 } },
      { ...coin, past: { shape: 1, exposureYears: 0 } },
    ]) {
      expect(() => driftingCompletionYears(0.5, wrong, 1)).toThrow(RangeError)
    }
  })
})
