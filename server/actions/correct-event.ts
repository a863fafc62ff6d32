/** A coordinator mends the date of something that was recorded wrongly. The old date stays, with the reason. */
import type { Actor, Context } from '../context.ts'
import { listExitReasons } from '../db/settings.ts'
import { replaceEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { listLinkedAttempts } from '../db/subjects.ts'
import { listTerms } from '../db/trial-terms.ts'
import { transact } from '../db/write.ts'
import { type CorrectionDraft, correctionProblems, needsNoOverride } from '../domain/correction.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'

export function correctEvent(
  context: Context,
  actor: Actor,
  draft: CorrectionDraft,
): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'log_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }
    const versions = await listTerms(write, draft.trialId)
    const problems = correctionProblems(
      here,
      draft,
      versions,
      await listExitReasons(write, draft.trialId),
      context.today(here.trial.timeZone),
      await listLinkedAttempts(write, here.subject),
    )
    if (problems.length > 0) return { problems }
    const { occurredOn, reason, note, details = {} } = draft
    await replaceEvent(
      write,
      context,
      here,
      draft.eventId,
      { occurredOn, ...details, ...(needsNoOverride(here, draft, versions) ? { overrideReason: null } : {}) },
      { because: reason, inWords: note },
    )
    return { value: { subjectId: here.subject.id } }
  })
}
