/**
 * How many subjects the sites will still register: each by its own rate, of which its own record and the spread over
 * all sites tell, up to its cap; those in screening; and sites whose opening is uncertain. Exact, by day.
 */
import { type OpenDays, yearsOpenBy } from './exposure.ts'
import { chanceByMoments, type Moments, momentsOfCounts, momentsWithDrift } from './moments.ts'
import type { RateSpread, SiteRecord } from './poisson-gamma.ts'
import { requireAmount, requireWhole } from './poisson-interval.ts'
import { chanceOfSumAtLeast, chanceOfSumBelow, chancesOfSum, type SumOfCounts } from './sum-of-counts.ts'
import {
  type OpeningTimes,
  openingTimes,
  type UncertainOpening,
  uncertainOpeningChances,
  uncertainOpeningMoments,
} from './uncertain-opening.ts'

/** What a site did, when it will be open, and how many more its cap admits (null: no cap). */
export type SiteOutlook = SiteRecord & { open: readonly OpenDays[]; admits: number | null }

/** All that new subjects can come from. */
export type Outlook = {
  sites: readonly SiteOutlook[]
  /** The chances that 0, 1, 2, ... of those in screening are registered; null where they are not counted apart. */
  pipeline: Float64Array | null
  /** Sites of which nobody knows when they open. */
  uncertain: readonly UncertainOpening[]
}

/**
 * One way the future may be: how rates are spread over the sites, times a factor on all of them from now on (drift),
 * with its weight. The weights of a forecast add up to 1.
 */
export type Possibility = { weight: number; spread: RateSpread; factor: number }

/** Where more are needed, the chance comes from mean and variance: it then differs by less than a part in 1000. */
export const mostExact = 5000

/**
 * Whether so many are needed that mean and variance have to do, where `most` are added up exactly. Each site of uncertain
 * opening is one more sum to fold in: with two of them 5000 become 700, and 400 become 180.
 */
export function isMany(needed: number, most: number, { uncertain }: Outlook): boolean {
  return needed > most / Math.sqrt(1 + (uncertain.length * most) / 200)
}

/** A spread taken at its word, with rates that hold: the only possibility. */
export function taken(spread: RateSpread): Possibility[] {
  return [{ weight: 1, spread, factor: 1 }]
}

/**
 * P(at least `needed` new by so many days after the as-of date), with all future rates times `factor`. Site i brings
 * NB(alpha + n, (beta + t)/(beta + t + f)), f being its open years until that day; a site that has not opened yet is
 * the same with n = t = 0. Exactly 1 only if nothing is needed; 0 if something is and nothing can come.
 *
 * One site, alpha = beta = 1, none in 0 years, open for 1: each next subject is a coin toss, 2 or more has 1/4.
 */
export function chanceOfNew(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  days: number,
  needed: number,
  factor = 1,
): number {
  requireWhole('needed', needed)
  requireAmount('factor', factor)
  if (needed <= 0) return 1
  if (needed > mostThatCanCome(outlook, days)) return 0
  if (isMany(needed, mostExact, outlook)) return chanceOfMany(outlook, possibilities, days, needed, 0, factor)
  const years = yearsUntil(outlook, days)
  const plain = alikeSites(outlook.sites, years, needed)
  const hasOthers = hasMoreThanPlainSites(outlook, needed)
  const openings = outlook.uncertain.map((opening) => openingTimes(opening, days))
  let chance = 0
  for (const { weight, spread, factor: drift } of possibilities) {
    const times = drift * factor
    const sum = sumOf(plain, spread, times)
    const others = hasOthers ? besides(outlook, openings, spread, years, needed, times) : null
    const isAlone = others === null && possibilities.length === 1
    chance += weight * (isAlone ? chanceOfSumAtLeast(sum, needed) : 1 - chanceOfSumBelow(sum, needed, others))
  }
  return Math.min(Math.max(chance, 0), 1 - Number.EPSILON / 2)
}

/**
 * The same from mean and variance alone, with drift (0: none): for hundreds needed, where its own spread hides what that
 * leaves out, and for what has to be asked often. 0 where so many cannot come.
 */
export function chanceOfMany(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  days: number,
  needed: number,
  drift: number,
  factor = 1,
): number {
  if (needed > mostThatCanCome(outlook, days)) return 0
  return chanceByMoments(momentsWithDrift(momentsOfNew(outlook, possibilities, days, factor), drift), needed)
}

