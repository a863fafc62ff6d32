/** One subject: what happened in order, what was written down of it, and what may come next. */

import { type CalendarDate, dayNumber, daysBetween, fromDayNumber } from '../domain/calendar-date.ts'
import type { WithdrawnEvent } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import { nextMilestones, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { exitsFrom } from '../domain/subject-state.ts'
import { timelineOf } from '../domain/timeline.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { eventMark } from './event-words.ts'
import { stateMark } from './log-row.ts'
import type { Mark, Page } from './page.ts'
import { versionLabel } from './screening-form.ts'
import { dueInWords, judgedDay, standingMark } from './window-words.ts'

export type SubjectInput = {
  trial: Trial
  today: CalendarDate
  pathway: Pathway
  site: Site
  subject: Subject
  events: readonly SubjectEvent[]
  consentVersion: ConsentVersion | null
  referralSource: string | null
  withdrawn: readonly WithdrawnEvent[]
  mayLog: boolean
  /** What was just done, to be said once. */
  done: 'screening' | 'event' | null
}

export type SubjectPage = Page & {
  number: string
  notice: string | null
  back: string
  state: Mark
  facts: { label: string; value: string }[]
  events: {
    date: string
    day: string
    mark: Mark
    note: string | null
    recorded: string
    assumed: boolean
    earlier: { date: string; because: string }[]
    correct: string | null
  }[]
  windows: { step: string; due: string; done: string; standing: Mark }[]
  next: { label: string; href: string; isFirst: boolean }[]
  exit: { label: string; href: string } | null
}

export function subjectPage(input: SubjectInput, words: Words): SubjectPage {
  const { trial, pathway, site, subject, events } = input
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const first = events[0]?.occurredOn ?? subject.enteredOn
  const next = input.mayLog ? nextMilestones(pathway, subject.state, events) : []
  const ordered = [...next].sort((a, b) => Number(a.kind === 'procedure') - Number(b.kind === 'procedure'))
  return {
    template: 'subjects/show',
    title: subject.number,
    place: 'subjects',
    number: subject.number,
    notice: input.done === null ? null : words.of('subject_done', input.done, { number: subject.number }),
    back: `/trials/${trial.code}/subjects`,
    state: stateMark(subject.state, words),
    facts: [
      { label: words.t('subjects.site'), value: `${site.code} ${words.pick(site.name)}` },
      {
        label: words.t('screening.consent_version'),
        value: input.consentVersion === null ? '—' : versionLabel(input.consentVersion, words),
      },
      { label: words.t('screening.referral_source'), value: input.referralSource ?? '—' },
      {
        label: words.t('subject.registration_number'),
        value:
          subject.registrationNumber === null ? words.t('subject.not_registered') : String(subject.registrationNumber),
      },
    ],
    events: events.map((event) => ({
      date: event.occurredOn,
      day: words.t('subject.day', { day: daysBetween(first, event.occurredOn) }),
      mark: eventMark(event, pathway, words),
      note: event.note,
      recorded: words.t('subject.recorded_at', { at: words.instant(event.recordedAt, trial.timeZone) }),
      assumed: event.basis === 'assumed',
      earlier: earlierVersions(input, event, words),
      correct: input.mayLog ? `${here}/events/${event.id}/corrections/new` : null,
    })),
    windows: windowsOf(input, words),
    next: ordered.map((milestone, index) => ({
      label: words.t('subjects.record_step', { step: words.pick(milestone.label) }),
      href: `${here}/events/new?what=${milestone.code}`,
      isFirst: index === 0,
    })),
    exit:
      input.mayLog && exitsFrom(subject.state).length > 0
        ? { label: words.t('subject.record_exit'), href: `${here}/events/new?what=exit` }
        : null,
  }
}

/** The scheduled steps whose anchor has been reached; without any, the page has no such table. */
function windowsOf({ pathway, events, today }: SubjectInput, words: Words): SubjectPage['windows'] {
  return timelineOf(pathway, events, today).flatMap((step) => {
    const { milestone, day, window, standing } = step
    if (window === null || standing === null) return []
    return {
      step: words.pick(milestone.label),
      due: dueInWords(window, words),
      done: day === null ? '—' : fromDayNumber(day),
      standing: standingMark(standing, window, judgedDay(step, dayNumber(today)), words),
    }
  })
}

/** What an event's date was before its corrections, the latest first, each with the reason. */
function earlierVersions({ withdrawn, trial }: SubjectInput, event: SubjectEvent, words: Words) {
  return withdrawn
    .filter(({ originId }) => originId === event.originId)
    .map(({ occurredOn, because, inWords, withdrawnAt }) => {
      const values = {
        reason: words.of('correction_reason', because),
        note: inWords ?? '',
        at: words.instant(withdrawnAt, trial.timeZone),
      }
      const key = inWords === null ? 'correction.because' : 'correction.because_note'
      return { date: occurredOn, because: words.t(key, values) }
    })
}
