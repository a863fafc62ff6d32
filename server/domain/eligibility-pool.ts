/**
 * Candidate pools: dated counts of the patients at a place, and how many of them could be eligible. A later count of the
 * same pool takes the place of the earlier one from its day on; a pool that is part of another is counted inside it.
 */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { RequestClaim } from './claim.ts'
import type { Problem } from './parsed.ts'
import { claimedRatePerSiteYear } from './projection/claim-check.ts'

/** From so many to so many. */
export type Range = { low: number; high: number }

/** One count of a pool. */
export type PoolCount = {
  id: string
  /** The same for all counts of one pool. */
  poolId: string
  /** The pool that this one lies within; null where it stands by itself. */
  partOf: string | null
  place: Bilingual
  /** Empty where the whole place is meant. */
  department: Bilingual
  /** The trial's site at that place; null where it is none. */
  siteId: string | null
  size: number
  countedOn: CalendarDate
  /** How many of them have been looked at one by one; null where nobody says. */
  reviewed: number | null
  /** How many could be eligible in a year; null where nobody says. */
  eligible: Range | null
  source: string
  basis: Basis
}
export type PoolDraft = Omit<PoolCount, 'id' | 'poolId'>

/** Of each pool the latest count by a day: every whole is followed by its parts, `depth` levels below it. */
export function poolsOn(counts: readonly PoolCount[], day: CalendarDate): { pool: PoolCount; depth: number }[] {
  const latest = latestOn(counts, day)
  const below = (whole: string, depth: number): { pool: PoolCount; depth: number }[] =>
    latest
      .filter(({ partOf }) => partOf === whole)
      .flatMap((pool) => [{ pool, depth }, ...below(pool.poolId, depth + 1)])
  return topOf(latest).flatMap((pool) => [{ pool, depth: 0 }, ...below(pool.poolId, 1)])
}

function latestOn(counts: readonly PoolCount[], day: CalendarDate): PoolCount[] {
  const latest = new Map<string, PoolCount>()
  for (const count of counts) {
    if (count.countedOn > day) continue
    const known = latest.get(count.poolId)
    if (known === undefined || known.countedOn < count.countedOn) latest.set(count.poolId, count)
  }
  return [...latest.values()]
}

/** Those that lie within none of the others. */
function topOf(pools: readonly PoolCount[]): PoolCount[] {
  const ids = new Set(pools.map(({ poolId }) => poolId))
  return pools.filter(({ partOf }) => partOf === null || !ids.has(partOf))
}

export type PoolTotals = {
  /** Patients, nobody twice as far as the pools say. */
  size: number
  /** Of the pools that say so: how many patients of how many have been looked at. */
  reviewed: { number: number; of: number } | null
  /** How many could be eligible in a year, where any pool says so; `stated` of `pools` that stand by themselves do. */
  eligible: Range | null
  stated: number
  pools: number
}

/**
 * The pools of one day together. 187 at one place, 82 of them in one department, and 55 at another are 242, not 324. What
 * a whole does not say is taken from its parts, which are added as if they had nobody in common.
 */
export function poolTotals(pools: readonly PoolCount[]): PoolTotals {
  const top = topOf(pools)
  const speaking = (pool: PoolCount, says: (one: PoolCount) => boolean): PoolCount[] =>
    says(pool) ? [pool] : pools.filter(({ partOf }) => partOf === pool.poolId).flatMap((part) => speaking(part, says))
  const reviewing = top.flatMap((pool) => speaking(pool, ({ reviewed }) => reviewed !== null))
  const stating = top.map((pool) => speaking(pool, ({ eligible }) => eligible !== null))
  const eligible = stating.flat()
  const sum = (list: readonly PoolCount[], of: (pool: PoolCount) => number) =>
    list.reduce((total, pool) => total + of(pool), 0)
  return {
    size: sum(top, ({ size }) => size),
    reviewed:
      reviewing.length === 0
        ? null
        : { number: sum(reviewing, ({ reviewed }) => reviewed ?? 0), of: sum(reviewing, ({ size }) => size) },
    eligible:
      eligible.length === 0
        ? null
        : {
            low: sum(eligible, (pool) => pool.eligible?.low ?? 0),
            high: sum(eligible, (pool) => pool.eligible?.high ?? 0),
          },
    stated: stating.filter((list) => list.length > 0).length,
    pools: top.length,
  }
}

