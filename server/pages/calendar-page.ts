/** The calendar: what is overdue, then what comes, month by month; what is past where somebody asks for it. */
import { addMonths, type CalendarDate, monthOf } from '../domain/calendar-date.ts'
import { byDay, type Obligation, type ObligationKind, obligationKinds, obligationState } from '../domain/obligation.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type ObligationInWords, obligationsInWords } from './obligations-list.ts'
import type { Page } from './page.ts'

export type CalendarInput = {
  trial: Trial
  today: CalendarDate
  obligations: readonly Obligation[]
  /** The one kind that is asked for; null for all. */
  kind: ObligationKind | null
  past: 'shown' | 'hidden'
}

type Month = { anchor: string; label: string; items: ObligationInWords[] }

export type CalendarPage = Page & {
  note: string
  filters: { label: string; href: string; current: boolean }[]
  overdue: ObligationInWords[]
  months: Month[]
  /** What comes after the twelve months. */
  later: ObligationInWords[]
  isEmpty: boolean
  past: { href: string; label: string; months: Month[] | null; none: boolean }
}

/** So many months ahead are shown one by one. */
const monthsAhead = 12

export function calendarPage(input: CalendarInput, words: Words): CalendarPage {
  const { trial, today, kind } = input
  const chosen = input.obligations.filter((one) => kind === null || one.kind === kind).toSorted(byDay)
  const inWords = (some: readonly Obligation[]) => rowsOf(input, some, words)
  const open = chosen.filter((one) => obligationState(one, today) !== 'met')
  const past = chosen.filter((one) => !open.includes(one)).reverse()
  const overdue = open.filter((one) => obligationState(one, today) === 'overdue')
  const ahead = open.filter((one) => !overdue.includes(one))
  const horizon = addMonths(today, monthsAhead)
  const isShown = input.past === 'shown'
  return {
    template: 'calendar/show',
    title: words.t('calendar.title'),
    place: 'calendar',
    note: words.t('calendar.note', { today: words.date(today) }),
    filters: [null, ...obligationKinds].map((one) => ({
      label: one === null ? words.t('calendar.every_kind') : words.of('obligation_kind', one),
      href: hrefOf(trial, one, input.past),
      current: one === kind,
    })),
    overdue: inWords(overdue),
    months: byMonth(
      ahead.filter(({ dueOn }) => dueOn <= horizon),
      inWords,
      words,
    ),
    later: inWords(ahead.filter(({ dueOn }) => dueOn > horizon)),
    isEmpty: open.length === 0,
    past: {
      href: hrefOf(trial, kind, isShown ? 'hidden' : 'shown'),
      label: words.t(isShown ? 'calendar.hide_past' : 'calendar.show_past'),
      months: isShown ? byMonth(past, inWords, words) : null,
      none: isShown && past.length === 0,
    },
  }
}

function hrefOf({ code }: Trial, kind: ObligationKind | null, past: CalendarInput['past']): string {
  const asked = new URLSearchParams({
    ...(kind === null ? {} : { kind }),
    ...(past === 'shown' ? { past: 'yes' } : {}),
  }).toString()
  return `/trials/${code}/calendar${asked === '' ? '' : `?${asked}`}`
}

function byMonth(
  some: readonly Obligation[],
  inWords: (some: readonly Obligation[]) => ObligationInWords[],
  words: Words,
): Month[] {
  const months = [...new Set(some.map(({ dueOn }) => monthOf(dueOn)))]
  return months.map((month) => ({
    anchor: `month-${month}`,
    label: words.month(month),
    items: inWords(some.filter(({ dueOn }) => monthOf(dueOn) === month)),
  }))
}

/** On its own page a line does not lead to itself. */
function rowsOf({ trial, today }: CalendarInput, some: readonly Obligation[], words: Words): ObligationInWords[] {
  const here = `/trials/${trial.code}/calendar`
  return obligationsInWords(trial, some, today, words).map((row) => ({
    ...row,
    href: row.href?.startsWith(here) === true ? null : row.href,
  }))
}
