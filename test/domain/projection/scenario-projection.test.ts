import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../../../server/domain/parsed.ts'
import { parseScenario } from '../../../server/domain/projection/scenario.ts'
import { projectScenario } from '../../../server/domain/projection/scenario-projection.ts'
import extras from '../../reference/extras.json' with { type: 'json' }
import reference from '../../reference/reference.json' with { type: 'json' }

type Tree = { [key: string]: unknown }

const base = {
  id: 'small',
  asOf: '2026-01-01',
  deadline: '2027-01-01',
  target: 10,
  plan: { subjects: 10, siteYears: 6 },
  sites: [
    { id: 'a', open: '2024-01-01', close: null, n: 3 },
    { id: 'b', open: '2025-01-01', close: null, n: 1 },
  ],
}

function projected(changes: Tree = {}) {
  const scenario = parseScenario({ ...base, ...changes })
  if (isRefused(scenario)) throw new Error(JSON.stringify(scenario.problems))
  return projectScenario(scenario.value)
}

/** Every number in a tree, with its path. */
function numbersIn(value: unknown, path = '$'): [string, number][] {
  if (typeof value === 'number') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => numbersIn(each, `${path}.${key}`))
}

const notFinite = (value: unknown) => numbersIn(value).filter(([, number]) => !Number.isFinite(number))

