import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../../server/domain/calendar-date.ts'
import { sitesToAdd, withAddedSites } from '../../../server/domain/projection/added-sites.ts'
import { completionDays, completionDaysByMoments } from '../../../server/domain/projection/completion-date.ts'
import { driftFactors, withDriftOfSites } from '../../../server/domain/projection/drift-of-sites.ts'
import { exposureYears, openDays, yearsOpenBy } from '../../../server/domain/projection/exposure.ts'
import {
  beliefByMoments,
  chanceByMoments,
  momentsOfCounts,
  momentsWithDrift,
} from '../../../server/domain/projection/moments.ts'
import { pipelineChances } from '../../../server/domain/projection/pipeline.ts'
import {
  chanceOfMany,
  chanceOfNew,
  chancesOfNew,
  momentsOfNew,
  mostThatCanCome,
  type Outlook,
  quantileOf,
  type SiteOutlook,
  taken,
} from '../../../server/domain/projection/predictive.ts'
import { believedMeanRate, rateHeterogeneity } from '../../../server/domain/projection/rate-heterogeneity.ts'
import { reachedAt } from '../../../server/domain/projection/reached-at.ts'
import { chanceWithDrift, siteForecast } from '../../../server/domain/projection/site-forecast.ts'
import { chanceOfSumAtLeast, chanceOfSumBelow, chancesOfSum } from '../../../server/domain/projection/sum-of-counts.ts'
import { tornado } from '../../../server/domain/projection/tornado.ts'
import {
  openingTimes,
  uncertainOpeningChances,
  uncertainOpeningMoments,
} from '../../../server/domain/projection/uncertain-opening.ts'
import {
  addedUp,
  cutOff,
  gammaNumber,
  negativeBinomialChances,
  poissonChances,
  poissonNumber,
  seeded,
  shareReaching,
} from '../../oracles/sites-one-by-one.ts'
import extras from '../../reference/extras.json' with { type: 'json' }
import reference from '../../reference/reference.json' with { type: 'json' }

const year = 365.25
const site = (count: number, exposure: number, changes: Partial<SiteOutlook> = {}): SiteOutlook => ({
  count,
  exposureYears: exposure,
  open: [{ from: 0, until: Number.POSITIVE_INFINITY }],
  admits: null,
  ...changes,
})
const outlookOf = (...sites: SiteOutlook[]): Outlook => ({ sites, pipeline: null, uncertain: [] })
const gamma = (alpha: number, beta: number) => ({ kind: 'gamma', alpha, beta }) as const
const three = outlookOf(site(5, 1.5), site(1, 1), site(0, 0.5))

describe('open days', () => {
  const asOf = calendarDate('2026-01-01')
  it('begin at the as-of date, and leave out what is over', () => {
    const periods = [
      { from: calendarDate('2024-01-01'), until: calendarDate('2025-01-01') },
      { from: calendarDate('2025-06-01'), until: calendarDate('2026-01-11') },
      { from: calendarDate('2026-01-21'), until: null },
    ]
    expect(openDays(periods, asOf)).toEqual([
      { from: 0, until: 10 },
      { from: 20, until: Number.POSITIVE_INFINITY },
    ])
    expect(yearsOpenBy(openDays(periods, asOf), 30)).toBeCloseTo(20 / year, 14)
    const ahead = calendarDate('2030-01-01')
    const days = 4 * year
    const years = exposureYears(periods, ahead) - exposureYears(periods, asOf)
    expect(yearsOpenBy(openDays(periods, asOf), days)).toBeCloseTo(years, 12)
  })
})

