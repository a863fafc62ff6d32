/**
 * What a review forecasts for the reviews to come, and, when their days have come, how good earlier forecasts were:
 * a method that is never compared with what came is only an opinion.
 */
import { type Attainment, siteYears } from './attainment.ts'
import { addDays, type CalendarDate } from './calendar-date.ts'
import { chanceOfAtLeast, predictiveQuantiles } from './projection/pooled-predictive.ts'
import type { ScheduledReview } from './review-schedule.ts'
import type { Site } from './site.ts'
import { plannedNumberBy, type TrialTerms } from './trial-terms.ts'

/** How many subjects will be registered in all by a day: the middle 80%, and the chance of what is promised by then. */
export type ReviewForecast = {
  by: CalendarDate
  low80: number
  median: number
  high80: number
  /** Subjects in all that the plan promises by the day, rounded up to a whole one. */
  promised: number
  /** Of at least so many, with drift. */
  chance: number
}

/** For so many of the next reviews. */
export const reviewsAhead = 4

/** Of the next reviews at the rate observed so far, with drift; none where the record is too short to forecast from. */
export function forecastsAhead(
  { asOf, registered, forecast }: Attainment,
  schedule: readonly ScheduledReview[],
  versions: readonly TrialTerms[],
  sites: readonly Site[],
): ReviewForecast[] {
  if (forecast === null) return []
  return schedule
    .filter(({ dueOn }) => dueOn > asOf)
    .slice(0, reviewsAhead)
    .flatMap(({ dueOn, termsVersion }) => {
      const terms = versions.find(({ version }) => version === termsVersion)
      if (terms === undefined) return []
      const years = siteYears(sites, asOf, dueOn).future
      const [low = 0, median = 0, high = 0] = predictiveQuantiles([0.1, 0.5, 0.9], forecast.belief, years)
      // A hair's breadth of grace: a promise of exactly 3 is not rounded up to 4.
      const promised = Math.ceil(plannedNumberBy(terms, addDays(dueOn, -1)) - 1e-9)
      return [
        {
          by: dueOn,
          low80: registered + low,
          median: registered + median,
          high80: registered + high,
          promised,
          chance: chanceOfAtLeast(promised - registered, forecast.belief, years),
        },
      ]
    })
}

/** An earlier review's forecasts as they were frozen. */
export type EarlierForecasts = { madeOn: CalendarDate; forecasts: readonly ReviewForecast[] }

/** A forecast whose day has come, and what came. */
export type MaturedForecast = ReviewForecast & { madeOn: CalendarDate; actual: number }

/** How forecasts did together: how many of n held what came, how far off their medians were, and Brier's score. */
export type Hindsight = {
  matured: MaturedForecast[]
  /** Null where no earlier forecast has come due. */
  score: { n: number; covered: number; bias: number; brier: number } | null
}

/**
 * Every earlier forecast whose day lies at or before the day looked at. `registeredBy` counts all subjects by a day.
 * The bias is the mean of actual minus median, in subjects: below 0, less came than was forecast. Brier's score is the
 * mean of (chance - what came)^2 over "at least the promised number came": 0 is perfect, 0.25 is a coin's.
 *
 * One forecast of 2 to 4, median 3, chance 0.2 of the 5 promised; 2 came: covered, bias -1, score 0.04.
 */
export function hindsightOn(
  asOf: CalendarDate,
  earlier: readonly EarlierForecasts[],
  registeredBy: (day: CalendarDate) => number,
): Hindsight {
  const matured = earlier
    .flatMap(({ madeOn, forecasts }) => forecasts.map((forecast) => ({ ...forecast, madeOn })))
    .filter(({ by }) => by <= asOf)
    .map((forecast): MaturedForecast => ({ ...forecast, actual: registeredBy(forecast.by) }))
    .sort((a, b) => compare(b.by, a.by) || compare(b.madeOn, a.madeOn))
  const n = matured.length
  if (n === 0) return { matured, score: null }
  const meanOf = (value: (one: MaturedForecast) => number) => matured.reduce((sum, one) => sum + value(one), 0) / n
  return {
    matured,
    score: {
      n,
      covered: matured.filter(({ low80, high80, actual }) => low80 <= actual && actual <= high80).length,
      bias: meanOf(({ actual, median }) => actual - median),
      brier: meanOf(({ chance, promised, actual }) => (chance - (actual >= promised ? 1 : 0)) ** 2),
    },
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
