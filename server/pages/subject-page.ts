/** One subject: what happened in order, what was written down of it, and what may come next. */

import type { Allocation } from '../domain/allocation.ts'
import { type CalendarDate, dayNumber, daysBetween, fromDayNumber } from '../domain/calendar-date.ts'
import type { WithdrawnEvent } from '../domain/correction.ts'
import type { ExitReason } from '../domain/exit-reason.ts'
import type { Pathway } from '../domain/milestone.ts'
import { type ConsentVersion, mayBeScreenedAgain } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import { nextAtSite, nextMilestones, reachedOn, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { exitsFrom } from '../domain/subject-state.ts'
import { isLiveAttempt, takenBackNext } from '../domain/taking-back.ts'
import { timelineOf } from '../domain/timeline.ts'
import type { Arm, Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { eventMark, eventWords } from './event-words.ts'
import { freeText, freeTextOrNull } from './free-text.ts'
import { stateMark } from './log-row.ts'
import { originWords } from './origin-words.ts'
import type { Mark, Page } from './page.ts'
import { versionLabel } from './screening-form.ts'
import { dueInWords, judgedDay, standingMark } from './window-words.ts'

/** What was just done, as the address says it. */
export const doneKinds = ['screening', 'candidate', 'event', 'correction', 'taking_back', 'void'] as const
export type DoneKind = (typeof doneKinds)[number]

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
  reasons: readonly ExitReason[]
  /** The attempts of the same person before and after this one. */
  attempts: { before: Subject | null; after: Subject | null }
  /** The arm, for those who may see it; null for everybody else. */
  arm: { allocation: Allocation; arms: readonly Arm[] } | null
  /** Whether a registration since the last event could lie outside the registration period. */
  isOutsidePeriod: boolean
  may: { log: boolean; void: boolean; override: boolean; allocate: boolean; audit: boolean }
  /** What was just done, to be said once. */
  done: DoneKind | null
}

export type SubjectPage = Page & {
  number: string
  notice: string | null
  back: string
  state: Mark
  facts: { label: string; value: string; href: string | null }[]
  events: {
    date: string
    day: string
    mark: Mark
    /** Reasons, what was measured, what was taken back: one line each. */
    details: string[]
    note: string | null
    recorded: string
    assumed: boolean
    earlier: { date: string; because: string }[]
    correct: string | null
  }[]
  windows: { step: string; due: string; done: string; standing: Mark }[]
  next: { label: string; href: string; isFirst: boolean }[]
  exit: { label: string; href: string } | null
  /** What was recorded and taken back again, with when and why. */
  takenBack: { date: string; what: string; because: string }[]
  /** What mends, or is somebody else's to do: links at the end. */
  also: { label: string; href: string }[]
}

export function subjectPage(input: SubjectInput, words: Words): SubjectPage {
  const { trial, pathway, subject, events } = input
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const first = events[0]?.occurredOn ?? subject.enteredOn
  const next = input.may.log ? nextAtSite(pathway, subject.state, events) : []
  const ordered = [...next].sort((a, b) => Number(a.kind === 'procedure') - Number(b.kind === 'procedure'))
  return {
    template: 'subjects/show',
    title: subject.number,
    place: 'subjects',
    number: subject.number,
    notice: input.done === null ? null : words.of('subject_done', input.done, { number: subject.number }),
    back: `/trials/${trial.code}/subjects`,
    state: stateMark(subject.state, pathway, words),
    facts: factsOf(input, words),
    events: events.map((event) => ({
      date: event.occurredOn,
      day: words.t('subject.day', { day: daysBetween(first, event.occurredOn) }),
      mark: eventMark(event, pathway, words),
      details: detailsOf(event, input, words),
      note: freeTextOrNull(event.note, words),
      recorded: words.t('subject.recorded_at', { at: words.instant(event.recordedAt, trial.timeZone) }),
      assumed: event.basis === 'assumed',
      earlier: earlierVersions(input, event, words),
      correct:
        input.may.log && subject.state !== 'void' && isMendable(event)
          ? `${here}/events/${event.id}/corrections/new`
          : null,
    })),
    windows: windowsOf(input, words),
    next: ordered.map((milestone, index) => ({
      label: words.t('subjects.record_step', { step: words.pick(milestone.label) }),
      href: `${here}/events/new?what=${milestone.code}`,
      isFirst: index === 0,
    })),
    exit:
      input.may.log && exitsFrom(subject.state).length > 0
        ? { label: words.t('subject.record_exit'), href: `${here}/events/new?what=exit` }
        : null,
    takenBack: takenBackOf(input, words),
    also: alsoOf(input, here, words),
  }
}

function factsOf(input: SubjectInput, words: Words): SubjectPage['facts'] {
  const { trial, site, subject, attempts, arm, pathway, events } = input
  const plain = (label: string, value: string) => ({ label, value, href: null })
  const linked = (label: string, other: Subject | null) =>
    other === null ? [] : [{ label, value: other.number, href: `/trials/${trial.code}/subjects/${other.id}` }]
  const { registrationNumber } = subject
  const isVoid = subject.state === 'void'
  return [
    plain(words.t('subjects.site'), `${site.code} ${words.pick(site.name)}`),
    ...(subject.attempt > 1
      ? [plain(words.t('subject.attempt'), words.t('subject.attempt_of', { n: subject.attempt }))]
      : []),
    ...linked(words.t('subject.attempt_before'), attempts.before),
    ...linked(words.t('subject.attempt_after'), attempts.after),
    plain(
      words.t('screening.consent_version'),
      input.consentVersion === null ? '—' : versionLabel(input.consentVersion, words),
    ),
    plain(words.t('screening.referral_source'), freeTextOrNull(input.referralSource, words) ?? '—'),
    plain(
      words.t('subject.registration_number'),
      registrationNumber === null
        ? words.t('subject.not_registered')
        : words.t(isVoid ? 'subject.number_void' : 'subject.number_plain', { number: String(registrationNumber) }),
    ),
    ...allocationFact(pathway, events, arm, words),
  ]
}

/** That it was done is said to everybody; the arm only to those who may see it. */
function allocationFact(
  pathway: Pathway,
  events: readonly SubjectEvent[],
  arm: SubjectInput['arm'],
  words: Words,
): SubjectPage['facts'] {
  const milestone = pathway.milestones.find(({ kind }) => kind === 'allocation')
  const on = milestone === undefined ? null : reachedOn(events, milestone.code)
  if (on === null) return []
  const label = words.t('allocation.fact')
  if (arm === null) return [{ label, value: words.t('allocation.done'), href: null }]
  const { allocation, arms } = arm
  const known = arms.find(({ code }) => code === allocation.armCode)
  const stratum = allocation.stratum === null ? '' : `　${allocation.stratum}`
  const value = `${allocation.armCode}　${known === undefined ? '' : words.pick(known.label)}${stratum}`
  return [{ label, value, href: null }]
}

function detailsOf(event: SubjectEvent, { reasons, subject }: SubjectInput, words: Words): string[] {
  const { what } = event
  const exit = what.kind === 'exit' ? what.exit : null
  const labels = event.reasons.map((code) => {
    if (exit === 'void') return words.of('correction_reason', code)
    const known = reasons.find((reason) => reason.exit === exit && reason.code === code)
    return known === undefined ? code : words.pick(known.label)
  })
  const isScoped = event.scope.length > 0 && (exit !== 'withdrawn' || subject.registrationNumber !== null)
  const scope = event.scope.map((one) => words.of('withdrawal_scope', one)).join(words.t('format.and'))
  return [
    ...labels,
    ...(event.measuredValue === null
      ? []
      : [words.t('event.measured', { value: freeText(event.measuredValue, words) })]),
    ...(isScoped ? [words.t('event.withdrawn_scope', { scope })] : []),
    ...(event.overrideReason === null
      ? []
      : [words.t('override.said', { reason: freeText(event.overrideReason, words) })]),
  ]
}

/** A void and an allocation have no day that a coordinator could mend. */
function isMendable({ what }: SubjectEvent): boolean {
  return what.kind !== 'exit' || what.exit !== 'void'
}

function takenBackOf(input: SubjectInput, words: Words): SubjectPage['takenBack'] {
  const { withdrawn, events, pathway, trial } = input
  const believed = new Set(events.map(({ originId }) => originId))
  const seen = new Set<string>()
  return withdrawn
    .filter(({ originId }) => {
      const isFirst = !seen.has(originId)
      seen.add(originId)
      return isFirst && !believed.has(originId)
    })
    .map((event) => ({
      date: event.occurredOn,
      what: [eventWords(event, pathway, words), ...detailsOf(event, input, words), freeTextOrNull(event.note, words)]
        .filter(Boolean)
        .join('　'),
      because: becauseOf(event, trial, words),
    }))
}

function alsoOf(input: SubjectInput, here: string, words: Words): SubjectPage['also'] {
  const { trial, pathway, subject, events, attempts, may } = input
  const links: SubjectPage['also'] = []
  const back = takenBackNext(input)
  const next = nextMilestones(pathway, subject.state, events)
  if (may.log && mayBeScreenedAgain(subject.state) && attempts.after === null) {
    links.push({
      label: words.t('subject.screen_again'),
      href: `/trials/${trial.code}/subjects/new?follows=${subject.id}`,
    })
  }
  if (may.allocate && next.some(({ kind }) => kind === 'allocation')) {
    links.push({ label: words.t('allocation.title'), href: `${here}/allocation/new` })
  }
  if (may.override && input.isOutsidePeriod && next.some(({ kind }) => kind === 'registration_stage')) {
    links.push({ label: words.t('override.title'), href: `${here}/override/new` })
  }
  if (may.log && back !== null && !isLiveAttempt(attempts.after)) {
    const what = eventWords(back, pathway, words)
    const key = back.what.kind === 'exit' ? 'taking_back.link_reopen' : 'taking_back.link'
    links.push({ label: words.t(key, { what }), href: `${here}/events/${back.id}/taking-back/new` })
  }
  if (may.void && subject.state !== 'void')
    links.push({ label: words.t('taking_back.void_title'), href: `${here}/void/new` })
  if (may.audit) {
    const query = new URLSearchParams({ record: subject.number })
    links.push({ label: words.t('audit.of_subject'), href: `/trials/${trial.code}/audit?${query}` })
  }
  return links
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
function earlierVersions(input: SubjectInput, event: SubjectEvent, words: Words) {
  const { withdrawn, trial } = input
  return withdrawn
    .filter(({ originId }) => originId === event.originId)
    .map((old) => ({ date: struckOf(old, event, input, words), because: becauseOf(old, trial, words) }))
}

/** What is struck through of an earlier version: its day, and what it said where that was corrected too. */
function struckOf(old: SubjectEvent, now: SubjectEvent, input: SubjectInput, words: Words): string {
  const saidBy = (version: SubjectEvent) =>
    [...detailsOf(version, input, words), freeTextOrNull(version.note, words)].filter(Boolean)
  const [before, after] = [saidBy(old).join('　'), saidBy(now).join('　')]
  return before === after ? old.occurredOn : `${old.occurredOn}　${before}`
}

function becauseOf({ because, inWords, withdrawnAt }: WithdrawnEvent, trial: Trial, words: Words): string {
  const reason = words.of('correction_reason', because)
  const at = words.instant(withdrawnAt, trial.timeZone)
  return words.t(inWords === null ? 'correction.because' : 'correction.because_note', {
    reason,
    note: originWords(inWords ?? '', words),
    at,
  })
}
