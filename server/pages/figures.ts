/** Figures in words: rates with their intervals, chances, years. Never a point rate where the domain gives none. */
import type { ObservedRate } from '../domain/projection/poisson-interval.ts'
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

/** Years to come in words, up to twenty; further away nobody can see. */
export function yearsInWords(years: number | null, words: Words): string {
  if (years === null) return '—'
  return years > 200 ? words.t('format.over_200_years') : words.t('format.years', { years: words.number(years, 1) })
}
