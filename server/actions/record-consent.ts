/** A candidate gave consent: their screening begins, under the number they have. */
import type { Actor, Context } from '../context.ts'
import { insertNextEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { listConsentVersions } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { type MilestoneDraft, milestoneProblems } from '../domain/next-event.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { consentVersionProblems, happeningProblems } from '../domain/screening.ts'

export function recordConsent(
  context: Context,
  actor: Actor,
  draft: Omit<MilestoneDraft, 'code'> & { consentVersionId: string },
): Promise<Parsed<{ subjectId: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const scope = sitesWithin(actor.grants, 'log_subjects', draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }

    const { pathway, site, trial } = here
    const { code } = pathway.screening
    const today = context.today(trial.timeZone)
    const problems = milestoneProblems(here, { ...draft, code }, today)
    if (problems.length === 0) problems.push(...happeningProblems('occurredOn', site, draft.occurredOn, today))
    const versions = await listConsentVersions(write, trial.id)
    problems.push(...consentVersionProblems(versions, draft.consentVersionId, draft.occurredOn))
    if (problems.length > 0) return { problems }

    await insertNextEvent(write, context, here, {
      what: { kind: 'milestone', code },
      occurredOn: draft.occurredOn,
      note: draft.note,
      basis: draft.basis,
      also: { consent_version_id: draft.consentVersionId },
      auditAs: 'screening_recorded',
    })
    return { value: { subjectId: here.subject.id } }
  })
}