describe('the states of a headline', () => {
  it('open: an answer over all spreads, with and without drift', () => {
    const { headline } = projected()
    expect(headline).toMatchObject({ state: 'open', needed: 6, answer: 'hierarchical', drift: 0.45 })
    expect(headline.pTarget?.ifRatesHold).toBeGreaterThan(0)
    expect(headline.pTarget?.ifRatesHold).toBeLessThan(1)
  })

  it('fewer than six subjects cannot speak against a larger drift: it stands beside', () => {
    const { headline } = projected()
    expect('withLargerDrift' in headline && headline.withLargerDrift).toMatchObject([{ drift: 0.6 }])
    const more = projected({ sites: [{ ...base.sites[0], n: 6 }], target: 20 })
    expect('withLargerDrift' in more.headline && more.headline.withLargerDrift).toEqual([])
  })

  it('one site: the pooled answer, as there is nothing to compare', () => {
    expect(projected({ sites: [base.sites[0]] }).headline).toMatchObject({ state: 'open', answer: 'pooledJeffreys' })
  })

  it('reached: the only case in which the chance is 1', () => {
    const { headline, hierarchical } = projected({ target: 4 })
    expect(headline).toMatchObject({ state: 'reached', needed: 0, pTarget: { withDrift: 1, ifRatesHold: 1 } })
    expect(headline).toMatchObject({ completion: { ifRatesHold: { q50: { days: 0, date: '2026-01-01' } } } })
    expect(hierarchical?.pTarget).toBe(1)
    const sure = projected({ target: 5, deadline: '2500-01-01' })
    expect(sure.headline.pTarget?.ifRatesHold).toBeLessThan(1)
  })

  it('no target, or a target of 0: nothing is said about reaching it', () => {
    for (const target of [0, null]) {
      const { headline, derived, claimed, ...rest } = projected({ target })
      expect(headline).toMatchObject({ state: 'noTarget', needed: null, pTarget: null })
      expect([derived.remaining, claimed.pTargetPoisson]).toEqual([null, null])
      expect(rest).not.toHaveProperty('hierarchical')
      expect(rest).not.toHaveProperty('poissonGamma')
    }
  })

  it('no time left: no site will be open', () => {
    const closed = base.sites.map((site) => ({ ...site, close: '2025-12-01' }))
    const { headline, poissonGamma, hierarchical } = projected({ sites: closed })
    expect(headline).toMatchObject({ state: 'noTimeLeft', pTarget: { withDrift: 0, ifRatesHold: 0 } })
    expect(headline).toMatchObject({ completion: { withDrift: { q10: { days: null, date: null } } } })
    expect(poissonGamma?.rateMultiplierFor).toEqual({ p50: null, p80: null, p90: null })
    expect(hierarchical?.completionDays).toEqual({ q10: null, q50: null, q90: null })
    expect(projected({ deadline: base.asOf }).headline.state).toBe('noTimeLeft')
    // Those in screening are not enough either.
    const screening = { inScreening: 2, converted: 1, failed: 1, priorA: 1, priorB: 1 }
    expect(projected({ sites: closed, screening }).headline.state).toBe('noTimeLeft')
    expect(projected({ sites: closed, screening, target: 6 }).headline.state).toBe('open')
  })

  it('no site: nothing is open, nothing was, and nothing will be', () => {
    const { headline, observed, funnel, hierarchical } = projected({ sites: [] })
    expect(headline).toMatchObject({ state: 'noSite', pTarget: { withDrift: 0, ifRatesHold: 0 } })
    expect([observed.state, funnel, hierarchical?.completionDays.q10]).toEqual(['noExposure', null, null])
  })

  it('caps that admit fewer than are needed: exactly no chance, and a state of its own', () => {
    const capped = base.sites.map((site) => ({ ...site, cap: site.n + 2 }))
    const { headline, hierarchical, poissonGamma, tornado } = projected({ sites: capped, target: 9 })
    expect(headline).toMatchObject({ state: 'capped', needed: 5, pTarget: { withDrift: 0, ifRatesHold: 0 } })
    expect([hierarchical?.pTarget, poissonGamma?.pTarget, tornado?.asItIs]).toEqual([0, 0, 0])
    expect(poissonGamma?.completion.pEverWithin200Years).toBe(0)
    const enough = projected({ sites: capped, target: 8 })
    expect(enough.headline.state).toBe('open')
    expect(enough.headline.pTarget?.ifRatesHold).toBeGreaterThan(0)
    const full = base.sites.map((site) => ({ ...site, cap: site.n }))
    expect(projected({ sites: full }).headline.state).toBe('capped')
  })

  it('all sites close on the deadline: late dates do not exist, early ones do', () => {
    const closing = base.sites.map((site) => ({ ...site, close: base.deadline }))
    const { headline } = projected({ sites: closing, target: 6 })
    const completion = 'completion' in headline ? headline.completion.ifRatesHold : undefined
    expect(completion?.q10.days).toBeGreaterThan(0)
    expect(completion?.q90).toEqual({ days: null, date: null })
  })

  it('no site was open yet: no rate, no fit, no pooled answer; the plan speaks', () => {
    const planned = base.sites.map((site) => ({ ...site, open: '2026-03-01', n: 0 }))
    const { headline, observed, ml, ...rest } = projected({ sites: planned })
    expect(headline).toMatchObject({ state: 'noExposure', answer: 'hierarchical' })
    expect(observed).toEqual({ state: 'noExposure', ratePerSiteYear: null, garwood95PerSiteYear: null })
    expect(ml).toEqual({ status: 'noExposure', meanRate: null })
    expect(rest).not.toHaveProperty('pooledJeffreys')
    expect(rest).not.toHaveProperty('poissonGamma')
  })

  it('nobody so far: the fit says so, and no factor is taken of nothing', () => {
    const { headline, ml, ...rest } = projected({ sites: base.sites.map((site) => ({ ...site, n: 0 })) })
    expect([headline.state, ml.status]).toEqual(['zeroEnrolment', 'zeroEnrolment'])
    expect(rest).not.toHaveProperty('poissonGamma')
  })

  it('two subjects on the first day are not 730 a year', () => {
    const sites = [{ id: 'a', open: '2025-12-31', close: null, n: 2 }]
    const result = projected({ sites })
    expect(result.observed).toMatchObject({ state: 'intervalOnly', ratePerSiteYear: null })
    expect(result.ml).toMatchObject({ status: 'poissonBoundary', meanRate: null })
    expect(result).not.toHaveProperty('poissonGamma')
    expect(result.headline.answer).toBe('hierarchical')
    const median = 'completion' in result.headline ? result.headline.completion.ifRatesHold.q50.days : null
    expect(median).toBeGreaterThan(30)
  })
})

