/**
 * Completion dates a second time. The predictives by throwing dice: a rate, a factor on it, and the waits for one subject
 * after the other. The scores as a reader of their definition would write them, case by case, with every step named.
 */

/** A stream of uniform numbers between 0 and 1 that is the same on every machine (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296
  }
}

function exponential(uniform: () => number): number {
  return -Math.log(uniform())
}

/** Box & Muller. */
export function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** Gamma of a shape that is a multiple of one half: a sum of exponentials, and half the square of a normal. */
export function gamma(shape: number, uniform: () => number): number {
  if (!Number.isInteger(2 * shape)) throw new RangeError(`The dice know no Gamma(${shape})`)
  let sum = Number.isInteger(shape) ? 0 : normal(uniform) ** 2 / 2
  for (let each = 0; each < Math.floor(shape); each++) sum += exponential(uniform)
  return sum
}

/** The years until so many subjects have come, one after the other, at a rate per year that is drawn anew each time. */
export function waits(throws: number, needed: number, ratePerYear: () => number, uniform: () => number): number[] {
  return Array.from({ length: throws }, () => {
    const rate = ratePerYear()
    let years = 0
    for (let each = 0; each < needed; each++) years += exponential(uniform) / rate
    return years
  })
}

/** How many standard errors the share of the waits below lies off the chance that is claimed for it. */
export function standardErrorsOff(all: readonly number[], below: number, chance: number): number {
  const share = all.filter((years) => years <= below).length / all.length
  return Math.abs(share - chance) / Math.sqrt((chance * (1 - chance)) / all.length)
}

type ScoredCase = { truth: number; q025: number; q10: number; q50: number; q90: number; q975: number }

export function scoresOneByOne(cases: readonly ScoredCase[]) {
  const errors: number[] = []
  let in80 = 0
  let in95 = 0
  let total = 0
  for (const { truth, q025, q10, q50, q90, q975 } of cases) {
    const cap = 20 * truth + 1000
    const median = Math.min(q50, cap)
    errors.push((median > truth ? median - truth : truth - median) / truth)
    if (!(truth < q10 - 0.5 || truth > q90 + 0.5)) in80++
    if (!(truth < q025 - 0.5 || truth > q975 + 0.5)) in95++
    const from = Math.max(q10, 0.5)
    const until = Math.min(q90, cap)
    total += Math.log(until) - Math.log(from)
    if (from > truth) total += 10 * (Math.log(from) - Math.log(truth))
    if (until < truth) total += 10 * (Math.log(truth) - Math.log(until))
  }
  const n = cases.length
  errors.sort((a, b) => a - b)
  const middle = n % 2 === 1 ? errors[(n - 1) / 2]! : (errors[n / 2 - 1]! + errors[n / 2]!) / 2
  return { n, medianErrorPercent: 100 * middle, cover80: (100 * in80) / n, cover95: (100 * in95) / n, is80: total / n }
}

/** A history cut by counting its days up from the first: what is known on the morning after the k-th subject. */
export function cutByCounting(days: readonly number[], fraction: number) {
  const inOrder = [...days].sort((a, b) => a - b)
  let k = 0
  while (k < inOrder.length && k < fraction * inOrder.length) k++
  const asOfDay = inOrder[k - 1]! + 1
  let known = 0
  let remaining = 0
  for (const day of inOrder) {
    if (day < asOfDay) known++
    else remaining++
  }
  let truth = 0
  for (let day = asOfDay; day <= inOrder[inOrder.length - 1]!; day++) truth++
  return { asOfDay, known, remaining, truth, skipped: remaining < 1 || known < 3 || asOfDay - inOrder[0]! < 6 }
}
