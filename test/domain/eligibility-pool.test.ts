import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  claimedAtSite,
  countProblems,
  neededYield,
  type PoolCount,
  poolProblems,
  poolsOn,
  poolTotals,
} from '../../server/domain/eligibility-pool.ts'
import { day } from './protocols.ts'

const both = (text: string) => ({ ja: text, en: text })

function pool(id: string, size: number, differences: Partial<PoolCount> = {}): PoolCount {
  return {
    id,
    poolId: id,
    partOf: null,
    place: both(id),
    department: both(''),
    siteId: null,
    size,
    countedOn: day('2026-06-24'),
    reviewed: null,
    eligible: null,
    source: '',
    basis: 'recorded',
    ...differences,
  }
}
const lead = pool('lead', 187, { eligible: { low: 1, high: 2 }, siteId: 's1' })
const dermatology = pool('dermatology', 82, { partOf: 'lead' })
const affiliate = pool('affiliate', 55)
const codes = (counts: PoolCount[], id: string) => poolProblems(counts, id).map(({ field, code }) => [field, code])

describe('pools together', () => {
  it('187, of whom 82 in one department, and 55 elsewhere are 242, not 324', () => {
    const totals = poolTotals([dermatology, affiliate, lead])
    expect(totals).toEqual({ size: 242, reviewed: null, eligible: { low: 1, high: 2 }, stated: 1, pools: 2 })
  })

  it('a part whose whole is not counted stands by itself', () => {
    expect(poolTotals([dermatology, affiliate])).toMatchObject({ size: 137, pools: 2 })
  })

  it('what a whole does not say is taken from its parts, and what it says is not added to theirs', () => {
    const silent = { ...lead, eligible: null }
    const derm = { ...dermatology, eligible: { low: 1, high: 3 }, reviewed: 41 }
    const rheum = pool('rheumatology', 60, { partOf: 'lead', eligible: { low: 0, high: 1 } })
    const totals = poolTotals([silent, derm, rheum])
    expect(totals).toMatchObject({ eligible: { low: 1, high: 4 }, stated: 1, reviewed: { number: 41, of: 82 } })
    expect(poolTotals([lead, derm, rheum]).eligible).toEqual({ low: 1, high: 2 })
    expect(poolTotals([{ ...lead, reviewed: 100 }, derm]).reviewed).toEqual({ number: 100, of: 187 })
  })

  it('are those that stand by themselves, however deep the others lie, in any order', () => {
    const forest = fc.array(fc.record({ size: fc.nat(500), whole: fc.nat(20), standsAlone: fc.boolean() }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(forest, fc.nat(), (drawn, turn) => {
        // Each may lie only within one that was drawn before it, so there is no circle.
        const pools = drawn.map(({ size, whole, standsAlone }, index) =>
          pool(`p${index}`, size, { partOf: standsAlone || index === 0 ? null : `p${whole % index}` }),
        )
        const alone = pools.filter(({ partOf }) => partOf === null)
        const turned =
          pools.length === 0 ? [] : pools.map((_, index) => pools[(index + turn) % pools.length] ?? pool('', 0))
        const totals = poolTotals(turned)
        expect(totals.size).toBe(alone.reduce((sum, { size }) => sum + size, 0))
        expect(totals.pools).toBe(alone.length)
        expect(poolsOn(turned, day('2026-06-24'))).toHaveLength(pools.length)
      }),
    )
  })

  it('no pool at all is nobody', () => {
    expect(poolTotals([])).toEqual({ size: 0, reviewed: null, eligible: null, stated: 0, pools: 0 })
  })
})

describe('the pools of a day', () => {
  it('are the latest count of each by that day, parts below their wholes', () => {
    const recount = { ...lead, id: 'lead-2', size: 190, countedOn: day('2026-09-01') }
    const counts = [affiliate, dermatology, lead, recount]
    const listed = (on: string) =>
      poolsOn(counts, day(on)).map(({ pool: { poolId, size }, depth }) => [poolId, size, depth])
    expect(listed('2026-06-23')).toEqual([])
    expect(listed('2026-08-31')).toEqual([
      ['affiliate', 55, 0],
      ['lead', 187, 0],
      ['dermatology', 82, 1],
    ])
    expect(listed('2026-09-01')).toEqual([
      ['affiliate', 55, 0],
      ['lead', 190, 0],
      ['dermatology', 82, 1],
    ])
  })
})

describe('a count', () => {
  it('has no more looked at than there are, no range upside down, no day to come', () => {
    const wrong = pool('x', 10, { reviewed: 11, eligible: { low: 3, high: 2 }, countedOn: day('2026-06-25') })
    expect(countProblems(wrong, day('2026-06-24')).map(({ field, code }) => [field, code])).toEqual([
      ['countedOn', 'date_in_future'],
      ['reviewed', 'reviewed_above_size'],
      ['eligibleHigh', 'eligible_reversed'],
    ])
    expect(countProblems(pool('x', 10, { reviewed: 10, eligible: { low: 2, high: 2 } }), day('2026-06-24'))).toEqual([])
  })

  it('of a part is not larger than that of its whole, from either side, on any day', () => {
    expect(codes([lead, dermatology], 'dermatology')).toEqual([])
    expect(codes([lead, { ...dermatology, size: 188 }], 'dermatology')).toEqual([['size', 'part_above_whole']])
    expect(codes([{ ...lead, size: 81 }, dermatology], 'lead')).toEqual([['size', 'whole_below_part']])
    const shrunk = { ...lead, id: 'later', size: 80, countedOn: day('2026-09-01') }
    expect(codes([lead, dermatology, shrunk], 'lead')).toEqual([['size', 'whole_below_part']])
    const both = { ...dermatology, id: 'later-part', size: 70, countedOn: day('2026-09-01') }
    expect(codes([lead, dermatology, shrunk, both], 'lead')).toEqual([])
  })

  it('is not part of itself, not by way of another either', () => {
    expect(codes([{ ...lead, partOf: 'lead' }], 'lead')).toEqual([['partOf', 'pool_in_circle']])
    expect(codes([{ ...lead, partOf: 'dermatology', size: 82 }, dermatology], 'lead')).toEqual([
      ['partOf', 'pool_in_circle'],
    ])
  })

  it('of one pool stands once on a day', () => {
    expect(codes([lead, { ...lead, id: 'again', size: 100 }], 'lead')).toEqual([['countedOn', 'pool_counted_that_day']])
  })
})

describe('the yield that a claim needs', () => {
  it('1 a year from 1 to 2 eligible: 50 to 100%', () => {
    expect(neededYield(1, { low: 1, high: 2 })).toEqual({ best: 0.5, poorest: 1, verdict: 'within' })
  })

  it('is tight where only the best year has enough, beyond where none has', () => {
    expect(neededYield(1.5, { low: 1, high: 2 })).toEqual({ best: 0.75, poorest: 1.5, verdict: 'tight' })
    expect(neededYield(3, { low: 1, high: 2 })).toEqual({ best: 1.5, poorest: 3, verdict: 'beyond' })
  })

  it('has no end where a poor year has nobody', () => {
    expect(neededYield(1, { low: 0, high: 2 })).toEqual({ best: 0.5, poorest: null, verdict: 'tight' })
    expect(neededYield(1, { low: 0, high: 0 })).toEqual({ best: null, poorest: null, verdict: 'beyond' })
  })

  it('reads the terms that name the site: a rate, or a minimum spread over the period', () => {
    const said = { label: both(''), source: both('') }
    const claims = [
      { ...said, claim: { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 } as const, siteIds: ['s1', 's2'] },
      { ...said, claim: { kind: 'siteMinimum', sites: 1, minimumPerSite: 1 } as const, siteIds: ['s3'] },
      { ...said, claim: { kind: 'registered', number: 2 } as const, siteIds: ['s1'] },
    ]
    expect(claimedAtSite(claims, 's1', 3)).toBe(1)
    expect(claimedAtSite(claims, 's3', 3)).toBeCloseTo(1 / 3, 12)
    expect(claimedAtSite(claims, 's4', 3)).toBeNull()
  })
})
