import { describe, expect, it } from 'vitest'
import { bySiteCode, isOpenOn, openedOn, openPeriods, siteStatusOn } from '../../server/domain/site.ts'
import { day, site } from './protocols.ts'

const held = site(
  '01',
  ['pending', '2021-06-01'],
  ['open', '2021-07-19'],
  ['on_hold', '2022-01-01'],
  ['open', '2022-02-01'],
  ['closed', '2024-04-01'],
)
const never = site('02', ['pending', '2021-06-01'])
const unheardOf = site('03')

describe('the status of a site on a day', () => {
  it.each([
    ['2021-05-31', 'pending'],
    ['2021-07-18', 'pending'],
    ['2021-07-19', 'open'],
    ['2021-12-31', 'open'],
    ['2022-01-01', 'on_hold'],
    ['2022-01-31', 'on_hold'],
    ['2022-02-01', 'open'],
    ['2024-03-31', 'open'],
    ['2024-04-01', 'closed'],
    ['2099-01-01', 'closed'],
  ] as const)('%s: %s', (on, status) => {
    expect(siteStatusOn(held, day(on))).toBe(status)
    expect(isOpenOn(held, day(on))).toBe(status === 'open')
  })

  it('is pending where nothing was ever entered', () => {
    expect(siteStatusOn(unheardOf, day('2026-06-24'))).toBe('pending')
    expect(isOpenOn(unheardOf, day('2026-06-24'))).toBe(false)
  })
})

describe('the day a site opened', () => {
  it('is the first on which it was open, not the day after a hold', () => {
    expect(openedOn(held)).toBe('2021-07-19')
  })

  it('is null while it never was', () => {
    expect(openedOn(never)).toBeNull()
    expect(openedOn(unheardOf)).toBeNull()
  })
})

describe('the periods in which a site is open', () => {
  it('leave the hold out: two periods, each until the first day the site is not open', () => {
    expect(openPeriods(held)).toEqual([
      { from: '2021-07-19', until: '2022-01-01' },
      { from: '2022-02-01', until: '2024-04-01' },
    ])
  })

  it('last where the site is open still', () => {
    expect(openPeriods(site('04', ['open', '2021-07-19']))).toEqual([{ from: '2021-07-19', until: null }])
  })

  it('are none where the site never opened', () => {
    expect(openPeriods(never)).toEqual([])
    expect(openPeriods(unheardOf)).toEqual([])
  })
})

it('orders sites as people count them', () => {
  const sites = ['10', '2', 'A-10', '02', 'A-2'].map((code) => ({ code }))
  expect(sites.sort(bySiteCode).map(({ code }) => code)).toEqual(['02', '2', '10', 'A-2', 'A-10'])
})
