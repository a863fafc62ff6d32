/** A coordinator records that a subject reached a milestone other than a registration: a judgement, a treatment, a visit. */
import type { Actor, Context } from '../context.ts'
import { insertNextEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { transact } from '../db/write.ts'
import { type MilestoneKind, milestoneOf } from '../domain/milestone.ts'
import { type MilestoneDraft, milestoneProblems } from '../domain/next-event.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'

/** Registrations, consents and allocations have verbs of their own, because they decide more than a day. */
const elsewhere: readonly MilestoneKind[] = ['registration_stage', 'screening', 'allocation']

export function recordMilestone(
  context: Context,
  actor: Actor,
  draft: MilestoneDraft,
): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'log_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }
    const problems = milestoneProblems(here, draft, context.today(here.trial.timeZone))
    if (problems.length > 0) return { problems }
    const kind = milestoneOf(here.pathway, draft.code)?.kind
    if (kind !== undefined && elsewhere.includes(kind)) throw new Error(`${draft.code} has a verb of its own`)

    await insertNextEvent(write, context, here, {
      what: { kind: 'milestone', code: draft.code },
      occurredOn: draft.occurredOn,
      note: draft.note,
      basis: draft.basis,
      auditAs: 'milestone_recorded',
    })
    return { value: { subjectId: here.subject.id } }
  })
}
