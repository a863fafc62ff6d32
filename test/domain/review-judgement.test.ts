/** The rule of the six-monthly review through the review's own judgement: a promise of 9 in 3 years, and the extension's. */
import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { judgePromise, reviewRule } from '../../server/domain/review-judgement.ts'
import { reviewSchedule } from '../../server/domain/review-schedule.ts'
import { termsOf } from './protocols.ts'

const day = calendarDate
const nine = termsOf({
  registrationFrom: day('2026-07-19'),
  registrationUntil: day('2029-07-18'),
  effectiveFrom: day('2026-07-19'),
  plan: { startsOn: day('2026-07-19'), startsAtNumber: 2, reachesNumber: 11 },
})

describe('a promise of 9 new subjects in 3 years, after 2', () => {
  it.each([
    ['6 months', '2027-01-19', 0, 'too_early', 0.221],
    ['12 months', '2027-07-19', 0, 'below', 0.05],
    ['12 months', '2027-07-19', 1, 'not_below', 0.2],
    ['18 months', '2028-01-19', 1, 'below', 0.061],
    ['18 months', '2028-01-19', 2, 'not_below', 0.173],
    ['24 months', '2028-07-19', 2, 'below', 0.062],
    ['24 months', '2028-07-19', 3, 'not_below', 0.151],
  ] as const)('after %s, on %s, %i new ones are %s', (_, on, fresh, verdict, chance) => {
    const judged = judgePromise(nine, day(on), 2 + fresh)
    expect([judged.actual, judged.verdict]).toEqual([fresh, verdict])
    expect(judged.chance).toBeCloseTo(chance, 2)
  })

  it('counts what is promised from the start of the plan, by the end of the day before', () => {
    expect(reviewRule(nine, day('2026-07-19')).promised).toBe(0)
    expect(reviewRule(nine, day('2029-07-19'))).toMatchObject({ promised: 9, largestBelow: 4 })
  })

  it('fewer than the plan began with are no new ones, not minus one', () => {
    expect(judgePromise(nine, day('2027-07-19'), 1).actual).toBe(0)
  })

  it('is reviewed on 2027-01-19, 2027-07-19, and last on the day after registration ends', () => {
    expect(
      reviewSchedule([{ ...nine, reviewIntervalMonths: 6, reviewAnchor: 'terms_start' }]).map(({ dueOn }) => dueOn),
    ).toEqual(['2027-01-19', '2027-07-19', '2028-01-19', '2028-07-19', '2029-01-19', '2029-07-19'])
  })
})
