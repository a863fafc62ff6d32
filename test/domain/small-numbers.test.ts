import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Grant, Role } from '../../server/domain/permission.ts'
import { asShownTo, type CountedSite, maySum, smallNumbers } from '../../server/domain/small-numbers.ts'
import type { Trial } from '../../server/domain/trial.ts'

const sitesOf = (...counts: (number | readonly number[])[]): CountedSite[] =>
  counts.map((one, place) => ({ id: String(place), counts: [one].flat(), wasOpen: true }))
const withheld = (least: number | null, sites: readonly CountedSite[]) =>
  [...smallNumbers(least, sites).withheld].sort()

describe('small numbers of single sites', () => {
  it('are all shown where the trial says nothing', () => {
    expect(withheld(null, sitesOf(1, 2, 0))).toEqual([])
  })

  it('a zero and what is as large as the least are shown; nothing is withheld beside them', () => {
    expect(withheld(3, sitesOf(0, 3, 7))).toEqual([])
  })

  it('one of them takes the smallest other with it, so that the total does not give it away: 1, 0 and 7', () => {
    expect(withheld(3, sitesOf(1, 0, 7))).toEqual(['0', '1'])
    expect(withheld(3, sitesOf(1, 5, 7))).toEqual(['0', '1'])
  })

  it('a site that never was open hides nothing: everybody knows its count', () => {
    const [one, never, other] = sitesOf(1, 0, 7)
    if (one === undefined || never === undefined || other === undefined) throw new Error('three sites')
    expect(withheld(3, [one, { ...never, wasOpen: false }, other])).toEqual(['0', '2'])
  })

  it('two of them that can only be so are withheld with a third: 2 and 2, each below 3, are 4 together', () => {
    expect(withheld(3, sitesOf(1, 1, 9))).toEqual(['0', '1'])
    expect(withheld(3, sitesOf(2, 2, 9))).toEqual(['0', '1', '2'])
  })

  it('where there is no third, no bound is said', () => {
    expect(smallNumbers(3, sitesOf(2, 2))).toEqual({ least: 3, withheld: new Set(['0', '1']), isBounded: false })
  })

  it('one small count withholds the whole site: what it screened gives away what it registered', () => {
    expect(withheld(3, sitesOf([9, 1], [9, 9], [20, 12]))).toEqual(['0', '1'])
  })

  /** Every value that each withheld count of a column may have, by what is shown. */
  function possible(least: number, counts: readonly number[], isBounded: boolean): Set<number>[] {
    const sum = counts.reduce((all, count) => all + count, 0)
    const found = counts.map(() => new Set<number>())
    const walk = (so: number[]) => {
      const left = sum - so.reduce((all, count) => all + count, 0)
      if (so.length === counts.length) {
        if (left === 0) for (const [place, value] of so.entries()) found[place]?.add(value)
        return
      }
      const isBelow = (counts[so.length] ?? 0) < least
      for (let value = 0; value <= left; value++) {
        if (!isBounded || value < least === isBelow) walk([...so, value])
      }
    }
    walk([])
    return found
  }

  const column = fc.integer({ min: 0, max: 6 })
  const world = fc.record({
    least: fc.integer({ min: 2, max: 5 }),
    sites: fc.array(fc.record({ counts: fc.tuple(column, column), wasOpen: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    }),
  })

  it('cannot be found by subtraction: each could be another number, whatever the totals and the bounds say', () => {
    fc.assert(
      fc.property(world, ({ least, sites }) => {
        const named = sites.map(({ counts: [screened, registered], wasOpen }, place) => {
          const counts = [screened, Math.min(registered, screened)]
          return { id: String(place), counts, wasOpen: wasOpen || screened > 0 }
        })
        const small = smallNumbers(least, named)
        const hidden = named.filter(({ id }) => small.withheld.has(id))
        const isSmall = (count: number) => count > 0 && count < least
        for (const { id, counts } of named) if (counts.some(isSmall)) expect(small.withheld.has(id)).toBe(true)
        // A trial of one open site has nothing to hide it behind: its count is the total.
        if (named.filter(({ wasOpen }) => wasOpen).length < 2) return
        if (small.withheld.size > 0) expect(small.withheld.size).toBeGreaterThan(1)
        for (const at of [0, 1]) {
          const own = hidden.map(({ counts }) => counts[at] ?? 0)
          const values = possible(least, own, small.isBounded)
          own.forEach((count, place) => {
            if (isSmall(count)) expect(values[place]?.size).toBeGreaterThan(1)
          })
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('a sum over sites is shown with none of the withheld or with all of them', () => {
    const small = smallNumbers(3, sitesOf(1, 0, 7, 9))
    expect([[], ['2', '3'], ['0', '1'], ['0', '1', '3']].map((ids) => maySum(small, ids))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect([['0'], ['1', '2']].map((ids) => maySum(small, ids))).toEqual([false, false])
  })
})

describe('the rule of a trial', () => {
  const both = { ja: '試験', en: 'Trial' }
  const trial: Trial = {
    ...{ id: 'one', code: 'ONE', name: both, title: both, condition: both, design: 'single_arm', riskClass: 'none' },
    ...{ phase: null, timeZone: 'Asia/Tokyo', retentionYears: null, leastShown: 3 },
  }
  const grant = (role: Role, trialId = trial.id): Grant => ({ role, trialId, siteId: null })

  it.each([
    'coordinator',
    'investigator',
    'data_manager',
    'principal_investigator',
    'unblinded_statistician',
    'auditor',
  ] as const)('does not hold for a %s, who sees subjects', (role) => {
    expect(asShownTo([grant(role)], trial).leastShown).toBeNull()
  })

  it('holds for a committee member, and for who sees subjects in another trial', () => {
    expect(asShownTo([grant('committee')], trial).leastShown).toBe(3)
    expect(asShownTo([grant('committee'), grant('auditor', 'another')], trial).leastShown).toBe(3)
    expect(asShownTo([grant('committee'), grant('auditor')], trial).leastShown).toBeNull()
  })
})
