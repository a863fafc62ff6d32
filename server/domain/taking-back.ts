/**
 * Taking back: an exit or a step that never was is withdrawn with a reason, and the subject is where it was before.
 * A whole entry that was a mistake is voided: by somebody else than who made it, and it counts nowhere.
 */
import type { CorrectionReason } from './correction.ts'
import { milestoneOf } from './milestone.ts'
import { meanwhileProblems, type SubjectInTrial } from './next-event.ts'
import type { Problem } from './parsed.ts'
import type { SubjectEvent } from './subject.ts'

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

export function takingBackProblems(here: SubjectInTrial, draft: TakingBackDraft): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  const problems: Problem[] = []
  if (takenBackNext(here)?.id !== draft.eventId) problems.push({ field: '', code: 'not_taken_back' })
  if (draft.note === null) problems.push({ field: 'note', code: 'note_missing' })
  return problems
}

/** The people who recorded what a void would take back: the entry itself, and every registration. */
export function recordersOf({ pathway, events }: SubjectInTrial): string[] {
  return events
    .filter(({ what }, index) => {
      const kind = what.kind === 'milestone' ? milestoneOf(pathway, what.code)?.kind : undefined
      return index === 0 || what.kind === 'prescreening' || kind === 'screening' || kind === 'registration_stage'
    })
    .map(({ recordedBy }) => recordedBy)
}

/** Why an entry may not be voided: it is already, the person recorded it, or no reason stands beside it. */
export function voidProblems(here: SubjectInTrial, draft: VoidDraft, personId: string): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  if (here.subject.state === 'void') return [{ field: '', code: 'already_void' }]
  const problems: Problem[] = []
  if (recordersOf(here).includes(personId)) problems.push({ field: '', code: 'void_by_recorder' })
  if (draft.note === null) problems.push({ field: 'note', code: 'note_missing' })
  return problems
}
