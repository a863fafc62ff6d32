/** Looking at a trial as of a day, and as it was known on one: the bar that says so, and the form that chooses the days. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import { type Page, problemsInWords } from './page.ts'

/** The day that is looked at: as typed, as understood, and why not where it was refused (then it is today). */
export type AsOf = { today: CalendarDate; day: CalendarDate; typed: string; problem: Problem | null }

/** With the day by whose end things were known; null where everything known today counts. */
export type BothClocks = AsOf & { known: { day: CalendarDate | null; typed: string; problem: Problem | null } }

/** What stays in the address beside the days, in order. */
export type Kept = readonly (readonly [name: string, value: string])[]

export type AsOfForm = {
  value: string
  /** Null on pages that look at one day only. */
  known: { value: string; error: string | null } | null
  kept: { name: string; value: string }[]
  suggestions: { date: string; href: string }[]
  error: string | null
}

export function asOfForm(asOf: AsOf, notableDays: readonly CalendarDate[], words: Words, kept: Kept = []): AsOfForm {
  return {
    value: asOf.typed,
    known: null,
    kept: kept.map(([name, value]) => ({ name, value })),
    suggestions: notableDays
      .filter((day) => day !== asOf.day)
      .map((date) => ({ date, href: addressWith([...kept, ['asOf', date]]) })),
    error: errorOf(asOf.problem, words),
  }
}

/** The form with both days. */
export function clocksForm(
  clocks: BothClocks,
  notableDays: readonly CalendarDate[],
  words: Words,
  kept: Kept = [],
): AsOfForm {
  const { typed, problem } = clocks.known
  return { ...asOfForm(clocks, notableDays, words, kept), known: { value: typed, error: errorOf(problem, words) } }
}

/** The days in the address, where they are not today's. */
export function clocksKept({ today, day, known }: BothClocks): Kept {
  const asOf: Kept = day === today ? [] : [['asOf', day]]
  return known.day === null ? asOf : [...asOf, ['knownAt', known.day]]
}

/** `?list=waiting&asOf=2026-06-24`; `?` for nothing, which is the page without any. */
export function addressWith(kept: Kept): string {
  return `?${new URLSearchParams(kept.map(([name, value]): [string, string] => [name, value]))}`
}

function errorOf(problem: Problem | null, words: Words): string | null {
  return problem === null ? null : (problemsInWords([problem], words)[0]?.text ?? null)
}

/** The bar above a page that is not about today; nothing for one that is. */
export function fixedDay(asOf: AsOf, words: Words): Pick<Page, 'fixed'> {
  if (asOf.day === asOf.today) return {}
  return { fixed: { at: words.date(asOf.day), note: words.t('frame.as_of_counts'), href: '?' } }
}

/** The bar above a page with one of its clocks set: by when it had happened, and by when it was known. */
export function fixedClocks(clocks: BothClocks, words: Words, kept: Kept = []): Pick<Page, 'fixed'> {
  const { today, day, known } = clocks
  if (day === today && known.day === null) return {}
  const note =
    known.day === null ? words.t('frame.as_of_counts') : words.t('clocks.known_by', { knownAt: words.date(known.day) })
  return { fixed: { at: words.date(day), note, href: addressWith(kept) } }
}
