import { describe, expect, it } from 'vitest'
import { nextReview, reviewSchedule } from '../../server/domain/review-schedule.ts'
import type { TrialTerms } from '../../server/domain/trial-terms.ts'
import { day, termsOf } from './protocols.ts'

const version = (number: number, from: string, until: string, changes: Partial<TrialTerms> = {}): TrialTerms =>
  termsOf({
    version: number,
    registrationFrom: day('2021-07-19'),
    registrationUntil: day(until),
    effectiveFrom: day(from),
    ...changes,
  })
const first = version(1, '2021-07-19', '2024-07-18')
const second = version(2, '2024-07-19', '2026-07-18')
const third = version(3, '2026-07-19', '2029-07-18')
const days = (versions: readonly TrialTerms[]) => reviewSchedule(versions).map(({ dueOn }) => dueOn)

describe('the days of review', () => {
  it('come every six months, and once more on the day after registration ends', () => {
    expect(days([first])).toEqual(['2022-01-19', '2022-07-19', '2023-01-19', '2023-07-19', '2024-01-19', '2024-07-19'])
  })

  it('go on under new terms without a day twice', () => {
    const all = reviewSchedule([first, second, third])
    expect(all.length).toBe(16)
    expect(new Set(all.map(({ dueOn }) => dueOn)).size).toBe(16)
    expect(all.filter(({ termsVersion }) => termsVersion === 3).map(({ dueOn }) => dueOn)).toEqual([
      '2027-01-19',
      '2027-07-19',
      '2028-01-19',
      '2028-07-19',
      '2029-01-19',
      '2029-07-19',
    ])
  })

  it('are counted from the start of the extension where the terms say so', () => {
    const late = version(3, '2026-09-01', '2029-07-18', { reviewAnchor: 'terms_start' })
    expect(days([first, second, late]).filter((due) => due > '2026-07-19')[0]).toBe('2027-03-01')
  })

  it('end with the month where it is too short, and do not stay there', () => {
    const monthEnds = version(1, '2021-08-31', '2023-08-30', { registrationFrom: day('2021-08-31') })
    expect(days([monthEnds])).toEqual(['2022-02-28', '2022-08-31', '2023-02-28', '2023-08-31'])
  })

  it('stop where registration ends', () => {
    expect(nextReview([first, second, third], day('2026-07-19'))?.dueOn).toBe('2027-01-19')
    expect(nextReview([first], day('2024-07-19'))).toBeNull()
  })
})
