/** What was promised before, and what came. */
import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../../server/domain/calendar-date.ts'
import { earlierPromises } from '../../server/domain/earlier-promises.ts'
import { termsOf } from './protocols.ts'

const steps = [
  { date: day('2022-03-02'), number: 1 },
  { date: day('2024-10-24'), number: 2 },
]
const versionOf = (version: number, from: string, until: string, starts: number) =>
  termsOf({
    version,
    registrationUntil: day(until),
    plan: { startsOn: day(from), startsAtNumber: starts, reachesNumber: 12 },
    effectiveFrom: day(from),
  })
const versions = [
  versionOf(1, '2021-07-19', '2024-07-18', 0),
  versionOf(2, '2024-07-19', '2026-07-18', 1),
  versionOf(3, '2026-07-19', '2029-07-18', 2),
]
const asOf = day('2026-06-24')
const deadline = day('2029-07-18')

describe('earlier promises', () => {
  it('terms are counted by their own last day: 12 promised, 1 came, which has the chance 13 e^-12', () => {
    const [first] = earlierPromises(asOf, deadline, null, [], versions, steps)
    expect(first).toMatchObject({ of: 'terms', number: 1, by: '2024-07-18', promised: 12, registered: 1 })
    expect(first?.chance).toBeCloseTo(13 * Math.exp(-12), 12)
  })

  it('those that still run are counted by the day, along a straight line; those asked about are not', () => {
    const all = earlierPromises(asOf, deadline, null, [], versions, steps)
    expect(all.map(({ number, by }) => [number, by])).toEqual([
      [1, '2024-07-18'],
      [2, '2026-06-24'],
    ])
    expect(all[1]?.promised).toBeCloseTo(1 + (11 * 706) / 730, 10)
    expect(all[1]?.registered).toBe(2)
  })

  it('an earlier request promised its total from what it had: 2 at 2025-06-24, 6 a year later, and none came', () => {
    const request = {
      asOf: day('2025-06-24'),
      registeredNumber: 2,
      statedTotal: 6,
      registrationUntil: day('2026-06-24'),
      told: [],
    }
    const requests = [
      { number: 1, ...request },
      { number: 2, ...request },
      { number: 3, ...request, asOf: day('2026-07-01') },
    ]
    const told = earlierPromises(asOf, deadline, 2, requests, [], steps)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ of: 'request', number: 1, promised: 6, registered: 2 })
    expect(told[0]?.chance).toBeCloseTo(Math.exp(-4), 12)
  })

  it('what a request tells of times before the record is listed once, with the result that it tells', () => {
    const period = { text: { ja: '', en: 'before' }, source: { ja: '', en: '' }, from: day('2016-04-01') }
    const none = { promised: null, registered: null }
    const before = { ...period, until: day('2019-03-31'), promised: 20, registered: 4 }
    const request = { asOf: day('2025-06-24'), registeredNumber: 2, statedTotal: 6, registrationUntil: deadline }
    const requests = [
      { ...request, number: 1, told: [{ ...before, registered: 3 }] },
      {
        ...request,
        number: 2,
        told: [
          before,
          { ...period, until: day('2020-03-31'), ...none },
          { ...period, until: day('2024-07-18'), ...none, promised: 12 },
          { ...period, from: day('2021-07-19'), until: day('2023-07-18'), ...none, promised: 6 },
        ],
      },
      { ...request, number: 3, asOf: day('2026-07-01'), told: [{ ...before, until: day('2020-03-31') }] },
    ]
    const [first, second, ...others] = earlierPromises(asOf, deadline, 2, requests, versions, steps)
    // Neither the period without a promise, nor the one that the first version of the terms is, nor one told later.
    expect(others.map(({ of }) => of)).toEqual(['terms', 'terms', 'request'])
    const told = { of: 'told', number: 2, name: period.text }
    expect(first).toEqual({ ...told, by: '2019-03-31', promised: 20, registered: 4, chance: null })
    // 6 promised and 1 came by the record: 7 e^-6.
    expect(second).toMatchObject({ ...told, by: '2023-07-18', promised: 6, registered: 1 })
    expect(second?.chance).toBeCloseTo(7 * Math.exp(-6), 12)
  })

  it('a promise that has not begun has no chance to fail', () => {
    const [first] = earlierPromises(
      day('2021-07-18'),
      deadline,
      null,
      [],
      [{ ...versionOf(1, '2021-07-19', '2024-07-18', 0), effectiveFrom: day('2021-07-01') }],
      [],
    )
    expect(first).toMatchObject({ promised: 0, registered: 0, chance: null })
  })
})