describe('the sum of counts', () => {
  const coin = { sizes: [1], ratios: [0.5], poissonMean: 0 }

  it('of one coin tossed until it fails is 1/2, 1/4, 1/8', () => {
    expect([...chancesOfSum(coin, 3)]).toEqual([0.5, 0.25, 0.125])
    expect([chanceOfSumBelow(coin, 2), chanceOfSumAtLeast(coin, 2)]).toEqual([0.75, 0.25])
    expect(chanceOfSumBelow(coin, 2, Float64Array.of(0, 1))).toBe(0.5)
    expect([chanceOfSumBelow(coin, 0), chanceOfSumAtLeast(coin, 0)]).toEqual([0, 1])
  })

  it('of nothing is 0 for certain', () => {
    const nothing = { sizes: [], ratios: [], poissonMean: 0 }
    expect([...chancesOfSum(nothing, 3)]).toEqual([1, 0, 0])
    expect(chanceOfSumAtLeast(nothing, 1)).toBe(0)
  })

  it('is what direct convolution gives', () => {
    const part = fc.record({
      size: fc.double({ min: 0.01, max: 40, noNaN: true }),
      ratio: fc.double({ min: 1e-6, max: 0.97, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (parts, poissonMean) => {
          const sum = { sizes: parts.map(({ size }) => size), ratios: parts.map(({ ratio }) => ratio), poissonMean }
          const direct = parts.reduce(
            (chances, { size, ratio }) => addedUp(chances, negativeBinomialChances(size, ratio, 60), 60),
            poissonChances(poissonMean, 60),
          )
          const chances = chancesOfSum(sum, 60)
          direct.forEach((chance, k) => {
            if (chance > 1e-290) expect(Math.abs(chances[k]! / chance - 1)).toBeLessThan(1e-10)
          })
          const below = direct.slice(0, 20).reduce((total, chance) => total + chance, 0)
          expect(Math.abs(chanceOfSumBelow(sum, 20) - below)).toBeLessThan(1e-12)
        },
      ),
    )
  })

  it('adds up to 1 within a part in 10^12, for hundreds of sites whose chance of nobody is no number any more', () => {
    for (const [size, error] of [
      [0.3, 1e-12],
      [5, 1e-12],
      [400, 1e-10],
    ] as const) {
      const sizes = Array.from({ length: 200 }, (_, place) => size * (1 + (place % 7)))
      const ratios = sizes.map((_, place) => 0.05 + 0.3 * ((place % 11) / 11))
      const mean = sizes.reduce((sum, each, place) => sum + (each * ratios[place]!) / (1 - ratios[place]!), 0)
      const chances = chancesOfSum({ sizes, ratios, poissonMean: 3 }, Math.ceil(mean + 20 * Math.sqrt(2 * mean) + 60))
      expect(Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1)).toBeLessThan(error)
      expect(momentsOfCounts(chances).mean / (mean + 3)).toBeCloseTo(1, 10)
    }
  })

  it('knows its upper tail where 1 minus the rest would know nothing', () => {
    const exact = negativeBinomialChances(1, 0.5, 200)
      .slice(60)
      .reduce((sum, chance) => sum + chance, 0)
    expect(chanceOfSumAtLeast(coin, 60) / exact).toBeCloseTo(1, 12)
    expect(chanceOfSumAtLeast(coin, 60)).toBeCloseTo(2 ** -60, 25)
  })
})

describe('the chance of the number needed', () => {
  it('of a site whose each next subject is a coin toss: 2 or more has 1/4', () => {
    const one = outlookOf(site(0, 0))
    expect(chanceOfNew(one, taken(gamma(1, 1)), year, 2)).toBeCloseTo(1 / 4, 14)
    expect(momentsOfNew(one, taken(gamma(1, 1)), year)).toEqual({ mean: 1, variance: 2 })
    expect([...chancesOfNew(one, taken(gamma(1, 1)), year, 3)]).toEqual([0.5, 0.25, 0.125])
  })

  it('is 1 only if nothing is needed, and 0 where nothing can come', () => {
    expect(chanceOfNew(three, taken(gamma(1, 1)), year, 0)).toBe(1)
    expect(chanceOfNew(three, taken(gamma(1, 1)), year, -3)).toBe(1)
    expect(chanceOfNew(three, taken(gamma(1, 1)), 1000 * year, 1)).toBeLessThan(1)
    expect(chanceOfNew(three, taken(gamma(1, 1)), 0, 1)).toBe(0)
    expect(chanceOfNew(outlookOf(site(3, 1, { admits: 0 })), taken(gamma(1, 1)), year, 1)).toBe(0)
    expect(chanceOfNew(outlookOf(), taken(gamma(1, 1)), year, 1)).toBe(0)
    const capped = outlookOf(site(5, 1.5, { admits: 3 }), site(1, 1, { admits: 4 }), site(0, 0.5, { admits: 2 }))
    expect(mostThatCanCome(capped, year)).toBe(9)
    expect(chanceOfNew(capped, taken(gamma(1, 1)), 50 * year, 9)).toBeGreaterThan(0)
    expect(chanceOfNew(capped, taken(gamma(1, 1)), 50 * year, 10)).toBe(0)
    expect(chanceWithDrift(capped, taken(gamma(1, 1)), 50 * year, 10, 0.45)).toBe(0)
    expect(chanceOfMany(capped, taken(gamma(1, 1)), 50 * year, 10, 0.45)).toBe(0)
    expect(chanceOfNew({ ...capped, pipeline: Float64Array.of(0.5, 0.5) }, taken(gamma(1, 1)), year, 11)).toBe(0)
    expect(mostThatCanCome({ ...capped, pipeline: Float64Array.of(0.5, 0.5) }, 0)).toBe(1)
    expect(mostThatCanCome(three, year)).toBe(Number.POSITIVE_INFINITY)
    expect(() => chanceOfNew(three, taken(gamma(1, 1)), year, 1.5)).toThrow('1.5')
  })

  it('with caps and people in screening is what convolution site by site gives', () => {
    const sites = [site(5, 1.5, { admits: 3 }), site(1, 1), site(0, 0.5, { admits: 1 }), site(2, 1, { admits: 0 })]
    const pipeline = pipelineChances({ inScreening: 3, converted: 2, failed: 1, priorA: 1, priorB: 1 })
    const direct = sites.reduce(
      (chances, { count, exposureYears: t, admits }) => {
        const alone = negativeBinomialChances(1.4 + count, 2 / (0.6 + t + 2), 80)
        return addedUp(chances, admits === null ? alone : cutOff(alone, admits), 80)
      },
      [...pipeline] as number[],
    )
    const outlook = { sites, pipeline, uncertain: [] }
    const chances = chancesOfNew(outlook, taken(gamma(1.4, 0.6)), 2 * year, 80)
    for (const [k, chance] of direct.entries()) expect(Math.abs(chances[k]! - chance)).toBeLessThan(1e-14)
    for (const needed of [1, 4, 9]) {
      const below = direct.slice(0, needed).reduce((sum, chance) => sum + chance, 0)
      expect(chanceOfNew(outlook, taken(gamma(1.4, 0.6)), 2 * year, needed)).toBeCloseTo(1 - below, 13)
    }
  })

  it('adds up to 1 within a part in 10^12 with caps, people in screening and sites that may open, and agrees with dice', () => {
    const sites = [site(5, 1.5, { admits: 3 }), site(1, 1), site(0, 0.5)]
    const pipeline = pipelineChances({ inScreening: 3, converted: 2, failed: 1, priorA: 1, priorB: 1 })
    const opening = { delayShape: 2, delayMeanDays: 200, chanceOpens: 0.7 }
    const outlook = { sites, pipeline, uncertain: [opening] }
    const [alpha, beta] = [1.4, 0.6]
    const chances = chancesOfNew(outlook, taken(gamma(alpha, beta)), 2 * year, 600)
    expect(Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1)).toBeLessThan(1e-12)

    const random = seeded(20_260_624)
    const trials = 200_000
    const counts = new Array<number>(60).fill(0)
    for (let trial = 0; trial < trials; trial++) {
      let total = 0
      for (const { count, exposureYears: t, admits } of sites) {
        const rate = gammaNumber(alpha + count, random) / (beta + t)
        total += Math.min(poissonNumber(rate * 2, random), admits ?? Number.POSITIVE_INFINITY)
      }
      const conversion = gammaNumber(3, random)
      const share = conversion / (conversion + gammaNumber(2, random))
      for (let each = 0; each < 3; each++) if (random() < share) total++
      const delay = (gammaNumber(opening.delayShape, random) * opening.delayMeanDays) / opening.delayShape
      if (random() < opening.chanceOpens && delay < 2 * year) {
        total += poissonNumber((gammaNumber(alpha, random) / beta) * (2 - delay / year), random)
      }
      if (total < counts.length) counts[total]!++
    }
    for (const [k, count] of counts.entries()) {
      const error = Math.sqrt((chances[k]! * (1 - chances[k]!)) / trials)
      if (chances[k]! * trials > 10) expect(Math.abs(count / trials - chances[k]!)).toBeLessThan(5 * error)
    }
  }, 30_000)

  it('is what trials show that are played out 200,000 times, with caps and with drift', () => {
    const sites = [site(5, 1.5), site(1, 1, { admits: 2 }), site(0, 0.5)]
    const played = sites.map((each) => ({ ...each, futureYears: 2 }))
    const trials = 200_000
    for (const drift of [0, 0.45]) {
      const exact = chanceWithDrift(outlookOf(...sites), taken(gamma(1.4, 0.6)), 2 * year, 11, drift)
      const share = shareReaching(11, played, { alpha: 1.4, beta: 0.6 }, drift, trials, seeded(20_260_624))
      expect(Math.abs(share - exact)).toBeLessThan(5 * Math.sqrt((exact * (1 - exact)) / trials))
    }
  }, 30_000)

  it('does not fall when a site, a year or a rate is added, nor when a cap is lifted', () => {
    const anySite = fc.record({
      count: fc.integer({ min: 0, max: 9 }),
      exposure: fc.double({ min: 0, max: 4, noNaN: true }),
      admits: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
    })
    fc.assert(
      fc.property(
        fc.array(anySite, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (sites, alpha, beta, needed) => {
          const all = sites.map(({ count, exposure, admits }) => site(count, exposure, { admits }))
          const chance = (outlook: Outlook, days = 2 * year, factor = 1) =>
            chanceOfNew(outlook, taken(gamma(alpha, beta)), days, needed, factor) + 1e-13
          const outlook = outlookOf(...all)
          const before = chance(outlook) - 1e-13
          expect(chance(withAddedSites(outlook, 1, 30))).toBeGreaterThanOrEqual(before)
          expect(chance(outlook, 3 * year)).toBeGreaterThanOrEqual(before)
          expect(chance(outlook, 2 * year, 1.3)).toBeGreaterThanOrEqual(before)
          expect(chance(outlookOf(...all.map((each) => ({ ...each, admits: null }))))).toBeGreaterThanOrEqual(before)
          expect(chance(outlookOf(...all.toReversed()))).toBeCloseTo(before, 11)
          const changes = tornado(outlook, taken(gamma(alpha, beta)), 2 * year, needed)
          expect(Math.min(...Object.values(changes))).toBeGreaterThanOrEqual(changes.asItIs - 1e-12)
        },
      ),
    )
  })

  it('of many thousands comes from mean and variance, and joins the exact one', () => {
    const many = outlookOf(...Array.from({ length: 40 }, (_, place) => site(100 + place, 1)))
    const spread = taken(gamma(2, 0.02))
    const moments = momentsOfNew(many, spread, 1.2 * year)
    const exact = chanceOfNew(many, spread, 1.2 * year, 4900)
    expect(Math.abs(exact - chanceByMoments(moments, 4900))).toBeLessThan(1e-3)
    expect(chanceOfNew(many, spread, 1.2 * year, 5001)).toBe(chanceByMoments(moments, 5001))
  })
})

describe('quantiles and moments', () => {
  it('of a coin', () => {
    const coin = Float64Array.of(0.5, 0.25, 0.125)
    expect([quantileOf(0.5, coin), quantileOf(0.75, coin), quantileOf(0.9, coin)]).toEqual([0, 1, null])
    expect(momentsOfCounts(Float64Array.of(0.5, 0.5))).toEqual({ mean: 0.5, variance: 0.25 })
    expect(momentsWithDrift({ mean: 10, variance: 10 }, 0.5)).toEqual({ mean: 10, variance: 35 })
    expect(beliefByMoments({ mean: 1, variance: 2 })).toEqual({ shape: 1, exposureYears: 1 })
    expect(beliefByMoments({ mean: 1, variance: 1 })).toBeNull()
  })

  it('give a chance above, at and below the Poisson variance, and none of nothing', () => {
    expect(chanceByMoments({ mean: 1, variance: 2 }, 2)).toBeCloseTo(0.25, 14)
    expect(chanceByMoments({ mean: 1, variance: 1 }, 1)).toBeCloseTo(1 - Math.exp(-1), 12)
    // Two coins: at least one head has 3/4, three have none.
    expect(chanceByMoments({ mean: 1, variance: 0.5 }, 1)).toBeCloseTo(0.75, 12)
    expect(chanceByMoments({ mean: 1, variance: 0.5 }, 3)).toBe(0)
    expect([chanceByMoments({ mean: 0, variance: 0 }, 1), chanceByMoments({ mean: 0, variance: 0 }, 0)]).toEqual([0, 1])
  })
})

describe('those in screening', () => {
  it('are beta-binomial: 2 of them, none of 2 converted so far, 0.6, 0.3 and 0.1', () => {
    const chances = pipelineChances({ inScreening: 2, converted: 0, failed: 2, priorA: 1, priorB: 1 })
    expect([...chances].map((chance) => Math.round(chance * 1e12) / 1e12)).toEqual([0.6, 0.3, 0.1])
    expect([...pipelineChances({ inScreening: 0, converted: 0, failed: 0, priorA: 1, priorB: 1 })]).toEqual([1])
    const many = pipelineChances({ inScreening: 5000, converted: 900, failed: 100, priorA: 1, priorB: 1 })
    expect(momentsOfCounts(many).mean / 5000).toBeCloseTo(901 / 1002, 10)
  })
})

describe('completion', () => {
  it('of a certain rate of one a day: one is needed, the median wait is ln 2 days', () => {
    const sure = taken({ kind: 'equal', ratePerYear: year } as const)
    const [median] = completionDays([0.5], outlookOf(site(0, 1)), sure, 1)
    expect(median).toBeCloseTo(Math.LN2, 6)
  })

  it('is the day on which the chance is what was asked for, early before late', () => {
    const found = completionDays([0.025, 0.1, 0.5, 0.9, 0.975], three, taken(gamma(1.2, 0.5)), 12)
    found.forEach((days, place) => {
      expect(chanceOfNew(three, taken(gamma(1.2, 0.5)), days!, 12)).toBeCloseTo(
        [0.025, 0.1, 0.5, 0.9, 0.975][place]!,
        7,
      )
    })
    expect(found).toEqual(found.toSorted((a, b) => a! - b!))
  })

  it('is null where all sites close before, 0 where nothing is needed or screening is enough', () => {
    const closing = outlookOf(site(5, 1, { open: [{ from: 0, until: 100 }] }))
    expect(completionDays([0.1, 0.9], closing, taken(gamma(1, 1)), 1)).toEqual([expect.any(Number), null])
    expect(completionDays([0.5], outlookOf(), taken(gamma(1, 1)), 3)).toEqual([null])
    expect(completionDays([0.5, 0.9], three, taken(gamma(1, 1)), 0)).toEqual([0, 0])
    expect(completionDays([0.5], { ...closing, pipeline: Float64Array.of(0, 0, 0, 1) }, taken(gamma(1, 1)), 3)).toEqual(
      [0],
    )
  })

  it('waits for a site that opens later, over a time in which none is open', () => {
    const gap = outlookOf(
      site(4, 1, {
        open: [
          { from: 0, until: 50 },
          { from: 500, until: Number.POSITIVE_INFINITY },
        ],
      }),
    )
    const [early, late] = completionDays([0.05, 0.9], gap, taken(gamma(2, 0.5)), 2)
    expect(early).toBeLessThan(50)
    expect(late).toBeGreaterThan(500)
  })

  it('by moments is near, and with drift both earlier and later', () => {
    const exact = completionDays([0.1, 0.5, 0.9], three, taken(gamma(3, 1)), 20)
    const near = completionDaysByMoments([0.1, 0.5, 0.9], three, taken(gamma(3, 1)), 20, 0)
    for (const [place, days] of near.entries()) expect(days! / exact[place]!).toBeCloseTo(1, 1)
    const [early, , late] = completionDaysByMoments([0.1, 0.5, 0.9], three, taken(gamma(3, 1)), 20, 0.45)
    expect(early).toBeLessThan(near[0]!)
    expect(late).toBeGreaterThan(near[2]!)
  })

  it('looks for a place no more often than it must', () => {
    let looks = 0
    const chanceAt = (place: number) => {
      looks++
      return Math.min(place / 100, 1)
    }
    const found = reachedAt([0.1, 0.5, 0.9], chanceAt, { guess: () => 3, most: 1000, tolerance: 1e-6 })
    for (const [at, place] of found.entries()) expect(place).toBeCloseTo([10, 50, 90][at]!, 4)
    expect(looks).toBeLessThan(40)
    expect(
      reachedAt([0.5], (place) => Math.min(place / 1e6, 0.1), { guess: () => 1, most: 1000, tolerance: 1e-6 }),
    ).toEqual([null])
  })
})

describe('all spreads that the record leaves possible', () => {
  it('weigh 1 together, and before any site opened are the plan: 10 subjects in 5 site-years, 2 a year', () => {
    const spreads = rateHeterogeneity([], { subjects: 10, siteYears: 5 })
    expect(spreads.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
    expect(believedMeanRate(spreads)).toBeCloseTo(2, 3)
    expect(() => rateHeterogeneity([], { subjects: 10, siteYears: 0 })).toThrow('says nothing')
  })

  it('give the mean rate that a sum over a fine grid gives', () => {
    const sites = [site(3, 1), site(0, 2), site(1, 0.5)]
    let total = 0
    let mean = 0
    for (let logAlpha = -12; logAlpha <= 12; logAlpha += 0.05) {
      for (let logMean = -8; logMean <= 5; logMean += 0.02) {
        const alpha = Math.exp(logAlpha)
        const m = Math.exp(logMean)
        let log = -0.5 * m + logMean - ((logAlpha - 0.2) / 2) ** 2 / 2
        for (const { count, exposureYears: t } of sites) {
          const ratio = t / (alpha / m + t)
          log += alpha * Math.log1p(-ratio) + count * Math.log(ratio)
          for (let j = 0; j < count; j++) log += Math.log(alpha + j)
        }
        total += Math.exp(log)
        mean += Math.exp(log) * m
      }
    }
    expect(believedMeanRate(rateHeterogeneity(sites, { subjects: 10, siteYears: 5 })) / (mean / total)).toBeCloseTo(
      1,
      3,
    )
  })

  it('are less sure than the most likely one alone', () => {
    const { plugIn, believed } = siteForecast(three, { subjects: 10, siteYears: 5 }, 2 * year, 20)
    expect(believed.ifRatesHold.chance).toBeGreaterThan(plugIn!.chance)
    expect(believed.withDrift.chance).toBeGreaterThan(believed.ifRatesHold.chance)
    expect(believed.withDrift.completion.late).toBeGreaterThan(believed.ifRatesHold.completion.late!)
  })
})

describe('drift', () => {
  it('is a factor of mean 1 and the given coefficient of variation; none leaves everything as it is', () => {
    for (const c of [0.3, 0.45, 0.6]) {
      const factors = driftFactors(c, 0.1)
      const mean = factors.reduce((sum, { factor, weight }) => sum + factor * weight, 0)
      const square = factors.reduce((sum, { factor, weight }) => sum + factor * factor * weight, 0)
      expect(mean).toBeCloseTo(1, 5)
      expect(Math.sqrt(square - mean * mean)).toBeCloseTo(c, 4)
    }
    expect(withDriftOfSites(taken(gamma(1, 1)), 0, 0.3)).toEqual(taken(gamma(1, 1)))
  })

  it('agrees with the closed form where one rate is certain', () => {
    // Poisson given the factor, so negative binomial of size 1/c^2.
    const sure = taken({ kind: 'equal', ratePerYear: 12 } as const)
    const chance = chanceWithDrift(outlookOf(site(0, 1)), sure, year, 15, 0.45)
    const size = 1 / 0.45 ** 2
    const below = negativeBinomialChances(size, 12 / (12 + size), 15).reduce((sum, each) => sum + each, 0)
    expect(chance).toBeCloseTo(1 - below, 5)
  })
})

describe('uncertain openings and added sites, against the reference', () => {
  const { scenario, expected } = reference.scenarios[2] as unknown as {
    scenario: { asOf: string; sites: { open: string; n: number }[] }
    expected: { derived: { tauYears: number[] }; ml: { alpha: number; beta: number } }
  }
  const asOf = calendarDate(scenario.asOf)
  const { alpha, beta } = expected.ml
  const spread = gamma(alpha, beta)
  const outlook = outlookOf(
    ...scenario.sites.map(({ open, n }, place) =>
      site(n, expected.derived.tauYears[place]!, { open: openDays([{ from: calendarDate(open), until: null }], asOf) }),
    ),
  )
  const openings = extras.uncertainActivation.sites.map(({ delayGammaShape, delayMeanDays, pOpen }) => ({
    delayShape: delayGammaShape,
    delayMeanDays,
    chanceOpens: pOpen,
  }))

  it('mix over the delay, with a point at nobody', () => {
    openings.forEach((opening, which) => {
      const chances = uncertainOpeningChances(openingTimes(opening, 365), spread, 15)
      extras.uncertainActivation.sitePmf[which]!.forEach((chance, k) => {
        expect(Math.abs(chances[k]! - chance)).toBeLessThan(2e-4)
      })
    })
    const with2 = { ...outlook, uncertain: openings }
    expect(Math.abs(chanceOfNew(with2, taken(spread), 365, 33) - extras.uncertainActivation.pTarget)).toBeLessThan(2e-4)
    const moments = momentsOfCounts(chancesOfNew(with2, taken(spread), 365, 400))
    expect(moments.mean / extras.uncertainActivation.mean).toBeCloseTo(1, 3)
    const direct = momentsOfNew(with2, taken(spread), 365)
    expect(direct.mean / moments.mean).toBeCloseTo(1, 8)
    expect(direct.variance / moments.variance).toBeCloseTo(1, 6)
  })

  it('mix over the delay as trials show whose delays are drawn', () => {
    const random = seeded(7)
    const [opening] = openings
    const trials = 200_000
    let nobody = 0
    for (let trial = 0; trial < trials; trial++) {
      const delay = (gammaNumber(2, random) * opening!.delayMeanDays) / 2
      const years = Math.max(0, 365 - delay) / year
      if (random() < (beta / (beta + years)) ** alpha) nobody++
    }
    const chance = uncertainOpeningChances(openingTimes(opening!, 365), spread, 1)[0]!
    expect(Math.abs(nobody / trials - chance)).toBeLessThan(5 * Math.sqrt((chance * (1 - chance)) / trials))
  }, 30_000)

  it('have a mean and a variance: open for a year with the chance 1/2, 2 a year for certain, 1 and 2', () => {
    const times = { chance: 0.5, open: [{ years: 1, weight: 1 }] }
    expect(uncertainOpeningMoments(times, { kind: 'equal', ratePerYear: 2 })).toEqual({ mean: 1, variance: 2 })
  })

  it('bring nobody where a site never opens, or only after the day that is looked at', () => {
    const never = { delayShape: 2, delayMeanDays: 90, chanceOpens: 0 }
    expect([...uncertainOpeningChances(openingTimes(never, 365), spread, 3)]).toEqual([1, 0, 0])
    expect([...uncertainOpeningChances(openingTimes({ ...never, chanceOpens: 1 }, 0), spread, 3)]).toEqual([1, 0, 0])
  })

  it('raise the chance site by site: 4, 5 and 7 more for 50, 80 and 90%', () => {
    extras.addedSites.pTarget.forEach((chance, added) => {
      const more = withAddedSites(outlook, added, extras.addedSites.openingDelayDays)
      expect(Math.abs(chanceOfNew(more, taken(spread), 365, 33) - chance)).toBeLessThan(1e-7)
    })
    const { needed } = extras.addedSites
    expect(sitesToAdd([0.5, 0.8, 0.9], outlook, taken(spread), 365, 33, 60)).toEqual([
      needed[50],
      needed[80],
      needed[90],
    ])
    expect(sitesToAdd([0.5], outlook, taken(spread), 365, 33, 400)).toEqual([null])
    expect(sitesToAdd([0.5], outlook, taken(spread), 365, 0, 60)).toEqual([0])
  })
})

describe('what would help', () => {
  it('of a certain site of 1 a year with a year to go and 1 needed: 0.63, and 0.86 with one more of anything', () => {
    const sure = taken({ kind: 'equal', ratePerYear: 1 } as const)
    const one = outlookOf(site(1, 1, { open: [{ from: 0, until: year }] }))
    const { asItIs, oneMoreSite, oneMoreYear, oneMoreAYear } = tornado(one, sure, year, 1)
    expect(asItIs).toBeCloseTo(1 - Math.exp(-1), 12)
    for (const chance of [oneMoreSite, oneMoreYear, oneMoreAYear]) expect(chance).toBeCloseTo(1 - Math.exp(-2), 12)
  })
})
