import { describe, expect, it } from 'vitest'
import { cumulative } from '../../server/domain/accrual.ts'
import { attainmentOn } from '../../server/domain/attainment.ts'
import { addDays, yearsBetween } from '../../server/domain/calendar-date.ts'
import { type Pace, paceOn } from '../../server/domain/pace.ts'
import type { Site } from '../../server/domain/site.ts'
import { day, site, termsOf } from './protocols.ts'

const start = day('2024-01-01')

/** A target of 6 by the last day of 2029, at sites that are open from 2024-01-01 on unless said otherwise. */
function pace(
  asOf: string,
  registered: Record<string, number>,
  {
    target = 6,
    sites = [site('01', ['open', '2024-01-01'])] as readonly Site[],
    screened = null as string | null,
  } = {},
): Pace {
  const terms = termsOf({
    targetNumber: target,
    registrationFrom: start,
    registrationUntil: day('2029-12-31'),
    plan: { startsOn: start, startsAtNumber: 0, reachesNumber: target },
    effectiveFrom: start,
  })
  const days = Object.entries(registered).map(([date, number]) => ({ date: day(date), number }))
  const attainment = attainmentOn(day(asOf), [terms], sites, cumulative(days).at(-1)?.number ?? 0)!
  return paceOn(attainment, sites, days, screened === null ? null : day(screened))
}

describe('2 registered in 4 years, 4 more needed in the 2 years left', () => {
  const { required, overall, recent, lastRegistration } = pace('2028-01-01', { '2024-05-01': 1, '2025-05-01': 1 })

  it('needs 2 a year, which leads to the deadline', () => {
    expect(required).toMatchObject({ count: 4, leadsTo: '2029-12-31' })
    expect(required.exposureYears).toBeCloseTo(2, 2)
    expect(required.perYear).toBeCloseTo(2, 2)
  })

  it('observed 0.5 a year, which leads to 8 years from now: silence counts', () => {
    expect(overall.rate).toMatchObject({ kind: 'rate', count: 2, exposureYears: 4, perYear: 0.5 })
    expect(overall).toMatchObject({ since: '2024-01-01', leadsTo: '2035-12-31' })
  })

  it('has no recent window of its own: fewer than 25 subjects are one history', () => {
    expect(recent).toEqual(overall)
  })

  it('registered last 975 days ago', () => {
    expect(lastRegistration).toEqual({ on: '2025-05-01', daysSince: 975 })
  })
})

describe('the extension request on 2026-06-24', () => {
  const opened = day('2021-07-19')
  const until = day('2029-07-18')
  const terms = termsOf({ registrationFrom: opened, registrationUntil: until, effectiveFrom: opened })
  const sites = ['01', '02', '03', '04', '05'].map((code) => site(code, ['open', '2021-07-19']))
  const days = [
    { date: day('2022-03-02'), number: 1 },
    { date: day('2024-10-24'), number: 1 },
  ]
  const on = paceOn(attainmentOn(day('2026-06-24'), [terms], sites, 2)!, sites, days, day('2026-05-20'))

  it('needs 3.26 a year until 2029-07-18, and at 0.41 a year gets there in no foreseeable time', () => {
    expect(on.required.perYear).toBeCloseTo(3.26, 2)
    expect(on.required.leadsTo).toBe('2029-07-18')
    expect(on.overall.rate).toMatchObject({ kind: 'rate', count: 2, perYear: expect.closeTo(0.41, 2) })
    expect(on.overall.leadsTo).toBeNull()
  })

  it('screened 35 days ago, registered 608 days ago', () => {
    expect(on.lastScreening).toEqual({ on: '2026-05-20', daysSince: 35 })
    expect(on.lastRegistration).toEqual({ on: '2024-10-24', daysSince: 608 })
  })
})

