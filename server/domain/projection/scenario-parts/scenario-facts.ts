/** What every answer about a scenario is computed from, and the names of its levels. */
import { addDays, type CalendarDate, calendarDate, daysBetween } from '../../calendar-date.ts'
import { exposureYears, futureYears, type OpenPeriod, openDays } from '../exposure.ts'
import { pipelineChances } from '../pipeline.ts'
import type { Outlook } from '../predictive.ts'
import { openPeriodsOf, type Scenario } from '../scenario.ts'

export const levels = { q5: 0.05, q10: 0.1, q25: 0.25, q50: 0.5, q75: 0.75, q90: 0.9, q95: 0.95 } as const
export const levelNames = Object.keys(levels) as (keyof typeof levels)[]
export const assurances = { p50: 0.5, p80: 0.8, p90: 0.9 } as const
export const assuranceNames = Object.keys(assurances) as (keyof typeof assurances)[]

export type Facts = {
  scenario: Scenario
  periods: OpenPeriod[][]
  past: number[]
  future: number[]
  exposure: number
  futureTotal: number
  enrolled: number
  needed: number
  daysToDeadline: number
  outlook: Outlook
  /** The largest number of new subjects whose chance is computed. */
  largest: number
}

export function factsOf(scenario: Scenario): Facts {
  const { asOf, deadline, sites, plannedSites, screening } = scenario
  const periods = sites.map(openPeriodsOf)
  const past = periods.map((each) => exposureYears(each, asOf))
  const future = periods.map((each) => futureYears(each, asOf, deadline))
  const enrolled = sum(sites.map(({ n }) => n))
  const needed = (scenario.target ?? 0) - enrolled
  const largest = scenario.largestCount ?? Math.max(150, 4 * needed + 60)
  return {
    scenario,
    periods,
    past,
    future,
    exposure: sum(past),
    futureTotal: sum(future),
    enrolled,
    needed,
    daysToDeadline: daysBetween(asOf, deadline),
    outlook: {
      sites: sites.map(({ n, cap }, place) => ({
        count: n,
        exposureYears: past[place]!,
        open: openDays(periods[place]!, asOf),
        admits: cap === null ? null : cap - n,
      })),
      pipeline: screening === null ? null : pipelineChances(screening),
      uncertain: plannedSites.map(({ opening }) => opening),
    },
    largest: Math.min(largest, 20_000),
  }
}

export function byLevel<T>(value: (p: number, place: number) => T): Record<keyof typeof levels, T> {
  const entries = levelNames.map((name, place) => [name, value(levels[name], place)])
  return Object.fromEntries(entries) as Record<keyof typeof levels, T>
}

export function byAssurance<T>(value: (p: number, place: number) => T): Record<keyof typeof assurances, T> {
  const entries = assuranceNames.map((name, place) => [name, value(assurances[name], place)])
  return Object.fromEntries(entries) as Record<keyof typeof assurances, T>
}

/** The date on which so many days have passed; null where there are none, or where the calendar ends before. */
export function dateAfter(asOf: CalendarDate, days: number | null): CalendarDate | null {
  if (days === null || Math.floor(days) > daysBetween(asOf, lastDate)) return null
  return addDays(asOf, Math.floor(days))
}

const lastDate = calendarDate('9999-12-31')

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
