/**
 * Where a trial stands on a day: how many of how many, against the calendar, against its plan,
 * and the chance of reaching the target by the deadline. What the dashboard and the portfolio say first.
 */
import { addDays, type CalendarDate, yearsBetween } from './calendar-date.ts'
import { exposureYears, futureYears, instantAfter } from './projection/exposure.ts'
import { type ObservedRate, observedRate } from './projection/poisson-interval.ts'
import {
  chanceOfAtLeast,
  observedBelief,
  predictiveQuantiles,
  type RateBelief,
  withDrift,
} from './projection/pooled-predictive.ts'
import { meanRateNeeded, multipleOfObserved } from './projection/required-rate.ts'
import { isWorthAForecast } from './projection/site-forecast.ts'
import { isBelowPromise } from './promise-signal.ts'
import { openPeriods, type Site } from './site.ts'
import { plannedNumberBy, type TrialTerms, termsInForce, termsPromised } from './trial-terms.ts'

/**
 * `below`: so few that the plan in force itself is in doubt (the six-monthly rule); `unlikely`: too early for that
 * rule, but the chance of the target is under 10%; `too_early`: open, but for too little to forecast from; `open`: neither; `likely`: the chance is 80% or more.
 */
export type Verdict = 'not_started' | 'too_early' | 'reached' | 'ended' | 'below' | 'unlikely' | 'open' | 'likely'

export type Chance = { withDrift: number; ifRateHeld: number }

export type Attainment = {
  asOf: CalendarDate
  /** The terms in force on the day: their registration period is the calendar it is measured against. */
  inForce: TrialTerms
  /** The newest terms known on the day: their deadline is the one the chance is about. */
  promised: TrialTerms
  registered: number
  remaining: number
  elapsedYears: number
  periodYears: number
  /** % of target over % of time, minus 1: (2/12)/(4.93/5) - 1 = -83%; null before the first day, or of a target of 0. */
  againstCalendar: number | null
  /** Of the whole trial, per year in which any site was open. */
  observed: ObservedRate
  /** Years until the deadline in which any site is planned to be open. */
  yearsLeft: number
  requiredPerYear: number | null
  requiredMultiple: number | null
  yearsAtObservedRate: number | null
  /** Null where no site was open yet, or for too little to forecast from. */
  forecast: { chance: Chance; low80: number; median: number; high80: number; belief: RateBelief } | null
  verdict: Verdict
}

/** Null where the trial had no terms yet on the day. */
export function attainmentOn(
  asOf: CalendarDate,
  versions: readonly TrialTerms[],
  sites: readonly Site[],
  registered: number,
): Attainment | null {
  const promised = termsPromised(versions, asOf)
  const inForce = termsInForce(versions, asOf) ?? promised
  if (promised === null || inForce === null) return null

  const deadline = instantAfter(promised.registrationUntil)
  const remaining = Math.max(promised.targetNumber - registered, 0)
  const anySite = sites.flatMap(openPeriods)
  const years = siteYears(sites, asOf, deadline)
  const observed = observedRate(registered, exposureYears(anySite, asOf), years.past)
  const yearsLeft = futureYears(anySite, asOf, deadline)
  const requiredPerYear = meanRateNeeded(remaining, yearsLeft)
  const elapsedYears = Math.max(yearsBetween(inForce.registrationFrom, asOf), 0)
  const periodYears = yearsBetween(inForce.registrationFrom, instantAfter(inForce.registrationUntil))
  const timeShare = Math.min(elapsedYears / periodYears, 1)
  const forecast = forecastFrom(years, registered, remaining)
  return {
    asOf,
    inForce,
    promised,
    registered,
    remaining,
    elapsedYears,
    periodYears,
    againstCalendar:
      timeShare === 0 || promised.targetNumber === 0 ? null : registered / promised.targetNumber / timeShare - 1,
    observed,
    yearsLeft,
    requiredPerYear,
    requiredMultiple: requiredPerYear === null ? null : multipleOfObserved(requiredPerYear, observed),
    yearsAtObservedRate: observed.kind === 'rate' ? remaining / observed.perYear : null,
    forecast,
    verdict: verdictOf(
      asOf,
      inForce,
      promised,
      registered,
      remaining,
      forecast?.chance ?? null,
      observed.kind === 'noExposure',
    ),
  }
}

/** Site-years of all sites: what has passed until the day, and what is to come until the deadline. */
export function siteYears(
  sites: readonly Site[],
  asOf: CalendarDate,
  deadline: CalendarDate,
): { past: number; future: number } {
  let past = 0
  let future = 0
  for (const site of sites) {
    const periods = openPeriods(site)
    past += exposureYears(periods, asOf)
    future += futureYears(periods, asOf, deadline)
  }
  return { past, future }
}

function forecastFrom(
  years: { past: number; future: number },
  registered: number,
  remaining: number,
): Attainment['forecast'] {
  const held = isWorthAForecast(registered, years.past) ? observedBelief(registered, years.past) : null
  if (held === null) return null
  const belief = withDrift(held)
  const [low, median, high] = predictiveQuantiles([0.1, 0.5, 0.9], belief, years.future)
  return {
    chance: {
      withDrift: chanceOfAtLeast(remaining, belief, years.future),
      ifRateHeld: chanceOfAtLeast(remaining, held, years.future),
    },
    low80: registered + (low ?? 0),
    median: registered + (median ?? 0),
    high80: registered + (high ?? 0),
    belief,
  }
}

function verdictOf(
  asOf: CalendarDate,
  inForce: TrialTerms,
  promised: TrialTerms,
  registered: number,
  remaining: number,
  chance: Chance | null,
  isUnopened: boolean,
): Verdict {
  if (remaining === 0) return 'reached'
  if (asOf > promised.registrationUntil) return 'ended'
  if (asOf < inForce.registrationFrom || isUnopened) return 'not_started'
  if (chance === null) return 'too_early'
  // What had been promised by the end of the day before: the counts of the day itself may still come.
  const newPromised = Math.max(plannedNumberBy(inForce, addDays(asOf, -1)) - inForce.plan.startsAtNumber, 0)
  const newActual = Math.max(registered - inForce.plan.startsAtNumber, 0)
  if (isBelowPromise(newActual, newPromised)) return 'below'
  if (chance.withDrift < 0.1) return 'unlikely'
  return chance.withDrift >= 0.8 ? 'likely' : 'open'
}
