/** What happens to a subject is written here: the event, the copy of its state in the subject's row, the daily counts. */

import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { CorrectionReason } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import {
  courseOf,
  type EventDetails,
  noDetails,
  reachedOn,
  type Subject,
  type SubjectEvent,
} from '../domain/subject.ts'
import { subjectNumberKey } from '../domain/subject-number.ts'
import { tallyDifference } from '../domain/tally-difference.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'
import type { SubjectRow } from './database.ts'
import type { Write } from './write.ts'

export type NewSubject = {
  id: string
  trialId: string
  siteId: string
  number: string
  siteSequence: number
  /** A candidate before consent, or a person who gave it. */
  opening: 'prescreening' | 'consent'
  enteredOn: CalendarDate
  consentVersionId: string | null
  referralSource: string | null
  candidateHash: string | null
  attempt: number
  earlierAttemptId: string | null
  note: string | null
  basis: Basis
}

/** Opens a subject with its first event: the screening, or the pre-screening. */
export async function insertSubject(
  write: Write,
  context: Context,
  pathway: Pathway,
  subject: NewSubject,
): Promise<void> {
  const id = context.newId()
  const isConsent = subject.opening === 'consent'
  const opening: SubjectEvent = {
    id,
    originId: id,
    what: isConsent ? { kind: 'milestone', code: pathway.screening.code } : { kind: 'prescreening' },
    occurredOn: subject.enteredOn,
    recordedAt: context.now(),
    recordedBy: write.personId,
    note: subject.note,
    basis: subject.basis,
    ...noDetails,
  }
  const course = courseOf(pathway, [opening])
  const said = { auditAs: isConsent ? 'screening_recorded' : 'prescreening_recorded' }
  await write.insert(
    'subject',
    {
      id: subject.id,
      trial_id: subject.trialId,
      site_id: subject.siteId,
      number: subject.number,
      number_key: subjectNumberKey(subject.number),
      site_sequence: subject.siteSequence,
      registration_number: null,
      entered_on: subject.enteredOn,
      consented_on: isConsent ? subject.enteredOn : null,
      consent_version_id: subject.consentVersionId,
      referral_source: subject.referralSource,
      candidate_hash: subject.candidateHash,
      attempt: subject.attempt,
      earlier_attempt_id: subject.earlierAttemptId,
      basis: subject.basis,
      state: course.state,
      last_event_on: course.lastEventOn,
    },
    said.auditAs,
  )
  await insertEvent(write, subject.trialId, subject.id, opening, said.auditAs)
  await write.tally(subject.siteId, course.tallies)
  await write.tallyOfTrial(wholeTallies(pathway, [opening]))
}

/** What is about to be written down of a subject; details that are left out say nothing. */
export type NextEvent = Pick<SubjectEvent, 'what' | 'occurredOn' | 'note' | 'basis'> &
  Partial<EventDetails> & {
    /** The number that a final registration gives, the consent that opens a candidate's screening. */
    also?: Partial<Pick<SubjectRow, 'registration_number' | 'consent_version_id'>>
    /** The name of the change in the audit trail. */
    auditAs: string
  }

type SubjectHere = {
  trial: { id: string }
  pathway: Pathway
  subject: Pick<Subject, 'id' | 'siteId'>
  events: readonly SubjectEvent[]
}

/** Adds an event to a subject, and brings the copy of its state and the daily counts up to it; gives the event. */
export async function insertNextEvent(
  write: Write,
  context: Context,
  here: SubjectHere,
  { also = {}, auditAs, ...next }: NextEvent,
): Promise<SubjectEvent> {
  const id = context.newId()
  const recorded = { recordedAt: context.now(), recordedBy: write.personId }
  const event: SubjectEvent = { ...noDetails, ...next, id, originId: id, ...recorded }
  await insertEvent(write, here.trial.id, here.subject.id, event, auditAs)
  await follow(write, here, [...here.events, event], { auditAs, reason: null }, also)
  return event
}

export type Because = { because: CorrectionReason; inWords: string | null }

