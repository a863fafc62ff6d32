/**
 * What a count says about the rate behind it: the exact Poisson interval, and the incomplete gamma function
 * that it and every other chance about counts rest on.
 */
import gammainc from '@stdlib/math-base-special-gammainc'
import gammaincinv from '@stdlib/math-base-special-gammaincinv'

/** Both ends belong to it; the unit is that of the estimate it stands beside. */
export type Interval = { readonly lower: number; readonly upper: number }

/**
 * The exact interval of Garwood (Biometrika 28, 1936) for the mean of a Poisson count n: from the mean under
 * which n or more has the chance (1 - level)/2 to that under which n or fewer has it. These are the gamma
 * quantiles of shape n and n + 1. In subjects; the lower end of a count of 0 is 0.
 *
 * None seen, level 0.9: 0 or fewer has the chance exp(-mean), which is 0.05 at 3.0: the "rule of three".
 */
export function garwoodInterval(count: number, level = 0.95): Interval {
  requireCount('count', count)
  requireProbability('level', level)
  const asked = `${count} ${level}`
  const known = intervalsKnown.get(asked)
  if (known !== undefined) return known
  const tail = (1 - level) / 2
  const lower = count === 0 ? 0 : gammaQuantile(tail, count)
  const interval = Object.freeze({ lower, upper: gammaQuantile(1 - tail, count + 1) })
  if (intervalsKnown.size < mostIntervalsKnown) intervalsKnown.set(asked, interval)
  return interval
}

/** By count and level: a page of 200 sites asks for the same few again and again. */
const intervalsKnown = new Map<string, Interval>()
const mostIntervalsKnown = 10_000

/**
 * What a record allows to be said about a rate. Under one site-year, or before the first subject, there is no
 * point rate to print: two subjects on the first day are not "730 a year".
 */
export type ObservedRate =
  | { kind: 'noExposure' }
  | { kind: 'intervalOnly'; count: number; exposureYears: number; interval: Interval }
  | { kind: 'rate'; count: number; exposureYears: number; perYear: number; interval: Interval }

/** A month: what happened in less time has no rate a year. */
const leastYears = 1 / 12

/**
 * The rate of a count over its exposure with its 95% Garwood interval; without exposure, nothing. Of one site, exposure
 * and site-years are the same; of several together the exposure is the years in which any was open, and what decides
 * whether there is a point rate is the site-years of all: one at least, and a month of the calendar, so that the first
 * day of 400 sites is not carried on for a year.
 *
 * 2 in 4 years: 0.5 a year, between 0.06 and 1.8. None in 3 years: no rate, only "at most 1.2 a year" (3.7/3).
 * 2 in half a year at four sites, which is 2 site-years: 4 a year.
 */
export function observedRate(count: number, exposureYears: number, siteYears = exposureYears): ObservedRate {
  requireCount('count', count)
  requireAmount('exposureYears', exposureYears)
  requireAmount('siteYears', siteYears)
  if (exposureYears === 0) return { kind: 'noExposure' }
  const { lower, upper } = garwoodInterval(count)
  const interval = { lower: lower / exposureYears, upper: upper / exposureYears }
  if (siteYears < 1 || exposureYears < leastYears || count === 0)
    return { kind: 'intervalOnly', count, exposureYears, interval }
  return { kind: 'rate', count, exposureYears, perYear: count / exposureYears, interval }
}

/**
 * P(X <= x) and P(X > x) of X ~ Gamma(shape, 1), the regularised incomplete gamma functions. For a whole shape
 * they are P(Poisson(x) >= shape) and P(Poisson(x) < shape). Each is exact relative to itself, so the small
 * one is never 1 minus the large one. Shape 1 is the exponential: above x lies exp(-x).
 */
export function gammaTails(x: number, shape: number): { below: number; above: number } {
  if (!(x >= 0 && shape > 0 && x + shape < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`Gamma(${shape}) has no tails at ${x}`)
  }
  if (x > largestTrusted) return gammaTailsBySummation(x, shape)
  return { below: gammainc(x, shape), above: gammainc(x, shape, true, true) }
}

/**
 * The package's expansion for x > 1000 begins at `a` instead of `a - 1` (0.3.1; Boost's incomplete_tgamma_large_x
 * begins at `a - 1`): P(Gamma(1188) <= 1153) comes out as 0.122 where it is 0.155.
 */
const largestTrusted = 1000

/**
 * Integration by parts gives P(Gamma(shape) <= x) = sum over k >= 0 of t(shape + k), t(s) = x^s e^-x / Gamma(s + 1).
 * The same steps downward add the rest, and for a large x all of them together add up to 1 (but for e^-x).
 * So the terms need no gamma function: the largest is called 1, the others follow by their ratios.
 */
function gammaTailsBySummation(x: number, shape: number): { below: number; above: number } {
  const first = Math.floor(shape)
  const part = shape - first
  const largest = Math.floor(x - part)
  let below = 0
  let above = 0
  for (let step = largest, term = 1; term > below * 1e-20; step++, term *= x / (part + step)) {
    if (step >= first) below += term
    else above += term
  }
  for (let step = largest - 1, term = (part + largest) / x; step >= 0 && term > above * 1e-20; step--) {
    if (step >= first) below += term
    else above += term
    term *= (part + step) / x
  }
  return { below: below / (below + above), above: above / (below + above) }
}

/**
 * The x with P(Gamma(shape, 1) <= x) = p, 0 < p < 1. Shape 1 is the exponential: its median is ln 2 = 0.69.
 */
export function gammaQuantile(p: number, shape: number): number {
  requireProbability('p', p)
  if (!(shape > 0 && shape < Number.POSITIVE_INFINITY)) throw new RangeError(`Gamma(${shape}) has no quantiles`)
  const start = gammaincinv(p, shape)
  // The inverse is found with the forward function, and inherits its fault on the way past 1000.
  return start < 0.9 * largestTrusted ? start : gammaQuantileNear(start, p, shape)
}

/** Secant steps on the logarithm of the smaller tail, which is nearly straight. */
function gammaQuantileNear(start: number, p: number, shape: number): number {
  const missed = (x: number) => {
    const { below, above } = gammaTails(x, shape)
    return p < 0.5 ? Math.log(below / p) : Math.log((1 - p) / above)
  }
  let last = start
  let lastMissed = missed(last)
  let x = start * 1.001
  for (let step = 0; step < 50; step++) {
    const nowMissed = missed(x)
    if (nowMissed === lastMissed) break
    const next = x - (nowMissed * (x - last)) / (nowMissed - lastMissed)
    last = x
    lastMissed = nowMissed
    x = next
    if (Math.abs(x - last) <= 1e-15 * x) break
  }
  return x
}

/** Throws where a number of people is negative, broken or not a number. */
export function requireCount(name: string, count: number): void {
  if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`${name} must be a count, not ${count}`)
}

/** Throws where a number of people still needed is broken or not a number; below zero it is more than enough. */
export function requireWhole(name: string, number: number): void {
  if (!Number.isInteger(number)) throw new RangeError(`${name} must be a whole number, not ${number}`)
}

/** Throws where a length of time, a rate or an expected number is negative, endless or not a number. */
export function requireAmount(name: string, amount: number): void {
  if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be 0 or more, not ${amount}`)
  }
}

/** Throws unless 0 < p < 1. */
export function requireProbability(name: string, p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`${name} must lie between 0 and 1, not ${p}`)
}
