import { describe, expect, it } from 'vitest'
import { calendarDate, yearsBetween } from '../../../server/domain/calendar-date.ts'
import { instantAfter } from '../../../server/domain/projection/exposure.ts'
import { forecastFan } from '../../../server/domain/projection/fan.ts'
import { observedBelief, withDrift } from '../../../server/domain/projection/pooled-predictive.ts'

const asOf = calendarDate('2026-06-24')

describe('the fan of the total', () => {
  it('2 registered and then tosses of a coin: median 2, half of the chance 2 to 3, 80% 2 to 5', () => {
    expect(forecastFan(2, { shape: 1, exposureYears: 3 }, [{ at: asOf, futureYears: 3 }])).toEqual([
      { at: asOf, low80: 2, low50: 2, median: 2, high50: 3, high80: 5 },
    ])
  })

  it('begins at what is registered', () => {
    expect(forecastFan(7, { shape: 7.5, exposureYears: 3 }, [{ at: asOf, futureYears: 0 }])).toEqual([
      { at: asOf, low80: 7, low50: 7, median: 7, high50: 7, high80: 7 },
    ])
  })

  it('for the extension request: 2 to 6 with median 3 by 2029-07-18', () => {
    const started = calendarDate('2021-07-19')
    const belief = withDrift(observedBelief(2, yearsBetween(started, asOf))!)
    const points = ['2027-07-18', '2028-07-18', '2029-07-18'].map((lastDay) => {
      const at = calendarDate(lastDay)
      return { at, futureYears: yearsBetween(asOf, instantAfter(at)) }
    })
    expect(forecastFan(2, belief, points)).toEqual([
      { at: '2027-07-18', low80: 2, low50: 2, median: 2, high50: 3, high80: 4 },
      { at: '2028-07-18', low80: 2, low50: 2, median: 3, high50: 4, high80: 5 },
      { at: '2029-07-18', low80: 2, low50: 2, median: 3, high50: 4, high80: 6 },
    ])
  })

  it('refuses what is no count of registrations', () => {
    expect(() => forecastFan(-1, { shape: 1, exposureYears: 3 }, [])).toThrow('-1')
  })
})
