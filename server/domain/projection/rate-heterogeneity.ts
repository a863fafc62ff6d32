/**
 * What is believed about the spread of rates over sites, given the record: the mean rate m and the shape alpha are
 * uncertain, and a forecast is the mean over all that the record leaves possible. Taking the most likely spread at its
 * word would be over-confident; this works from no subject at all to thousands.
 */
import type { SiteRecord } from './poisson-gamma.ts'
import { requireAmount, requireCount } from './poisson-interval.ts'
import type { Possibility } from './predictive.ts'
import { logRisingFactorial } from './rising-factorial.ts'

/** What was planned: so many subjects over so many site-years. It is worth one pseudo-subject here. */
export type Plan = { subjects: number; siteYears: number }

/** ln alpha is believed to be about 0.2, give or take 2: sites from all alike to one that does everything. */
export const logAlphaPrior = { mean: 0.2, standardDeviation: 2 } as const

/**
 * How many points the integral takes: as far apart as so many standard deviations, down to so small a part of the
 * heaviest. A bell curve is summed to 8 digits at a distance of 1; few subjects leave a curve that is none. `coarse` is
 * for completion dates, which have to be looked for: right to about a part in 1000. `rough` is for what drift blurs.
 */
export type Fineness = 'fine' | 'coarse' | 'rough'

type Grid = { distance: number; lightest: number }

function gridFor(fineness: Fineness, subjects: number): Grid {
  if (fineness === 'rough') return { distance: 1.2, lightest: 1e-4 }
  if (fineness === 'coarse') return { distance: 1, lightest: 1e-5 }
  return { distance: subjects < 20 ? 0.5 : 1, lightest: 1e-9 }
}

/**
 * The posterior of (m, ln alpha) as possibilities Gamma(alpha, alpha/m): m ~ Gamma(1, planned site-years / planned
 * subjects), ln alpha ~ N(0.2, 2^2), independent; likelihood as `logLikelihood`. The integral is the trapezoidal sum
 * over ln alpha and, for each, over ln m, with points as far apart as the curve is wide, which for smooth curves
 * is as exact as a fine grid. Sites without exposure add nothing; without any, this is the prior.
 *
 * The weights add up to 1. Throws where the plan is not above 0. A plan of 10 subjects in 5 site-years, before any site
 * opened: the mean rate is believed to be 2 a year.
 */
export function rateHeterogeneity(
  sites: readonly SiteRecord[],
  plan: Plan,
  fineness: Fineness = 'fine',
): Possibility[] {
  for (const { count, exposureYears } of sites) {
    requireCount('count', count)
    requireAmount('exposureYears', exposureYears)
  }
  const priorYears = plan.siteYears / plan.subjects
  if (!(priorYears > 0 && priorYears < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`A plan of ${plan.subjects} subjects in ${plan.siteYears} site-years says nothing`)
  }
  const record = recordOf(sites)
  const grid = gridFor(fineness, record.total)
  const rows = rowsOver(record, priorYears, grid)
  const points = rows.flatMap((row) => pointsOf(row, record, priorYears, grid))
  const heaviest = points.reduce((most, { logWeight }) => Math.max(most, logWeight), Number.NEGATIVE_INFINITY)
  const kept = points.filter(({ logWeight }) => logWeight > heaviest + Math.log(grid.lightest))
  const total = kept.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - heaviest), 0)
  return kept.map(({ alpha, mean, logWeight }) => ({
    weight: Math.exp(logWeight - heaviest) / total,
    spread: { kind: 'gamma', alpha, beta: alpha / mean },
    factor: 1,
  }))
}

/** The mean rate per site and year that is believed in: the weighted mean of alpha / beta. */
export function believedMeanRate(spreads: readonly Possibility[]): number {
  return spreads.reduce((sum, { weight, spread }) => {
    return sum + weight * (spread.kind === 'equal' ? spread.ratePerYear : spread.alpha / spread.beta)
  }, 0)
}

type Record = { counts: Float64Array; years: Float64Array; total: number }

function recordOf(sites: readonly SiteRecord[]): Record {
  const opened = sites.filter(({ exposureYears }) => exposureYears > 0)
  return {
    counts: Float64Array.from(opened, ({ count }) => count),
    years: Float64Array.from(opened, ({ exposureYears }) => exposureYears),
    total: opened.reduce((sum, { count }) => sum + count, 0),
  }
}

/** One ln alpha: where in ln m its curve peaks, how wide it is, and the log of the area under it. */
type Row = { logAlpha: number; logMean: number; width: number; peak: number; logArea: number }

