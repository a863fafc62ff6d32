import { describe, expect, it } from 'vitest'
import { attainmentOn, siteYears } from '../../server/domain/attainment.ts'
import { addDays } from '../../server/domain/calendar-date.ts'
import type { Site } from '../../server/domain/site.ts'
import type { TrialTerms } from '../../server/domain/trial-terms.ts'
import { newAtMost } from '../oracles/counts-by-summation.ts'
import { approvedOn, day, site, termsOf } from './protocols.ts'

/** The extension request: 12 by 2024-07-18, then by 2026-07-18, then by 2029-07-18; five sites open from the first day. */
const start = day('2021-07-19')
const versions: readonly TrialTerms[] = [
  termsOf({
    version: 1,
    registrationFrom: start,
    registrationUntil: day('2024-07-18'),
    plan: { startsOn: start, startsAtNumber: 0, reachesNumber: 12 },
    effectiveFrom: start,
  }),
  termsOf({
    version: 2,
    registrationFrom: start,
    registrationUntil: day('2026-07-18'),
    plan: { startsOn: day('2024-07-19'), startsAtNumber: 1, reachesNumber: 12 },
    effectiveFrom: day('2024-07-19'),
    approval: approvedOn(null),
  }),
  termsOf({
    version: 3,
    registrationFrom: start,
    registrationUntil: day('2029-07-18'),
    plan: { startsOn: day('2026-07-19'), startsAtNumber: 2, reachesNumber: 13 },
    effectiveFrom: day('2026-07-19'),
    approval: approvedOn('2026-06-12'),
  }),
]
const sites = ['01', '02', '03', '04', '05'].map((id) => site(id, ['open', '2021-07-19']))
const on = (date: string, registered: number) => attainmentOn(day(date), versions, sites, registered)!

describe('the extension request on 2026-06-24: 2 of 12 registered, the extension approved and not yet in force', () => {
  const attainment = on('2026-06-24', 2)

  it('is below its promise: 1 new since 2024-07-19, where 10.6 of 11 were promised', () => {
    expect(attainment.verdict).toBe('below')
  })

  it('measures the calendar by version 2 and the chance by version 3', () => {
    expect(attainment.inForce.version).toBe(2)
    expect(attainment.promised.version).toBe(3)
  })

  it('has 2 registered and 10 to go, after 4.93 of 5 years, with 3.07 left', () => {
    expect(attainment).toMatchObject({ registered: 2, remaining: 10 })
    expect(attainment.elapsedYears).toBeCloseTo(4.93, 2)
    expect(attainment.periodYears).toBeCloseTo(5, 2)
    expect(attainment.yearsLeft).toBeCloseTo(3.07, 2)
  })

  it('has registered 83% less than its calendar: (2/12)/(4.93/5) - 1', () => {
    expect(attainment.againstCalendar).toBeCloseTo(-0.83, 2)
  })

  it('needs 3.26 a year, 8.03 times what it observed', () => {
    expect(attainment.requiredPerYear).toBeCloseTo(3.26, 2)
    expect(attainment.requiredMultiple).toBeCloseTo(8.03, 2)
  })

  it('at the observed 0.406 a year takes 24.7 years more', () => {
    expect(attainment.observed).toMatchObject({ kind: 'rate', perYear: expect.closeTo(0.406, 3) })
    expect(attainment.yearsAtObservedRate).toBeCloseTo(24.7, 1)
  })

  it('reaches its target with 0.0033, or 0.0010 if the rate held', () => {
    expect(attainment.forecast?.chance.withDrift).toBeCloseTo(0.0033, 4)
    expect(attainment.forecast?.chance.ifRateHeld).toBeCloseTo(0.001, 4)
  })

  it('will have 2 to 6 registered in 8 of 10 cases, 3 in the middle', () => {
    expect(attainment.forecast).toMatchObject({ low80: 2, median: 3, high80: 6 })
  })

  it('the same by adding up slices: 9 more or fewer has 0.9967, 4 more or fewer 0.9, none 0.1', () => {
    const { shape, exposureYears } = attainment.forecast!.belief
    const future = 5 * attainment.yearsLeft
    const atMost = (count: number) => newAtMost(count, shape, exposureYears, future)
    expect(1 - atMost(9)).toBeCloseTo(0.0033, 4)
    expect(atMost(3)).toBeLessThan(0.9)
    expect(atMost(4)).toBeGreaterThanOrEqual(0.9)
    expect(atMost(0)).toBeLessThan(0.5)
    expect(atMost(1)).toBeGreaterThanOrEqual(0.5)
    expect(atMost(0)).toBeGreaterThanOrEqual(0.1)
  })
})

