import { describe, expect, it } from 'vitest'
import {
  type KnownAccrual,
  recentBelief,
  recentChange,
  sitesInWindow,
  wholeBelief,
} from '../../../server/domain/projection/recent-window.ts'

const at = (site: string, ...days: number[]) => days.map((day) => ({ day, site }))
const daysOf = (belief: ReturnType<typeof recentBelief>) => (belief?.exposureYears ?? Number.NaN) * 365.25

/** So many in so many days, at the middle of equal spans, at a site that opened on day 0. */
const evenly = (count: number, days: number): KnownAccrual => ({
  registrations: at('A', ...Array.from({ length: count }, (_, place) => Math.floor(((place + 0.5) * days) / count))),
  asOfDay: days,
  openedOnDay: new Map([['A', 0]]),
})

describe('the recent window', () => {
  it('is the shortest that holds enough: of 60 in 100 days the last half with 30', () => {
    const belief = recentBelief(evenly(60, 100), 25)
    expect(belief?.shape).toBe(30.5)
    expect(daysOf(belief)).toBeCloseTo(50, 12)
  })

  it('of 400 in 100 days is the last 15%, with 60', () => {
    const belief = recentBelief(evenly(400, 100), 25)
    expect(belief?.shape).toBe(60.5)
    expect(daysOf(belief)).toBeCloseTo(15, 12)
  })

  it('is everything where no window holds enough: 40 in 400 days', () => {
    const belief = recentBelief(evenly(40, 400), 25)
    expect(belief).toEqual(wholeBelief(evenly(40, 400)))
    expect(belief?.shape).toBe(40.5)
    expect(daysOf(belief)).toBeCloseTo(400, 12)
  })

  it('asked for more subjects, looks further back', () => {
    expect(daysOf(recentBelief(evenly(60, 100), 31))).toBeCloseTo(100, 12)
  })

  it('with unknown openings begins with the first subject, who is not counted', () => {
    const known = { registrations: at('A', 100, 200, 300), asOfDay: 301, openedOnDay: null }
    const belief = recentBelief(known, 25)
    expect(belief?.shape).toBe(2.5)
    expect(daysOf(belief)).toBeCloseTo(201, 12)
  })

  it('counts the day whose noon lies within: 2.5 days back from day 10 hold the days 8 and 9, and 7', () => {
    const known = { registrations: at('A', 0, 6, 7, 8, 9), asOfDay: 10, openedOnDay: null }
    expect(recentBelief(known, 3)).toEqual({ shape: 3.5, exposureYears: 2.5 / 365.25 })
  })

  it('is none before any time has passed', () => {
    expect(recentBelief({ registrations: [], asOfDay: 10, openedOnDay: null }, 25)).toBeNull()
    expect(recentBelief({ registrations: [], asOfDay: 10, openedOnDay: new Map() }, 25)).toBeNull()
    expect(recentBelief({ registrations: [], asOfDay: 10, openedOnDay: new Map([['A', 10]]) }, 25)).toBeNull()
    expect(recentBelief({ registrations: [], asOfDay: 10, openedOnDay: new Map([['A', 0]]) }, 25)?.shape).toBe(0.5)
  })
})

describe('a change of the rate', () => {
  const fourIn100Days = (...days: number[]) => ({
    registrations: at('A', ...days),
    asOfDay: 100,
    openedOnDay: new Map([['A', 0]]),
  })

  it('3 of 4 in the last half: one rate would part them so, or more so, in 0.625', () => {
    const change = recentChange(fourIn100Days(20, 60, 63, 66), 3)
    expect(change).toMatchObject({ recent: { count: 3, days: 50 }, before: { count: 1, days: 50 } })
    expect(change?.chance).toBeCloseTo(0.625, 12)
  })

  it('all 4 in the last half: 1/8', () => {
    expect(recentChange(fourIn100Days(60, 63, 65, 66), 4)?.chance).toBeCloseTo(1 / 8, 12)
  })

  it('40 in a hundred days, then 400 in a hundred: no chance', () => {
    const days = [
      ...Array.from({ length: 40 }, (_, place) => place * 2),
      ...Array.from({ length: 400 }, (_, place) => 100 + Math.floor(place / 4)),
    ]
    const known = { registrations: at('A', ...days), asOfDay: 200, openedOnDay: new Map([['A', 0]]) }
    expect(recentChange(known, 25)?.chance).toBeLessThan(1e-10)
  })

  it('an even half of an even number is no sign of one, and the whole history cannot differ from itself', () => {
    expect(recentChange(fourIn100Days(10, 20, 60, 66), 2)?.chance).toBe(1)
    expect(recentChange(fourIn100Days(10, 20, 60, 66), 25)).toBeNull()
    expect(recentChange({ registrations: [], asOfDay: 3, openedOnDay: null }, 25)).toBeNull()
  })

  it('nobody lately, where nobody is asked for, counts too', () => {
    // None of 4 in the last 15%: 0.85^4, twice.
    expect(recentChange(fourIn100Days(1, 2, 3, 4), 0)?.chance).toBeCloseTo(Math.min(1, 2 * 0.85 ** 4), 12)
  })
})

describe('sites in a window', () => {
  const registrations = [...at('A', 0, 40, 60), ...at('B', 80, 90)]

  it('with unknown openings: A has 1 in 50 days, B, whose first is its opening, 1 in 20', () => {
    const sites = sitesInWindow({ registrations, asOfDay: 100, openedOnDay: null }, 0.5)
    expect(sites).toEqual([
      { site: 'A', openedOnDay: 0, count: 1, exposureYears: 50 / 365.25 },
      { site: 'B', openedOnDay: 80, count: 1, exposureYears: 20 / 365.25 },
    ])
  })

  it('over the whole time: A has 2 in 100 days', () => {
    expect(sitesInWindow({ registrations, asOfDay: 100, openedOnDay: null }, 1)[0]).toEqual({
      site: 'A',
      openedOnDay: 0,
      count: 2,
      exposureYears: 100 / 365.25,
    })
  })

  it('with known openings everybody counts, silence counts, and a site yet to open does not', () => {
    const openedOnDay = new Map([
      ['A', 0],
      ['B', 70],
      ['C', 50],
      ['D', 100],
    ])
    const sites = sitesInWindow({ registrations, asOfDay: 100, openedOnDay }, 1)
    expect(sites.map(({ site, count, exposureYears }) => [site, count, Math.round(exposureYears * 365.25)])).toEqual([
      ['A', 3, 100],
      ['B', 2, 30],
      ['C', 0, 50],
    ])
  })

  it('a subject at a site that never opened is a contradiction', () => {
    const openedOnDay = new Map([['A', 0]])
    expect(() => sitesInWindow({ registrations, asOfDay: 100, openedOnDay }, 1)).toThrow('Site B')
  })
})
