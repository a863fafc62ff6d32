import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, calendarDate, daysBetween } from '../../../server/domain/calendar-date.ts'
import {
  daysUntilExposure,
  exposureYears,
  futureYears,
  instantAfter,
  type OpenPeriod,
} from '../../../server/domain/projection/exposure.ts'

const open = (from: string, until: string | null = null): OpenPeriod => ({
  from: calendarDate(from),
  until: until === null ? null : calendarDate(until),
})
const in2024 = calendarDate('2024-01-01')
const in2028 = calendarDate('2028-01-01')
const in2032 = calendarDate('2032-01-01')

describe('exposure so far', () => {
  it('counts every day that the site was open, registrations or not: 1461 days are 4 site-years', () => {
    expect(exposureYears([open('2024-01-01')], in2028)).toBe(4)
  })

  it('does not count the as-of day itself', () => {
    expect(exposureYears([open('2028-01-01')], in2028)).toBe(0)
    expect(exposureYears([open('2027-12-31')], in2028)).toBe(1 / 365.25)
  })

  it('does not count the day from which the site is closed', () => {
    expect(exposureYears([open('2024-01-01', '2024-01-02')], in2028)).toBe(1 / 365.25)
  })

  it('leaves a hold out', () => {
    expect(exposureYears([open('2024-01-01', '2024-07-01'), open('2025-07-01')], in2028)).toBeCloseTo(1096 / 365.25, 12)
  })

  it('counts days once where periods overlap, touch or lie within each other, in any order', () => {
    expect(exposureYears([open('2024-01-01', '2027-01-01'), open('2026-01-01')], in2028)).toBe(4)
    expect(exposureYears([open('2026-01-01'), open('2024-01-01', '2026-01-01')], in2028)).toBe(4)
    expect(exposureYears([open('2024-01-01'), open('2025-01-01', '2025-02-01')], in2028)).toBe(4)
    expect(exposureYears([open('2024-01-01', '2025-01-01'), open('2024-01-01')], in2028)).toBe(4)
  })

  it('is 0 for a site that never opened or opens later', () => {
    expect(exposureYears([], in2028)).toBe(0)
    expect(exposureYears([open('2030-01-01')], in2028)).toBe(0)
  })

  it('refuses a period that ends before it begins, and says which', () => {
    expect(() => exposureYears([open('2024-01-02', '2024-01-01')], in2028)).toThrow('2024-01-02')
  })
})

describe('exposure to come', () => {
  it('runs from the as-of date, or from the opening where that is later', () => {
    expect(futureYears([open('2024-01-01')], in2028, in2032)).toBe(4)
    expect(futureYears([open('2028-01-01')], in2028, in2032)).toBe(4)
    expect(futureYears([open('2031-12-31')], in2028, in2032)).toBeCloseTo(1 / 365.25, 12)
  })

  it('runs until the deadline, or until the closing where that is earlier', () => {
    expect(futureYears([open('2024-01-01', '2028-01-02')], in2028, in2032)).toBeCloseTo(1 / 365.25, 12)
  })

  it('is exactly 0 where the site has closed or the deadline has passed', () => {
    expect(futureYears([open('2024-01-01', '2025-02-03'), open('2026-05-06', '2027-01-01')], in2028, in2032)).toBe(0)
    expect(futureYears([open('2024-01-01')], in2028, in2028)).toBe(0)
    expect(futureYears([open('2024-01-01')], in2028, in2024)).toBe(0)
  })

  it('includes the last day of registration: until 2029-07-18 ends at the instant 2029-07-19', () => {
    const lastDay = calendarDate('2029-07-18')
    expect(instantAfter(lastDay)).toBe('2029-07-19')
    expect(futureYears([open('2021-07-19')], lastDay, instantAfter(lastDay))).toBeCloseTo(1 / 365.25, 12)
  })
})

describe('days until the sites have collected some site-years', () => {
  it('shares them among the sites: two sites need 4 years for 8', () => {
    expect(daysUntilExposure([[open('2024-01-01')], [open('2020-01-01')]], in2028, 8)).toBe(1461)
  })

  it('goes on with the sites that are left: one closes after 1461 days, so 12 site-years take 2922', () => {
    expect(daysUntilExposure([[open('2024-01-01', '2032-01-01')], [open('2020-01-01')]], in2028, 12)).toBe(2922)
  })

  it('is null where all sites close before', () => {
    const closing = [open('2024-01-01', '2032-01-01')]
    expect(daysUntilExposure([closing, closing], in2028, 8)).toBe(1461)
    expect(daysUntilExposure([closing, closing], in2028, 12)).toBeNull()
    expect(daysUntilExposure([], in2028, 1)).toBeNull()
  })

  it('waits for sites that open later', () => {
    expect(daysUntilExposure([[open('2032-01-01')]], in2028, 4)).toBe(2922)
  })

  it('is 0 for no site-years, even where nothing is open', () => {
    expect(daysUntilExposure([], in2028, 0)).toBe(0)
  })

  it('refuses what is not a length of time', () => {
    expect(() => daysUntilExposure([], in2028, Number.NaN)).toThrow('NaN')
    expect(() => daysUntilExposure([], in2028, -1)).toThrow('-1')
  })

  it('agrees with the future site-years of the date it finds', () => {
    const period = fc
      .tuple(fc.integer({ min: -900, max: 900 }), fc.option(fc.integer({ min: 0, max: 900 })))
      .map(([from, length]) => ({
        from: addDays(in2028, from),
        until: length === null ? null : addDays(in2028, from + length),
      }))
    const sites = fc.array(fc.array(period, { maxLength: 4 }), { maxLength: 5 })
    fc.assert(
      fc.property(sites, fc.integer({ min: 1, max: 1500 }), (someSites, daysAhead) => {
        const deadline = addDays(in2028, daysAhead)
        const siteYears = someSites.reduce((sum, site) => sum + futureYears(site, in2028, deadline), 0)
        const days = daysUntilExposure(someSites, in2028, Math.max(0, siteYears - 1e-9))
        expect(days).not.toBeNull()
        expect(days!).toBeLessThanOrEqual(daysAhead)
        const dayBefore = addDays(in2028, Math.floor(days!))
        expect(daysBetween(in2028, dayBefore)).toBeLessThanOrEqual(daysAhead)
        const collected = someSites.reduce((sum, site) => sum + futureYears(site, in2028, dayBefore), 0)
        expect(siteYears - collected).toBeLessThanOrEqual(someSites.length / 365.25 + 1e-8)
      }),
    )
  })

  it('counts open days as a calendar does, day by day', () => {
    const period = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.option(fc.integer({ min: 0, max: 40 })))
      .map(([from, length]) => ({ from, until: length === null ? null : from + length }))
    fc.assert(
      fc.property(fc.array(period, { maxLength: 5 }), fc.integer({ min: 0, max: 80 }), (periods, asOf) => {
        const dated = periods.map(({ from, until }) => ({
          from: addDays(in2024, from),
          until: until === null ? null : addDays(in2024, until),
        }))
        let openDays = 0
        for (let day = 0; day < asOf; day++) {
          if (periods.some(({ from, until }) => day >= from && (until === null || day < until))) openDays++
        }
        expect(exposureYears(dated, addDays(in2024, asOf)) * 365.25).toBeCloseTo(openDays, 9)
      }),
    )
  })
})
