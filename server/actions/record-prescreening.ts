/** A coordinator writes down a candidate before anybody asked them: a number, a day and a source, nothing identifying. */
import type { Actor, Context } from '../context.ts'
import { findNewEntry } from '../db/new-entry.ts'
import { findSite } from '../db/sites.ts'
import { insertSubject } from '../db/subject-changes.ts'
import { findPathway, findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { reaches, sitesWithin } from '../domain/permission.ts'
import { type PrescreeningDraft, prescreeningProblems } from '../domain/screening.ts'

/** Gives the candidate's identifier and number, or why there is none. */
export function recordPrescreening(
  context: Context,
  actor: Actor,
  draft: PrescreeningDraft,
): Promise<Parsed<{ subjectId: string; number: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const trial = await findTrial(write, draft.trialId)
    const site = await findSite(write, trial.id, draft.siteId)
    const within = sitesWithin(actor.grants, 'log_subjects', trial.id)
    if (site === null || !reaches(within, site.id)) return { problems: [{ field: 'siteId', code: 'site_unknown' }] }

    const { entry, problems } = await findNewEntry(write, trial, site, draft, draft.enteredOn)
    problems.unshift(...prescreeningProblems(site, draft, context.today(trial.timeZone)))
    if (problems.length > 0) return { problems }

    const { trialId, siteId, enteredOn, referralSource, note, basis } = draft
    const said = { trialId, siteId, enteredOn, referralSource, note, basis, consentVersionId: null }
    const subject = { id: context.newId(), opening: 'prescreening' as const, ...said, ...entry }
    await insertSubject(write, context, await findPathway(write, trial.id), subject)
    return { value: { subjectId: subject.id, number: subject.number } }
  })
}
