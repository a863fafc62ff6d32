/** Obligations in words: when, how long until then, what, and where it stands. */
import { type CalendarDate, daysBetween } from '../domain/calendar-date.ts'
import { type Obligation, type ObligationState, obligationState } from '../domain/obligation.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { freeText } from './free-text.ts'
import { type Mark, mark } from './page.ts'

export type ObligationInWords = {
  /** Names it on the calendar's page, so that other pages can lead to it. */
  anchor: string
  /** A day, or a month: `2026-12`. */
  when: string
  /** How far it is from today: in 24 days, 12 days over. */
  wait: string
  mark: Mark
  note: string | null
  isAssumed: boolean
  href: string | null
  /** What can be done about it here. */
  actions: { href: string; label: string }[]
}

/** Each on its line in the order given; every line leads to the page where something can be done about it. */
export function obligationsInWords(
  trial: Pick<Trial, 'code'>,
  obligations: readonly Obligation[],
  today: CalendarDate,
  words: Words,
): ObligationInWords[] {
  return obligations.map((one) => {
    const state = obligationState(one, today)
    return {
      anchor: anchorOf(one),
      when: one.dueOn,
      wait: waitInWords(one, state, today, words),
      mark: obligationMark(state, whatInWords(one, words)),
      note: noteInWords(one, words),
      isAssumed: 'basis' in one && one.basis === 'assumed',
      href: hrefOf(trial, one),
      actions: [],
    }
  })
}

/** What is overdue is a triangle in the alarm's colour; what is due soon is half, what is to come hollow. */
export function obligationMark(state: ObligationState, text: string): Mark {
  switch (state) {
    case 'overdue':
      return mark('over', 'is-act', text)
    case 'due_soon':
      return mark('half', 'is-wait', text)
    case 'upcoming':
      return mark('open', 'is-wait', text)
    case 'met':
      return mark('full', 'is-real', text)
  }
}

/** Made of what never changes about it: its own identifier, or its kind and day. */
export function anchorOf(one: Obligation): string {
  switch (one.kind) {
    case 'committee_meeting':
    case 'condition':
      return `entry-${one.entryId}`
    case 'periodic_report':
      return `${one.scheme}-${one.from}`
    default:
      return `${one.kind}-${one.dueOn}`
  }
}

/** What it is, without its day. */
export function whatInWords(one: Obligation, words: Words): string {
  switch (one.kind) {
    case 'committee_meeting':
    case 'condition':
      return freeText(words.pick(one.title), words)
    case 'periodic_report':
      return words.t('obligation.report', { scheme: words.of('reporting_scheme', one.scheme) })
    case 'registration_end':
      return words.t('obligation.registration_ends', { version: one.termsVersion })
    case 'study_end':
      return words.t('obligation.study_ends', { version: one.termsVersion })
    case 'visits':
      return words.t('obligation.visits', { count: one.count })
    case 'review':
      return words.of('obligation_kind', one.kind)
  }
}

export function noteInWords(one: Obligation, words: Words): string | null {
  switch (one.kind) {
    case 'committee_meeting':
    case 'condition': {
      const kind = words.of('obligation_kind', one.kind)
      const values = { kind, body: words.pick(one.body) }
      if (one.request === null) return words.t('obligation.kind_of_body', values)
      return words.t('obligation.condition_of_request', { ...values, number: one.request.number })
    }
    case 'periodic_report':
      return words.t('obligation.report_of', { from: one.from, until: one.until })
    case 'registration_end':
      return one.nextVersion === null ? null : words.t('obligation.next_version', { version: one.nextVersion })
    case 'review':
      return words.t('obligation.by_terms', { version: one.termsVersion })
    case 'study_end':
    case 'visits':
      return null
  }
}

function waitInWords(one: Obligation, state: ObligationState, today: CalendarDate, words: Words): string {
  const days = daysBetween(today, one.dueOn)
  if (one.metOn !== null) return words.t('obligation.met_on', { on: one.metOn })
  if (state === 'met') return words.t('obligation.over')
  if (days === 0) return words.t('obligation.today')
  return days > 0 ? words.t('obligation.in_days', { days }) : words.t('obligation.days_over', { days: -days })
}

/** Where something can be done about it; null where there is nothing but to wait. */
export function hrefOf({ code }: Pick<Trial, 'code'>, one: Obligation): string | null {
  switch (one.kind) {
    case 'condition':
      if (one.request === null) return `/trials/${code}/calendar#${anchorOf(one)}`
      return `/trials/${code}/requests/${one.request.number}#condition-${one.request.position}`
    case 'registration_end':
    case 'study_end':
      return `/trials/${code}/profile`
    case 'review':
      return `/trials/${code}/reviews`
    case 'visits':
      return null
    default:
      return `/trials/${code}/calendar#${anchorOf(one)}`
  }
}
