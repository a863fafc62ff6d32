/** A coordinator records how a subject left: a screen failure, a withdrawal, an end of follow-up, or an outcome nobody knows. */
import type { Actor, Context } from '../context.ts'
import { listExitReasons } from '../db/settings.ts'
import { insertNextEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { transact } from '../db/write.ts'
import { type ExitDraft, exitProblems } from '../domain/next-event.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'

export function recordExit(context: Context, actor: Actor, draft: ExitDraft): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'log_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }
    const problems = exitProblems(
      here,
      draft,
      await listExitReasons(write, draft.trialId),
      context.today(here.trial.timeZone),
    )
    if (problems.length > 0) return { problems }

    await insertNextEvent(write, context, here, {
      what: { kind: 'exit', exit: draft.exit },
      occurredOn: draft.occurredOn,
      reasons: draft.reasons,
      measuredValue: draft.measuredValue,
      scope: draft.scope,
      note: draft.note,
      basis: draft.basis,
      auditAs: 'exit_recorded',
    })
    return { value: { subjectId: here.subject.id } }
  })
}