/** Rows as far apart as the belief about ln alpha is wide, over all of it that weighs anything. */
function rowsOver(record: Record, priorYears: number, grid: Grid): Row[] {
  const { mean, standardDeviation } = logAlphaPrior
  let start = Math.log((record.total + 1) / (record.years.reduce((sum, t) => sum + t, 0) + priorYears))
  const rowAt = (logAlpha: number): Row => {
    const row = rowFor(logAlpha, start, record, priorYears)
    start = row.logMean
    return row
  }
  const coarse: Row[] = []
  for (let sd = -6; sd <= 6; sd += 0.5) coarse.push(rowAt(mean + sd * standardDeviation))
  const best = coarse.reduce((most, row) => (row.logArea > most.logArea ? row : most))
  const top = peakNear(best.logAlpha, rowAt)
  const distance = Math.min(grid.distance * top.width, 0.4 * standardDeviation)
  const weighs = (row: Row) => row.logArea > top.row.logArea + Math.log(grid.lightest)
  const heavy = coarse.filter(weighs).map(({ logAlpha }) => logAlpha)
  const from = Math.min(top.row.logAlpha, ...heavy)
  const until = Math.max(top.row.logAlpha, ...heavy)
  const rows = [top.row]
  start = top.row.logMean
  for (let at = top.row.logAlpha - distance, row = rowAt(at); at >= from || weighs(row); ) {
    rows.push(row)
    at -= distance
    row = rowAt(at)
  }
  start = top.row.logMean
  for (let at = top.row.logAlpha + distance, row = rowAt(at); at <= until || weighs(row); ) {
    rows.push(row)
    at += distance
    row = rowAt(at)
  }
  return rows
}

/** The ln alpha with the largest area near a first look, and the standard deviation there: a parabola, narrowed. */
function peakNear(start: number, rowAt: (logAlpha: number) => Row): { row: Row; width: number } {
  let at = start
  let width: number = logAlphaPrior.standardDeviation
  for (let again = 0; again < 6; again++) {
    const apart = 0.3 * width
    const [left, middle, right] = [rowAt(at - apart).logArea, rowAt(at).logArea, rowAt(at + apart).logArea]
    const bend = (2 * middle - left - right) / (apart * apart)
    if (!(bend > 0)) break
    const before = width
    width = Math.min(1 / Math.sqrt(bend), logAlphaPrior.standardDeviation)
    at += Math.max(-2 * apart, Math.min(2 * apart, (right - left) / (2 * apart * bend)))
    if (Math.abs(width / before - 1) < 0.2) break
  }
  return { row: rowAt(at), width }
}

/** ln of likelihood x prior of m, in ln m, without what depends on alpha alone; concave. Newton's steps to its peak. */
function rowFor(logAlpha: number, start: number, record: Record, priorYears: number): Row {
  const alpha = Math.exp(logAlpha)
  const { counts, years, total } = record
  let logMean = start
  let bend = 1
  for (let step = 0; step < 60; step++) {
    const m = Math.exp(logMean)
    let slope = total + 1 - priorYears * m
    bend = priorYears * m
    for (let place = 0; place < counts.length; place++) {
      const expected = m * years[place]!
      const share = expected / (alpha + expected)
      slope -= (alpha + counts[place]!) * share
      bend += (alpha + counts[place]!) * share * (1 - share)
    }
    const move = Math.max(-2, Math.min(2, slope / bend))
    logMean += move
    if (Math.abs(move) < 1e-6) break
  }
  const width = 1 / Math.sqrt(bend)
  const peak = alphaPart(logAlpha, record) + meanPart(logMean, alpha, record, priorYears)
  return { logAlpha, logMean, width, peak, logArea: peak + Math.log(width) }
}

/** What of the log-posterior depends on alpha alone. */
function alphaPart(logAlpha: number, { counts }: Record): number {
  const alpha = Math.exp(logAlpha)
  let sum = -0.5 * ((logAlpha - logAlphaPrior.mean) / logAlphaPrior.standardDeviation) ** 2
  for (let place = 0; place < counts.length; place++) {
    const count = counts[place]!
    if (count > 0) sum += logRisingFactorial(alpha, count) - count * logAlpha
  }
  return sum
}

/** alpha ln(alpha/(alpha+mt)) + n ln(m alpha/(alpha+mt)) over the sites, and the prior of m with its ln m. */
function meanPart(logMean: number, alpha: number, { counts, years, total }: Record, priorYears: number): number {
  const m = Math.exp(logMean)
  let sum = (total + 1) * logMean - priorYears * m
  for (let place = 0; place < counts.length; place++) {
    sum -= (alpha + counts[place]!) * Math.log1p((m * years[place]!) / alpha)
  }
  return sum
}

type Point = { alpha: number; mean: number; logWeight: number }

/** The points of a row: from its peak outward both ways, until they weigh nothing beside it. */
function pointsOf(row: Row, record: Record, priorYears: number, grid: Grid): Point[] {
  const alpha = Math.exp(row.logAlpha)
  const distance = grid.distance * row.width
  const fixed = alphaPart(row.logAlpha, record) + Math.log(distance)
  const points: Point[] = []
  const peak = meanPart(row.logMean, alpha, record, priorYears)
  const walk = (first: number, direction: 1 | -1) => {
    for (let step = first; ; step++) {
      const logMean = row.logMean + direction * step * distance
      const value = step === 0 ? peak : meanPart(logMean, alpha, record, priorYears)
      if (value < peak + Math.log(grid.lightest)) return
      points.push({ alpha, mean: Math.exp(logMean), logWeight: fixed + value })
    }
  }
  walk(0, 1)
  walk(1, -1)
  return points
}
