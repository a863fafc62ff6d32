/** A data manager says that an entry was a mistake: it stays to be seen, keeps its numbers, and counts nowhere. */
import type { Actor, Context } from '../context.ts'
import { insertNextEvent } from '../db/subject-changes.ts'
import { listWithdrawnEvents } from '../db/subject-events.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { transact } from '../db/write.ts'
import { laterOf } from '../domain/calendar-date.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { type VoidDraft, voidProblems } from '../domain/taking-back.ts'

export function voidSubject(context: Context, actor: Actor, draft: VoidDraft): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'void_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }
    const withdrawn = await listWithdrawnEvents(write, [here.subject.id])
    const problems = voidProblems(here, withdrawn, draft, actor.personId)
    if (problems.length > 0) return { problems }
    await insertNextEvent(write, context, here, {
      what: { kind: 'exit', exit: 'void' },
      occurredOn: laterOf(context.today(here.trial.timeZone), here.subject.lastEventOn),
      reasons: [draft.reason],
      note: draft.note,
      basis: 'recorded',
      auditAs: 'subject_voided',
    })
    return { value: { subjectId: here.subject.id } }
  })
}
