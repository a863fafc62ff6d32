import { describe, expect, it } from 'vitest'
import { costChanges, siteChanges } from '../../server/domain/turning-points.ts'
import { approvedOn, day, site, termsOf } from './protocols.ts'

describe('who bears the cost', () => {
  const versions = [
    termsOf({ version: 1, effectiveFrom: day('2021-07-19') }),
    termsOf({ version: 2, effectiveFrom: day('2024-07-19') }),
    termsOf({
      version: 3,
      effectiveFrom: day('2026-07-19'),
      costBearer: 'patient',
      approval: approvedOn('2026-06-12'),
    }),
  ]

  it('changes with the version that says so, on its first day', () => {
    const change = { on: '2026-07-19', version: 3, from: 'research_funds', to: 'patient' }
    expect(costChanges(versions, day('2026-06-24'))).toEqual([change])
  })

  it('is not known to change before the version is approved', () => {
    expect(costChanges(versions, day('2026-06-11'))).toEqual([])
  })
})

describe('which sites are open', () => {
  const sites = [
    site('01', ['pending', '2021-01-01'], ['open', '2021-07-19']),
    site('02', ['open', '2021-07-19'], ['on_hold', '2023-01-01'], ['open', '2023-03-01'], ['closed', '2024-01-01']),
    site('03', ['open', '2023-03-01'], ['on_hold', '2024-01-01'], ['closed', '2025-01-01']),
  ]

  it('sites that open on one day are one entry; a hold stops, a closing after a hold changes nothing', () => {
    expect(siteChanges(sites, day('2026-01-01'))).toEqual([
      { on: '2021-07-19', opened: 2, stopped: 0 },
      { on: '2023-01-01', opened: 0, stopped: 1 },
      { on: '2023-03-01', opened: 2, stopped: 0 },
      { on: '2024-01-01', opened: 0, stopped: 2 },
    ])
  })

  it('only what had happened by the day', () => {
    expect(siteChanges(sites, day('2023-02-28')).map(({ on }) => on)).toEqual(['2021-07-19', '2023-01-01'])
  })
})
