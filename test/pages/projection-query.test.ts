/** What the projection's address says is read back as the same, and what it cannot mean is refused by its field. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, calendarDate } from '../../server/domain/calendar-date.ts'
import type { Claim } from '../../server/domain/projection/site-per-year.ts'
import type { WhatIf } from '../../server/domain/projection/what-if.ts'
import {
  type ProjectionQuery,
  projectionParameters,
  readProjectionQuery,
  type TypedClaim,
} from '../../server/http/projection-query.ts'
import { mostClaims } from '../../server/pages/projection-fields.ts'

const today = calendarDate('2026-06-24')
const ground = { today, usualDay: today, siteCodes: ['01', '02', '03'] }
const read = (parameters: Record<string, unknown>) => readProjectionQuery(parameters, ground)
const codesOf = (parameters: Record<string, unknown>) =>
  read(parameters).problems.map(({ field, code }) => `${field} ${code}`)

const count = fc.nat({ max: 1000 })
/** Numbers as people type them: with at most six decimals. */
const amount = (most: number) => fc.nat({ max: most * 1_000_000 }).map((parts) => parts / 1_000_000)
const share = fc.nat({ max: 100_000 }).map((parts) => parts / 1000 / 100)
const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ kind: fc.constant('registered' as const), number: count }),
  fc.record({ kind: fc.constant('pipeline' as const), number: count, conversion: share }),
  fc.record({ kind: fc.constant('siteRate' as const), sites: count, ratePerSiteYear: amount(100), years: amount(50) }),
  fc.record({ kind: fc.constant('siteMinimum' as const), sites: count, minimumPerSite: amount(1000) }),
)
/** A claim about sites names none of them, or as many as it speaks of. */
const typedClaim: fc.Arbitrary<TypedClaim> = fc
  .record({ claim, siteCodes: fc.subarray(ground.siteCodes) })
  .map(({ claim, siteCodes }) => {
    const isAboutSites = claim.kind === 'siteRate' || claim.kind === 'siteMinimum'
    return { claim: isAboutSites && siteCodes.length > 0 ? { ...claim, sites: siteCodes.length } : claim, siteCodes }
  })
const scenario: fc.Arbitrary<WhatIf> = fc.record({
  until: fc.option(fc.nat({ max: 10_000 }).map((days) => addDays(today, days))),
  addedSites: fc.nat({ max: 100 }),
  ratePerYear: fc.option(amount(1000)),
  conversion: fc.option(share),
  planWeight: fc.option(fc.integer({ min: 1, max: 1000 }).map((parts) => parts / 1000)),
  drift: fc.constantFrom('on' as const, 'off' as const),
})
const anyQuery: fc.Arbitrary<ProjectionQuery> = fc.record({
  asOf: fc.constantFrom(null, today),
  claims: fc.option(fc.array(typedClaim, { maxLength: mostClaims })),
  scenarios: fc.option(fc.record({ A: scenario, B: scenario })),
})

describe('a query', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const { query: again, problems } = read(Object.fromEntries(projectionParameters(query)))
        expect(problems).toEqual([])
        expect(again).toEqual(query)
      }),
    )
  })

  it('measures the end of a scenario against the day of the page, not against today', () => {
    const later = { ...ground, today: addDays(today, 200) }
    const until = addDays(today, 100)
    expect(readProjectionQuery({ untilA: until }, later).problems).toEqual([])
    expect(readProjectionQuery({ untilA: addDays(today, -1) }, later).problems).toHaveLength(1)
  })

  it('that names sites names as many as its claim speaks of, and expects no more than a trial can hold', () => {
    const row = { claims: 'own', claim1: 'siteRate', number1: '2', amount1: '1', years1: '3' }
    expect(codesOf({ ...row, sites1: '01' })).toEqual(['sites1 site_count_differs'])
    expect(codesOf({ ...row, sites1: '01 02' })).toEqual([])
    expect(codesOf({ ...row, number1: '1001' })).toHaveLength(1)
    expect(codesOf({ ...row, amount1: '101' })).toHaveLength(1)
  })

  it('may be empty: the day of the request, its claims, and the usual two scenarios', () => {
    expect(read({})).toEqual({ query: { asOf: null, claims: null, scenarios: null }, typed: {}, problems: [] })
    expect(read({ asOf: '' }).query.asOf).toBeNull()
  })

  it('takes dates as people write them, and full-width figures', () => {
    const { query, problems } = read({
      asOf: '令和8年6月23日',
      untilA: 'R11.7.18',
      rateA: '１．５',
      conversionA: '50％',
    })
    expect(problems).toEqual([])
    expect(query.asOf).toBe('2026-06-23')
    expect(query.scenarios?.A).toMatchObject({ until: '2029-07-18', ratePerYear: 1.5, conversion: 0.5 })
  })

  it('leaves out a claim without a kind, and the one that a button removes', () => {
    const rows = { claims: 'own', claim1: 'registered', number1: '2', claim2: '', claim3: 'registered', number3: '5' }
    expect(read(rows).query.claims).toHaveLength(2)
    expect(read({ ...rows, remove: '1' }).query.claims).toEqual([
      { claim: { kind: 'registered', number: 5 }, siteCodes: [] },
    ])
    expect(read({ claims: 'own' }).query.claims).toEqual([])
  })

  it('refuses what it cannot mean, by its field, and keeps what was typed', () => {
    expect(codesOf({ asOf: '2026-02-30' })).toEqual(['asOf date_impossible_day'])
    expect(codesOf({ asOf: '2026-06-25' })).toEqual(['asOf as_of_future'])
    expect(codesOf({ colour: 'red' })).toEqual([' field_unknown'])
    expect(codesOf({ asOf: ['2026-06-24', '2026-06-23'] })).toEqual([' field_unknown'])
    expect(codesOf({ rateA: 'much' })).toEqual(['rateA figure_unreadable'])
    expect(codesOf({ rateA: '-1' })).toEqual(['rateA figure_unreadable'])
    expect(codesOf({ rateA: '1e9' })).toEqual(['rateA figure_unreadable'])
    expect(codesOf({ rateB: '200000' })).toEqual(['rateB figure_out_of_range'])
    expect(codesOf({ addedB: '1.5' })).toEqual(['addedB figure_not_whole'])
    expect(codesOf({ conversionA: '101' })).toEqual(['conversionA figure_out_of_range'])
    expect(codesOf({ weightA: '1.1' })).toEqual(['weightA figure_out_of_range'])
    expect(codesOf({ untilA: '2026-06-23' })).toEqual(['untilA end_out_of_sight'])
    expect(codesOf({ untilA: '3026-06-23' })).toEqual(['untilA end_out_of_sight'])
    expect(codesOf({ driftA: 'maybe' })).toEqual(['driftA choice_unknown'])
    const claims = { claims: 'own', claim1: 'siteRate', number1: 'two', amount1: '', years1: '3', sites1: '01 99' }
    expect(codesOf(claims)).toEqual(['number1 figure_unreadable', 'amount1 figure_missing', 'sites1 site_code_unknown'])
    expect(codesOf({ claims: 'own', claim1: 'promise' })).toEqual(['claim1 choice_unknown'])
    expect(read({ rateA: 'much' }).typed).toEqual({ rateA: 'much' })
  })

  it('gets an answer whatever stands in the address', () => {
    const names = fc.constantFrom('asOf', 'claims', 'claim1', 'number1', 'amount1', 'sites1', 'untilA', 'rateB', 'x')
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(fc.string(), fc.array(fc.string()))), (parameters) => {
        expect(() => read(parameters)).not.toThrow()
      }),
    )
  })
})
