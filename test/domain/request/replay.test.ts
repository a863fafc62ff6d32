import { describe, expect, it } from 'vitest'
import type { RequestClaim } from '../../../server/domain/claim.ts'
import { replay } from '../../../server/domain/request/replay.ts'
import { day } from '../protocols.ts'

const both = (text: string) => ({ ja: text, en: text })
const claimed = (claim: RequestClaim['claim'], siteIds: string[] = []): RequestClaim => ({
  claim,
  siteIds,
  label: both(''),
  source: both(''),
})

/** The extension of 2026: 2 + 2 + 2 x 1 x 3 + 3 x 1, asked from 2026-07-19 to 2029-07-18. */
const extension = {
  asOf: day('2026-06-24'),
  from: day('2026-07-19'),
  until: day('2029-07-18'),
  claims: [
    claimed({ kind: 'registered', number: 2 }),
    claimed({ kind: 'pipeline', number: 2, conversion: 1 }),
    claimed({ kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 }, ['01', '02']),
    claimed({ kind: 'siteMinimum', sites: 3, minimumPerSite: 1 }, ['03', '04', '05']),
  ],
}
const sites = (...gained: number[]) =>
  ['01', '02', '03', '04', '05'].map((siteId, at) => {
    const before = at < 2 ? 1 : 0
    return { siteId, before, now: before + (gained[at] ?? 0) }
  })

describe('the extension request, a year later', () => {
  it.each([
    [sites(), '-3.0', 0],
    [sites(1), '-2.0', 1],
    [sites(2, 0, 1), '0.0', 3],
  ])('promised 3.0 by 2027-07-18', (came, difference, actual) => {
    const replayed = replay(extension, day('2027-07-18'), came)
    expect(replayed.expected.toFixed(1)).toBe('3.0')
    expect(replayed.actual).toBe(actual)
    expect((replayed.difference + 0).toFixed(1).replace('-0.0', '0.0')).toBe(difference)
  })

  it('is held against it term by term: those in screening were promised without a day', () => {
    const { terms } = replay(extension, day('2027-07-18'), sites(1, 0, 1))
    expect(
      terms.map(({ promised, byNow, actual }) => [promised, byNow === null ? null : byNow.toFixed(2), actual]),
    ).toEqual([
      [2, '2.00', 2],
      [2, null, null],
      [6, '2.00', 1],
      [3, '1.00', 1],
    ])
  })

  it('and site by site: each its share of the claims that name it', () => {
    const { sites: each } = replay(extension, day('2027-07-18'), sites(1, 0, 1))
    expect(each.map(({ siteId, promised, actual }) => [siteId, promised.toFixed(2), actual])).toEqual([
      ['01', '1.00', 1],
      ['02', '1.00', 0],
      ['03', '0.33', 1],
      ['04', '0.33', 0],
      ['05', '0.33', 0],
    ])
  })

  it('has promised nothing before its first day, and all of it after its last', () => {
    expect(replay(extension, day('2026-07-18'), sites()).expected).toBe(0)
    expect(replay(extension, day('2029-07-18'), sites()).expected).toBe(9)
    expect(replay(extension, day('2031-01-01'), sites()).expected).toBe(9)
  })
})
