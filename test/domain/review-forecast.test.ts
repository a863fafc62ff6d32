/** Forecasts of earlier reviews against what came: coverage, bias and Brier's score, counted by hand. */
import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { hindsightOn, type ReviewForecast } from '../../server/domain/review-forecast.ts'

const day = calendarDate
const forecast = (by: string, differences: Partial<ReviewForecast> = {}): ReviewForecast => ({
  by: day(by),
  low80: 2,
  median: 3,
  high80: 4,
  promised: 5,
  chance: 0.2,
  ...differences,
})

describe('earlier forecasts', () => {
  it('have no score before the first one has come due', () => {
    const earlier = [{ madeOn: day('2026-01-19'), forecasts: [forecast('2027-01-19')] }]
    expect(hindsightOn(day('2026-07-19'), earlier, () => 2)).toEqual({ matured: [], score: null })
    expect(hindsightOn(day('2026-07-19'), [], () => 2).score).toBeNull()
  })

  it('of 2 to 4, median 3, 20% for 5: where 2 came it is covered, 1 too high, and scores 0.04', () => {
    const earlier = [{ madeOn: day('2026-01-19'), forecasts: [forecast('2026-07-19')] }]
    const { matured, score } = hindsightOn(day('2026-07-19'), earlier, () => 2)
    expect(matured).toEqual([{ ...forecast('2026-07-19'), madeOn: '2026-01-19', actual: 2 }])
    expect(score).toEqual({ n: 1, covered: 1, bias: -1, brier: expect.closeTo(0.04, 12) })
  })

  it('are scored together, the newest day first: one covered of two, bias (-1 + 3) / 2, (0.04 + 0.64) / 2', () => {
    const earlier = [
      { madeOn: day('2025-07-19'), forecasts: [forecast('2026-01-19'), forecast('2026-07-19')] },
      { madeOn: day('2026-01-19'), forecasts: [forecast('2027-01-19')] },
    ]
    const came = (on: string) => (on === '2026-01-19' ? 2 : 6)
    const { matured, score } = hindsightOn(day('2026-07-19'), earlier, came)
    expect(matured.map(({ by, actual }) => [by, actual])).toEqual([
      ['2026-07-19', 6],
      ['2026-01-19', 2],
    ])
    expect(score).toEqual({ n: 2, covered: 1, bias: 1, brier: expect.closeTo(0.34, 12) })
  })
})
