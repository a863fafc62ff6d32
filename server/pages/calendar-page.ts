/** The calendar: what is overdue, then what comes, month by month; what is past where somebody asks for it. */
import { addMonths, type CalendarDate, monthOf } from '../domain/calendar-date.ts'
import { mostFeeds } from '../domain/calendar-feed.ts'
import { byDay, type Obligation, type ObligationKind, obligationKinds, obligationState } from '../domain/obligation.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type Feed, feedFacts } from './feed-page.ts'
import { type ObligationInWords, obligationsInWords } from './obligations-list.ts'
import type { Page } from './page.ts'
import { requestAddress } from './requests/request-words.ts'
import { overdueVisits, type VisitCounts, visitsByMonth } from './visit-rows.ts'

export const calendarDoings = ['added', 'changed', 'met', 'voided', 'submitted', 'revoked'] as const
export type CalendarDoing = (typeof calendarDoings)[number]

export type CalendarInput = {
  trial: Trial
  today: CalendarDate
  obligations: readonly Obligation[]
  visits: VisitCounts
  /** The one kind that is asked for; null for all. */
  kind: ObligationKind | null
  past: 'shown' | 'hidden'
  /** What somebody has just done. */
  done: CalendarDoing | null
  feeds: readonly Feed[]
  mayKeep: boolean
  mayWriteRequests: boolean
  maySeeSubjects: boolean
  submissionKey: string
}

type Month = { anchor: string; label: string; items: ObligationInWords[] }

export type CalendarPage = Page & {
  note: string
  done: string | null
  filters: { label: string; href: string; current: boolean }[]
  /** Where those who keep the calendar write something down. */
  adds: { href: string; label: string }[]
  overdue: ObligationInWords[]
  months: Month[]
  /** What comes after the twelve months. */
  later: ObligationInWords[]
  isEmpty: boolean
  past: { href: string; label: string; months: Month[] | null; none: boolean }
  feeds: {
    action: string
    submissionKey: string
    /** Those that can still be made. */
    of: { value: string; label: string }[]
    full: string
    columns: string[]
    list: { of: string; facts: { label: string; value: string }[]; href: string; about: string }[]
  }
}

/** So many months ahead are shown one by one. */
const monthsAhead = 12

