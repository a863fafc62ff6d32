/**
 * Taking back: an exit or a step that never was is withdrawn with a reason, and the subject is where it was before.
 * A whole entry that was a mistake is voided: by somebody else than who made it, and it counts nowhere.
 */
import type { CorrectionReason } from './correction.ts'
import { milestoneOf } from './milestone.ts'
import { meanwhileProblems, type SubjectInTrial } from './next-event.ts'
import type { Problem } from './parsed.ts'
import type { Subject, SubjectEvent } from './subject.ts'
import { isEnded } from './subject-state.ts'

export type TakingBackDraft = {
  trialId: string
  subjectId: string
  eventId: string
  reason: CorrectionReason
  note: string | null
  seenEventId: string | null
}

export type VoidDraft = {
  trialId: string
  subjectId: string
  reason: CorrectionReason
  note: string | null
  seenEventId: string | null
}

/**
 * The event that may be taken back, so that a subject goes on from where it was: the last one recorded, where it is an
 * exit or a step that gave no number. Null where there is none: what opened the log and registrations stay.
 */
export function takenBackNext({ pathway, subject, events }: SubjectInTrial): SubjectEvent | null {
  if (subject.state === 'void') return null
  const inOrder = [...events].sort((a, b) => (a.originId < b.originId ? -1 : 1))
  const last = inOrder.at(-1)
  if (last === undefined || inOrder.length === 1 || last.what.kind === 'prescreening') return null
  if (last.what.kind === 'exit') return last
  const kind = milestoneOf(pathway, last.what.code)?.kind
  const stays = kind === 'registration_stage' || kind === 'screening' || kind === 'allocation'
  return stays ? null : last
}

/** Where else the same person may be under way: in the attempt that follows this one, or at another site. */
export type UnderWay = { after: Subject | null; isElsewhere: boolean }

/** Why something may not be taken back: an empty list when it may. */
export function takingBackProblems(here: SubjectInTrial, draft: TakingBackDraft, underWay: UnderWay): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  const problems: Problem[] = []
  if (takenBackNext(here)?.id !== draft.eventId) problems.push({ field: '', code: 'not_taken_back' })
  // One person is under way once: with two attempts open, the same person could be registered twice.
  const { after, isElsewhere } = underWay
  if (isLiveAttempt(after)) problems.push({ field: '', code: 'attempt_follows', values: { number: after.number } })
  if (isElsewhere && isEnded(here.subject.state)) problems.push({ field: '', code: 'under_way_elsewhere' })
  if (draft.note === null) problems.push({ field: 'note', code: 'note_missing' })
  return problems
}

/** Whether the same person has a later attempt that counts. */
export function isLiveAttempt(after: Subject | null): after is Subject {
  return after !== null && after.state !== 'void'
}

/**
 * The people who recorded what a void would take back: the entry itself, and every registration. Whoever wrote down the
 * first version did; another's correction of the day does not make it theirs.
 */
export function recordersOf({ pathway, events }: SubjectInTrial, withdrawn: readonly SubjectEvent[]): string[] {
  return [...events, ...withdrawn]
    .filter(({ id, originId, what }) => {
      if (id !== originId) return false
      const kind = what.kind === 'milestone' ? milestoneOf(pathway, what.code)?.kind : undefined
      return what.kind === 'prescreening' || kind === 'screening' || kind === 'registration_stage'
    })
    .map(({ recordedBy }) => recordedBy)
}

/** Why an entry may not be voided: it is already, the person recorded it, or no reason stands beside it. */
export function voidProblems(
  here: SubjectInTrial,
  withdrawn: readonly SubjectEvent[],
  draft: VoidDraft,
  personId: string,
): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  if (here.subject.state === 'void') return [{ field: '', code: 'already_void' }]
  const problems: Problem[] = []
  if (recordersOf(here, withdrawn).includes(personId)) problems.push({ field: '', code: 'void_by_recorder' })
  if (draft.note === null) problems.push({ field: 'note', code: 'note_missing' })
  return problems
}