describe('a projection', () => {
  const anyDate = fc.integer({ min: 0, max: 2000 }).map((days) => {
    return new Date(Date.UTC(2023, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)
  })
  const anySite = fc.record({
    open: anyDate,
    closesAfterDays: fc.option(fc.integer({ min: 1, max: 1500 }), { nil: null }),
    n: fc.integer({ min: 0, max: 12 }),
    room: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null, freq: 4 }),
  })
  const anyOpening = fc.record({
    delayShape: fc.double({ min: 0.5, max: 1000, noNaN: true }),
    delayMeanDays: fc.double({ min: 0.1, max: 2000, noNaN: true }),
    chanceOpens: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const anyScenario = fc
    .record({
      dates: fc.tuple(anyDate, anyDate),
      target: fc.integer({ min: 0, max: 60 }),
      siteYears: fc.double({ min: 0.1, max: 200, noNaN: true }),
      subjects: fc.integer({ min: 1, max: 100 }),
      sites: fc.array(anySite, { maxLength: 5 }),
      openings: fc.array(anyOpening, { maxLength: 2 }),
      inScreening: fc.option(fc.integer({ min: 0, max: 6 }), { nil: null, freq: 4 }),
    })
    .map(({ dates, target, siteYears, subjects, sites, openings, inScreening }) => {
      const [asOf = '', deadline = ''] = [...dates].sort()
      return {
        id: 'any',
        asOf,
        deadline,
        target,
        plan: { subjects, siteYears },
        screening: inScreening === null ? null : { inScreening, converted: 1, failed: 2, priorA: 1, priorB: 1 },
        sites: [
          ...sites.map(({ open, closesAfterDays, n, room }, place) => {
            const close =
              closesAfterDays === null
                ? null
                : new Date(Date.parse(open) + closesAfterDays * 86_400_000).toISOString().slice(0, 10)
            const registered = open < asOf ? n : 0
            return { id: `${place}`, open, close, n: registered, cap: room === null ? null : registered + room }
          }),
          ...openings.map((opening, place) => ({ id: `planned ${place}`, opening })),
        ],
      }
    })

  it('is made of numbers that are numbers, chances between 0 and 1, and quantiles in order, whatever the scenario', () => {
    fc.assert(
      fc.property(anyScenario, (value) => {
        const scenario = parseScenario(value)
        if (isRefused(scenario)) throw new Error(JSON.stringify(scenario.problems))
        const result = projectScenario(scenario.value)
        expect(notFinite(result)).toEqual([])
        const chances = numbersIn(result).filter(([path]) => /pTarget|pmf|pAtMost|pEver|pOpen|tornado/.test(path))
        expect(chances.filter(([, chance]) => chance < 0 || chance > 1)).toEqual([])
        const { headline, hierarchical, poissonGamma } = result
        const needed = (value.target ?? 0) - result.derived.enrolled
        if (value.target > 0) expect(headline.pTarget?.ifRatesHold === 1).toBe(needed <= 0)
        for (const quantiles of [hierarchical?.quantiles, poissonGamma?.quantiles, poissonGamma?.completion.days]) {
          const values = Object.values(quantiles ?? {}).filter((each) => each !== null)
          expect(values).toEqual(values.toSorted((a, b) => a - b))
        }
        const { asItIs = 0, ...helped } = result.tornado ?? {}
        for (const chance of Object.values(helped)) expect(chance).toBeGreaterThanOrEqual(asItIs - 1e-9)
        for (const { p50, p80, p90 } of [result.addedSites?.withDrift, result.addedSites?.ifRatesHold].filter(
          (each) => each !== undefined,
        )) {
          const sites = [p50, p80, p90].map((each) => each ?? Number.POSITIVE_INFINITY)
          expect(sites).toEqual(sites.toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 25, seed: 20_260_624 },
    )
  }, 60_000)

  it('does not know the sites’ names or order', () => {
    const { sites: _, ...here } = projected({ sites: base.sites }).derived as Tree
    const result = projected()
    const other = projected({ sites: base.sites.map((site) => ({ ...site, id: `x${site.id}` })).reverse() })
    expect(other.headline.pTarget?.withDrift).toBeCloseTo(result.headline.pTarget?.withDrift ?? Number.NaN, 10)
    expect(other.hierarchical?.pTarget).toBeCloseTo(result.hierarchical?.pTarget ?? Number.NaN, 10)
    expect(here.enrolled).toBe(4)
  })

  it('does not change where a hold of no length splits a site’s exposure', () => {
    const holds = [{ from: '2025-06-01', until: '2025-06-01' }]
    const split = projected({ sites: base.sites.map((site) => ({ ...site, holds })) })
    expect(split).toEqual(projected())
  })

  it('leaves out a hold, and nothing else', () => {
    const holds = [{ from: '2024-12-31', until: '2026-01-01' }]
    const held = projected({ sites: [{ ...base.sites[0], holds }, base.sites[1]] })
    expect(held.derived.tauYears).toEqual([365 / 365.25, 365 / 365.25])
    expect(held.derived.totalFutureYears).toBeCloseTo(projected().derived.totalFutureYears, 12)
  })

  it('says what would help: the chance with one more of something, and how many sites it would take', () => {
    const { headline, tornado, addedSites } = projected()
    expect(tornado?.asItIs).toBe(headline.pTarget?.withDrift)
    expect(Math.min(...Object.values(tornado ?? {}))).toBe(tornado?.asItIs)
    const { p50, p80, p90 } = addedSites?.withDrift ?? {}
    expect([p50! <= p80!, p80! <= p90!, p50! > 0]).toEqual([true, true, true])
    expect(addedSites?.openingDelayDays).toBe(0)
    const later = projected({ addedSiteDelayDays: 300 })
    expect(later.addedSites?.withDrift.p90).toBeGreaterThan(p90!)
    expect(projected({ addedSiteDelayDays: 366 }).addedSites?.withDrift).toEqual({ p50: null, p80: null, p90: null })
    expect(projected({ target: 4 }).addedSites?.withDrift).toEqual({ p50: 0, p80: 0, p90: 0 })
    expect(projected({ target: null })).not.toHaveProperty('tornado')
  })

  it('puts each site in its funnel: 3 in 731 days and 1 in 365 are within, 30 beside 1 are not', () => {
    expect(projected().funnel?.sites.map(({ id, n, place }) => [id, n, place])).toEqual([
      ['a', 3, 'within'],
      ['b', 1, 'within'],
    ])
    const apart = projected({
      sites: [
        { ...base.sites[0], n: 1 },
        { ...base.sites[1], n: 30 },
      ],
      target: 60,
    })
    expect(apart.funnel?.sites.map(({ place }) => place)).toEqual(['beyond998', 'beyond998'])
    expect(projected({ sites: base.sites.map((site) => ({ ...site, n: 0 })) }).funnel).toBeNull()
  })

  it('takes a site that may open for as much as it may bring', () => {
    const planned = (chanceOpens: number, delayMeanDays = 90) => {
      const opening = { delayShape: 2, delayMeanDays, chanceOpens }
      return projected({ sites: [...base.sites, { id: 'c', opening }] })
    }
    const chanceOf = ({ headline }: ReturnType<typeof projected>) => headline.pTarget?.ifRatesHold ?? Number.NaN
    const [never, perhaps, surely] = [planned(0), planned(0.5), planned(1)]
    expect(chanceOf(never)).toBeCloseTo(chanceOf(projected()), 10)
    expect(chanceOf(perhaps)).toBeCloseTo((chanceOf(never) + chanceOf(surely)) / 2, 10)
    expect(chanceOf(planned(1, 1000))).toBeLessThan(chanceOf(surely))
    expect(never.plannedSites).toEqual([{ id: 'c', pOpenByDeadline: 0, mean: 0, sd: 0 }])
    expect(surely.plannedSites?.[0]?.pOpenByDeadline).toBeGreaterThan(0.99)
    expect(surely).not.toHaveProperty('pooledJeffreys')
    // A delay of all but nothing is an open site: 1000 stages of a millisecond each.
    const opening = { delayShape: 1000, delayMeanDays: 0.1, chanceOpens: 1 }
    const now = projected({ sites: [...base.sites, { id: 'c', opening }] })
    const open = projected({ sites: [...base.sites, { id: 'c', open: base.asOf, close: null, n: 0 }] })
    expect(chanceOf(now)).toBeCloseTo(chanceOf(open), 3)
    expect(projected({ sites: [{ id: 'c', opening }] }).headline.state).toBe('noExposure')
  })

  it('is not kept busy by a delay of thousands of stages, long before the day that is looked at', () => {
    const started = performance.now()
    const opening = { delayShape: 1000, delayMeanDays: 0.1, chanceOpens: 1 }
    const { plannedSites } = projected({ sites: [{ id: 'c', opening }], target: null })
    expect(plannedSites?.[0]?.pOpenByDeadline).toBe(1)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('needs four, five and seven more sites for 50, 80 and 90%, as the reference has it for its third scenario', () => {
    const third = { ...reference.scenarios[2]!.scenario, addedSiteDelayDays: extras.addedSites.openingDelayDays }
    const scenario = parseScenario(third)
    if (isRefused(scenario)) throw new Error(JSON.stringify(scenario.problems))
    const [p50, p80, p90] = [50, 80, 90].map(
      (percent) => Object.entries(extras.addedSites.needed).find(([name]) => name === `${percent}`)?.[1],
    )
    expect(projectScenario(scenario.value).addedSites?.poissonGamma).toEqual({ p50, p80, p90 })
  })

  it('of thousands still needed is made of mean and variance, and says so by leaving the chances out', () => {
    const sites = base.sites.map((site) => ({ ...site, n: 4000 }))
    const { poissonGamma, hierarchical } = projected({ target: 14_000, sites, deadline: '2027-06-01' })
    expect([poissonGamma?.pmf, hierarchical?.pmf]).toEqual([null, null])
    expect(hierarchical?.pTarget).toBeGreaterThan(0)
    expect(hierarchical?.quantiles.q5).toBeLessThan(hierarchical?.quantiles.q95 ?? 0)
  })
})

describe('what is no scenario', () => {
  const problemsOf = (value: unknown) => {
    const scenario = parseScenario(value)
    return isRefused(scenario) ? scenario.problems.map(({ field, code }) => `${field} ${code}`) : []
  }
  const [first, second] = base.sites

  it.each([
    [null, ['$ scenario_no_object']],
    [[], ['$ scenario_no_object']],
    [{ ...base, plan: undefined }, ['$.plan scenario_missing']],
    [{ ...base, plan: { subjects: 10, siteYears: 0 } }, ['$.plan.siteYears scenario_no_amount']],
    [{ ...base, target: '12' }, ['$.target scenario_no_count']],
    [{ ...base, target: -1 }, ['$.target scenario_no_count']],
    [{ ...base, target: Number.POSITIVE_INFINITY }, ['$.target scenario_no_count']],
    [{ ...base, owner: 'me' }, ['$.owner scenario_key_unknown']],
    [{ ...base, 'a key': 1 }, ['$["a key"] scenario_key_unknown']],
    [JSON.parse('{"__proto__": 1}'), expect.arrayContaining(['$.__proto__ scenario_key_unknown'])],
    [{ ...base, big: 'yes' }, ['$.big scenario_yes_no']],
    [{ ...base, asOf: '2027-01-02' }, ['$.asOf scenario_after_deadline']],
    [{ ...base, asOf: '2026-02-30' }, ['$.asOf scenario_no_date']],
    [{ ...base, sites: {} }, ['$.sites scenario_no_list']],
    [{ ...base, sites: undefined }, ['$.sites scenario_missing']],
    [{ ...base, sites: [first, { ...second, id: 'a' }] }, ['$.sites[1].id scenario_id_twice']],
    [{ ...base, sites: [{ ...first, n: 1.5 }] }, ['$.sites[0].n scenario_no_count']],
    [{ ...base, sites: [{ ...first, n: -1 }] }, ['$.sites[0].n scenario_no_count']],
    [{ ...base, sites: [{ ...first, id: 7 }] }, ['$.sites[0].id scenario_no_text']],
    [{ ...base, sites: [{ ...first, cap: 'none' }] }, ['$.sites[0].cap scenario_no_count']],
    [{ ...base, sites: [{ ...first, cap: 2 }] }, ['$.sites[0].cap scenario_cap_below']],
    [{ ...base, sites: [{ id: 'c', opening: 90 }] }, ['$.sites[0].opening scenario_no_object']],
    [
      { ...base, sites: [{ id: 'c', opening: { delayShape: 0, delayMeanDays: -1 } }] },
      [
        '$.sites[0].opening.delayShape scenario_not_between',
        '$.sites[0].opening.delayMeanDays scenario_not_between',
        '$.sites[0].opening.chanceOpens scenario_missing',
      ],
    ],
    [
      { ...base, sites: [{ ...first, cap: 5, opening: { delayShape: 2, delayMeanDays: 90, chanceOpens: 1 } }] },
      ['open', 'cap', 'n'].map((key) => `$.sites[0].${key} scenario_beside_opening`),
    ],
    [
      {
        ...base,
        sites: Array.from({ length: 21 }, (_, place) => ({
          id: `${place}`,
          opening: { delayShape: 2, delayMeanDays: 90, chanceOpens: 1 },
        })),
      },
      ['$.sites scenario_too_many_openings'],
    ],
    [{ ...base, addedSiteDelayDays: -1 }, ['$.addedSiteDelayDays scenario_no_count']],
    [{ ...base, sites: [{ ...first, close: '2023-12-31' }] }, ['$.sites[0].close scenario_closes_before_opening']],
    [{ ...base, sites: [{ ...first, open: '2026-01-01' }] }, ['$.sites[0].n scenario_never_open']],
    [
      { ...base, sites: [{ ...first, holds: [{ from: '2025-02-01', until: '2025-01-01' }] }] },
      ['$.sites[0].holds[0].until scenario_hold_reversed'],
    ],
    [
      { ...base, sites: [{ ...first, holds: [{ from: '2020-01-01', until: '2030-01-01' }] }] },
      ['$.sites[0].n scenario_never_open'],
    ],
    [{ ...base, screening: { inScreening: 2 } }, expect.arrayContaining(['$.screening.priorA scenario_missing'])],
  ])('is refused with the path of each problem: %#', (value, problems) => {
    expect(problemsOf(value)).toEqual(problems)
  })

  it('says a hundred problems, and how many more there are', () => {
    const sites = Array.from({ length: 150 }, (_, place) => ({ ...first, id: `${place}`, n: -1 }))
    const scenario = parseScenario({ ...base, sites })
    if (!isRefused(scenario)) throw new Error('not refused')
    expect(scenario.problems).toHaveLength(101)
    expect(scenario.problems.at(-1)).toEqual({ field: '$', code: 'scenario_more', values: { count: 50 } })
  })

  it('has more than a million sites: none is looked at', () => {
    const started = performance.now()
    expect(problemsOf({ ...base, sites: new Array(1_000_001).fill(0) })).toEqual(['$.sites scenario_too_many_sites'])
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
