/**
 * The chances of counts a second time, as a textbook writes them: sums of single chances, one integral done
 * by adding up slices, and bisection. Slow, and of another kind than what they check.
 */

/** ln n!, one factor at a time. */
function lnFactorial(n: number): number {
  let sum = 0
  for (let factor = 2; factor <= n; factor++) sum += Math.log(factor)
  return sum
}

/** P(Poisson(mean) = count). */
export function poissonChance(count: number, mean: number): number {
  if (mean === 0) return count === 0 ? 1 : 0
  return Math.exp(count * Math.log(mean) - mean - lnFactorial(count))
}

/** P(Poisson(mean) <= count), one count at a time. */
export function poissonAtMost(count: number, mean: number): number {
  let sum = 0
  for (let each = 0; each <= count; each++) sum += poissonChance(each, mean)
  return sum
}

/** The mean that leaves each tail half of 1 - level, found by halving. */
export function garwoodByBisection(count: number, level: number): { lower: number; upper: number } {
  const tail = (1 - level) / 2
  const most = 4 * count + 40
  return {
    lower: count === 0 ? 0 : firstMeanWhere((mean) => 1 - poissonAtMost(count - 1, mean) >= tail, most),
    upper: firstMeanWhere((mean) => poissonAtMost(count, mean) <= tail, most),
  }
}

function firstMeanWhere(isReached: (mean: number) => boolean, most: number): number {
  let low = 0
  let high = most
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2
    if (isReached(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * P(new <= count) if the rate is Gamma(shape, exposureYears) and the number Poisson given the rate: the Poisson
 * chance, averaged over slices of the logarithm of the rate that are weighted by the gamma density.
 */
export function newAtMost(count: number, shape: number, exposureYears: number, futureYears: number): number {
  let weighted = 0
  let weights = 0
  const slices = 4000
  const middle = Math.log(shape / exposureYears)
  const reach = 12 / Math.sqrt(shape) + 40 / shape
  for (let slice = 0; slice <= slices; slice++) {
    const lnRate = middle - reach + ((reach + 12 / Math.sqrt(shape) + 3) * slice) / slices
    const rate = Math.exp(lnRate)
    // The density of ln(rate), but for a factor that the average cancels.
    const weight = Math.exp(shape * (lnRate - middle) - exposureYears * rate + shape)
    weights += weight
    weighted += weight * poissonAtMost(count, rate * futureYears)
  }
  return weighted / weights
}
