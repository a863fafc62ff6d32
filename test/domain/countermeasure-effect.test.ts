import { describe, expect, it } from 'vitest'
import { effectOf, effectWindow } from '../../server/domain/countermeasure-effect.ts'
import { day, site } from './protocols.ts'

const measure = (startedOn: string, endedOn: string | null = null) => ({
  startedOn: day(startedOn),
  endedOn: endedOn === null ? null : day(endedOn),
})
const long = site('a', ['open', '2020-01-01'])
const around = (siteId: string, before: number, since: number) => ({ siteId, before, since })
const window = effectWindow(measure('2025-01-01'), day('2025-12-31'))

describe('the times around a measure', () => {
  it('are the twelve months before it and the time since, the day itself included', () => {
    expect(window).toEqual({ from: '2024-01-01', start: '2025-01-01', until: '2026-01-01' })
  })

  it('end with the measure, where it has ended by the day', () => {
    const ended = measure('2025-01-01', '2025-06-30')
    expect(effectWindow(ended, day('2025-12-31'))?.until).toBe('2025-07-01')
    expect(effectWindow(ended, day('2025-03-31'))?.until).toBe('2025-04-01')
  })

  it('of a plan are none', () => {
    expect(effectWindow(measure('2026-01-01'), day('2025-12-31'))).toBeNull()
    expect(effectOf(null, [long], [])).toMatchObject({ verdict: 'not_started', comparison: null })
  })
})

describe('what followed a measure', () => {
  it('four screenings with no earlier data: no baseline, whether or not the site was open before', () => {
    const opened = site('a', ['open', '2025-01-01'])
    expect(effectOf(window, [opened], [around('a', 0, 4)])).toMatchObject({
      verdict: 'no_baseline',
      before: { count: 0, years: 0 },
      since: { count: 4, years: expect.closeTo(1, 2) },
      comparison: null,
    })
    const without = effectOf(window, [long], [around('a', 0, 4)])
    expect(without).toMatchObject({ verdict: 'no_baseline', before: { count: 0, years: expect.closeTo(1, 2) } })
    expect(without.comparison?.ratio).toBeNull()
  })

  it('2 before and 9 since: not enough data, for a doubling would have been seen with 0.08', () => {
    const effect = effectOf(window, [long], [around('a', 2, 9)])
    expect(effect.verdict).toBe('not_enough')
    // Twice 67/2048 for equal times; 2024 had a day more.
    expect(effect.comparison?.chance).toBeCloseTo(0.065, 2)
    expect(effect.power).toBeCloseTo(0.075, 2)
  })

  it('2 before and 12 since is more often; 12 before and 2 since less often', () => {
    expect(effectOf(window, [long], [around('a', 2, 12)]).verdict).toBe('rose')
    expect(effectOf(window, [long], [around('a', 12, 2)]).verdict).toBe('fell')
  })

  it('20 and 22 in equal times are no clear change: a doubling would have been seen more likely than not', () => {
    const effect = effectOf(window, [long], [around('a', 20, 22)])
    expect(effect.verdict).toBe('unchanged')
    expect(effect.power).toBeGreaterThan(0.5)
  })

  it('counts site-years: twice the sites, twice the screenings, no change', () => {
    const wide = site('b', ['open', '2025-01-01'])
    const both = effectOf(window, [long, wide], [around('a', 40, 40), around('b', 0, 40)])
    expect(both).toMatchObject({ verdict: 'unchanged', since: { count: 40 }, leftOut: 40 })
    expect(both.comparison?.ratio?.value).toBeCloseTo(366 / 365, 6)
  })

  it('leaves out a hold from the exposure', () => {
    const held = site('a', ['open', '2020-01-01'], ['on_hold', '2024-04-01'], ['open', '2024-10-01'])
    const { before } = effectOf(window, [held], [around('a', 1, 1)])
    expect(before.years).toBeCloseTo((366 - 183) / 365.25, 6)
  })

  it('where no site has been open since, says so', () => {
    const closed = site('a', ['open', '2020-01-01'], ['closed', '2024-06-01'])
    expect(effectOf(window, [closed], [around('a', 3, 0)]).verdict).toBe('not_open')
    expect(effectOf(window, [], []).verdict).toBe('not_open')
  })
})
