/** Figures in words: rates with their intervals, chances, years. Never a point rate where the domain gives none. */
import type { ObservedRate } from '../domain/projection/poisson-interval.ts'
import { yearsInSight } from '../domain/projection/what-if.ts'
import type { Words } from '../i18n/words.ts'

/** A rate's value and its 95% interval, apart, so that a table can keep them in two columns. */
export type RateInWords = { value: string; interval: string }

export function rateInWords(rate: ObservedRate, words: Words): RateInWords {
  if (rate.kind === 'noExposure') return { value: '—', interval: '—' }
  const { lower: low } = rate.interval
  const lower = low === 0 ? '0' : words.number(low, low < 0.005 ? 3 : 2)
  const interval = words.t('format.range', { low: lower, high: words.number(rate.interval.upper, 2) })
  return { value: rate.kind === 'rate' ? words.number(rate.perYear, 2) : '—', interval }
}

/** The years until the target at a rate, up to twenty; further away nobody can see, and every page says so alike. */
export function yearsToTargetInWords(years: number | null, words: Words): string {
  if (years !== null && years > yearsInSight) return words.t('overview.not_in_sight')
  const inWords = years === null ? '—' : words.t('format.years', { years: words.number(years, 1) })
  return words.t('overview.years_to_target', { years: inWords })
}

/** How many times the observed rate is needed; beyond a hundred the number itself says nothing more. */
export function timesInWords(multiple: number | null, words: Words): string {
  if (multiple === null) return '—'
  return multiple > 100 ? words.t('format.above', { value: 100 }) : words.number(multiple, 1)
}

/** A needed rate a year; on the last days it grows beyond anything that could be a rate. */
export function neededRateInWords(perYear: number | null, words: Words): string {
  if (perYear === null) return '—'
  return perYear > 1000 ? words.t('format.above', { value: words.number(1000) }) : words.number(perYear, 2)
}
