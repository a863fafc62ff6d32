/**
 * Those in screening: how many of them will be registered. They are part of the flow that a rate counts, and are never
 * added on top of a rate that contains them.
 */
import { requireAmount, requireCount } from './poisson-interval.ts'

/** So many in screening; of those resolved before, so many registered and failed; the prior is Beta(a, b). */
export type Screening = { inScreening: number; converted: number; failed: number; priorA: number; priorB: number }

/**
 * P(0 registered), P(1), ... P(all): beta-binomial(S; a + converted, b + failed), which is the binomial with a chance
 * learnt from those resolved. The ratios of neighbours need no gamma function.
 *
 * 2 in screening, none converted and 2 failed, Beta(1, 1): Beta(1, 3), so 0.6, 0.3, 0.1.
 */
export function pipelineChances({ inScreening, converted, failed, priorA, priorB }: Screening): Float64Array {
  requireCount('inScreening', inScreening)
  requireCount('converted', converted)
  requireCount('failed', failed)
  requireAmount('priorA', priorA)
  requireAmount('priorB', priorB)
  const a = priorA + converted
  const b = priorB + failed
  if (a === 0 || b === 0) throw new RangeError(`Beta(${a}, ${b}) is no belief about a chance`)
  // ln of each chance beside P(0), so that many in screening neither vanish nor overflow.
  const logs = new Float64Array(inScreening + 1)
  for (let k = 1; k <= inScreening; k++) {
    const ratio = ((inScreening - k + 1) * (a + k - 1)) / (k * (b + inScreening - k))
    logs[k] = logs[k - 1]! + Math.log(ratio)
  }
  const largest = logs.reduce((most, log) => Math.max(most, log), 0)
  const chances = logs.map((log) => Math.exp(log - largest))
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  return chances.map((chance) => chance / total)
}

/**
 * The chances that 0, 1, ... `count` of those in screening are registered where each is with a known chance: binomial.
 * 2 with 1/2 each: 1/4, 1/2, 1/4.
 */
export function pipelineChancesAt(conversion: number, count: number): Float64Array {
  // From the likelier end, so that nothing underflows for a thousand people.
  if (conversion > 0.5) return pipelineChancesAt(1 - conversion, count).reverse()
  const chances = new Float64Array(count + 1)
  let chance = (1 - conversion) ** count
  for (let k = 0; k <= count; k++) {
    chances[k] = chance
    chance *= ((count - k) / (k + 1)) * (conversion / (1 - conversion))
  }
  return chances
}
