import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../server/domain/calendar-date.ts'
import {
  isInRegistrationPeriod,
  plannedNumberBy,
  termsInForce,
  termsPromised,
} from '../../server/domain/trial-terms.ts'
import { approvedOn, day, termsOf } from './protocols.ts'

/** The extension request's three versions: approved in June 2026, in force from July. */
const first = termsOf({ version: 1, effectiveFrom: day('2021-07-19') })
const second = termsOf({ version: 2, effectiveFrom: day('2024-07-19'), approval: approvedOn(null) })
const third = termsOf({ version: 3, effectiveFrom: day('2026-07-19'), approval: approvedOn('2026-06-12') })
const versions = [first, second, third]

describe('the terms in force', () => {
  it.each([
    ['2021-07-18', undefined],
    ['2021-07-19', 1],
    ['2024-07-18', 1],
    ['2024-07-19', 2],
    ['2026-07-18', 2],
    ['2026-07-19', 3],
    ['2099-12-31', 3],
  ])('%s: version %s', (on, version) => {
    expect(termsInForce(versions, day(on))?.version).toBe(version)
  })

  it('are the newest of those that took effect on the same day', () => {
    const corrected = { ...second, version: 3 }
    expect(termsInForce([corrected, first, second], day('2024-07-19'))?.version).toBe(3)
  })

  it('are none where there never were any', () => {
    expect(termsInForce([], day('2026-06-24'))).toBeNull()
  })
})

describe('the terms promised', () => {
  it('are those in force until a newer version is approved', () => {
    expect(termsPromised(versions, day('2026-06-11'))?.version).toBe(2)
  })

  it('are the approved extension from the day of its approval, before its period begins', () => {
    expect(termsPromised(versions, day('2026-06-12'))?.version).toBe(3)
    expect(termsInForce(versions, day('2026-06-12'))?.version).toBe(2)
  })

  it('are not a version whose approval has no day, before it takes effect', () => {
    expect(termsPromised(versions, day('2024-07-18'))?.version).toBe(1)
    expect(termsPromised(versions, day('2024-07-19'))?.version).toBe(2)
  })

  it('are none before the first version is approved or takes effect', () => {
    expect(termsPromised(versions, day('2021-07-18'))).toBeNull()
    expect(termsPromised([third], day('2026-06-12'))?.version).toBe(3)
  })

  it('leave the versions in their order', () => {
    termsPromised(versions, day('2099-12-31'))
    termsInForce(versions, day('2099-12-31'))
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3])
  })
})

describe('the registration period', () => {
  it('includes its first and its last day, and no other day beside it', () => {
    const terms = termsOf()
    expect(isInRegistrationPeriod(terms, day('2025-12-31'))).toBe(false)
    expect(isInRegistrationPeriod(terms, day('2026-01-01'))).toBe(true)
    expect(isInRegistrationPeriod(terms, day('2026-12-31'))).toBe(true)
    expect(isInRegistrationPeriod(terms, day('2027-01-01'))).toBe(false)
  })
})

describe('the number the plan promises by the end of a day', () => {
  const twelveInThreeYears = termsOf({
    registrationFrom: day('2021-07-19'),
    registrationUntil: day('2024-07-18'),
    plan: { startsOn: day('2021-07-19'), startsAtNumber: 0, reachesNumber: 12 },
  })

  it('from 0 on 2021-07-19 to 12 on 2024-07-18: 548 of 1096 days later, 6', () => {
    expect(plannedNumberBy(twelveInThreeYears, day('2023-01-17'))).toBe(6)
  })

  it('is what the plan starts from until the day before it starts, and one day’s share by the end of its first day', () => {
    expect(plannedNumberBy(twelveInThreeYears, day('2020-01-01'))).toBe(0)
    expect(plannedNumberBy(twelveInThreeYears, day('2021-07-18'))).toBe(0)
    expect(plannedNumberBy(twelveInThreeYears, day('2021-07-19'))).toBeCloseTo(12 / 1096, 12)
  })

  it('is all of it by the end of the last day, and no more afterwards', () => {
    expect(plannedNumberBy(twelveInThreeYears, day('2024-07-17'))).toBeCloseTo(12 - 12 / 1096, 12)
    expect(plannedNumberBy(twelveInThreeYears, day('2024-07-18'))).toBe(12)
    expect(plannedNumberBy(twelveInThreeYears, day('2030-01-01'))).toBe(12)
  })

  it('of an extension starts from what was registered: from 1 to 12 in two years, half-way 6.5', () => {
    const extension = termsOf({
      registrationUntil: day('2026-07-18'),
      plan: { startsOn: day('2024-07-19'), startsAtNumber: 1, reachesNumber: 12 },
    })
    expect(plannedNumberBy(extension, day('2024-07-18'))).toBe(1)
    expect(plannedNumberBy(extension, day('2025-07-18'))).toBe(6.5)
    expect(plannedNumberBy(extension, day('2026-07-18'))).toBe(12)
  })

  it('never falls from one day to the next, and stays between its ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 2000 }), fc.nat(20), fc.nat(40), (days, from, more) => {
        const terms = termsOf({
          ...twelveInThreeYears,
          plan: { startsOn: day('2021-07-19'), startsAtNumber: from, reachesNumber: from + more },
        })
        const on = addDays(day('2021-07-19'), days)
        const planned = plannedNumberBy(terms, on)
        expect(planned).toBeGreaterThanOrEqual(from)
        expect(planned).toBeLessThanOrEqual(from + more)
        expect(plannedNumberBy(terms, addDays(on, 1))).toBeGreaterThanOrEqual(planned)
      }),
    )
  })
})
