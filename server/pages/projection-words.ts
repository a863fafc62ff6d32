/** Numbers of a projection in words: chances with drift, days of completion, small probabilities, years. */
import { type CalendarDate, yearsBetween } from '../domain/calendar-date.ts'
import { instantAfter } from '../domain/projection/exposure.ts'
import type { DriftedChance } from '../domain/projection/trial-outlook.ts'
import type { Completion } from '../domain/projection/what-if.ts'
import type { Words } from '../i18n/words.ts'

export type ChanceInWords = { held: string; drift: string; moreDrift: string | null }

export function chanceInWords({ held, drift, moreDrift }: DriftedChance, words: Words): ChanceInWords {
  return {
    held: words.percent(held),
    drift: words.percent(drift),
    moreDrift: moreDrift === null ? null : words.percent(moreDrift),
  }
}

/** A p value with four decimals: 0.0031; under 0.0001 only that. */
export function pInWords(chance: number | null, words: Words): string {
  if (chance === null) return '—'
  return chance < 0.0001 ? words.t('format.under', { value: '0.0001' }) : words.number(chance, 4)
}

/** Years without needless decimals: 3, 4.5. */
export function yearsShort(years: number, words: Words): string {
  return words.number(years, 1).replace(/\.0$/, '')
}

/** An amount as somebody wrote it: 1, 0.5, 0.25. */
export function amountInWords(amount: number, words: Words): string {
  // A small amount is not told as none.
  const digits = amount > 0 && amount < 0.01 ? 6 : 2
  return words.number(amount, digits).replace(/\.?0+$/, '')
}

/** When the target will have been reached, and how long that is after the deadline. */
export function completionInWords(
  completion: Completion,
  deadline: CalendarDate,
  words: Words,
): { at: string; isDate: boolean; note: string | null } {
  if (completion.kind !== 'on') return { at: words.of('completion', completion.kind), isDate: false, note: null }
  const years = yearsBetween(instantAfter(deadline), completion.date)
  const apart = { years: words.number(Math.abs(years), 1) }
  const note = words.t(years > 0 ? 'projection.after_deadline' : 'projection.before_deadline', apart)
  return { at: completion.date, isDate: true, note }
}