describe('the verdict on the same trial', () => {
  it('2026-11-20, the extension in force and still 2: too early to be below its plan, and the target unlikely', () => {
    const later = on('2026-11-20', 2)
    expect(later.verdict).toBe('unlikely')
    expect(later.inForce.version).toBe(3)
    expect(later.forecast?.chance.withDrift).toBeLessThan(0.1)
  })

  it('below as soon as its own plan is in doubt: after 230 of 1096 days, with 2.31 of 11 promised and none come', () => {
    const doubted = addDays(day('2026-07-19'), 230)
    expect(Math.exp((-11 * 229) / 1096)).toBeGreaterThan(0.1)
    expect(Math.exp((-11 * 230) / 1096)).toBeLessThan(0.1)
    expect(on(addDays(doubted, -1), 2).verdict).toBe('unlikely')
    expect(on(doubted, 2).verdict).toBe('below')
    expect(on(doubted, 3).verdict).not.toBe('below')
  })

  it('reached, with the last one to go registered; from then on on every day, the deadline past or not', () => {
    expect(on('2026-06-24', 11).verdict).not.toBe('reached')
    expect(on('2026-06-24', 12)).toMatchObject({ verdict: 'reached', remaining: 0, requiredPerYear: 0 })
    expect(on('2026-06-24', 13)).toMatchObject({ verdict: 'reached', remaining: 0 })
    expect(on('2029-07-19', 12).verdict).toBe('reached')
    expect(on('2026-06-24', 12).forecast?.chance).toEqual({ withDrift: 1, ifRateHeld: 1 })
  })

  it('ended the day after the last day of registration, which itself still counts', () => {
    expect(on('2029-07-18', 11).verdict).not.toBe('ended')
    expect(on('2029-07-19', 11)).toMatchObject({ verdict: 'ended', yearsLeft: 0, requiredPerYear: null })
    expect(on('2029-07-19', 11).forecast?.chance).toEqual({ withDrift: 0, ifRateHeld: 0 })
  })

  it('not ended by an old deadline once the extension is approved', () => {
    expect(on('2026-07-18', 2).verdict).not.toBe('ended')
    const before = attainmentOn(day('2026-07-19'), versions.slice(0, 2), sites, 2)!
    expect(before.verdict).toBe('ended')
  })

  it('not ended between the old deadline and the day on which the approved extension takes effect', () => {
    const [first, second, third] = versions
    const later = [first!, second!, { ...third!, effectiveFrom: day('2026-08-01') }]
    const between = attainmentOn(day('2026-07-25'), later, sites, 2)!
    expect([between.inForce.version, between.promised.version]).toEqual([2, 3])
    expect(between.verdict).not.toBe('ended')
  })

  it('unlikely from the first day on which the chance is under 10%, and open until the day before', () => {
    const days = Array.from({ length: 300 }, (_, index) => on(addDays(day('2026-08-01'), index), 5))
    const first = days.findIndex(({ forecast }) => (forecast?.chance.withDrift ?? 1) < 0.1)
    expect(first).toBeGreaterThan(0)
    expect(days[first]?.forecast?.chance.withDrift).toBeGreaterThan(0.09)
    expect([days[first - 1]?.verdict, days[first]?.verdict]).toEqual(['open', 'unlikely'])
  })

  it('likely, with all but one registered and three years to go', () => {
    expect(on('2026-08-01', 11).verdict).toBe('likely')
    expect(on('2026-08-01', 11).forecast?.chance.withDrift).toBeGreaterThanOrEqual(0.8)
  })

  it('open in between', () => {
    const { verdict, forecast } = on('2026-08-01', 7)
    expect(verdict).toBe('open')
    expect(forecast?.chance.withDrift).toBeGreaterThanOrEqual(0.1)
    expect(forecast?.chance.withDrift).toBeLessThan(0.8)
  })

  it('counts what came in the extension against what the extension promised, not all that ever came', () => {
    const lateInSecond = on('2026-06-24', 9)
    expect(lateInSecond.verdict).not.toBe('below')
  })
})

describe('before a trial has begun', () => {
  it('there is no attainment without terms', () => {
    expect(attainmentOn(day('2021-07-18'), versions, sites, 0)).toBeNull()
    expect(attainmentOn(day('2026-06-24'), [], sites, 0)).toBeNull()
  })

  it('approved terms whose period has not begun: not started, nothing elapsed, no comparison with the calendar', () => {
    const approved = [termsOf({ approval: approvedOn('2025-12-01') })]
    const waiting = attainmentOn(day('2025-12-15'), approved, [site('01', ['open', '2025-12-01'])], 0)!
    expect(waiting).toMatchObject({ verdict: 'not_started', elapsedYears: 0, againstCalendar: null })
    expect(waiting.inForce.version).toBe(1)
  })

  it('the first day of the period: started, if a site is open, with nothing elapsed to compare with', () => {
    const opened = [site('01', ['open', '2025-12-01'])]
    expect(attainmentOn(day('2026-01-01'), [termsOf()], opened, 0)).toMatchObject({ againstCalendar: null })
    expect(attainmentOn(day('2026-01-01'), [termsOf()], opened, 0)?.verdict).not.toBe('not_started')
  })
})

