/** Looking at a trial as of a day: the bar that says so, and the form that chooses the day. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import { type Page, problemsInWords } from './page.ts'

/** The day that is looked at: as typed, as understood, and why not where it was refused (then it is today). */
export type AsOf = { today: CalendarDate; day: CalendarDate; typed: string; problem: Problem | null }

export type AsOfForm = {
  value: string
  suggestions: { date: string; href: string }[]
  error: string | null
}

export function asOfForm(asOf: AsOf, notableDays: readonly CalendarDate[], words: Words): AsOfForm {
  return {
    value: asOf.typed,
    suggestions: notableDays.filter((day) => day !== asOf.day).map((date) => ({ date, href: `?asOf=${date}` })),
    error: asOf.problem === null ? null : (problemsInWords([asOf.problem], words)[0]?.text ?? null),
  }
}

/** The bar above a page that is not about today; nothing for one that is. */
export function fixedDay(asOf: AsOf, words: Words): Pick<Page, 'fixed'> {
  if (asOf.day === asOf.today) return {}
  return { fixed: { at: words.date(asOf.day), note: words.t('frame.as_of_counts'), href: '?' } }
}
