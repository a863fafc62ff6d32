/**
 * The exact distribution of a sum of independent counts: negative binomials of any size and chance, and a Poisson. No
 * simulation and no normal curve: what a trial of 200 sites will register has a closed recursion, and this is it.
 */

/**
 * The counts that are added up: for each negative binomial its size s and its ratio q, 0 <= q < 1, the chance of a
 * further subject (1 - p), so that P(none) = (1 - q)^s and the mean is s q/(1 - q); and the mean of the Poisson.
 */
export type SumOfCounts = { sizes: readonly number[]; ratios: readonly number[]; poissonMean: number }

/**
 * P(sum = 0), P(sum = 1), ... `length` chances in all, by the recursion for compound Poisson distributions (Panjer,
 * ASTIN Bulletin 12, 1981): k P(k) = sum over j = 1..k of h_j P(k-j), with h_j = sum of s q^j, and h_1 with the Poisson
 * mean besides. Every term is positive, so nothing cancels: each chance is right to about 13 digits of its own.
 * One that is smaller than any number is 0.
 *
 * One count of size 1 and ratio 1/2 is a coin tossed until it fails: 1/2, 1/4, 1/8.
 */
export function chancesOfSum(sum: SumOfCounts, length: number): Float64Array {
  const scale = step ** -recur(sum, length)
  const chances = desk.chances.slice(0, length)
  if (scale !== 1) for (let k = 0; k < length; k++) chances[k]! *= scale
  return chances
}

/**
 * P(sum < bound), or P(sum + another number < bound) where the chances of 0, 1, ... of another are given: 0 for a bound
 * of 0 or less. The same coin: fewer than 2 has 1/2 + 1/4; with 1 more for certain (0, 1) it has 1/2.
 */
export function chanceOfSumBelow(sum: SumOfCounts, bound: number, another: Float64Array | null = null): number {
  if (bound <= 0) return 0
  const scale = step ** -recur(sum, bound)
  if (another === null) return Math.min(desk.atMost[bound - 1]! * scale, 1)
  let below = 0
  for (let k = 0; k < another.length && k < bound; k++) below += another[k]! * desk.atMost[bound - 1 - k]!
  return Math.min(below * scale, 1)
}

/**
 * P(sum >= needed): exactly 1 only if nothing is needed. Where 1 minus the chance of fewer would leave few digits, the
 * tail itself is added up. The same coin: 2 or more has 1/4.
 */
export function chanceOfSumAtLeast(sum: SumOfCounts, needed: number): number {
  if (needed <= 0) return 1
  const rest = 1 - chanceOfSumBelow(sum, needed)
  return rest > fewDigits ? Math.min(rest, 1 - Number.EPSILON / 2) : upperTail(sum, needed)
}

/** Under this, the difference from 1 is right to fewer than 9 digits. */
const fewDigits = 1e-7

/** The tail is added up over ever longer stretches until what remains of it cannot be seen in the sum. */
function upperTail(sum: SumOfCounts, needed: number): number {
  for (let length = 2 * needed + 32; ; length *= 2) {
    const chances = chancesOfSum(sum, length)
    let tail = 0
    for (let k = length - 1; k >= needed; k--) tail += chances[k]!
    const last = chances[length - 1]!
    const ratio = last === 0 ? 0 : last / chances[length - 2]!
    if (last * ratio <= 1e-13 * tail * (1 - ratio) || length > longestTail) return tail
  }
}

const longestTail = 50_000

/** A step of the scale: a power of two, so that multiplying by it rounds nothing. */
const step = 2 ** 800
const lowest = 2 ** -1000

/**
 * The desk on which a sum is worked out: wiped by the next one, and never handed out. A page asks for thousands of short
 * sums, and laying out new arrays for each took longer than the arithmetic.
 */
let desk = newDesk(256)

/** Sums of more counts than this need a larger desk as well. */
function newDesk(length: number) {
  return {
    chances: new Float64Array(length),
    /** P(sum <= k). */
    atMost: new Float64Array(length),
    /** h_j of the recursion, from j = 1 on. */
    weights: new Float64Array(length + 1),
    /** s q^j of each count. */
    powers: new Float64Array(length),
  }
}

/** Lays the chances on the desk, each as it is times `step` so many times as is returned. */
function recur(sum: SumOfCounts, length: number): number {
  const { sizes, ratios, poissonMean } = sum
  const parts = ratios.length
  const room = Math.max(length, parts)
  if (room > desk.chances.length) desk = newDesk(2 * room)
  const { chances, atMost, weights, powers } = desk
  let steps = layChanceOfNone(sum, chances)
  if (length === 0) return 0
  for (let part = 0; part < parts; part++) powers[part] = sizes[part]! * ratios[part]!
  let live = parts
  let known = 0
  atMost[0] = chances[0]!
  for (let k = 1; k < length; k++) {
    let total = 0
    let j = 1
    while (j <= k) {
      const end = Math.min(j + 7, k)
      while (known < end) {
        let weight = known === 0 ? poissonMean : 0
        for (let part = 0; part < live; part++) {
          const power = powers[part]!
          weight += power
          powers[part] = power * ratios[part]!
        }
        // Under this the powers would be slow, and nothing.
        if (weight < lowest) live = 0
        weights[++known] = weight
      }
      for (; j <= end; j++) total += weights[j]! * chances[k - j]!
      // All that is left is at most the next weight, which is the largest left, times all chances left.
      if (j <= k && weights[end]! * atMost[k - j]! <= 1e-18 * total) break
    }
    chances[k] = total / k
    atMost[k] = atMost[k - 1]! + total / k
    if (steps > 0 && atMost[k]! > 2 ** 600) {
      steps--
      stepDown(chances, k)
      stepDown(atMost, k)
    }
  }
  return steps
}

function stepDown(values: Float64Array, last: number): void {
  for (let k = 0; k <= last; k++) {
    const value = values[k]! / step
    values[k] = value < lowest ? 0 : value
  }
}

/** P(sum = 0) = product of (1 - q)^s, times e^-mean of the Poisson, times `step` so often as is returned. */
function layChanceOfNone({ sizes, ratios, poissonMean }: SumOfCounts, chances: Float64Array): number {
  let chance = 1
  let steps = 0
  for (let part = -1; part < sizes.length; part++) {
    const ratio = part < 0 ? 0 : ratios[part]!
    // The power keeps more digits than the logarithm, except near 1.
    const whole = part < 0 ? Math.exp(-poissonMean) : ratio < 0.01 ? 0 : (1 - ratio) ** sizes[part]!
    if (whole > 2 ** -700) chance *= whole
    else {
      // Multiplied in by equal parts, each of which fits into a number.
      const log = part < 0 ? -poissonMean : sizes[part]! * Math.log1p(-ratio)
      const pieces = Math.ceil(-log / 100)
      const piece = ratio < 0.01 ? Math.exp(log / pieces) : (1 - ratio) ** (sizes[part]! / pieces)
      for (let each = 1; each < pieces; each++) {
        chance *= piece
        if (chance < 2 ** -200) {
          chance *= step
          steps++
        }
      }
      if (pieces > 0) chance *= piece
    }
    if (chance < 2 ** -200) {
      chance *= step
      steps++
    }
  }
  chances[0] = chance
  return steps
}