/**
 * The most new subjects that there can be by so many days after the as-of date: what the caps of open sites admit and
 * all those in screening; Infinity where a site without a cap will be open. A cap that is not reached yet by 3, and 2 in
 * screening: 5.
 */
export function mostThatCanCome({ sites, pipeline, uncertain }: Outlook, days: number): number {
  const mayOpen = uncertain.some(({ chanceOpens }) => chanceOpens > 0 && days > 0)
  let most = mayOpen ? Number.POSITIVE_INFINITY : 0
  for (const { open, admits } of sites) {
    if (admits !== 0 && yearsOpenBy(open, days) > 0) most += admits ?? Number.POSITIVE_INFINITY
  }
  return most + (pipeline === null ? 0 : pipeline.findLastIndex((chance) => chance > 0))
}

/**
 * P(0 new), P(1 new), ... `length` chances, by so many days after the as-of date. They add up to 1 less what lies
 * beyond. The site of the example above: 1/2, 1/4, 1/8.
 */
export function chancesOfNew(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  days: number,
  length: number,
  factor = 1,
): Float64Array {
  const years = yearsUntil(outlook, days)
  const plain = alikeSites(outlook.sites, years, length)
  const openings = outlook.uncertain.map((opening) => openingTimes(opening, days))
  const chances = new Float64Array(length)
  for (const { weight, spread, factor: drift } of possibilities) {
    const sum = chancesOfSum(sumOf(plain, spread, drift * factor), length)
    const others = besides(outlook, openings, spread, years, length, drift * factor)
    const here = others === null ? sum : convolved(sum, others, length)
    for (let k = 0; k < length; k++) chances[k]! += weight * here[k]!
  }
  return chances
}

/**
 * Mean and variance of the new subjects by so many days after the as-of date, over all possibilities: the mean of the
 * variances and the variance of the means. Caps, those in screening and sites of uncertain opening are in it.
 *
 * One site, alpha = beta = 1, none in 0 years, open for 1: mean 1, variance 1 + 1.
 */
export function momentsOfNew(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  days: number,
  rateTimes = 1,
): Moments {
  const years = yearsUntil(outlook, days)
  const uncertain = outlook.uncertain.map((opening) => openingTimes(opening, days))
  let mean = 0
  let square = 0
  for (const { weight, spread, factor } of possibilities) {
    let here = 0
    let variance = 0
    for (let place = 0; place < outlook.sites.length; place++) {
      const site = outlook.sites[place]!
      const future = years[place]! * factor * rateTimes
      if (site.admits !== null) {
        const moments = momentsOfCounts(cappedChances(site, site.admits, spread, future))
        here += moments.mean
        variance += moments.variance
      } else if (spread.kind === 'equal') {
        here += spread.ratePerYear * future
        variance += spread.ratePerYear * future
      } else {
        const odds = future / (spread.beta + site.exposureYears)
        const expected = (spread.alpha + site.count) * odds
        here += expected
        variance += expected * (1 + odds)
      }
    }
    for (const times of uncertain) {
      const moments = uncertainOpeningMoments(times, spread, factor * rateTimes)
      here += moments.mean
      variance += moments.variance
    }
    mean += weight * here
    square += weight * (variance + here * here)
  }
  const pipeline = outlook.pipeline === null ? { mean: 0, variance: 0 } : momentsOfCounts(outlook.pipeline)
  return { mean: mean + pipeline.mean, variance: Math.max(square - mean * mean, 0) + pipeline.variance }
}

/**
 * The smallest count k with P(new <= k) >= p; null where it lies beyond the chances given. Of 1/2, 1/4, 1/8 the
 * median is 0 and the 75% quantile 1.
 */
export function quantileOf(p: number, chances: Float64Array): number | null {
  let sum = 0
  for (let count = 0; count < chances.length; count++) {
    sum += chances[count]!
    if (sum >= p * (1 - 1e-12)) return count
  }
  return null
}

/** Open years of each site by a day. */
export function yearsUntil({ sites }: Outlook, days: number): Float64Array {
  const years = new Float64Array(sites.length)
  for (let place = 0; place < sites.length; place++) years[place] = yearsOpenBy(sites[place]!.open, days)
  return years
}

