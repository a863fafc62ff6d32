/** Somebody takes back the last thing recorded of a subject, with a reason: the subject is open again. */
import type { Actor, Context } from '../context.ts'
import { isUnderWayElsewhere } from '../db/new-entry.ts'
import { takeBackEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { listLinkedAttempts } from '../db/subjects.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { type TakingBackDraft, takingBackProblems } from '../domain/taking-back.ts'

export function takeBack(
  context: Context,
  actor: Actor,
  draft: TakingBackDraft,
): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'log_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }
    const { after } = await listLinkedAttempts(write, here.subject)
    const isElsewhere = await isUnderWayElsewhere(write, draft.trialId, here.subject)
    const problems = takingBackProblems(here, draft, { after, isElsewhere })
    if (problems.length > 0) return { problems }
    await takeBackEvent(write, context, here, draft.eventId, { because: draft.reason, inWords: draft.note })
    return { value: { subjectId: here.subject.id } }
  })
}
