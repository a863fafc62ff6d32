/** Two Poisson rates compared exactly: did it happen more often in one time than in the other? */
import betainc from '@stdlib/math-base-special-betainc'
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'

/** So many events in so many years of exposure, more than none. */
export type CountOverTime = { count: number; years: number }

export type RateComparison = {
  /** The chance, if both rates were the same, that the events part so unevenly or more. */
  chance: number
  /** The later rate over the earlier one, and its 95% interval; null where nothing came before: it has no upper end. */
  ratio: { value: number; lower: number; upper: number } | null
}

/** Below it, a difference is called one. */
export const level = 0.05

/**
 * The exact conditional test of two Poisson rates (Przyborowski & Wilenski, Biometrika 31, 1940): given all n events,
 * the later ones are binomial with the later time's share of the exposure. Twice the smaller tail and at most 1, so
 * that it is under 0.05 just where the interval leaves out 1; the interval is that of Clopper & Pearson for the share,
 * turned into a ratio. As R's `poisson.test`, whose example has 11 in 800 against 21 in 3011: ratio 1.97 (0.86 to 4.28).
 *
 * 4 events, 2 years each, 3 of them later: 3 or more of 4 tosses have 5/16, so 0.625. None at all: chance 1, no ratio.
 * Throws where a count is no count or an exposure is not more than 0.
 */
export function compareRates(before: CountOverTime, since: CountOverTime): RateComparison {
  const { all, share } = sharesOf(before, since)
  const later = since.count
  const chance = Math.min(1, 2 * Math.min(atMost(later, all, share), atLeast(later, all, share)))
  if (before.count === 0) return { chance, ratio: null }
  const ratioAt = (part: number) => (part / (1 - part)) * (before.years / since.years)
  const lower = later === 0 ? 0 : ratioAt(betaQuantile(level / 2, later, before.count + 1))
  const upper = ratioAt(betaQuantile(1 - level / 2, later + 1, before.count))
  return { chance, ratio: { value: ratioAt(later / all), lower, upper } }
}

/**
 * The power of that test for the events that there are: the chance that it would call a difference if the later rate
 * were `factor` times the earlier one. 5 events in equal times can at best give 2/32 = 0.0625: power 0.
 */
export function powerOfComparison(before: CountOverTime, since: CountOverTime, factor: number): number {
  const { all, share } = sharesOf(before, since)
  const changed = (factor * since.years) / (factor * since.years + before.years)
  const few = firstWhere(all + 1, (count) => 2 * atMost(count, all, share) >= level) - 1
  const many = firstWhere(all + 1, (count) => 2 * atLeast(count, all, share) < level)
  return (few < 0 ? 0 : atMost(few, all, changed)) + (many > all ? 0 : atLeast(many, all, changed))
}

function sharesOf(before: CountOverTime, since: CountOverTime): { all: number; share: number } {
  for (const { count, years } of [before, since]) {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`No count of events: ${count}`)
    if (!(years > 0 && years < Number.POSITIVE_INFINITY)) throw new RangeError(`No exposure: ${years} years`)
  }
  return { all: before.count + since.count, share: since.years / (before.years + since.years) }
}

/** P(Binomial(all, share) <= count). */
function atMost(count: number, all: number, share: number): number {
  return count >= all ? 1 : betainc(share, count + 1, all - count, true, true)
}

/** P(Binomial(all, share) >= count). */
function atLeast(count: number, all: number, share: number): number {
  return count <= 0 ? 1 : betainc(share, count, all - count + 1)
}

/** The first of 0, 1, ..., end - 1 that holds, of a condition that goes on holding; `end` where none does. */
function firstWhere(end: number, holds: (count: number) => boolean): number {
  let from = 0
  let until = end
  while (from < until) {
    const middle = Math.floor((from + until) / 2)
    if (holds(middle)) until = middle
    else from = middle + 1
  }
  return from
}