/** Puts a new version of an event in the place of an old one, and brings everything derived up to it. */
export async function replaceEvent(
  write: Write,
  context: Context,
  here: SubjectHere,
  eventId: string,
  changes: Partial<Pick<SubjectEvent, 'occurredOn' | 'note'> & EventDetails>,
  why: Because,
): Promise<void> {
  const old = eventIn(here, eventId)
  const recorded = { recordedAt: context.now(), recordedBy: write.personId }
  const event: SubjectEvent = { ...old, ...changes, id: context.newId(), ...recorded }
  const said = { auditAs: 'event_corrected', reason: reasonOf(why) }
  await withdraw(write, eventId, event.recordedAt, said, why)
  await insertEvent(write, here.trial.id, here.subject.id, event, said.auditAs, old.originId)
  const events = here.events.map((other) => (other.id === eventId ? event : other))
  await follow(write, here, events, said)
}

/** Takes an event back without another in its place: the subject is where it was before. */
export async function takeBackEvent(
  write: Write,
  context: Context,
  here: SubjectHere,
  eventId: string,
  why: Because,
): Promise<void> {
  eventIn(here, eventId)
  const said = { auditAs: 'event_taken_back', reason: reasonOf(why) }
  await withdraw(write, eventId, context.now(), said, why)
  const events = here.events.filter(({ id }) => id !== eventId)
  await follow(write, here, events, said)
}

function eventIn({ events, subject }: SubjectHere, eventId: string): SubjectEvent {
  const event = events.find(({ id }) => id === eventId)
  if (event === undefined) throw new Error(`no event ${eventId} of subject ${subject.id}`)
  return event
}

function reasonOf({ because, inWords }: Because): string {
  return inWords === null ? because : `${because}: ${inWords}`
}

/** The change's name in the audit trail, and why it was made. */
type Said = { auditAs: string; reason: string | null }

function withdraw(write: Write, eventId: string, at: string, said: Said, why: Because): Promise<void> {
  const withdrawn = { withdrawn_at: at, withdrawn_because: why.because, withdrawn_note: why.inWords }
  return write.revise('subject_event', eventId, withdrawn, said.auditAs, said.reason)
}

/** Brings the copy in the subject's row and the daily counts up to its events. */
async function follow(
  write: Write,
  { pathway, subject, events: earlier }: SubjectHere,
  events: readonly SubjectEvent[],
  { auditAs, reason }: Said,
  also: Partial<SubjectRow> = {},
): Promise<void> {
  const before = courseOf(pathway, earlier)
  const after = courseOf(pathway, events)
  const changes = {
    state: after.state,
    last_event_on: after.lastEventOn,
    entered_on: after.enteredOn,
    consented_on: reachedOn(events, pathway.screening.code),
    ...also,
  }
  await write.revise('subject', subject.id, changes, auditAs, reason)
  await write.tally(subject.siteId, tallyDifference(before.tallies, after.tallies))
  await write.tallyOfTrial(tallyDifference(wholeTallies(pathway, earlier), wholeTallies(pathway, events)))
}

async function insertEvent(
  write: Write,
  trialId: string,
  subjectId: string,
  event: SubjectEvent,
  auditEvent: string,
  correctsId: string | null = null,
): Promise<void> {
  await write.insert(
    'subject_event',
    {
      id: event.id,
      trial_id: trialId,
      subject_id: subjectId,
      kind: event.what.kind,
      step: stepOf(event),
      occurred_on: event.occurredOn,
      recorded_at: event.recordedAt,
      recorded_by: event.recordedBy,
      reasons: listOf(event.reasons),
      measured_value: event.measuredValue,
      scope: listOf(event.scope),
      override_reason: event.overrideReason,
      note: event.note,
      basis: event.basis,
      corrects_id: correctsId,
      withdrawn_at: null,
      withdrawn_because: null,
      withdrawn_note: null,
    },
    auditEvent,
  )
}

function stepOf({ what }: SubjectEvent): string {
  if (what.kind === 'prescreening') return 'prescreened'
  return what.kind === 'exit' ? what.exit : what.code
}

function listOf(codes: readonly string[]): string | null {
  return codes.length === 0 ? null : codes.join(',')
}
