/**
 * The recent past of a trial's registrations: the rate of a trial changes, and how fast subjects came lately says
 * more about how fast they will come than the whole history does, as long as enough of them came.
 */
import betainc from '@stdlib/math-base-special-betainc'
import type { RateBelief } from './pooled-predictive.ts'

/** One subject: the day of registration, in days since 1970-01-01 (`dayNumber`), and the site's code. */
export type Registration = { day: number; site: string }

/** What is known at the instant at which the as-of day begins. */
export type KnownAccrual = {
  /** In the order of their days; all before the as-of day. */
  registrations: readonly Registration[]
  /** Days since 1970-01-01; what happens on this day is not known yet. */
  asOfDay: number
  /**
   * The day on which each site opened, also of those that registered nobody. Null where nobody wrote it down: then the
   * first subject's day is taken for the opening, the trial's as well as each site's, and that subject is not counted.
   */
  openedOnDay: ReadonlyMap<string, number> | null
}

/** The shares of the elapsed time that are tried, shortest first; failing all, the whole of it. */
export const recentShares: readonly number[] = [0.15, 0.25, 0.33, 0.5]

/** So many subjects make a window long enough for the drift rule: its rate then has a standard error of a fifth. */
export const enoughForDriftRule = 25

const daysPerYear = 365.25

/**
 * The rate of the whole trial per year, from the shortest of the last 15, 25, 33 and 50% of the elapsed time that holds
 * at least `enough` subjects, else from all of it: Gamma(0.5 + count, years), the prior of Jeffreys. Null before any
 * time has passed.
 *
 * 100 days in which 60 came evenly, 25 being enough: the last 25% hold 15, the last 33% 20, the last 50% 30. So 30 in
 * 50 days, shape 30.5. After 400 days with 40 subjects only the whole holds 25: shape 40.5 in 400 days.
 */
export function recentBelief(known: KnownAccrual, enough: number): RateBelief | null {
  const window = recentWindow(known, enough)
  return window === null ? null : beliefOf(window)
}

/** The whole history as one window: Gamma(0.5 + count, years); null before any time has passed. */
export function wholeBelief(known: KnownAccrual): RateBelief | null {
  const window = wholeWindow(known)
  return window === null ? null : beliefOf(window)
}

/**
 * Has the rate changed lately? The counts of the recent window and of the time before it, and the chance that one rate
 * would part them so unevenly or more: given all N, the recent count is binomial with the window's share of the time
 * (the exact conditional test of Przyborowski & Wilenski 1940), twice the smaller tail and at most 1. Null where the
 * window is the whole history.
 *
 * 4 subjects in 100 days, 3 of them in the last half: 3 or more of 4 tosses have 5/16, so 0.625.
 */
export function recentChange(
  known: KnownAccrual,
  enough: number,
): { recent: Window; before: Window; chance: number } | null {
  const recent = recentWindow(known, enough)
  const whole = wholeWindow(known)
  if (recent === null || whole === null || recent.days === whole.days) return null
  const share = recent.days / whole.days
  const { count } = recent
  const atLeast = count === 0 ? 1 : betainc(share, count, whole.count - count + 1)
  const atMost = count === whole.count ? 1 : betainc(share, count + 1, whole.count - count, true, true)
  return {
    recent,
    before: { count: whole.count - count, days: whole.days - recent.days },
    chance: Math.min(1, 2 * Math.min(atLeast, atMost)),
  }
}

/** So many subjects in so many days. */
export type Window = { count: number; days: number }

function recentWindow(known: KnownAccrual, enough: number): Window | null {
  const whole = wholeWindow(known)
  return whole === null ? null : windowHolding(whole, enough, (days) => countWithin(known, days))
}

/**
 * The shortest of the last 15, 25, 33 and 50% of the whole time that holds at least `enough` subjects, else the whole;
 * `countWithin` says how many came in the last so many days. 40 in 100 days, 30 of them in the last 20: with 25 being
 * enough, the last 25 days.
 */
export function windowHolding(whole: Window, enough: number, countWithin: (days: number) => number): Window {
  for (const share of recentShares) {
    const days = share * whole.days
    const count = countWithin(days)
    if (count >= enough) return { count, days }
  }
  return whole
}

function wholeWindow(known: KnownAccrual): Window | null {
  const origin = originOf(known)
  if (origin === null || origin >= known.asOfDay) return null
  return { count: known.registrations.length - uncountedOf(known), days: known.asOfDay - origin }
}

function beliefOf({ count, days }: Window): RateBelief {
  return { shape: count + 0.5, exposureYears: days / daysPerYear }
}

/** What one site did in a window: when it opened, how many it registered, and how long it was open in the window. */
export type SiteInWindow = { site: string; openedOnDay: number; count: number; exposureYears: number }

/**
 * What each site that is open did in the last `share` of the elapsed time (1: all of it), in the order of opening.
 *
 * With unknown openings, as of day 100: site A registered on the days 0, 40 and 60, site B on 80 and 90. In the last
 * half A registered 1 in 50 days, and B, which opened on day 80 with a subject that is not counted, 1 in 20 days.
 * A day on which the window begins is counted where all of it lies within.
 */
export function sitesInWindow(known: KnownAccrual, share: number): SiteInWindow[] {
  const origin = originOf(known)
  if (origin === null) return []
  const windowDays = share * (known.asOfDay - origin)
  const counts = new Map<string, number>()
  const opened = new Map<string, number>()
  for (const [site, day] of known.openedOnDay ?? []) {
    if (day >= known.asOfDay) continue
    opened.set(site, day)
    counts.set(site, 0)
  }
  for (const { site, day } of known.registrations) {
    const count = counts.get(site)
    if (count === undefined) {
      if (known.openedOnDay !== null) throw new RangeError(`Site ${site} registers on day ${day} and never opened`)
      opened.set(site, day)
      counts.set(site, 0)
    } else if (day >= known.asOfDay - windowDays) counts.set(site, count + 1)
  }
  return [...opened].map(([site, day]) => ({
    site,
    openedOnDay: day,
    count: counts.get(site) ?? 0,
    exposureYears: Math.min(known.asOfDay - day, windowDays) / daysPerYear,
  }))
}

/** The day from which the trial's time runs; null where nothing has happened yet. */
function originOf({ registrations, openedOnDay }: KnownAccrual): number | null {
  if (openedOnDay !== null) return openedOnDay.size === 0 ? null : Math.min(...openedOnDay.values())
  return registrations[0]?.day ?? null
}

/** The first subject, where it stands for the opening. */
function uncountedOf({ openedOnDay }: KnownAccrual): 0 | 1 {
  return openedOnDay === null ? 1 : 0
}

/** A window rarely begins at midnight: a day is within it where its noon is. */
function countWithin(known: KnownAccrual, windowDays: number): number {
  const { registrations, asOfDay } = known
  let count = 0
  for (let place = registrations.length - 1; place >= uncountedOf(known); place--) {
    if (registrations[place]!.day + 0.5 < asOfDay - windowDays) break
    count++
  }
  return count
}
