/** A coordinator adds one person to their site's screening log, after consent. */
import type { Actor, Context } from '../context.ts'
import { findNewEntry } from '../db/new-entry.ts'
import { findSite } from '../db/sites.ts'
import { insertSubject } from '../db/subject-changes.ts'
import { findPathway, findTrial, listConsentVersions } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { reaches, sitesWithin } from '../domain/permission.ts'
import { type ScreeningDraft, screeningProblems } from '../domain/screening.ts'

/** Gives the new subject's identifier and number, or why there is none. */
export function recordScreening(
  context: Context,
  actor: Actor,
  draft: ScreeningDraft,
): Promise<Parsed<{ subjectId: string; number: string }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const trial = await findTrial(write, draft.trialId)
    const site = await findSite(write, trial.id, draft.siteId)
    const within = sitesWithin(actor.grants, 'log_subjects', trial.id)
    if (site === null || !reaches(within, site.id)) return { problems: [{ field: 'siteId', code: 'site_unknown' }] }

    const versions = await listConsentVersions(write, trial.id)
    const { entry, problems } = await findNewEntry(write, trial, site, draft, draft.consentedOn)
    problems.unshift(...screeningProblems(site, draft, versions, context.today(trial.timeZone)))
    if (problems.length > 0) return { problems }

    const { trialId, siteId, consentVersionId, referralSource, basis } = draft
    const note = draft.note ?? null
    const said = { trialId, siteId, consentVersionId, referralSource, basis, enteredOn: draft.consentedOn, note }
    const subject = { id: context.newId(), opening: 'consent' as const, ...said, ...entry }
    await insertSubject(write, context, await findPathway(write, trial.id), subject)
    return { value: { subjectId: subject.id, number: subject.number } }
  })
}
