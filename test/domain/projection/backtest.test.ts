/** Cuts and scores: small histories worked out by hand, and the same definitions written a second time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  backtest,
  type Cut,
  covers,
  cutAt,
  intervalScore,
  relativeError,
  scoresOf,
} from '../../../server/domain/projection/backtest.ts'
import { completionMethods } from '../../../server/domain/projection/completion-methods.ts'
import { cutByCounting, scoresOneByOne } from '../../oracles/completion-by-chance.ts'

const history = (...days: number[]) => ({ trial: 'T', registrations: days.map((day) => ({ day, site: '01' })) })
const everyTenDays = history(0, 10, 20, 30, 40, 50, 60, 70)

const quantiles = (q10: number, q50: number, q90: number) => ({ q025: q10 / 2, q10, q50, q90, q975: q90 * 2 })

/** Scores look at the truth only. */
const cutWithTruth = (truthDays: number): Cut => ({
  fraction: 0.5,
  known: { registrations: [], asOfDay: 0, openedOnDay: null },
  remaining: 1,
  truthDays,
})

describe('a cut', () => {
  it('at half of 8 subjects, one every ten days: after day 30, 4 to come, the last on the 40th day from there', () => {
    const cut = cutAt(everyTenDays, 0.5)
    expect(cut).toMatchObject({ fraction: 0.5, remaining: 4, truthDays: 40 })
    expect(cut?.known).toEqual({
      registrations: everyTenDays.registrations.slice(0, 4),
      asOfDay: 31,
      openedOnDay: null,
    })
  })

  it('is skipped where only 2 are known, as at a quarter of them', () => {
    expect(cutAt(everyTenDays, 0.25)).toBeNull()
  })

  it('knows everybody who came on the day of the cut, also those beyond the share', () => {
    const cut = cutAt(history(0, 5, 10, 10, 10, 40), 0.5)
    expect(cut?.known.registrations).toHaveLength(5)
    expect(cut).toMatchObject({ remaining: 1, truthDays: 30 })
  })

  it('is skipped where nobody is missing, and before 6 days have passed', () => {
    expect(cutAt(history(0, 5, 10, 20, 20, 20), 0.6)).toBeNull()
    expect(cutAt(history(0, 2, 4, 9, 10, 11), 0.5)).toBeNull()
    expect(cutAt(history(0, 2, 5, 9, 10, 11), 0.5)).toMatchObject({ remaining: 3, truthDays: 6 })
    expect(cutAt(history(), 0.5)).toBeNull()
  })

  it('counts the last subject’s day as the first one where it comes on the as-of day', () => {
    expect(cutAt(history(0, 5, 10, 11), 0.75)).toMatchObject({ remaining: 1, truthDays: 1 })
  })

  it('takes the 7th of 100 at 7%, though 0.07 x 100 is a little more than 7', () => {
    const days = Array.from({ length: 100 }, (_, day) => day)
    expect(cutAt(history(...days), 0.07)?.known.registrations).toHaveLength(7)
  })

  it('refuses a share of nothing or of more than all', () => {
    for (const fraction of [0, -0.5, 1.01, Number.NaN]) {
      expect(() => cutAt(everyTenDays, fraction)).toThrow(String(fraction))
    }
  })

  it('is the one that counting up finds', () => {
    const someDays = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(someDays, fc.constantFrom(0.25, 0.5, 0.75), (days, fraction) => {
        const cut = cutAt(history(...days.toSorted((a, b) => a - b)), fraction)
        const again = cutByCounting(days, fraction)
        if (again.skipped) return cut === null
        expect(cut).toMatchObject({ remaining: again.remaining, truthDays: again.truth })
        expect(cut?.known.asOfDay).toBe(again.asOfDay)
        expect(cut?.known.registrations).toHaveLength(again.known)
        return true
      }),
    )
  })
})

