import { describe, expect, it } from 'vitest'
import {
  attestationProblems,
  lastReport,
  monthReport,
  monthsUntil,
  reportingCompleteness,
  wasOpenIn,
} from '../../server/domain/reporting.ts'
import { day, site } from './protocols.ts'

const hospital = site(
  '01',
  ['open', '2026-02-10'],
  ['on_hold', '2026-04-01'],
  ['open', '2026-04-20'],
  ['closed', '2026-06-01'],
)
const nothingIn = (month: string) => [{ siteId: '01', month }]
const eventsIn = (month: string, events = 1) => [{ siteId: '01', month, events }]

describe('what a site reported for a month', () => {
  it('is its events where there were some, even where it had said that there were none', () => {
    expect(monthReport(hospital, '2026-03', eventsIn('2026-03', 2), nothingIn('2026-03'))).toEqual({
      kind: 'reported',
      events: 2,
    })
  })

  it('is "nothing" where it said so, and silence where nobody said anything', () => {
    expect(monthReport(hospital, '2026-03', [], nothingIn('2026-03'))).toEqual({ kind: 'nothing' })
    expect(monthReport(hospital, '2026-03', [], [])).toEqual({ kind: 'silent' })
  })

  it('is not asked of months in which it was never open', () => {
    expect(monthReport(hospital, '2026-01', [], [])).toEqual({ kind: 'not_open' })
    expect(monthReport(hospital, '2026-06', [], [])).toEqual({ kind: 'not_open' })
  })

  it('is not taken from another site or month', () => {
    const elsewhere = [{ siteId: '02', month: '2026-03', events: 4 }]
    expect(monthReport(hospital, '2026-03', elsewhere, nothingIn('2026-02'))).toEqual({ kind: 'silent' })
  })
})

describe('a month in which a site was open', () => {
  it('is one with a single open day, at either end', () => {
    expect(
      ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'].map((month) => wasOpenIn(hospital, month)),
    ).toEqual([false, true, true, true, true, false])
  })

  it('is none that was on hold throughout', () => {
    const held = site('02', ['open', '2026-01-01'], ['on_hold', '2026-02-01'], ['open', '2026-03-01'])
    expect(wasOpenIn(held, '2026-02')).toBe(false)
  })
})

describe('completeness', () => {
  it('counts "nothing" as a report and leaves out sites that were not open: 2 of 3', () => {
    const reports = [
      { kind: 'reported', events: 1 },
      { kind: 'nothing' },
      { kind: 'silent' },
      { kind: 'not_open' },
    ] as const
    expect(reportingCompleteness(reports)).toEqual({ reported: 2, open: 3 })
  })
})

describe('"nothing this month"', () => {
  const today = day('2026-05-20')

  it('may be said of the current month and of earlier ones, once or again', () => {
    expect(attestationProblems(hospital, '2026-05', [], [], today)).toEqual([])
    expect(attestationProblems(hospital, '2026-03', [], nothingIn('2026-03'), today)).toEqual([])
  })

  it.each([
    ['2026-06', 'month_in_future'],
    ['2026-01', 'month_not_open'],
    ['2026-13', 'month_malformed'],
    ['2026-5', 'month_malformed'],
    ["2026-05'; --", 'month_malformed'],
  ])('may not be said of %s: %s', (month, code) => {
    expect(attestationProblems(hospital, month, [], [], today).map((problem) => problem.code)).toEqual([code])
  })

  it('may not be said of a month with events', () => {
    expect(attestationProblems(hospital, '2026-03', eventsIn('2026-03'), [], today)).toEqual([
      { field: 'month', code: 'month_has_events', values: { month: '2026-03', events: 1 } },
    ])
  })
})

it('months go back from that of the day, over the turn of the year', () => {
  expect(monthsUntil(day('2026-02-28'), 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11'])
})

describe('how long a site has been silent', () => {
  const open = site('03', ['open', '2021-07-19'])
  const none = { events: 0, attestedMonth: null }

  it('since something last happened there: active in 2025-09, by 2026-05 eight months', () => {
    expect(lastReport(open, '2026-05', none, day('2025-09-25'))).toEqual({
      report: { kind: 'silent' },
      silentMonths: 8,
    })
  })

  it('or since it last said that nothing did, where that is later', () => {
    const said = { events: 0, attestedMonth: '2026-03' }
    expect(lastReport(open, '2026-05', said, day('2025-09-25')).silentMonths).toBe(2)
  })

  it('who was never heard of since the month in which the site opened; months on hold are not asked about', () => {
    expect(lastReport(open, '2021-09', none, null).silentMonths).toBe(3)
    const held = site('04', ['open', '2021-07-19'], ['on_hold', '2021-09-01'], ['open', '2021-11-01'])
    expect(lastReport(held, '2021-12', none, null).silentMonths).toBe(4)
  })

  it('not at all where it reported, said that nothing happened, or was not open', () => {
    expect(lastReport(open, '2026-05', { events: 2, attestedMonth: null }, day('2026-05-02'))).toEqual({
      report: { kind: 'reported', events: 2 },
      silentMonths: null,
    })
    expect(lastReport(open, '2026-05', { events: 0, attestedMonth: '2026-05' }, null).report.kind).toBe('nothing')
    expect(lastReport(site('05'), '2026-05', none, null).report.kind).toBe('not_open')
  })

  it('is not told by months where something happened since: the month itself stays silent', () => {
    expect(lastReport(open, '2026-05', none, day('2026-06-02'))).toEqual({
      report: { kind: 'silent' },
      silentMonths: null,
    })
  })
})
