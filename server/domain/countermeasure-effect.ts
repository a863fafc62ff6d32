/**
 * What followed a countermeasure: the rate of screenings started in its scope since it began, against the twelve months
 * before. That something followed is not that it was caused; and with few screenings nothing is said.
 */
import { addDays, addMonths, type CalendarDate, earlierOf } from './calendar-date.ts'
import type { Countermeasure } from './countermeasure.ts'
import { exposureYears } from './projection/exposure.ts'
import { type CountOverTime, compareRates, level, powerOfComparison, type RateComparison } from './rate-comparison.ts'
import { openPeriods, type Site } from './site.ts'

/** How far back the time before a measure reaches. */
export const monthsBefore = 12
/** A doubling must have this chance of being seen before "no clear change" is said. */
export const enoughPower = 0.5
const doubling = 2

/** Both times, half-open: `[from, start)` before, `[start, until)` since. */
export type EffectWindow = { from: CalendarDate; start: CalendarDate; until: CalendarDate }

/** The twelve months before the start, and since the start up to the day or to the measure's end; null before it began. */
export function effectWindow(
  { startedOn, endedOn }: Pick<Countermeasure, 'startedOn' | 'endedOn'>,
  asOf: CalendarDate,
): EffectWindow | null {
  if (startedOn > asOf) return null
  const last = endedOn === null ? asOf : earlierOf(endedOn, asOf)
  return { from: addMonths(startedOn, -monthsBefore), start: startedOn, until: addDays(last, 1) }
}

/** Screenings started at one site in both times. */
export type CountsAround = { siteId: string; before: number; since: number }

/**
 * `not_started`: it is a plan. `not_open`: no site of its scope has been open since. `no_baseline`: nothing came before,
 * so there is nothing to compare with. `not_enough`: the test saw no difference, and would hardly have seen a doubling.
 */
export const effectVerdicts = [
  'not_started',
  'not_open',
  'no_baseline',
  'not_enough',
  'unchanged',
  'rose',
  'fell',
] as const
export type EffectVerdict = (typeof effectVerdicts)[number]

export type Effect = {
  verdict: EffectVerdict
  /** Screenings and site-years. */
  before: CountOverTime
  since: CountOverTime
  comparison: RateComparison | null
  /** The chance that a doubling would have been seen, where it matters. */
  power: number | null
  /** Screenings since the start at sites that were not open in both times, and so are not compared. */
  leftOut: number
}

/**
 * Only sites that were open in both times are compared, with their site-years in each: a site that opened after the
 * start has no before. Where there is none, or none of them screened anybody before, there is no baseline.
 *
 * One site, a year before with 2 screenings and a year since with 9: 9 or more of 11 tosses have 67/2048, twice that
 * is 0.065, and a doubling would have been seen with a chance of 0.08: not enough data. Four since and none before: no
 * baseline.
 */
export function effectOf(window: EffectWindow | null, sites: readonly Site[], counts: readonly CountsAround[]): Effect {
  const nothing = { count: 0, years: 0 }
  const none = { before: nothing, since: nothing, comparison: null, power: null, leftOut: 0 }
  if (window === null) return { verdict: 'not_started', ...none }
  const all = sites.map((site) => {
    const open = openPeriods(site)
    const byStart = exposureYears(open, window.start)
    const own = counts.filter(({ siteId }) => siteId === site.id)
    return {
      before: { count: sumOf(own, 'before'), years: byStart - exposureYears(open, window.from) },
      since: { count: sumOf(own, 'since'), years: exposureYears(open, window.until) - byStart },
    }
  })
  const inBoth = all.filter(({ before, since }) => before.years > 0 && since.years > 0)
  const compared = inBoth.length === 0 ? all : inBoth
  const before = together(compared.map((site) => site.before))
  const since = together(compared.map((site) => site.since))
  const leftOut = sumOf(counts, 'since') - since.count
  const found = { ...none, before, since, leftOut }
  if (since.years === 0) return { verdict: 'not_open', ...found }
  if (before.years === 0) return { verdict: 'no_baseline', ...found }
  const comparison = compareRates(before, since)
  if (before.count === 0) return { verdict: 'no_baseline', ...found, comparison }
  if (comparison.chance < level) {
    const isMore = since.count / since.years > before.count / before.years
    return { verdict: isMore ? 'rose' : 'fell', ...found, comparison }
  }
  const power = powerOfComparison(before, since, doubling)
  return { verdict: power < enoughPower ? 'not_enough' : 'unchanged', ...found, comparison, power }
}

function sumOf(counts: readonly CountsAround[], time: 'before' | 'since'): number {
  return counts.reduce((sum, count) => sum + count[time], 0)
}

function together(times: readonly CountOverTime[]): CountOverTime {
  return times.reduce((sum, { count, years }) => ({ count: sum.count + count, years: sum.years + years }), {
    count: 0,
    years: 0,
  })
}
