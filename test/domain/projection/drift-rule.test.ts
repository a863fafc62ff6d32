import { describe, expect, it } from 'vitest'
import { driftRuleBelief, recentRate, sitesBelief } from '../../../server/domain/projection/drift-rule.ts'
import { fitPoissonGamma } from '../../../server/domain/projection/poisson-gamma.ts'
import { completionYears, withDrift } from '../../../server/domain/projection/pooled-predictive.ts'
import { type KnownAccrual, recentBelief, sitesInWindow } from '../../../server/domain/projection/recent-window.ts'
import { dice, gamma, standardErrorsOff, waits } from '../../oracles/completion-by-chance.ts'

const at = (site: string, ...days: number[]) => days.map((day) => ({ day, site }))

/** Sites that opened on day 0 and registered so many each, all within four years of 1461 days. */
const fourYears = (...counts: number[]): KnownAccrual => {
  const registrations = counts.flatMap((count, place) =>
    at(String(place), ...Array.from({ length: count }, (_, each) => Math.floor(((each + 0.5) * 1461) / count))),
  )
  return {
    registrations: registrations.sort((a, b) => a.day - b.day),
    asOfDay: 1461,
    openedOnDay: new Map(counts.map((_, place) => [String(place), 0])),
  }
}

describe('the rate of the sites that are open', () => {
  it('two sites with 8 each in 4 years do not differ: 4 a year together, worth what was seen', () => {
    const belief = sitesBelief(fourYears(8, 8), 1)
    expect(belief?.shape).toBe(16)
    expect(belief?.exposureYears).toBeCloseTo(4, 12)
  })

  it('a site that opened late counts in full', () => {
    const known: KnownAccrual = {
      registrations: [...at('A', ...Array.from({ length: 8 }, (_, each) => 100 + 150 * each)), ...at('B', 1300, 1450)],
      asOfDay: 1461,
      openedOnDay: new Map([
        ['A', 0],
        ['B', 1461 - 365.25],
      ]),
    }
    // 10 in 5 site-years: 2 a year and site, 4 a year for both.
    const belief = sitesBelief(known, 1)
    expect((belief?.shape ?? 0) / (belief?.exposureYears ?? 1)).toBeCloseTo(4, 12)
  })

  it('of sites that differ, open equally long, is the pooled rate, with the spread’s own weight for each', () => {
    const belief = sitesBelief(fourYears(40, 2), 1)
    expect((belief?.shape ?? 0) / (belief?.exposureYears ?? 1)).toBeCloseTo(42 / 4, 6)
    const fit = fitPoissonGamma(sitesInWindow(fourYears(40, 2), 1))
    expect(belief?.shape).toBeCloseTo(42 + 2 * (fit.kind === 'interior' ? fit.alpha : Number.NaN), 9)
  })

  it('is not known where nobody was registered', () => {
    expect(sitesBelief(fourYears(0, 0))).toBeNull()
  })
})

describe('the drift rule', () => {
  it('one site: the recent window, with a drift of 0.45', () => {
    const known = fourYears(30)
    expect(recentRate(known, 25)).toEqual(recentBelief(known, 25))
    expect(driftRuleBelief(known)).toEqual(withDrift(recentBelief(known, 25)!, 0.45))
  })

  it('two sites: the geometric mean of both rates, the mean of both shapes', () => {
    const known = fourYears(8, 8)
    const recent = recentBelief(known, 25)!
    const sites = sitesBelief(known)!
    const both = recentRate(known, 25)!
    expect(both.shape).toBe((recent.shape + sites.shape) / 2)
    const rate = (belief: typeof both) => belief.shape / belief.exposureYears
    expect(rate(both) ** 2).toBeCloseTo(rate(recent) * rate(sites), 12)
  })

  it('two sites without a subject in the last half: the recent window alone', () => {
    const known: KnownAccrual = {
      registrations: at('A', 1, 2, 3),
      asOfDay: 100,
      openedOnDay: new Map([
        ['A', 0],
        ['B', 0],
      ]),
    }
    expect(recentRate(known, 25)).toEqual(recentBelief(known, 25))
  })

  it('is none before any time has passed', () => {
    expect(driftRuleBelief({ registrations: [], asOfDay: 0, openedOnDay: null })).toBeNull()
  })

  it('its completion is that of rates drawn by chance, within 5 standard errors', () => {
    const uniform = dice(20260624)
    // A shape of which dice can be thrown: 6.5 in 2 years.
    const belief = { shape: 6.5, exposureYears: 2 }
    const all = waits(100_000, 7, () => gamma(6.5, uniform) / 2, uniform)
    for (const p of [0.025, 0.1, 0.5, 0.9, 0.975]) {
      expect(standardErrorsOff(all, completionYears(p, belief, 7), p)).toBeLessThan(5)
    }
  })
})