/** Whether a cap is in the way of so many. */
const binds = ({ admits }: SiteOutlook, length: number) => admits !== null && admits < length

/**
 * The sites without a cap that binds below `length`, those next to each other with one past and one future as one: their
 * counts, and so the sizes of their negative binomials, add up.
 */
function alikeSites(sites: readonly SiteOutlook[], years: Float64Array, length: number): AlikeSites {
  const alike: AlikeSites = { members: [], counts: [], exposures: [], futures: [] }
  let last = -1
  for (let place = 0; place < sites.length; place++) {
    const site = sites[place]!
    const future = years[place]!
    if (future === 0 || binds(site, length)) continue
    if (last >= 0 && alike.exposures[last] === site.exposureYears && alike.futures[last] === future) {
      alike.members[last]! += 1
      alike.counts[last]! += site.count
      continue
    }
    last++
    alike.members.push(1)
    alike.counts.push(site.count)
    alike.exposures.push(site.exposureYears)
    alike.futures.push(future)
  }
  return alike
}

type AlikeSites = { members: number[]; counts: number[]; exposures: number[]; futures: number[] }

function sumOf({ members, counts, exposures, futures }: AlikeSites, spread: RateSpread, factor: number): SumOfCounts {
  if (spread.kind === 'equal') {
    let open = 0
    for (let place = 0; place < members.length; place++) open += members[place]! * futures[place]!
    return { sizes: [], ratios: [], poissonMean: spread.ratePerYear * open * factor }
  }
  const { alpha, beta } = spread
  const sizes: number[] = []
  const ratios: number[] = []
  for (let place = 0; place < members.length; place++) {
    const future = futures[place]! * factor
    sizes.push(members[place]! * alpha + counts[place]!)
    ratios.push(future / (beta + exposures[place]! + future))
  }
  return { sizes, ratios, poissonMean: 0 }
}

function hasMoreThanPlainSites({ sites, pipeline, uncertain }: Outlook, length: number): boolean {
  return pipeline !== null || uncertain.length > 0 || sites.some((site) => binds(site, length))
}

/**
 * The chances of new ones of all that is not in `sumOf`: sites whose cap binds, uncertain openings, those in screening.
 * As far as `length`; null where there is nothing.
 */
function besides(
  outlook: Outlook,
  openings: readonly OpeningTimes[],
  spread: RateSpread,
  years: Float64Array,
  length: number,
  factor: number,
): Float64Array | null {
  let chances = outlook.pipeline
  const add = (more: Float64Array) => {
    chances = chances === null ? more : convolved(chances, more, length)
  }
  for (let place = 0; place < outlook.sites.length; place++) {
    const site = outlook.sites[place]!
    if (site.admits === null || site.admits === 0 || years[place] === 0 || !binds(site, length)) continue
    add(cappedChances(site, site.admits, spread, years[place]! * factor))
  }
  for (const times of openings) add(uncertainOpeningChances(times, spread, length, factor))
  return chances
}

/** The chances of a site that takes at most `cap` more: what would have come beyond stays at the cap. */
export function cappedChances(record: SiteRecord, cap: number, spread: RateSpread, future: number): Float64Array {
  const chances = new Float64Array(cap + 1)
  if (cap > 0) {
    const sum =
      spread.kind === 'equal'
        ? { sizes: [], ratios: [], poissonMean: spread.ratePerYear * future }
        : {
            sizes: [spread.alpha + record.count],
            ratios: [future / (spread.beta + record.exposureYears + future)],
            poissonMean: 0,
          }
    chances.set(chancesOfSum(sum, cap))
  }
  let below = 0
  for (let count = 0; count < cap; count++) below += chances[count]!
  chances[cap] = Math.max(0, 1 - below)
  return chances
}

/** The chances of the sum of two independent numbers, up to `length` of them. */
export function convolved(some: Float64Array, others: Float64Array, length: number): Float64Array {
  const sum = new Float64Array(Math.min(length, some.length + others.length - 1))
  for (let k = 0; k < sum.length; k++) {
    let chance = 0
    for (let j = Math.max(0, k - some.length + 1); j < others.length && j <= k; j++) chance += others[j]! * some[k - j]!
    sum[k] = chance
  }
  return sum
}
