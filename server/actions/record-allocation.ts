/** The unblinded statistician writes down which arm a registered subject was given. Others learn that it was done. */
import type { Actor, Context } from '../context.ts'
import { insertAllocation } from '../db/allocations.ts'
import { countPlaces } from '../db/places.ts'
import { listCaps } from '../db/settings.ts'
import { insertNextEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { findProfile } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { type AllocationDraft, allocationProblems } from '../domain/allocation.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'

export function recordAllocation(
  context: Context,
  actor: Actor,
  draft: AllocationDraft,
): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'record_allocation', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }

    const { trial, pathway, subject } = here
    const { armCode, stratum } = draft
    const { arms } = await findProfile(write, trial.id)
    const today = context.today(trial.timeZone)
    const where = { siteId: subject.siteId, armCode }
    const counted = await countPlaces(write, { trialId: trial.id, pathway }, where, today)
    const caps = await listCaps(write, trial.id)
    const problems = allocationProblems(here, draft, arms, { caps, counted }, today)
    const milestone = pathway.milestones.find(({ kind }) => kind === 'allocation')
    if (problems.length > 0 || milestone === undefined) return { problems }

    const event = await insertNextEvent(write, context, here, {
      what: { kind: 'milestone', code: milestone.code },
      occurredOn: draft.occurredOn,
      note: draft.note,
      basis: draft.basis,
      auditAs: 'allocation_recorded',
    })
    await insertAllocation(write, context, trial.id, event.id, { subjectId: subject.id, armCode, stratum })
    return { value: { subjectId: subject.id } }
  })
}