describe('a trial that slowed down: 100 in the first year, 30 in the last of four', () => {
  const early = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [addDays(start, n * 3), 1]))
  const late = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [addDays(day('2027-01-10'), n * 12), 1]))
  const slow = pace('2028-01-01', { ...early, ...late }, { target: 160 })

  it('has as its recent window the shortest that holds 25: the last 25% of four years', () => {
    expect(slow.recent).toMatchObject({ since: '2027-01-01', rate: { count: 30 } })
    expect(slow.recent.rate).toMatchObject({ kind: 'rate', perYear: expect.closeTo(30, 0) })
    expect(slow.overall.rate).toMatchObject({ count: 130, perYear: 32.5 })
  })

  it('leads to a later date than the whole history would say', () => {
    const { leadsTo } = slow.recent
    expect(leadsTo).not.toBeNull()
    expect(yearsBetween(day('2028-01-01'), leadsTo!)).toBeCloseTo(1, 1)
    expect(leadsTo! > slow.overall.leadsTo!).toBe(true)
  })
})

describe('what is not told as a rate', () => {
  it('nobody registered: the interval only, and no date', () => {
    const { overall, lastRegistration } = pace('2027-01-01', {})
    expect(overall.rate).toMatchObject({ kind: 'intervalOnly', count: 0 })
    expect(overall.leadsTo).toBeNull()
    expect(lastRegistration).toBeNull()
  })

  it('under one site-year: the interval only; two sites together have more', () => {
    const registered = { '2024-02-01': 2 }
    expect(pace('2024-09-01', registered).overall.rate.kind).toBe('intervalOnly')
    const two = [site('01', ['open', '2024-01-01']), site('02', ['open', '2024-01-01'])]
    expect(pace('2024-09-01', registered, { sites: two }).overall.rate.kind).toBe('rate')
  })

  it('no site open yet: nothing', () => {
    const { overall, recent } = pace('2025-01-01', {}, { sites: [site('01', ['open', '2025-06-01'])] })
    expect(overall).toEqual({ rate: { kind: 'noExposure' }, since: null, leadsTo: null })
    expect(recent).toEqual(overall)
  })

  it('all sites close before: a rate, and no date', () => {
    const closing = [site('01', ['open', '2024-01-01'], ['closed', '2028-06-01'])]
    const { overall } = pace('2028-01-01', { '2024-05-01': 2 }, { sites: closing })
    expect(overall).toMatchObject({ rate: { kind: 'rate', perYear: 0.5 }, leadsTo: null })
  })
})

describe('the ends of a trial', () => {
  it('a target that is reached leads to the day on which it was', () => {
    const reached = pace('2028-01-01', { '2024-05-01': 4, '2025-05-01': 2, '2026-05-01': 1 })
    expect(reached.required).toMatchObject({ perYear: 0, count: 0, leadsTo: '2025-05-01' })
    expect(reached.overall.leadsTo).toBe('2025-05-01')
  })

  it('after the deadline nothing a year would be enough', () => {
    const over = pace('2030-06-01', { '2024-05-01': 4 })
    expect(over.required).toMatchObject({ perYear: null, count: 2, leadsTo: null })
    expect(over.overall.leadsTo).not.toBeNull()
  })

  it('a hold counts neither before nor after: 2 in 2 open years is 1 a year', () => {
    const held = [site('01', ['open', '2024-01-01'], ['on_hold', '2025-01-01'], ['open', '2026-01-01'])]
    const { overall } = pace('2027-01-01', { '2024-05-01': 2 }, { sites: held })
    expect(overall.rate).toMatchObject({ perYear: expect.closeTo(1, 2) })
    expect(yearsBetween(day('2027-01-01'), overall.leadsTo!)).toBeCloseTo(4, 1)
  })

  it('a rate as fast as the required one leads to the deadline, to the day', () => {
    const { required, overall } = pace('2027-01-01', { '2024-05-01': 3 })
    expect(required.perYear).toBeCloseTo(1, 2)
    expect(overall.leadsTo! <= '2030-01-03' && overall.leadsTo! >= '2029-12-29').toBe(true)
  })
})