describe('a trial without exposure', () => {
  const noneOpen: [string, Site[]][] = [
    ['no sites', []],
    ['no site open yet', [site('01', ['pending', '2025-12-01']), site('02')]],
    ['its only site opening today', [site('01', ['open', '2026-06-24'])]],
  ]
  it.each(noneOpen)('%s: not started, no rate, no multiple, no forecast', (_name, where) => {
    const attainment = attainmentOn(day('2026-06-24'), [termsOf()], where, 0)!
    expect(attainment).toMatchObject({
      verdict: 'not_started',
      observed: { kind: 'noExposure' },
      requiredMultiple: null,
      yearsAtObservedRate: null,
      forecast: null,
      againstCalendar: -1,
    })
  })

  it('with a site that will open has years left in which it will be open', () => {
    const future = [site('01', ['open', '2026-09-01'])]
    const attainment = attainmentOn(day('2026-06-24'), [termsOf()], future, 0)!
    expect(attainment.yearsLeft).toBeCloseTo(122 / 365.25, 12)
    expect(attainment.requiredPerYear).toBeCloseTo(12 / (122 / 365.25), 9)
  })

  it('with under a site-year and under six registered it is too early for any chance', () => {
    const opened = [site('01', ['open', '2026-06-01'])]
    const early = attainmentOn(day('2026-06-24'), [termsOf()], opened, 2)!
    expect([early.forecast, early.verdict]).toEqual([null, 'too_early'])
    expect(attainmentOn(day('2026-06-24'), [termsOf()], opened, 6)!.forecast).not.toBeNull()
  })

  it('with every site closed for good has no time left, and no required rate', () => {
    const closed = [site('01', ['open', '2024-01-01'], ['closed', '2026-03-01'])]
    const attainment = attainmentOn(day('2026-06-24'), [termsOf()], closed, 3)!
    expect(attainment).toMatchObject({ yearsLeft: 0, requiredPerYear: null, requiredMultiple: null })
    expect(attainment.forecast).toMatchObject({ low80: 3, median: 3, high80: 3, chance: { withDrift: 0 } })
  })
})

describe('a trial with exposure and nobody registered', () => {
  it('has an interval and no rate, so nothing to be a multiple of', () => {
    const attainment = attainmentOn(day('2023-07-19'), versions, sites, 0)!
    expect(attainment.observed.kind).toBe('intervalOnly')
    expect(attainment).toMatchObject({ requiredMultiple: null, yearsAtObservedRate: null, againstCalendar: -1 })
    expect(attainment.verdict).toBe('below')
  })
})

describe('a target of 0', () => {
  const none = [
    termsOf({ targetNumber: 0, plan: { startsOn: day('2026-01-01'), startsAtNumber: 0, reachesNumber: 0 } }),
  ]
  const opened = [site('01', ['open', '2026-01-01'])]

  it('is reached from the start', () => {
    expect(attainmentOn(day('2026-06-24'), none, opened, 0)).toMatchObject({
      verdict: 'reached',
      remaining: 0,
      requiredPerYear: 0,
    })
  })

  it('is no part of anything: there is no share of it to compare with the calendar', () => {
    expect(attainmentOn(day('2026-06-24'), none, opened, 0)?.againstCalendar).toBeNull()
    expect(attainmentOn(day('2026-06-24'), none, opened, 1)?.againstCalendar).toBeNull()
  })
})

describe('site-years', () => {
  it('add up over the sites: five sites for 1801 days are 24.65, and 15.35 are to come', () => {
    const { past, future } = siteYears(sites, day('2026-06-24'), day('2029-07-19'))
    expect(past).toBeCloseTo((5 * 1801) / 365.25, 12)
    expect(future).toBeCloseTo((5 * 1121) / 365.25, 12)
  })

  it('leave out holds and sites that are closed', () => {
    const two = [
      site('01', ['open', '2026-01-01'], ['on_hold', '2026-01-11'], ['open', '2026-01-21'], ['closed', '2026-02-10']),
      site('02', ['pending', '2026-01-01']),
    ]
    const { past, future } = siteYears(two, day('2026-01-31'), day('2026-12-31'))
    expect(past * 365.25).toBeCloseTo(20, 9)
    expect(future * 365.25).toBeCloseTo(10, 9)
  })
})

describe('one site-year of all sites together', () => {
  const openFor = (...days: number[]) =>
    days.map((ago, place) => site(`0${place + 1}`, ['open', addDays(day('2026-06-24'), -ago)]))
  const openedBefore = (...days: number[]) => attainmentOn(day('2026-06-24'), versions, openFor(...days), 2)!

  it('decides whether there is a rate and a forecast: 362 days of four sites have neither, 366 have both', () => {
    expect(openedBefore(92, 90, 90, 90)).toMatchObject({ observed: { kind: 'intervalOnly' }, forecast: null })
    expect(openedBefore(92, 90, 90, 90).requiredMultiple).toBeNull()
    const { observed, forecast } = openedBefore(96, 90, 90, 90)
    expect(observed).toMatchObject({ kind: 'rate', exposureYears: 96 / 365.25 })
    expect(forecast).not.toBeNull()
  })
})
