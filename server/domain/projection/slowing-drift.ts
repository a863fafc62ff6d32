/**
 * The forecast of the completion that holds unless another method is asked for: the recent rate, slowed down as a trial
 * fills up without opening sites, and times one factor that nobody knows, the more uncertain the more is still to come.
 *
 * Its three constants, 40 subjects, a quarter and a half, are round values near the best ones on histories that are
 * over; DECISIONS.md says which others were tried, and what they scored on histories that had no part in the choice.
 */
import { recentRate } from './drift-rule.ts'
import { gammaTails, requireAmount, requireProbability, requireWhole } from './poisson-interval.ts'
import type { RateBelief } from './pooled-predictive.ts'
import { type KnownAccrual, sitesInWindow } from './recent-window.ts'

/**
 * A recent window holds so many subjects: its rate then has a standard error of a sixth, less than what the rate itself
 * changes by.
 */
export const enoughForDefault = 40

/** By how much the rate falls, on the logarithm, by the time a trial without new sites is full. */
export const fullSlowdown = 0.25

/** The standard deviation of the logarithm of the rate's future factor while everything is still to come. */
export const widestDrift = 0.5

/**
 * A belief about the future rate: the past rate, Gamma(shape, years), times exp(-slowdown) and times a factor omega that
 * is lognormal with mean 1, ln omega ~ N(-drift^2 / 2, drift^2). On the logarithm a rate that doubles is as likely as
 * one that halves; the gamma factor of `withDrift` holds the halved one for far more likely.
 */
export type DriftingBelief = { past: RateBelief; slowdown: number; drift: number }

/**
 * What the record says about the rate while the last `needed` subjects come; null before any time has passed.
 *
 * With q the share of all subjects that are there, and l the share of the sites that opened in the last half of the
 * elapsed time: the slowdown is 0.25 q (1 - l), for sites run dry unless others open, and the drift is
 * 0.5 (1 - q)^(1/4), for the further off the end, the more can change.
 *
 * 30 of 40 there, at one site: the slowdown is 0.25 x 0.75 = 0.19, a rate of 0.83 times the recent one; the drift is
 * 0.5 x (1/4)^(1/4) = 0.35.
 */
export function slowingDriftBelief(known: KnownAccrual, needed: number): DriftingBelief | null {
  requireWhole('needed', needed)
  const past = recentRate(known, enoughForDefault)
  if (past === null) return null
  const there = known.registrations.length
  const share = needed <= 0 ? 1 : there / (there + needed)
  return {
    past,
    slowdown: fullSlowdown * share * (1 - shareOfNewSites(known)),
    drift: widestDrift * (1 - share) ** 0.25,
  }
}

/** Of the sites that are open, the share that opened in the last half of the elapsed time. */
function shareOfNewSites(known: KnownAccrual): number {
  const sites = sitesInWindow(known, 1)
  const first = Math.min(...sites.map(({ openedOnDay }) => openedOnDay))
  const isNew = (day: number) => day > known.asOfDay - 0.5 * (known.asOfDay - first)
  return sites.filter(({ openedOnDay }) => isNew(openedOnDay)).length / sites.length
}

/**
 * The chance that `needed` more subjects are there within so many years. The wait is T x B/(1 - B) x exp(slowdown) /
 * omega with B ~ Beta(needed, shape), so the chance is the mean of a normal one over y = ln B/(1 - B), whose density is
 * proportional to exp(needed y) / (1 + exp(y))^(needed + shape).
 *
 * Exactly 1 only if nothing is needed; 0 if something is and no time is left. Without slowdown and drift it is
 * `chanceOfAtLeast`: shape 1, as many years to come as have passed, 1 needed, 1/2.
 */
export function chanceWithin(years: number, belief: DriftingBelief, needed: number): number {
  requireAmount('years', years)
  requireWhole('needed', needed)
  if (needed <= 0) return 1
  if (years === 0) return 0
  return Math.min(belowAt(Math.log(years), waitOf(belief, needed)).chance, 1 - Number.EPSILON / 2)
}

