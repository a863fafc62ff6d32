/** The interval that stands beside every proportion, such as the screened who were registered. */
import gammaincinv from '@stdlib/math-base-special-gammaincinv'

/**
 * The score interval of Wilson (Journal of the American Statistical Association 22, 1927): all proportions p
 * with |successes/n - p| <= z sqrt(p (1 - p)/n), as fractions from 0 to 1. With none of n the lower end is
 * exactly 0, with all of them the upper end exactly 1; 0 of 0 says nothing, 0 to 1.
 *
 * 5 of 6: 0.436 to 0.970. None of n: 0 to z^2/(n + z^2); with z^2 = 3.84 none of 6 may still be 0.39.
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): { lower: number; upper: number } {
  if (!(Number.isInteger(n) && Number.isInteger(successes) && successes >= 0 && successes <= n)) {
    throw new RangeError(`No proportion: ${successes} of ${n}`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie between 0 and 1, not ${level}`)
  // The square of a standard normal is a chi-square with 1 degree of freedom, which is 2 Gamma(1/2).
  const zSquared = 2 * gammaincinv(level, 0.5)
  const middle = successes + zSquared / 2
  const reach = Math.sqrt(zSquared * ((successes * (n - successes)) / n + zSquared / 4))
  return {
    lower: successes === 0 ? 0 : (middle - reach) / (n + zSquared),
    upper: successes === n ? 1 : (middle + reach) / (n + zSquared),
  }
}
