/**
 * The forecast of sites that differ a second time: every site's negative binomial written out count by count, sums by
 * direct convolution, and trials played out with a seeded generator. Slow, and of another kind than what they check.
 */

/** P(0), P(1), ... of a negative binomial: the chance of a further subject is `ratio`. */
export function negativeBinomialChances(size: number, ratio: number, length: number): number[] {
  const chances = [(1 - ratio) ** size]
  for (let k = 1; k < length; k++) chances.push((chances[k - 1]! * (size + k - 1) * ratio) / k)
  return chances
}

/** P(0), P(1), ... of a Poisson number. */
export function poissonChances(mean: number, length: number): number[] {
  const chances = [Math.exp(-mean)]
  for (let k = 1; k < length; k++) chances.push((chances[k - 1]! * mean) / k)
  return chances
}

/** The chances of the sum of two numbers: every pair is looked at. */
export function addedUp(some: readonly number[], others: readonly number[], length: number): number[] {
  const sum = new Array<number>(length).fill(0)
  some.forEach((chance, k) => {
    others.forEach((other, j) => {
      if (k + j < length) sum[k + j]! += chance * other
    })
  })
  return sum
}

/** What lies beyond a cap is put on it. */
export function cutOff(chances: readonly number[], cap: number): number[] {
  const below = chances.slice(0, cap)
  return [...below, 1 - below.reduce((sum, chance) => sum + chance, 0)]
}

/** A generator of numbers between 0 and 1 that begins anew with its seed (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A normal number (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A gamma number of this shape and scale 1 (Marsaglia and Tsang, 2000). */
export function gammaNumber(shape: number, random: () => number): number {
  if (shape < 1) return gammaNumber(shape + 1, random) * random() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** A Poisson number: waiting times until the mean is used up. */
export function poissonNumber(mean: number, random: () => number): number {
  let count = -1
  let left = mean
  while (left > 0 || count < 0) {
    left += Math.log(1 - random())
    count++
  }
  return count
}

type Site = { count: number; exposureYears: number; futureYears: number; admits: number | null }

/** How often trials that are played out reach the number needed: each site's rate is drawn, then its subjects. */
export function shareReaching(
  needed: number,
  sites: readonly Site[],
  { alpha, beta }: { alpha: number; beta: number },
  drift: number,
  trials: number,
  random: () => number,
): number {
  let reached = 0
  for (let trial = 0; trial < trials; trial++) {
    const factor = drift === 0 ? 1 : gammaNumber(1 / drift ** 2, random) * drift ** 2
    let total = 0
    for (const { count, exposureYears, futureYears, admits } of sites) {
      const rate = gammaNumber(alpha + count, random) / (beta + exposureYears)
      total += Math.min(poissonNumber(rate * futureYears * factor, random), admits ?? Number.POSITIVE_INFINITY)
    }
    if (total >= needed) reached++
  }
  return reached / trials
}