/**
 * The years within which `needed` more subjects are there with the chance p; 0 if nothing is needed.
 *
 * Shape 1 in 3 years, one needed, without slowdown and all but without drift: 3 years for p = 1/2, 9 for p = 3/4.
 * With a slowdown of ln 2 both take twice as long.
 */
export function driftingCompletionYears(p: number, belief: DriftingBelief, needed: number): number {
  requireProbability('p', p)
  requireWhole('needed', needed)
  if (needed <= 0) return 0
  const wait = waitOf(belief, needed)
  let low = wait.lowest
  let high = wait.highest
  let at = wait.middle
  for (let step = 0; step < 200 && high - low > 1e-12 * Math.max(1, Math.abs(at)); step++) {
    const { chance, density } = belowAt(at, wait)
    if (chance < p) low = at
    else high = at
    const next = at + (p - chance) / density
    const held = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(held - at) <= 1e-13 * Math.max(1, Math.abs(at))) break
    at = held
  }
  return Math.min(Math.exp(at), Number.MAX_VALUE)
}

/** The logarithm of the wait in years as a mixture of normals of one standard deviation. */
type LogWait = {
  means: readonly number[]
  weights: readonly number[]
  sd: number
  lowest: number
  middle: number
  highest: number
}

/** Below it the terms would be too many; no drift at all has a closed form, `chanceOfAtLeast`. */
const leastDrift = 0.001

/** The terms of the mixture end where the density is e^-34 of its largest value, far below rounding. */
const lnNegligible = -34

/**
 * The wait's mixture by the trapezoidal rule on y, whose error falls faster than any power of the step for functions
 * as smooth as these; a step of the harmonic width of both factors leaves about e^-20. Constants cancel in the weights.
 */
function waitOf({ past, slowdown, drift }: DriftingBelief, needed: number): LogWait {
  const { shape, exposureYears } = past
  const isProper = shape > 0 && exposureYears > 0 && shape + exposureYears < Number.POSITIVE_INFINITY
  if (!(isProper && drift >= leastDrift && drift <= 10 && Math.abs(slowdown) <= 10)) {
    throw new RangeError(`Gamma(${shape}, ${exposureYears} years), ${slowdown}, ${drift} is no drifting belief`)
  }
  const peak = Math.log(needed / shape)
  const lnDensity = (y: number) => needed * y - (needed + shape) * Math.log1p(Math.exp(y))
  const atPeak = lnDensity(peak)
  const width = Math.sqrt(1 / needed + 1 / shape)
  const step = 0.9 / Math.sqrt(1 / width ** 2 + 1 / drift ** 2)
  const shift = Math.log(exposureYears) + slowdown + drift ** 2 / 2
  const means: number[] = []
  const weights: number[] = []
  const walk = (first: number, direction: 1 | -1) => {
    for (let place = first; ; place += direction) {
      const y = peak + place * step
      const ln = lnDensity(y) - atPeak
      if (ln < lnNegligible) return
      means.push(y + shift)
      weights.push(Math.exp(ln))
    }
  }
  walk(0, 1)
  walk(-1, -1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    means,
    weights: weights.map((weight) => weight / total),
    sd: drift,
    lowest: means.reduce((least, mean) => Math.min(least, mean)) - 9 * drift,
    middle: peak + shift,
    highest: means.reduce((most, mean) => Math.max(most, mean)) + 9 * drift,
  }
}

/** The chance that the logarithm of the wait lies below, and its density there. */
function belowAt(lnYears: number, { means, weights, sd }: LogWait): { chance: number; density: number } {
  let chance = 0
  let density = 0
  for (const [place, mean] of means.entries()) {
    const z = (lnYears - mean) / sd
    const weight = weights[place]!
    chance += weight * normalBelow(z)
    density += (weight * Math.exp((-z * z) / 2)) / (sd * Math.sqrt(2 * Math.PI))
  }
  return { chance, density }
}

/** P(Z <= z) of the standard normal: z^2 / 2 is Gamma(1/2), on either side of 0. */
function normalBelow(z: number): number {
  if (Math.abs(z) > 38) return z < 0 ? 0 : 1
  const beyond = gammaTails((z * z) / 2, 0.5).above / 2
  return z < 0 ? beyond : 1 - beyond
}
