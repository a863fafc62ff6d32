/**
 * What a projection costs, in milliseconds and as ratios to a fixed loop measured in the same run, so that two machines
 * can be compared: the exact chance of the 200-site reference scenario, all that a page shows of it, and all that a
 * page shows of five sites with ten to go.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { daysBetween } from '../../server/domain/calendar-date.ts'
import { exposureYears, futureYears, openDays } from '../../server/domain/projection/exposure.ts'
import { fitPoissonGamma, spreadOf } from '../../server/domain/projection/poisson-gamma.ts'
import {
  blendedBelief,
  chanceOfAtLeast,
  completionYears,
  observedBelief,
  withDrift,
} from '../../server/domain/projection/pooled-predictive.ts'
import { chanceOfNew, type Outlook, taken } from '../../server/domain/projection/predictive.ts'
import { openPeriodsOf, parseScenario, type Scenario } from '../../server/domain/projection/scenario.ts'
import { siteForecast } from '../../server/domain/projection/site-forecast.ts'

type World = { outlook: Outlook; scenario: Scenario; needed: number; days: number; past: number; future: number }

function worldOf(id: string): World {
  const text = readFileSync(join(import.meta.dirname, '../reference/reference.json'), 'utf8')
  const all = (JSON.parse(text) as { scenarios: { scenario: { id: string } }[] }).scenarios
  const parsed = parseScenario(all.find(({ scenario }) => scenario.id === id)?.scenario)
  if (!('value' in parsed)) throw new Error(`${id} is no scenario`)
  const scenario = parsed.value
  const { asOf, deadline, sites } = scenario
  const periods = sites.map(openPeriodsOf)
  return {
    scenario,
    needed: (scenario.target ?? 0) - sites.reduce((sum, { n }) => sum + n, 0),
    days: daysBetween(asOf, deadline),
    past: periods.reduce((sum, each) => sum + exposureYears(each, asOf), 0),
    future: periods.reduce((sum, each) => sum + futureYears(each, asOf, deadline), 0),
    outlook: {
      sites: sites.map(({ n, cap }, place) => ({
        count: n,
        exposureYears: exposureYears(periods[place] ?? [], asOf),
        open: openDays(periods[place] ?? [], asOf),
        admits: cap === null ? null : cap - n,
      })),
      pipeline: null,
      uncertain: [],
    },
  }
}

/** P(target) of the fit: every negative binomial of every site, added up exactly. */
function exactChance({ outlook, days, needed }: World): number {
  const spread = spreadOf(fitPoissonGamma(outlook.sites))
  return spread === null ? 0 : chanceOfNew(outlook, taken(spread), days, needed)
}

/**
 * The observed answer and the plan at six weights, with and without drift; completion 10/50/90% of the observed and of
 * one pseudo-subject; the fit, and the default forecast with its completion, with and without drift.
 */
function wholePage({ outlook, scenario, days, needed, past, future }: World): number {
  const { plan, sites } = scenario
  const count = sites.reduce((sum, { n }) => sum + n, 0)
  const weights = [1 / plan.subjects, 0.1, 0.25, 0.5, 0.75, 1]
  const blends = weights.map((weight) => blendedBelief(count, past, plan.subjects, plan.siteYears, weight))
  const observed = observedBelief(count, past)
  const all = observed === null ? blends : [observed, ...blends]
  let sum = 0
  for (const [place, belief] of all.entries()) {
    for (const each of [belief, withDrift(belief)]) {
      sum += chanceOfAtLeast(needed, each, future)
      if (place < 2) for (const p of [0.1, 0.5, 0.9]) sum += completionYears(p, each, needed)
    }
  }
  return sum + siteForecast(outlook, plan, days, needed).believed.withDrift.chance
}

/** 10 million multiplications that depend on each other, so that no machine can skip or pair them. */
function fixedLoop(): number {
  let x = 1
  for (let step = 0; step < 10_000_000; step++) x = x * 1.000_000_1 - 1e-9
  return x
}

/** The best of several runs after some to warm up, in milliseconds: what the machine does when nothing else wants it. */
function cost(work: () => number, runs: number): number {
  let kept = 0
  const times: number[] = []
  for (let run = -Math.ceil(runs / 3); run < runs; run++) {
    const started = performance.now()
    kept += work()
    if (run >= 0) times.push(performance.now() - started)
  }
  if (Number.isNaN(kept)) throw new Error('a figure that is no number')
  return Math.min(...times)
}

export type ProjectionCost = { what: string; ms: number; timesTheLoop: number; mostMs: number | null }

export function benchProjection(): ProjectionCost[] {
  const large = worldOf('S05-two-hundred-sites')
  const small = worldOf('S01-seed-001')
  const loop = cost(fixedLoop, 21)
  const rows: [string, number, number | null][] = [
    ['a fixed loop of 10 million multiplications', loop, null],
    ['all a page shows, 5 sites, 10 to go', cost(() => wholePage(small), 150), 5],
    ['exact chance, 200 sites, 2,176 to go', cost(() => exactChance(large), 60), 8],
    ['all a page shows, 200 sites, 2,176 to go', cost(() => wholePage(large), 9), 300],
  ]
  return rows.map(([what, ms, mostMs]) => ({ what, ms, timesTheLoop: ms / loop, mostMs }))
}