describe('the scores', () => {
  it('150 days for 100: half off; 50 days: half off too', () => {
    expect(relativeError(quantiles(1, 150, 2), 100)).toBe(0.5)
    expect(relativeError(quantiles(1, 50, 2), 100)).toBe(0.5)
  })

  it('centuries for 100 days count as 20 x 100 + 1000 days: 29 times off', () => {
    expect(relativeError(quantiles(1, 1e9, 2e9), 100)).toBe(29)
  })

  it('an interval has half a day’s grace on either side', () => {
    expect([9.4, 9.5, 10, 10.5, 10.6].map((lower) => covers(lower, 20, 10))).toEqual([true, true, true, true, false])
    expect([9.4, 9.5, 10].map((upper) => covers(1, upper, 10))).toEqual([false, true, true])
  })

  it('50 to 200 days costs ln 4 where it holds the truth, and ten times the miss where it does not', () => {
    expect(intervalScore(quantiles(50, 100, 200), 100)).toBeCloseTo(Math.log(4), 12)
    expect(intervalScore(quantiles(50, 100, 200), 400)).toBeCloseTo(Math.log(4) + 10 * Math.log(2), 12)
    expect(intervalScore(quantiles(50, 100, 200), 25)).toBeCloseTo(Math.log(4) + 10 * Math.log(2), 12)
  })

  it('q10 counts as half a day at least, q90 as 20 truths and 1000 days at most', () => {
    expect(intervalScore(quantiles(0.001, 1, 2), 1)).toBeCloseTo(Math.log(4), 12)
    expect(intervalScore(quantiles(1, 1e9, 1e12), 1)).toBeCloseTo(Math.log(1020), 12)
  })

  it('of three cases, two of them held: 67%, the middle error, the mean score', () => {
    const cases = [
      { cut: cutWithTruth(100), quantiles: quantiles(50, 110, 200) },
      { cut: cutWithTruth(100), quantiles: quantiles(50, 120, 200) },
      { cut: cutWithTruth(400), quantiles: quantiles(50, 100, 200) },
    ]
    const scores = scoresOf(cases)
    expect(scores.n).toBe(3)
    expect(scores.medianErrorPercent).toBeCloseTo(20, 12)
    expect(scores.cover80).toBeCloseTo(200 / 3, 12)
    expect(scores.cover95).toBe(100)
    expect(scores.is80).toBeCloseTo(Math.log(4) + (10 / 3) * Math.log(2), 12)
  })

  it('of two cases the middle error is the mean of both; of none there are no scores', () => {
    const cases = [110, 130].map((q50) => ({ cut: cutWithTruth(100), quantiles: quantiles(50, q50, 200) }))
    expect(scoresOf(cases).medianErrorPercent).toBeCloseTo(20, 12)
    expect(scoresOf([])).toEqual({ n: 0, medianErrorPercent: null, cover80: null, cover95: null, is80: null })
  })

  it('are those of the definition, case by case', () => {
    const days = fc.double({ min: 0.001, max: 1e6, noNaN: true })
    const someCase = fc
      .tuple(fc.integer({ min: 1, max: 3000 }), fc.array(days, { minLength: 5, maxLength: 5 }))
      .map(([truth, unordered]) => {
        const [q025 = 0, q10 = 0, q50 = 0, q90 = 0, q975 = 0] = unordered.toSorted((a, b) => a - b)
        return { truth, q025, q10, q50, q90, q975 }
      })
    fc.assert(
      fc.property(fc.array(someCase, { minLength: 1, maxLength: 12 }), (cases) => {
        const scores = scoresOf(cases.map(({ truth, ...rest }) => ({ cut: cutWithTruth(truth), quantiles: rest })))
        const again = scoresOneByOne(cases)
        for (const [name, value] of Object.entries(again)) {
          expect(Math.abs((scores[name as keyof typeof scores] ?? Number.NaN) - value)).toBeLessThan(1e-9 * (1 + value))
        }
      }),
    )
  })
})

describe('a backtest', () => {
  it('shows a method what was known and how many are missing, and nothing later', () => {
    const seen: unknown[] = []
    const cases = backtest([everyTenDays], (known, remaining) => {
      seen.push([known.registrations.length, known.asOfDay, remaining])
      return (p) => 100 * p
    })
    expect(seen).toEqual([
      [4, 31, 4],
      [6, 51, 2],
    ])
    expect(cases.map(({ trial, cut }) => [trial, cut.fraction])).toEqual([
      ['T', 0.5],
      ['T', 0.75],
    ])
    expect(cases[0]?.quantiles).toEqual({ q025: 2.5, q10: 10, q50: 50, q90: 90, q975: 97.5 })
  })

  it('a subject every ten days is forecast within a tenth by each method, and by none with certainty', () => {
    const steady = history(...Array.from({ length: 61 }, (_, place) => 10 * place))
    for (const [name, method] of Object.entries(completionMethods)) {
      // A default that slows down expects a steady trial to end later.
      const latest = name === 'slowingDrift' ? 0.25 : 0.1
      for (const { cut, quantiles } of backtest([steady], method)) {
        expect([name, relativeError(quantiles, cut.truthDays) < latest]).toEqual([name, true])
        const { q025, q10, q50, q90, q975 } = quantiles
        expect([q025, q10, q50, q90, q975].toSorted((a, b) => a - b)).toEqual([q025, q10, q50, q90, q975])
        expect(q975).toBeGreaterThan(1.2 * q025)
      }
    }
  })

  it('every method gives numbers for whatever history there is', () => {
    const someHistory = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 60 })
      .map((rows) => ({
        trial: 'T',
        registrations: rows.map(([day, site]) => ({ day, site })).sort((a, b) => a.day - b.day),
      }))
    fc.assert(
      fc.property(someHistory, fc.constantFrom(...Object.values(completionMethods)), (any, method) => {
        for (const { quantiles } of backtest([any], method)) {
          const all = Object.values(quantiles)
          expect(all.every((days) => days > 0 && days <= Number.MAX_VALUE)).toBe(true)
          expect(all.toSorted((a, b) => a - b)).toEqual(all)
        }
      }),
    )
  })
})
