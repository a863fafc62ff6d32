/** Everything that a projection says of a trial, from its record: the extension request's numbers, and every odd trial. */
import { describe, expect, it } from 'vitest'
import {
  type OutlookState,
  type TrialRecord,
  trialOutlook,
  usualAlternative,
  whatIfOutcome,
} from '../../../server/domain/projection/trial-outlook.ts'
import { asItIs } from '../../../server/domain/projection/what-if.ts'
import reference from '../../reference/seed-001.json' with { type: 'json' }
import { day, site, sscBmc } from './ssc-bmc-record.ts'

const { pTarget } = reference

const poisson = (k: number, mean: number): number => (k === 0 ? Math.exp(-mean) : (poisson(k - 1, mean) * mean) / k)

/** Every number anywhere in a value. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

describe('the extension request on 2026-06-24', () => {
  const outlook = trialOutlook(sscBmc)
  const goal = outlook.goal!

  it('observed 0.406 a year and needs 3.26, 8.0 times as much; 3.15, 4.08, 4.63 for 50, 80, 90%', () => {
    expect(outlook.observed).toMatchObject({ kind: 'rate', count: 2 })
    expect(outlook.observed.kind === 'rate' && outlook.observed.perYear).toBeCloseTo(0.4056, 4)
    expect(goal.required.mean.perYear).toBeCloseTo(reference.neededMeanRatePerYear, 9)
    expect(goal.required.mean.multiple).toBeCloseTo(reference.neededOverObserved, 9)
    const { p50, p80, p90 } = reference.requiredRatePerYear
    const assured = goal.required.assured.map(({ perYear }) => perYear ?? 0)
    for (const [index, rate] of [p50, p80, p90].entries()) expect(assured[index]).toBeCloseTo(rate, 9)
  })

  it('adds up to 2 + 2 + 6 + 3 = 13', () => {
    expect(outlook.claims?.projection.terms.map(({ expected }) => expected)).toEqual([2, 2, 6, 3])
    expect(outlook.claims?.projection.total).toBe(13)
  })

  it('reaches 12 with 0.676, 0.413 and 0.478 as claimed: in screening certain, inside the rate, beta-binomial', () => {
    const { certain, inside, betaBinomial } = goal.claimed!
    expect(certain.held).toBeCloseTo(pTarget.claimedPoisson9PipelineCertain_need8, 9)
    expect(inside.held).toBeCloseTo(pTarget.claimedPoisson9PipelineInsideTheRate_need10, 9)
    expect(betaBinomial.held).toBeCloseTo(pTarget.claimedPoisson9PipelineBetaBinomial, 9)
    for (const answer of [certain, inside, betaBinomial]) expect(answer.drift).toBeLessThan(answer.held)
  })

  it('reaches 12 with 0.0010 as observed and 0.0033 with drift; with fewer than six, the larger drift stands beside', () => {
    const chance = goal.observed!.chance
    expect(chance.held).toBeCloseTo(pTarget.observedRateJeffreys_need10, 12)
    expect(chance.drift).toBeCloseTo(0.0033, 4)
    expect(chance.moreDrift).toBeGreaterThan(chance.drift)
  })

  it('reaches 12 with 0.0015 to 0.080 with the plan as prior', () => {
    const { one, full, list } = goal.blended!
    const expected = reference.blended.map(({ pTarget_need10 }) => pTarget_need10)
    const found = [one, ...list].map(({ chance }) => chance.held)
    for (const [index, chance] of expected.entries()) expect(found[index]).toBeCloseTo(chance, 9)
    expect(full.chance.held).toBeCloseTo(0.0797, 4)
  })

  it('is contradicted by its record at the two experienced sites (0.0031), at the three others (0.0072), and in all', () => {
    const checks = outlook.claims!.checks
    expect(checks.map(({ place }) => place)).toEqual([null, 2, 3])
    expect(checks.map(({ verdict }) => verdict)).toEqual(['contradicted', 'contradicted', 'contradicted'])
    expect(checks.map(({ claimedPerYear }) => claimedPerYear.toFixed(2))).toEqual(['3.00', '2.00', '1.00'])
    expect(checks[1]!.chance).toBeCloseTo(reference.pDataGivenTwoSitesAtOnePerYear, 9)
    expect(checks[2]!.chance).toBeCloseTo(0.0072, 4)
    expect(checks[0]!.chance).toBeLessThan(0.0001)
    expect(checks.map(({ conflict }) => conflict)).toEqual(['none', 'none', 'none'])
  })

  it('says where two claims about the same sites cannot both hold, and where sites stand twice', () => {
    const others = ['03', '04', '05']
    const more = [
      { claim: { kind: 'siteRate', sites: 3, ratePerSiteYear: 1, years: 3 }, siteIds: others },
      { claim: { kind: 'siteRate', sites: 1, ratePerSiteYear: 1, years: 1 }, siteIds: ['01'] },
    ] as const
    const { claims } = trialOutlook({ ...sscBmc, claims: [...sscBmc.claims, ...more] })
    expect(claims?.checks.map(({ conflict }) => conflict)).toEqual([
      'none',
      'none',
      'none',
      'disagrees',
      'counted_twice',
    ])
    expect(claims?.checks[3]?.chance).toBeCloseTo(reference.pZeroAtThreeSitesGivenOnePerYear, 12)
  })

  it('is complete on 2034-09-21 at the earliest, and by the median not within 20 years', () => {
    expect(goal.completion).toEqual([{ kind: 'on', date: '2034-09-21' }, { kind: 'beyond' }, { kind: 'beyond' }])
    expect(outlook.byDeadline).toEqual({ low80: 2, median: 3, high80: 6 })
  })

  it('where sites differ: 0.0013, with drift 0.0050; one more of anything raises it', () => {
    const { chance, tornado, ratesPerYear, sitesNeeded } = goal.sitesDiffer!
    expect(chance.held).toBeCloseTo(0.00127, 5)
    expect(chance.drift).toBeCloseTo(0.005, 4)
    const { asItIs, oneMoreSite, oneMoreYear, oneMoreAYear } = tornado
    expect(asItIs).toBeCloseTo(chance.drift, 4)
    for (const more of [oneMoreSite, oneMoreYear, oneMoreAYear]) expect(more).toBeGreaterThan(asItIs)
    expect(ratesPerYear[0]).toBeGreaterThan(ratesPerYear[4]!)
    const needed = sitesNeeded.map(({ sites }) => sites ?? Number.POSITIVE_INFINITY)
    expect(needed).toEqual(needed.toSorted((a, b) => a - b))
  })

  it('nothing but the few subjects is special about it', () => {
    expect(outlook.states).toEqual(['few_subjects'])
  })
})

describe('claims that somebody types', () => {
  const about = (claim: TrialRecord['claims'][number]['claim'], siteIds: string[] = []) =>
    trialOutlook({ ...sscBmc, claims: [{ claim, siteIds }] })

  it('about some of the sites, without saying which, are held against no record', () => {
    const one = { kind: 'siteRate', sites: 1, ratePerSiteYear: 1, years: 3 } as const
    expect(about(one).claims?.checks.map(({ verdict }) => verdict)).toEqual(['consistent', 'unnamed'])
    expect(about(one, ['01']).claims?.checks[1]?.verdict).not.toBe('unnamed')
    expect(about({ ...one, sites: 5 }).claims?.checks[1]?.verdict).toBe('contradicted')
  })

  it('of a conversion count each in screening with its chance: between none of them and all', () => {
    const at = (conversion: number) => {
      const [first, , ...others] = sscBmc.claims
      const pipeline = { claim: { kind: 'pipeline', number: 2, conversion } as const, siteIds: [] }
      return trialOutlook({ ...sscBmc, claims: [first!, pipeline, ...others] }).goal!.claimed!.certain.held
    }
    expect(at(1)).toBeCloseTo(pTarget.claimedPoisson9PipelineCertain_need8, 9)
    expect(at(0)).toBeCloseTo(pTarget.claimedPoisson9PipelineInsideTheRate_need10, 9)
    const one = 1 - [0, 1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, k) => sum + poisson(k, 9), 0)
    expect(at(0.5)).toBeCloseTo(at(0) / 4 + one / 2 + at(1) / 4, 9)
  })

  it('of those already registered change nothing about how many are needed', () => {
    const claimed = (number: number) => {
      const [, ...others] = sscBmc.claims
      const claims = [{ claim: { kind: 'registered', number } as const, siteIds: [] }, ...others]
      return trialOutlook({ ...sscBmc, claims }).goal?.claimed?.certain.held
    }
    expect(claimed(13)).toBe(claimed(2))
    expect(claimed(0)).toBe(claimed(2))
  })
})

describe('the first days of a trial', () => {
  it('give no chance from the record, no range and no day', () => {
    const early = { ...sscBmc, asOf: day('2021-07-20'), sites: sscBmc.sites.map((own) => ({ ...own, registered: 0 })) }
    const outlook = trialOutlook(early)
    expect([outlook.byDeadline, outlook.goal?.observed, outlook.goal?.completion]).toEqual([null, null, null])
    expect(whatIfOutcome(early, asItIs)).toBeNull()
    expect(whatIfOutcome(early, { ...asItIs, ratePerYear: 3 })?.expectedNew).toBeGreaterThan(20)
  })
})

describe('scenarios', () => {
  it('1 a year until 2029-07-18 expects 3.1 and reaches 12 with 0.1%; 2 a year until 2031-07-18 10.1 and 56%', () => {
    const exactly = { ...asItIs, drift: 'off' } as const
    const slow = whatIfOutcome(sscBmc, { ...exactly, ratePerYear: 1 })!
    expect([slow.expectedNew.toFixed(1), slow.chance.toFixed(3)]).toEqual(['3.1', '0.001'])
    const fast = whatIfOutcome(sscBmc, { ...exactly, ratePerYear: 2, until: day('2031-07-18') })!
    expect([fast.expectedNew.toFixed(1), fast.chance.toFixed(2)]).toEqual(['10.1', '0.56'])
  })

  it('as it is, it is the answer as observed', () => {
    const outcome = whatIfOutcome(sscBmc, asItIs)!
    expect(outcome.chance).toBeCloseTo(0.0033, 4)
    expect(outcome.completion[0]).toEqual({ kind: 'on', date: '2034-09-21' })
    expect(outcome).toMatchObject({ low80: 2, median: 3, high80: 6 })
  })

  it('those in screening come on top only where a conversion is given, and then as many as it says', () => {
    const half = whatIfOutcome(sscBmc, { ...asItIs, conversion: 0.5 })!
    const all = whatIfOutcome(sscBmc, { ...asItIs, conversion: 1 })!
    const without = whatIfOutcome(sscBmc, asItIs)!
    expect(half.expectedNew).toBeCloseTo(without.expectedNew + 1, 9)
    expect(all.expectedNew).toBeCloseTo(without.expectedNew + 2, 9)
    expect(all.low80).toBe(without.low80 + 2)
    expect(half.chance).toBeGreaterThan(without.chance)
  })

  it('those in screening bring the day forward, the more of them the more are registered', () => {
    const days = [null, 0, 0.5, 1].map((conversion) => {
      const { completion } = whatIfOutcome(sscBmc, { ...asItIs, ratePerYear: 5, drift: 'off', conversion })!
      return completion.map((each) => (each.kind === 'on' ? each.date : each.kind))
    })
    expect(days[1]).toEqual(days[0])
    for (const place of [0, 1, 2]) {
      expect(days[2]![place]! < days[1]![place]!).toBe(true)
      expect(days[3]![place]! < days[2]![place]!).toBe(true)
    }
  })

  it('those in screening may be enough: there is no day to give, but more than never', () => {
    const enough = whatIfOutcome({ ...sscBmc, target: 4 }, { ...asItIs, conversion: 1 })!
    expect(enough.completion).toEqual(Array(3).fill({ kind: 'in_screening' }))
    // One is registered with 3/4; sites alone would take decades for the rest of the chance.
    const perhaps = whatIfOutcome({ ...sscBmc, target: 3 }, { ...asItIs, conversion: 0.5 })!
    expect(perhaps.completion.map(({ kind }) => kind)).toEqual(['in_screening', 'in_screening', 'on'])
    const closed = { ...sscBmc, target: 4, sites: [site('01', 2, '2021-07-19', '2025-01-01')] }
    const never = whatIfOutcome(closed, { ...asItIs, conversion: 0.5 })!
    expect(never.completion.map(({ kind }) => kind)).toEqual(['in_screening', 'never', 'never'])
  })

  it('one site more carries one fifth more; a certain rate is shared with it', () => {
    const one = whatIfOutcome(sscBmc, { ...asItIs, ratePerYear: 5, addedSites: 1, drift: 'off' })!
    expect(one.expectedNew).toBeCloseTo(6 * reference.futureYears, 9)
  })

  it('a typed rate brings just that a year, also where sites open one after the other', () => {
    const sites = [site('01', 0, '2024-04-01'), site('02', 0, '2026-01-01'), site('03', 0, '2027-07-18')]
    const staggered = { ...sscBmc, asOf: day('2024-07-18'), deadline: day('2028-07-17'), claims: [], sites }
    const outcome = whatIfOutcome(staggered, { ...asItIs, ratePerYear: 10, drift: 'off' })!
    expect(outcome.expectedNew).toBeCloseTo(40, 9)
  })

  it('beside it stands what the request claims: 3.00 a year', () => {
    expect(usualAlternative(trialOutlook(sscBmc)).ratePerYear).toBe(3)
    expect(usualAlternative(trialOutlook({ ...sscBmc, claims: [] })).ratePerYear).toBe(1.41)
  })
})

describe('a trial unlike others', () => {
  const odd: [string, Partial<TrialRecord>, OutlookState[]][] = [
    ['two subjects in all', { target: 2 }, ['reached', 'few_subjects']],
    [
      'two subjects on the first day',
      { sites: [site('01', 2, '2026-06-23')] },
      ['one_site', 'short_exposure', 'few_subjects'],
    ],
    ['nobody yet', { sites: [site('01', 0), site('02', 0)] }, ['no_subject', 'few_subjects']],
    ['one site', { sites: [site('01', 7)] }, ['one_site']],
    ['no site', { sites: [] }, ['no_site', 'no_exposure']],
    ['sites that have not opened', { sites: [site('01', 0, '2027-01-01')] }, ['one_site', 'no_exposure']],
    [
      'sites that are all closed',
      { sites: [site('01', 3, '2021-07-19', '2025-01-01'), site('02', 4, '2021-07-19', '2025-01-01')] },
      ['none_open'],
    ],
    [
      'sites that all close',
      { sites: [site('01', 3, '2021-07-19', '2027-01-01'), site('02', 4, '2021-07-19', '2027-01-01')] },
      ['closing'],
    ],
    ['the target reached', { sites: [site('01', 6), site('02', 6)] }, ['reached']],
    ['a target of none', { target: 0 }, ['no_target', 'few_subjects']],
    ['no target', { target: null }, ['no_target', 'few_subjects']],
    ['a deadline that has passed', { deadline: day('2026-01-01') }, ['over', 'few_subjects']],
    ['no plan, no claims', { plan: null, claims: [] }, ['few_subjects']],
  ]

  it.each(odd)('%s: is named as what it is, and every number is one', (_, change, states) => {
    const record = { ...sscBmc, ...change }
    const outlook = trialOutlook(record)
    expect(outlook.states).toEqual(states)
    const scenarios = [whatIfOutcome(record, asItIs), whatIfOutcome(record, usualAlternative(outlook))]
    const all = numbersIn([outlook, scenarios])
    expect(all.length).toBeGreaterThan(5)
    expect(all.filter((number) => !Number.isFinite(number))).toEqual([])
  })

  it('one site-year of all sites together decides whether there is a point rate: 362 days have none, 366 have one', () => {
    const outlookOf = (...days: number[]) => {
      const from = (ago: number) => new Date(Date.parse('2026-06-24') - ago * 86_400_000).toISOString().slice(0, 10)
      const sites = days.map((ago, place) => site(`0${place + 1}`, place < 2 ? 1 : 0, from(ago)))
      return trialOutlook({
        ...sscBmc,
        sites,
        claims: [{ claim: { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 }, siteIds: [] }],
      })
    }
    // 0.99 site-years of four sites; the trial itself is 92 days old.
    const short = outlookOf(92, 90, 90, 90)
    expect(short.siteYears).toBeCloseTo(0.991, 3)
    expect(short.states).toContain('short_exposure')
    expect([short.observed.kind, short.claims?.checks[0]?.observed.kind]).toEqual(['intervalOnly', 'intervalOnly'])
    expect([short.goal?.observed, short.byDeadline, short.goal?.required.mean.multiple]).toEqual([null, null, null])
    // 1.00 site-years of the same four.
    const long = outlookOf(96, 90, 90, 90)
    expect(long.siteYears).toBeCloseTo(1.002, 3)
    expect(long.states).not.toContain('short_exposure')
    expect(long.observed).toMatchObject({ kind: 'rate', exposureYears: 96 / 365.25, perYear: 2 / (96 / 365.25) })
    expect(long.claims?.checks[0]?.observed.kind).toBe('rate')
    expect(long.goal?.observed).not.toBeNull()
    // No site has a year of its own, so none has a rate of its own.
    expect(long.sites.map(({ observed }) => observed.kind)).toEqual(Array(4).fill('intervalOnly'))
  })

  it('no rate is given under a site-year, before the first subject, or where no site was open', () => {
    for (const sites of [[site('01', 2, '2026-06-23')], [site('01', 0)], []]) {
      const { observed, goal } = trialOutlook({ ...sscBmc, sites })
      expect(observed.kind).not.toBe('rate')
      expect(goal?.required.mean.multiple).toBeNull()
    }
  })

  it('the chance is 1 only where nothing is needed', () => {
    const easy = trialOutlook({ ...sscBmc, target: 8, sites: [site('01', 5000), site('02', 2)] })
    expect(easy.goal?.observed?.chance).toEqual({ held: 1, drift: 1, moreDrift: null })
    const sure = trialOutlook({ ...sscBmc, target: 5003, sites: [site('01', 5000), site('02', 2)] })
    expect(sure.goal?.observed?.chance.held).toBeLessThan(1)
  })

  it('sites that all close leave a number that never comes, in words of its own', () => {
    const { goal } = trialOutlook({ ...sscBmc, sites: [site('01', 7, '2021-07-19', '2026-12-01')] })
    expect(goal?.completion?.at(-1)).toEqual({ kind: 'never' })
    expect(trialOutlook({ ...sscBmc, target: 2 }).goal?.completion?.[0]).toEqual({ kind: 'reached' })
  })
})
