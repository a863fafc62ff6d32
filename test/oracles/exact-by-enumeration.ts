/**
 * Exact tests a second time, as a textbook writes them: every outcome with its chance, one by one, and bisection for the
 * ends of an interval. Slow, and of another kind than what they check.
 */

/** n over k, one factor at a time. */
function choose(n: number, k: number): number {
  let ways = 1
  for (let factor = 1; factor <= k; factor++) ways *= (n - k + factor) / factor
  return ways
}

function binomialChance(count: number, all: number, share: number): number {
  return choose(all, count) * share ** count * (1 - share) ** (all - count)
}

function binomialBetween(from: number, until: number, all: number, share: number): number {
  let sum = 0
  for (let count = from; count <= until; count++) sum += binomialChance(count, all, share)
  return sum
}

type Over = { count: number; years: number }

/** Twice the smaller tail of the later events, given all of them. */
export function chanceByEnumeration(before: Over, since: Over): number {
  const all = before.count + since.count
  const share = since.years / (before.years + since.years)
  const low = binomialBetween(0, since.count, all, share)
  const high = binomialBetween(since.count, all, all, share)
  return Math.min(1, 2 * low, 2 * high)
}

/** The chance that it is under 0.05 when the later rate is so many times the earlier one. */
export function powerByEnumeration(before: Over, since: Over, factor: number): number {
  const all = before.count + since.count
  const changed = (factor * since.years) / (factor * since.years + before.years)
  let power = 0
  for (let count = 0; count <= all; count++) {
    const other = { before: { ...before, count: all - count }, since: { ...since, count } }
    if (chanceByEnumeration(other.before, other.since) < 0.05) power += binomialChance(count, all, changed)
  }
  return power
}

/** The ratios that leave 0.025 beyond each end, found by halving the share. */
export function ratioByBisection(before: Over, since: Over): { lower: number; upper: number } {
  const all = before.count + since.count
  const shareWhere = (isTooLow: (share: number) => boolean) => {
    let [low, high] = [0, 1]
    for (let step = 0; step < 80; step++) {
      const middle = (low + high) / 2
      if (isTooLow(middle)) low = middle
      else high = middle
    }
    return low
  }
  const ratioOf = (share: number) => (share / (1 - share)) * (before.years / since.years)
  return {
    lower:
      since.count === 0 ? 0 : ratioOf(shareWhere((share) => binomialBetween(since.count, all, all, share) < 0.025)),
    upper: ratioOf(shareWhere((share) => binomialBetween(0, since.count, all, share) > 0.025)),
  }
}

/** Fisher's test: the chances of all tables with these margins that are no more likely than this one. */
export function fisherByEnumeration(one: { part: number; of: number }, other: { part: number; of: number }): number {
  const parts = one.part + other.part
  const chanceOf = (part: number) =>
    (choose(one.of, part) * choose(other.of, parts - part)) / choose(one.of + other.of, parts)
  let sum = 0
  for (let part = Math.max(0, parts - other.of); part <= Math.min(one.of, parts); part++) {
    if (chanceOf(part) <= chanceOf(one.part) * (1 + 1e-9)) sum += chanceOf(part)
  }
  return sum
}
