/**
 * Corrections: a wrong date is mended by a new version of the event, with a reason; the old one stays and is shown
 * struck through. Nothing is ever deleted.
 */
import type { CalendarDate } from './calendar-date.ts'
import { milestoneOf } from './milestone.ts'
import { meanwhileProblems, registrationDayProblems, type SubjectInTrial } from './next-event.ts'
import type { Problem } from './parsed.ts'
import { happeningProblems } from './screening.ts'
import { byDateThenRecording, type SubjectEvent } from './subject.ts'
import type { TrialTerms } from './trial-terms.ts'

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

export type CorrectionDraft = {
  trialId: string
  subjectId: string
  eventId: string
  occurredOn: CalendarDate
  reason: CorrectionReason
  /** In words; needed where the reason is `other`. */
  note: string | null
  seenEventId: string | null
}

/**
 * Why a date may not be corrected so: it is the same, in the future, would put the stages into another order than they
 * were recorded in, or would not have been allowed in the first place.
 */
export function correctionProblems(
  here: SubjectInTrial,
  draft: CorrectionDraft,
  versions: readonly TrialTerms[],
  today: CalendarDate,
): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  const event = here.events.find(({ id }) => id === draft.eventId)
  if (event === undefined) return [{ field: '', code: 'event_unknown' }]
  const problems: Problem[] = []
  if (draft.reason === 'other' && draft.note === null) problems.push({ field: 'note', code: 'note_missing' })
  if (draft.occurredOn === event.occurredOn) problems.push({ field: 'occurredOn', code: 'date_unchanged' })
  if (problems.length > 0) return problems
  return dateProblems(here, event, draft.occurredOn, versions, today)
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
  return kind === 'screening' ? happeningProblems('occurredOn', here.site, on, today) : []
}

/** The stages and exits in the order of their days: procedures may lie anywhere between them. */
function stageOrder({ pathway }: SubjectInTrial, events: readonly SubjectEvent[]): string[] {
  return [...events]
    .sort(byDateThenRecording)
    .filter(({ what }) => what.kind !== 'milestone' || milestoneOf(pathway, what.code)?.kind !== 'procedure')
    .map(({ id }) => id)
}