export function calendarPage(input: CalendarInput, words: Words): CalendarPage {
  const { trial, today, kind } = input
  const chosen = input.obligations.filter((one) => kind === null || one.kind === kind).toSorted(byDay)
  const isMet = (one: Obligation) => obligationState(one, today) === 'met'
  const past = chosen.filter(isMet).reverse()
  const overdue = chosen.filter((one) => obligationState(one, today) === 'overdue')
  const ahead = chosen.filter((one) => !isMet(one) && !overdue.includes(one))
  const horizon = addMonths(today, monthsAhead)
  const hasVisits = kind === null || kind === 'visits'
  const late = hasVisits ? overdueVisits(input, words) : null
  const months = monthsOf(
    input,
    ahead.filter(({ dueOn }) => dueOn <= horizon),
    words,
    hasVisits,
  )
  const here = `/trials/${trial.code}/calendar`
  const isShown = input.past === 'shown'
  return {
    template: 'calendar/show',
    title: words.t('calendar.title'),
    place: 'calendar',
    note: words.t('calendar.note', { today: words.date(today) }),
    done: input.done === null ? null : words.of('calendar_done', input.done),
    filters: [null, ...obligationKinds].map((one) => ({
      label: one === null ? words.t('calendar.every_kind') : words.of('obligation_kind', one),
      href: hrefOf(trial, one, input.past),
      current: one === kind,
    })),
    adds: input.mayKeep
      ? [
          { href: `${here}/conditions/new`, label: words.of('calendar_add', 'condition') },
          { href: `${here}/meetings/new`, label: words.of('calendar_add', 'committee_meeting') },
        ]
      : [],
    overdue: [...(late === null ? [] : [late]), ...rowsOf(input, overdue, words)],
    months,
    later: rowsOf(
      input,
      ahead.filter(({ dueOn }) => dueOn > horizon),
      words,
    ),
    isEmpty: late === null && overdue.length === 0 && ahead.length === 0 && months.length === 0,
    past: {
      href: hrefOf(trial, kind, isShown ? 'hidden' : 'shown'),
      label: words.t(isShown ? 'calendar.hide_past' : 'calendar.show_past'),
      months: isShown ? monthsOf(input, past, words, false) : null,
      none: isShown && past.length === 0,
    },
    feeds: {
      action: `${here}/feeds`,
      submissionKey: input.submissionKey,
      of: [
        { value: 'trial', label: words.t('feed.make_one', { code: trial.code }), trialId: trial.id },
        { value: 'every', label: words.t('feed.make_every'), trialId: null },
      ].filter(({ trialId }) => input.feeds.filter((feed) => feed.trialId === trialId).length < mostFeeds),
      full: words.t('feed.full', { most: mostFeeds }),
      columns: [
        words.t('feed.of'),
        words.t('feed.language'),
        words.t('feed.made_at'),
        words.t('feed.used_at'),
        words.t('settings.col_actions'),
      ],
      list: input.feeds.map((feed) => {
        const [of, ...facts] = feedFacts(trial, feed, words)
        const about = words.instant(feed.createdAt, trial.timeZone)
        return { of: of?.value ?? '', facts, href: `${here}/feeds/${feed.id}/revocation`, about }
      }),
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

/** The months that hold something, in the order of what they hold; visits stand last in theirs. */
function monthsOf(input: CalendarInput, some: readonly Obligation[], words: Words, hasVisits: boolean): Month[] {
  const visits = hasVisits ? visitsByMonth(input, words) : []
  const months = [...new Set(some.map(({ dueOn }) => monthOf(dueOn)))]
  const every = visits.length === 0 ? months : [...new Set([...months, ...visits.map(({ month }) => month)])].sort()
  return every.map((month) => ({
    anchor: `month-${month}`,
    label: words.month(month),
    items: [
      ...rowsOf(
        input,
        some.filter(({ dueOn }) => monthOf(dueOn) === month),
        words,
      ),
      ...visits.filter((visit) => visit.month === month).map(({ row }) => row),
    ],
  }))
}

/** On its own page a line does not lead to itself, but to what can be done about it. */
function rowsOf(input: CalendarInput, some: readonly Obligation[], words: Words): ObligationInWords[] {
  const { trial, today } = input
  const here = `/trials/${trial.code}/calendar`
  return obligationsInWords(trial, some, today, words).map((row, index) => {
    const one = some[index]
    return {
      ...row,
      href: row.href?.startsWith(here) === true ? null : row.href,
      actions: one === undefined ? [] : actionsOf(one, input, words),
    }
  })
}

function actionsOf(one: Obligation, input: CalendarInput, words: Words): ObligationInWords['actions'] {
  const { trial, today, mayKeep, mayWriteRequests } = input
  const isMet = one.metOn !== null
  if (one.kind === 'condition' && one.request !== null) {
    const condition = `${requestAddress(trial, one.request.number)}/conditions/${one.entryId}`
    return mayWriteRequests && !isMet ? [{ href: `${condition}/fulfilment`, label: words.t('calendar.meet') }] : []
  }
  if (!mayKeep) return []
  const here = `/trials/${trial.code}/calendar`
  switch (one.kind) {
    case 'condition':
    case 'committee_meeting': {
      const entry = `${here}/entries/${one.entryId}`
      const meet = { href: `${entry}/met`, label: words.t('calendar.meet') }
      return [
        ...(one.kind === 'condition' && !isMet ? [meet] : []),
        { href: entry, label: words.t('calendar.change') },
        { href: `${entry}/void`, label: words.t('calendar.void') },
      ]
    }
    case 'periodic_report':
      // A year is not reported before it is over.
      if (one.until >= today) return []
      return [
        {
          href: `${here}/reports/${one.scheme}/${one.from}`,
          label: words.t(isMet ? 'calendar.change' : 'calendar.submit_report'),
        },
      ]
    default:
      return []
  }
}
