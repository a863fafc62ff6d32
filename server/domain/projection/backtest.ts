/**
 * How good a forecast of the completion is, on histories that are over: each is cut where a quarter, a half and three
 * quarters of its subjects had been registered, the method sees what was known there and the number to reach, and its
 * quantiles are scored against the day on which the last subject really came.
 */
import type { KnownAccrual, Registration } from './recent-window.ts'

/** A trial that is over: its registrations in the order of their days. */
export type AccrualHistory = { trial: string; registrations: readonly Registration[] }

/** The shares of its subjects after which a history is cut. */
export const usualFractions: readonly number[] = [0.25, 0.5, 0.75]

/** What a method is shown, and what it has to find. */
export type Cut = {
  fraction: number
  known: KnownAccrual
  /** Subjects still to come. */
  remaining: number
  /** Days from the as-of day to that of the last subject, both counted: 1 if the last one came on the as-of day. */
  truthDays: number
}

/** A cut with fewer known subjects, or after fewer days, says nothing about any method. */
const fewestKnown = 3
const fewestDays = 6

/**
 * The history cut right after its ceil(fraction x N)-th subject. The as-of day is the next one, so whoever else came on
 * the same day is known too. Openings are unknown. Null, a cut that is skipped: nobody is missing, fewer than 3 are
 * known, or fewer than 6 days have passed since the first.
 *
 * 8 subjects on the days 0, 10, ..., 70, cut at a quarter: the second came on day 10, but 2 are too few. At a half: the
 * fourth came on day 30, so as of day 31 there are 4 to come, and the last comes on the 40th day, 31 being the first.
 */
export function cutAt({ registrations }: AccrualHistory, fraction: number): Cut | null {
  if (!(fraction > 0 && fraction <= 1)) throw new RangeError(`No history can be cut at the fraction ${fraction}`)
  const first = registrations[0]
  const last = registrations.at(-1)
  // 0.07 x 100 is a little more than 7 in binary fractions, and means the seventh.
  const place = Math.ceil(fraction * registrations.length - 1e-9)
  const cutting = registrations[place - 1]
  if (first === undefined || last === undefined || cutting === undefined) return null
  const asOfDay = cutting.day + 1
  const later = registrations.findIndex(({ day }) => day >= asOfDay)
  if (later === -1 || later < fewestKnown || asOfDay - first.day < fewestDays) return null
  return {
    fraction,
    known: { registrations: registrations.slice(0, later), asOfDay, openedOnDay: null },
    remaining: registrations.length - later,
    truthDays: last.day - asOfDay + 1,
  }
}

/** Days from the as-of day until the last subject is there, exceeded with the chance 1 - p. */
export type CompletionQuantiles = { q025: number; q10: number; q50: number; q90: number; q975: number }

/** What each of the quantiles is exceeded with. */
export const quantileLevels: { readonly [K in keyof CompletionQuantiles]: number } = {
  q025: 0.025,
  q10: 0.1,
  q50: 0.5,
  q90: 0.9,
  q975: 0.975,
}

/** A method to be tried: from what is known and how many are missing, the days until completion for each chance p. */
export type CompletionMethod = (known: KnownAccrual, remaining: number) => (p: number) => number

export function quantilesOf(daysAt: (p: number) => number): CompletionQuantiles {
  return {
    q025: daysAt(quantileLevels.q025),
    q10: daysAt(quantileLevels.q10),
    q50: daysAt(quantileLevels.q50),
    q90: daysAt(quantileLevels.q90),
    q975: daysAt(quantileLevels.q975),
  }
}

/** One cut and what the method said of it. */
export type BacktestCase = { trial: string; cut: Cut; quantiles: CompletionQuantiles }

/** Every history cut at every fraction, but for the cuts that are skipped. */
export function backtest(
  histories: readonly AccrualHistory[],
  method: CompletionMethod,
  fractions: readonly number[] = usualFractions,
): BacktestCase[] {
  return histories.flatMap((history) =>
    fractions.flatMap((fraction) => {
      const cut = cutAt(history, fraction)
      if (cut === null) return []
      return [{ trial: history.trial, cut, quantiles: quantilesOf(method(cut.known, cut.remaining)) }]
    }),
  )
}

/** The shares in per cent; all but `n` null where there is no case. */
export type BacktestScores = {
  n: number
  /** The median over the cases of how far the forecast's median lay off, in per cent of the truth. */
  medianErrorPercent: number | null
  /** Of the 80% intervals, from q10 to q90, how many per cent held the truth; of the 95% intervals likewise. */
  cover80: number | null
  cover95: number | null
  /** The mean interval score; lower is better. */
  is80: number | null
}

/** The scores of all cases together, as a table's row shows them. */
export function scoresOf(cases: readonly Pick<BacktestCase, 'cut' | 'quantiles'>[]): BacktestScores {
  const n = cases.length
  if (n === 0) return { n, medianErrorPercent: null, cover80: null, cover95: null, is80: null }
  const share = (isHeld: (truth: number, quantiles: CompletionQuantiles) => boolean) =>
    (100 * cases.filter(({ cut, quantiles }) => isHeld(cut.truthDays, quantiles)).length) / n
  return {
    n,
    medianErrorPercent: 100 * medianOf(cases.map(({ cut, quantiles }) => relativeError(quantiles, cut.truthDays))),
    cover80: share((truth, { q10, q90 }) => covers(q10, q90, truth)),
    cover95: share((truth, { q025, q975 }) => covers(q025, q975, truth)),
    is80: cases.reduce((sum, { cut, quantiles }) => sum + intervalScore(quantiles, cut.truthDays), 0) / n,
  }
}

/**
 * |q50 - truth| / truth, q50 being at most 20 truth + 1000: a forecast of centuries is wrong by a bounded amount.
 * 150 days for 100: 0.5.
 */
export function relativeError({ q50 }: CompletionQuantiles, truthDays: number): number {
  return Math.abs(Math.min(q50, latestCounted(truthDays)) - truthDays) / truthDays
}

/** Is the truth between both, with half a day's grace, as it is a whole number of days? 10.4 to 20 covers 10. */
export function covers(lower: number, upper: number, truthDays: number): boolean {
  return lower - 0.5 <= truthDays && truthDays <= upper + 0.5
}

/**
 * The interval score of Gneiting & Raftery (2007) for the 80% interval on the logarithm of the days: its width
 * ln(q90/q10), and 2/0.2 = 10 times what it misses the truth by. q10 is at least half a day, q90 at most
 * 20 truth + 1000. Lower is better.
 *
 * 50 to 200 days: ln 4 = 1.39 wherever the truth lies between; with a truth of 400, 10 ln 2 = 6.93 more.
 */
export function intervalScore({ q10, q90 }: CompletionQuantiles, truthDays: number): number {
  const lower = Math.max(0.5, q10)
  const upper = Math.min(q90, latestCounted(truthDays))
  const missedBelow = Math.max(0, Math.log(lower / truthDays))
  const missedAbove = Math.max(0, Math.log(truthDays / upper))
  return Math.log(upper / lower) + 10 * missedBelow + 10 * missedAbove
}

function latestCounted(truthDays: number): number {
  return 20 * truthDays + 1000
}

/** The middle value, or the mean of the two in the middle. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