/**
 * What part of those who could be eligible a claimed rate needs, in the best and in the poorest year; without end where
 * a poor year has nobody. 1 a year from 1 to 2 eligible: 0.5 to 1. `within` where even the poorest year has enough,
 * `tight` where only the best one has, `beyond` where the claim needs more than are eligible.
 */
export type NeededYield = { best: number | null; poorest: number | null; verdict: YieldVerdict }
export const yieldVerdicts = ['within', 'tight', 'beyond'] as const
export type YieldVerdict = (typeof yieldVerdicts)[number]

export function neededYield(claimedPerYear: number, { low, high }: Range): NeededYield {
  const shareOf = (eligible: number) => (eligible === 0 ? null : claimedPerYear / eligible)
  const verdict = claimedPerYear <= low ? 'within' : claimedPerYear <= high ? 'tight' : 'beyond'
  return { best: shareOf(high), poorest: shareOf(low), verdict }
}

/** What a request's claims say of one site a year, all terms that name it together; null where none does. */
export function claimedAtSite(claims: readonly RequestClaim[], siteId: string, yearsAsked: number): number | null {
  const rates = claims.flatMap(({ claim, siteIds }) =>
    siteIds.includes(siteId) && (claim.kind === 'siteRate' || claim.kind === 'siteMinimum')
      ? [claimedRatePerSiteYear(claim, yearsAsked)]
      : [],
  )
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0)
}

/** What stands against the choices of a count: a site that is not the trial's, a whole that nobody counted. */
export function choiceProblems(
  { siteId, partOf }: PoolDraft,
  sites: readonly { id: string }[],
  counts: readonly PoolCount[],
): Problem[] {
  const problems: Problem[] = []
  if (partOf !== null && !counts.some(({ poolId }) => poolId === partOf)) {
    problems.push({ field: 'partOf', code: 'choice_missing' })
  }
  if (siteId !== null && !sites.some(({ id }) => id === siteId)) {
    problems.push({ field: 'poolSite', code: 'choice_missing' })
  }
  return problems
}

/** What stands against a count by itself: more looked at than there are, a range upside down, a day to come. */
export function countProblems({ size, reviewed, eligible, countedOn }: PoolDraft, today: CalendarDate): Problem[] {
  const problems: Problem[] = []
  if (countedOn > today) problems.push({ field: 'countedOn', code: 'date_in_future', values: { today } })
  if (reviewed !== null && reviewed > size) {
    problems.push({ field: 'reviewed', code: 'reviewed_above_size', values: { size } })
  }
  if (eligible !== null && eligible.low > eligible.high) {
    problems.push({ field: 'eligibleHigh', code: 'eligible_reversed', values: { low: eligible.low } })
  }
  return problems
}

/**
 * What stands against one pool among all counts, on any day on which something was counted: two counts of it on one day,
 * a circle of parts, a part that is larger than its whole.
 */
export function poolProblems(counts: readonly PoolCount[], poolId: string): Problem[] {
  const days = counts.filter((count) => count.poolId === poolId).map(({ countedOn }) => countedOn)
  const twice = days.find((day, index) => days.indexOf(day) !== index)
  if (twice !== undefined) return [{ field: 'countedOn', code: 'pool_counted_that_day', values: { day: twice } }]
  for (const day of new Set(counts.map(({ countedOn }) => countedOn))) {
    const pools = new Map(latestOn(counts, day).map((pool) => [pool.poolId, pool]))
    const own = pools.get(poolId)
    if (own === undefined) continue
    if (liesWithinItself(pools, own)) return [{ field: 'partOf', code: 'pool_in_circle' }]
    const whole = own.partOf === null ? undefined : pools.get(own.partOf)
    if (whole !== undefined && own.size > whole.size) {
      return [{ field: 'size', code: 'part_above_whole', values: { size: whole.size, day } }]
    }
    const part = [...pools.values()].find((pool) => pool.partOf === poolId && pool.size > own.size)
    if (part !== undefined) return [{ field: 'size', code: 'whole_below_part', values: { size: part.size, day } }]
  }
  return []
}

function liesWithinItself(pools: ReadonlyMap<string, PoolCount>, { poolId, partOf }: PoolCount): boolean {
  const met = new Set([poolId])
  for (let whole = partOf; whole !== null; whole = pools.get(whole)?.partOf ?? null) {
    if (met.has(whole)) return true
    met.add(whole)
  }
  return false
}
