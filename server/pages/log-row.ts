/** A row of the log: the subject's number, its state, one cell for each milestone, and what to do next. */

import { type CalendarDate, dayNumber, daysBetween, fromDayNumber } from '../domain/calendar-date.ts'
import type { WithdrawnEvent } from '../domain/correction.ts'
import type { Milestone, Pathway } from '../domain/milestone.ts'
import type { Site } from '../domain/site.ts'
import { nextAtSite, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { isEnded, isRegistered, isWaiting, type SubjectState } from '../domain/subject-state.ts'
import { type TimelineStep, timelineOf } from '../domain/timeline.ts'
import type { Trial } from '../domain/trial.ts'
import { daysOutside } from '../domain/visit-window.ts'
import type { Words } from '../i18n/words.ts'
import { stateWords } from './event-words.ts'
import { freeText } from './free-text.ts'
import { exitOf, type FileWorld, reasonsOf } from './log-file.ts'
import { type Mark, mark } from './page.ts'

/** A cell says its column again, because on a telephone the row becomes a card. */
export type LogCell = {
  label: string
  tone: string
  mark: Mark | null
  text: string | null
  /** A second line, small: cut where it is long, and whole on the subject's page. */
  note: string | null
  /** What the cell is for: recording what is awaited, or correcting the date; `about` says so aloud, with the number. */
  act: { href: string; about: string } | null
  /** The date before a correction, shown struck through. */
  was: string | null
}

export type LogRow = {
  number: string
  /** Said at the number where not every row that is shown is assumed. */
  assumed: boolean
  /** Whether the last column is there. */
  acts: boolean
  href: string
  cells: LogCell[]
  next: { label: string; href: string; about: string; outcome: { label: string; href: string } | null } | null
}

/** A subject with its events, and the versions of them that are no longer believed. */
export type LogEntry = {
  subject: Subject
  events: readonly SubjectEvent[]
  withdrawn: readonly WithdrawnEvent[]
  referralSource: string | null
}

export type LogInput = {
  trial: Trial
  pathway: Pathway
  today: CalendarDate
  sites: readonly Site[]
  reasonLabels: FileWorld['reasonLabels']
  /** Whether the reader may write: the last column acts. */
  mayLog: boolean
  /** Every row shown is assumed: said once, above the table, instead of at each number. */
  isAllAssumed: boolean
}

export function isAllAssumed(entries: readonly LogEntry[]): boolean {
  return entries.length > 0 && entries.every(({ subject }) => subject.basis === 'assumed')
}

/** The mark of a state: solid once all is done, half under way, a cross after an exit, dashed where nobody knows. */
export function stateMark(state: SubjectState, pathway: Pathway, words: Words): Mark {
  const text = stateWords(state, pathway, words)
  if (state === 'unaccounted') return mark('silent', 'is-act', text)
  if (state === 'prescreened') return mark('open', '', text)
  if (state === 'completed') return mark('full', 'is-real', text)
  if (isEnded(state)) return mark('cross', '', text)
  return mark('half', isRegistered(state) ? 'is-real' : 'is-wait', text)
}

export function logRow(input: LogInput, entry: LogEntry, words: Words): LogRow {
  const { trial, pathway, sites, today } = input
  const { subject, events, withdrawn, referralSource } = entry
  const site = sites.find(({ id }) => id === subject.siteId)
  const possible = nextAtSite(pathway, subject.state, events)
  const next = possible.find(({ kind }) => kind !== 'procedure') ?? null
  const href = `/trials/${trial.code}/subjects/${subject.id}`
  const siteName = site === undefined ? '' : `${site.code} ${words.pick(site.name)}`
  return {
    number: subject.number,
    assumed: !input.isAllAssumed && subject.basis === 'assumed',
    acts: input.mayLog,
    href,
    cells: [
      {
        ...plainCell(words.t('subjects.site'), 'site'),
        text: siteName,
        note:
          referralSource === null
            ? null
            : words.t('subjects.referred_from', { source: freeText(referralSource, words) }),
      },
      {
        ...plainCell(words.t('subjects.state'), 'state'),
        mark: stateMark(subject.state, pathway, words),
        note: exitNote(input, entry, words),
      },
      ...timelineOf(pathway, events, today).map((step) => {
        const cell = stepCell(step, subject, next, today, words)
        const act = input.mayLog && cell.mark !== null ? actOf(step, entry, possible, href, words) : null
        return { ...cell, text: null, act, was: dateBefore(step, withdrawn) }
      }),
    ],
    next: input.mayLog ? nextOf(subject, next, href, words) : null,
  }
}

function plainCell(label: string, tone: string): LogCell {
  return { label, tone, mark: null, text: null, note: null, act: null, was: null }
}

/** When somebody left, and the trial's reasons for it; null for those who are still there, or of whom nobody knows. */
function exitNote(input: LogInput, { subject, events }: LogEntry, words: Words): string | null {
  const exit = exitOf(subject.state, events)
  if (exit === null || subject.state === 'unaccounted') return null
  return [exit.occurredOn, reasonsOf(exit, input, words)].filter((part) => part !== null).join(' ')
}

/** Where a cell leads those who write: to the record of its milestone where it may come next, or to mending its date. */
function actOf(
  { milestone: { code, label } }: TimelineStep,
  { subject, events }: LogEntry,
  possible: readonly Milestone[],
  href: string,
  words: Words,
): LogCell['act'] {
  const values = { number: subject.number, step: words.pick(label) }
  const event = events.find(({ what }) => what.kind === 'milestone' && what.code === code)
  if (event !== undefined) {
    if (subject.state === 'void') return null
    return { href: `${href}/events/${event.id}/corrections/new`, about: words.t('subjects.cell_correct', values) }
  }
  if (!possible.some((milestone) => milestone.code === code)) return null
  if (subject.state === 'unaccounted') {
    return { href: `${href}/events/new?what=any`, about: words.t('subjects.cell_outcome', values) }
  }
  return { href: `${href}/events/new?what=${code}`, about: words.t('subjects.cell_record', values) }
}

/** The date that a milestone had before its last correction; null where it was never corrected. */
function dateBefore({ milestone, day }: TimelineStep, withdrawn: readonly WithdrawnEvent[]): string | null {
  if (day === null) return null
  return withdrawn.find(({ what }) => what.kind === 'milestone' && what.code === milestone.code)?.occurredOn ?? null
}

/** The button of a row: the next milestone, or the outcome that nobody knew. */
function nextOf(subject: Subject, next: Milestone | null, href: string, words: Words): LogRow['next'] {
  if (next === null) return null
  const about = words.t('subjects.about', { number: subject.number })
  if (subject.state === 'unaccounted') {
    return { label: words.t('subjects.record_outcome'), href: `${href}/events/new?what=any`, about, outcome: null }
  }
  const label = words.t('subjects.record_step', { step: words.pick(next.label) })
  const isOpen = isWaiting(subject.state) || subject.state === 'prescreened'
  const outcome = isOpen ? { label: words.t('subjects.other_outcome'), href: `${href}/events/new?what=exit` } : null
  return { label, href: `${href}/events/new?what=${next.code}`, about, outcome }
}

/** What a step's own cell says. */
type StepCell = Pick<LogCell, 'label' | 'tone' | 'mark' | 'note'>

function stepCell(
  step: TimelineStep,
  subject: Subject,
  next: Milestone | null,
  today: CalendarDate,
  words: Words,
): StepCell {
  const label = words.pick(step.milestone.label)
  const { day, window, standing } = step
  if (day !== null) {
    const isOutside = standing === 'early' || standing === 'late'
    const note =
      isOutside && window !== null ? words.of('standing', standing, { days: daysOutside(window, day) }) : null
    return { label, tone: 'date is-done', mark: mark('full', '', fromDayNumber(day)), note }
  }
  if (window !== null && standing !== null) return dueCell(label, step, dayNumber(today), words)
  // An arm is somebody else's to write down: the site sees that it is waited for.
  if (step.milestone.kind === 'allocation' && subject.state === 'registered') {
    return { label, tone: 'date is-wait', mark: mark('half', '', words.t('subjects.waiting')), note: null }
  }
  if (next?.code !== step.milestone.code) return { label, tone: 'date blank', mark: null, note: null }
  if (subject.state === 'unaccounted') {
    const note = words.t('subjects.days_elapsed', { days: daysBetween(subject.enteredOn, today) })
    return { label, tone: 'date is-act', mark: mark('silent', '', words.t('subjects.no_record')), note }
  }
  const note = words.t('subjects.days_elapsed', { days: daysBetween(subject.lastEventOn, today) })
  return { label, tone: 'date is-wait', mark: mark('half', '', words.t('subjects.waiting')), note }
}

/** A scheduled step that has not happened: when it is due, or by how much it is over. */
function dueCell(label: string, { window, standing }: TimelineStep, today: number, words: Words): StepCell {
  if (window === null || standing === null) throw new Error('only a step with a window can be due')
  const due = words.t('window.due_short', { due: fromDayNumber(window.dueDay) })
  const text = words.of('standing', standing, { days: daysOutside(window, today) })
  if (standing === 'overdue') return { label, tone: 'date is-act', mark: mark('over', '', text), note: due }
  if (standing === 'missed') return { label, tone: 'date', mark: mark('cross', '', text), note: null }
  const around = words.t('window.around', {
    before: window.dueDay - window.fromDay,
    after: window.untilDay - window.dueDay,
  })
  return { label, tone: 'date is-next', mark: mark('open', '', fromDayNumber(window.dueDay)), note: around }
}
