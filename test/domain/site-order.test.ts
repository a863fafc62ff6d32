import { describe, expect, it } from 'vitest'
import { inSiteOrder, pageOf, type SiteStanding } from '../../server/domain/site-order.ts'
import { day, site } from './protocols.ts'

const silent = (silentMonths: number) => ({ report: { kind: 'silent' as const }, silentMonths })
const nothing = { report: { kind: 'nothing' as const }, silentMonths: null }
const standing = (code: string, differences: Partial<SiteStanding>): SiteStanding => ({
  site: site(code, ['open', '2026-01-01']),
  report: nothing,
  lastActivityOn: null,
  exposureYears: 2,
  screened: 0,
  registered: 0,
  ...differences,
})
const sites = [
  standing('10', { registered: 4, report: silent(2), lastActivityOn: day('2026-03-01') }),
  standing('2', { registered: 1, exposureYears: 0.5, report: silent(9) }),
  standing('1', { registered: 1 }),
]
const codes = (order: Parameters<typeof inSiteOrder>[1]['order'], direction: 'asc' | 'desc') =>
  inSiteOrder(sites, { order, direction }, day('2026-06-24')).map((one) => one.site.code)

describe('the sites of a table', () => {
  it('by their codes, as people count', () => {
    expect(codes('site', 'asc')).toEqual(['1', '2', '10'])
    expect(codes('site', 'desc')).toEqual(['10', '2', '1'])
  })

  it('by a number, and where it is the same by their codes in either direction', () => {
    expect(codes('registered', 'desc')).toEqual(['10', '1', '2'])
    expect(codes('registered', 'asc')).toEqual(['1', '2', '10'])
  })

  it('the longest silence first', () => {
    expect(codes('report', 'desc')).toEqual(['2', '10', '1'])
  })

  it('a rate that is not printed under one site-year is not sorted by either', () => {
    expect(codes('rate', 'desc')).toEqual(['10', '1', '2'])
  })

  it('without any activity before all that had some', () => {
    expect(codes('last', 'asc')).toEqual(['1', '2', '10'])
  })
})

it('a page of 2 of 5: the last one where there are not so many, the first one of none', () => {
  expect(pageOf([1, 2, 3, 4, 5], 3, 2)).toEqual({ page: 3, part: [5] })
  expect(pageOf([1, 2, 3, 4, 5], 9, 2)).toEqual({ page: 3, part: [5] })
  expect(pageOf([], 1, 2)).toEqual({ page: 1, part: [] })
})
