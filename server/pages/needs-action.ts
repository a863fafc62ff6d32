/** What somebody has to look at, and what comes next: overdue visits, silent sites, outcomes nobody knows, dates ahead. */
import { addDays, type CalendarDate, daysBetween } from '../domain/calendar-date.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import { openObligations } from '../domain/obligation.ts'
import { nextReview } from '../domain/review-schedule.ts'
import type { Words } from '../i18n/words.ts'
import { addressWith } from './as-of.ts'
import { obligationsInWords } from './obligations-list.ts'
import { type Mark, mark } from './page.ts'
import { type RowsBehind, rowsHref } from './rows-behind.ts'

export type Need = {
  when: string
  soon: string
  what: Mark
  /** Where no document states its day. */
  isAssumed: boolean
  note: string
  href: string | null
  link: string
}

/** Of what comes next so many are told; the calendar has all. */
const nextToCome = 5

/**
 * First what is owed now, then what the trial owes and what awaits it, by its day. The calendar knows what was met today:
 * on a day further back only the ends and reviews that the terms name are told.
 */
export function needsAction(figures: DashboardFigures, isPresent: boolean, behind: RowsBehind, words: Words): Need[] {
  const now = [...overdueVisits(figures, behind, words), ...silentSites(figures, behind, words)]
  const ahead = isPresent
    ? obligationsAhead(figures, behind, words)
    : [...periodEnds(figures, words), ...reviewComes(figures, words)].sort((a, b) => (a.when < b.when ? -1 : 1))
  return [...now, ...unknown(figures, behind, words), ...ahead]
}

function obligationsAhead({ obligations, asOf }: DashboardFigures, { trial }: RowsBehind, words: Words): Need[] {
  const next = openObligations(obligations, asOf).slice(0, nextToCome)
  return obligationsInWords(trial, next, asOf, words).map(({ when, wait, mark: what, isAssumed, note, href }) => ({
    when,
    soon: wait,
    what,
    isAssumed,
    note: note ?? '',
    href: href?.includes('/calendar#') === true ? href : null,
    link: words.t('needs.open_calendar'),
  }))
}

function overdueVisits({ overdue, asOf }: DashboardFigures, behind: RowsBehind, words: Words): Need[] {
  if (overdue === 0) return []
  return [
    {
      when: asOf,
      soon: words.t('needs.now'),
      what: mark('over', 'is-act', words.t('needs.overdue', { count: overdue })),
      isAssumed: false,
      note: words.t('needs.overdue_note'),
      href: rowsHref(behind, { list: 'overdue', number: overdue }),
      link: words.t('needs.open_overdue', { count: overdue }),
    },
  ]
}

function silentSites({ sites, lastMonth, asOf }: DashboardFigures, behind: RowsBehind, words: Words): Need[] {
  const silent = sites.filter(({ report }) => report.report.kind === 'silent')
  if (silent.length === 0) return []
  const longest = Math.max(...silent.map(({ report }) => report.silentMonths ?? 0))
  const query = behind.clocks.filter(([name]) => name === 'asOf')
  return [
    {
      when: asOf,
      soon: words.t('needs.now'),
      what: mark('silent', 'is-act', words.t('needs.silent', { count: silent.length, month: words.month(lastMonth) })),
      isAssumed: false,
      note: longest > 1 ? words.t('needs.silent_longest', { months: longest }) : words.t('needs.silent_note'),
      href: `/trials/${behind.trial.code}/sites${query.length === 0 ? '' : addressWith(query)}`,
      link: words.t('needs.open_sites'),
    },
  ]
}

function unknown({ flow, asOf }: DashboardFigures, behind: RowsBehind, words: Words): Need[] {
  const count = flow.unaccounted
  if (count === 0) return []
  return [
    {
      when: asOf,
      soon: words.t('needs.now'),
      what: mark('silent', 'is-act', words.t('needs.unaccounted', { count })),
      isAssumed: false,
      note: words.t('flow.unaccounted_note', { count, screened: flow.screened }),
      href: rowsHref(behind, { list: 'unaccounted', number: count }),
      link: words.t('flow.unaccounted_open', { count }),
    },
  ]
}

function periodEnds({ attainment, asOf }: DashboardFigures, words: Words): Need[] {
  if (attainment === null) return []
  const { inForce, promised } = attainment
  const ends = inForce.registrationUntil
  if (ends < asOf) return []
  const next = { version: promised.version, from: promised.effectiveFrom, until: promised.registrationUntil }
  return [
    {
      when: ends,
      soon: daysLeft(asOf, ends, words),
      what: mark('open', 'is-wait', words.t('needs.period_ends')),
      isAssumed: false,
      note:
        promised.version !== inForce.version && promised.effectiveFrom <= addDays(ends, 1)
          ? words.t('needs.period_goes_on', next)
          : words.t('needs.period_is_last'),
      href: null,
      link: '',
    },
  ]
}

function reviewComes({ versions, asOf }: DashboardFigures, words: Words): Need[] {
  const review = nextReview(versions, asOf)
  if (review === null) return []
  return [
    {
      when: review.dueOn,
      soon: daysLeft(asOf, review.dueOn, words),
      what: mark('open', 'is-wait', words.t('needs.review')),
      isAssumed: false,
      note: words.t('needs.review_note', { version: review.termsVersion }),
      href: null,
      link: '',
    },
  ]
}

function daysLeft(from: CalendarDate, until: CalendarDate, words: Words): string {
  return words.t('needs.days_left', { count: daysBetween(from, until) })
}
