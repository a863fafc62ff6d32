/**
 * Corrections: a wrong date is mended by a new version of the event, with a reason; the old one stays and is shown
 * struck through. Nothing is ever deleted.
 */
import type { CalendarDate } from './calendar-date.ts'
import { type ExitReason, exitDetailProblems } from './exit-reason.ts'
import { milestoneOf } from './milestone.ts'
import { isIndexDate, meanwhileProblems, registrationDayProblems, type SubjectInTrial } from './next-event.ts'
import type { Problem } from './parsed.ts'
import { happeningProblems } from './screening.ts'
import { byDateThenRecording, courseOf, isPossible, type Subject, type SubjectEvent } from './subject.ts'
import { isInRegistrationPeriod, type TrialTerms, termsInForce } from './trial-terms.ts'

/** Why a value was wrong, as a monitor would ask. */
export const correctionReasons = ['transcription', 'source_corrected', 'wrong_subject', 'other'] as const
export type CorrectionReason = (typeof correctionReasons)[number]

/** A version of an event that is no longer believed: shown struck through beside the value that replaced it. */
export type WithdrawnEvent = SubjectEvent & {
  subjectId: string
  withdrawnAt: string
  because: CorrectionReason
  inWords: string | null
}

/** The attempts of the same person before and after this one: they follow each other in their days, too. */
export type Attempts = { before: Subject | null; after: Subject | null }

export type CorrectionDraft = {
  trialId: string
  subjectId: string
  eventId: string
  occurredOn: CalendarDate
  reason: CorrectionReason
  /** In words; needed where the reason is `other`. */
  note: string | null
  seenEventId: string | null
  /** What an exit should have said; left out for everything else, and where it stays as it is. */
  details?: ExitDetails
}

/** What an exit says beside its day. */
export type ExitDetails = Pick<SubjectEvent, 'reasons' | 'measuredValue' | 'scope' | 'note'>

/**
 * Why an event may not be corrected so: nothing differs, the date lies in the future, would put the stages into another order than they
 * were recorded in, or would not have been allowed in the first place.
 */
export function correctionProblems(
  here: SubjectInTrial,
  draft: CorrectionDraft,
  versions: readonly TrialTerms[],
  configured: readonly ExitReason[],
  today: CalendarDate,
  attempts: Attempts,
): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  const event = here.events.find(({ id }) => id === draft.eventId)
  if (event === undefined) return [{ field: '', code: 'event_unknown' }]
  if (here.subject.state === 'void') return [{ field: '', code: 'void_stays' }]
  const problems: Problem[] = []
  if (draft.reason === 'other' && draft.note === null) problems.push({ field: 'note', code: 'note_missing' })
  const isSameDay = draft.occurredOn === event.occurredOn
  if (isSameDay && saysTheSame(event, draft.details)) problems.push({ field: 'occurredOn', code: 'date_unchanged' })
  if (problems.length > 0) return problems
  if (!isSameDay) problems.push(...dateProblems(here, event, draft.occurredOn, versions, today))
  if (!isSameDay) problems.push(...attemptOrderProblems(here, event, draft.occurredOn, attempts))
  return [...problems, ...detailProblems(here, event, draft.details, configured)]
}

/** Whether a registration that was let in from outside its period turns out to lie in it: then nobody let it in. */
export function needsNoOverride(
  { events }: SubjectInTrial,
  { eventId, occurredOn }: Pick<CorrectionDraft, 'eventId' | 'occurredOn'>,
  versions: readonly TrialTerms[],
): boolean {
  const event = events.find(({ id }) => id === eventId)
  const terms = termsInForce(versions, occurredOn)
  return (event?.overrideReason ?? null) !== null && terms !== null && isInRegistrationPeriod(terms, occurredOn)
}

function saysTheSame(event: SubjectEvent, details: ExitDetails | undefined): boolean {
  if (details === undefined) return true
  const asText = ({ reasons, measuredValue, scope, note }: ExitDetails) =>
    JSON.stringify([[...reasons].sort(), measuredValue, [...scope].sort(), note])
  return asText(event) === asText(details)
}

/** An exit has to say as much as it would have had to at first, and what came after it must still be possible. */
function detailProblems(
  { pathway, events }: SubjectInTrial,
  event: SubjectEvent,
  details: ExitDetails | undefined,
  configured: readonly ExitReason[],
): Problem[] {
  const { what } = event
  if (details === undefined || what.kind !== 'exit') return []
  const from = courseOf(
    pathway,
    events.filter(({ originId }) => originId < event.originId),
  ).state
  const problems = exitDetailProblems(from, { exit: what.exit, ...details }, configured)
  const after = events.map((other) => (other.id === event.id ? { ...other, ...details } : other))
  if (!isPossible(pathway, after)) problems.push({ field: 'scope', code: 'later_events_depend' })
  return problems.map((problem) => (problem.field === 'note' ? { ...problem, field: 'said' } : problem))
}

function dateProblems(
  here: SubjectInTrial,
  event: SubjectEvent,
  on: CalendarDate,
  versions: readonly TrialTerms[],
  today: CalendarDate,
): Problem[] {
  if (on > today) return [{ field: 'occurredOn', code: 'date_in_future', values: { today } }]
  const before = stageOrder(here, here.events)
  const after = stageOrder(
    here,
    here.events.map((other) => (other.id === event.id ? { ...other, occurredOn: on } : other)),
  )
  if (before.join() !== after.join()) return [{ field: 'occurredOn', code: 'order_changed' }]
  const { what } = event
  const kind = what.kind === 'milestone' ? milestoneOf(here.pathway, what.code)?.kind : undefined
  if (kind === 'registration_stage') return registrationDayProblems(here.site, on, versions, today)
  if (kind === 'screening' || what.kind === 'prescreening') return happeningProblems('occurredOn', here.site, on, today)
  const isTooEarly =
    what.kind === 'milestone' &&
    kind === 'procedure' &&
    on < here.subject.enteredOn &&
    !isIndexDate(here.pathway, what.code)
  const values = { previous: here.subject.enteredOn }
  return isTooEarly ? [{ field: 'occurredOn', code: 'before_previous_step', values }] : []
}

/** An attempt begins after the one before it ended, and ends before the one after it begins. */
function attemptOrderProblems(
  { events }: SubjectInTrial,
  event: SubjectEvent,
  on: CalendarDate,
  { before, after }: Attempts,
): Problem[] {
  const isOpening = events.every(({ originId }) => originId >= event.originId)
  if (isOpening && before !== null && on < before.lastEventOn) {
    return [{ field: 'occurredOn', code: 'before_previous_step', values: { previous: before.lastEventOn } }]
  }
  if (after === null || after.state === 'void' || on <= after.enteredOn) return []
  return [{ field: 'occurredOn', code: 'after_next_attempt', values: { number: after.number, next: after.enteredOn } }]
}

/** The stages and exits in the order of their days: procedures may lie anywhere between them. */
function stageOrder({ pathway }: SubjectInTrial, events: readonly SubjectEvent[]): string[] {
  return [...events]
    .sort(byDateThenRecording)
    .filter(({ what }) => what.kind !== 'milestone' || milestoneOf(pathway, what.code)?.kind !== 'procedure')
    .map(({ id }) => id)
}
