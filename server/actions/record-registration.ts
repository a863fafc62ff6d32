/** A coordinator registers a subject: provisionally, or for good. Places and numbers are decided in the trial's turn. */
import type { Actor, Context } from '../context.ts'
import { countByTrial } from '../db/daily-counts.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { insertNextEvent, lastRegistrationNumber } from '../db/subjects.ts'
import { listTerms } from '../db/trial-terms.ts'
import { transact } from '../db/write.ts'
import { milestoneOf } from '../domain/milestone.ts'
import { type MilestoneDraft, registrationProblems } from '../domain/next-event.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'

/** Gives the registration number (null for a provisional one), or why the subject was not registered. */
export function recordRegistration(
  context: Context,
  actor: Actor,
  draft: MilestoneDraft,
): Promise<Parsed<{ subjectId: string; registrationNumber: number | null }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'log_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }

    const { trial, pathway, subject } = here
    const milestone = milestoneOf(pathway, draft.code)
    if (milestone !== null && milestone.kind !== 'registration_stage') {
      throw new Error(`${draft.code} is no registration: recordMilestone records it`)
    }
    const today = context.today(trial.timeZone)
    const counted = await countByTrial(write, [{ trialId: trial.id, step: pathway.counting.code }], today)
    const places = { registered: counted.get(trial.id) ?? 0 }
    const problems = registrationProblems(here, draft, await listTerms(write, trial.id), places, today)
    if (problems.length > 0) return { problems }

    const isFinal = draft.code === pathway.registration.code
    const registrationNumber = isFinal ? (await lastRegistrationNumber(write, trial.id)) + 1 : null
    await insertNextEvent(write, context, here, {
      what: { kind: 'milestone', code: draft.code },
      occurredOn: draft.occurredOn,
      note: draft.note,
      basis: draft.basis,
      registrationNumber,
      auditAs: isFinal ? 'registration_recorded' : 'provisional_registration_recorded',
    })
    return { value: { subjectId: subject.id, registrationNumber } }
  })
}
