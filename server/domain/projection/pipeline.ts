/**
 * Those in screening: how many of them will be registered. Not all of them for certain, as a request may claim, but
 * as the outcomes of others let expect.
 */
import { requireCount } from './poisson-interval.ts'

/** What became of those who left screening: registered, or not. */
export type ScreeningOutcomes = { registered: number; notRegistered: number }

/**
 * The chances that 0, 1, ..., `count` of those in screening are registered: beta-binomial, the conversion being
 * believed to be uniform before the outcomes, Beta(1 + registered, 1 + notRegistered) after them.
 *
 * 2 in screening, 0 registered and 2 not: 0.6, 0.3, 0.1.
 */
export function pipelineChances(count: number, { registered, notRegistered }: ScreeningOutcomes): Float64Array {
  requireCount('count', count)
  requireCount('registered', registered)
  requireCount('notRegistered', notRegistered)
  const a = 1 + registered
  const b = 1 + notRegistered
  // P(0) = product of (b + j) / (a + b + j); each next one follows by the ratio.
  const chances = new Float64Array(count + 1)
  let chance = 1
  for (let j = 0; j < count; j++) chance *= (b + j) / (a + b + j)
  for (let k = 0; k <= count; k++) {
    chances[k] = chance
    chance *= ((count - k) * (a + k)) / ((k + 1) * (b + count - k - 1))
  }
  return chances
}

/** The same where each is registered with a known chance: binomial. 2 with 1/2 each: 1/4, 1/2, 1/4. */
export function pipelineChancesAt(conversion: number, count: number): Float64Array {
  requireCount('count', count)
  if (!(conversion >= 0 && conversion <= 1)) throw new RangeError(`conversion must be 0 to 1, not ${conversion}`)
  const chances = new Float64Array(count + 1)
  if (conversion === 1) chances[count] = 1
  if (conversion === 1) return chances
  let chance = (1 - conversion) ** count
  for (let k = 0; k <= count; k++) {
    chances[k] = chance
    chance *= ((count - k) / (k + 1)) * (conversion / (1 - conversion))
  }
  return chances
}
