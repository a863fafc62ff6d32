/** A coordinator adds one person to their site's screening log. */
import type { Actor, Context } from '../context.ts'
import { findSite } from '../db/sites.ts'
import { insertSubject, isNumberTaken, lastSiteSequence } from '../db/subjects.ts'
import { findPathway, findTrial, listConsentVersions } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { reaches, sitesWithin } from '../domain/permission.ts'
import { type ScreeningDraft, screeningProblems } from '../domain/screening.ts'
import { subjectNumber } from '../domain/subject.ts'

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
    const problems = screeningProblems(site, draft, versions, context.today(trial.timeZone))
    const taken = draft.number !== null && (await isNumberTaken(write, trial.id, draft.number))
    if (taken) problems.push({ field: 'number', code: 'number_taken', values: { number: draft.number ?? '' } })
    if (problems.length > 0) return { problems }

    let siteSequence = (await lastSiteSequence(write, site.id)) + 1
    let number = draft.number
    if (number === null) {
      number = subjectNumber(trial.code, site.code, siteSequence)
      // A site may have given this number by itself; the next free one follows.
      while (await isNumberTaken(write, trial.id, number)) {
        siteSequence += 1
        number = subjectNumber(trial.code, site.code, siteSequence)
      }
    }
    const subjectId = context.newId()
    const { trialId, siteId, consentedOn, consentVersionId, referralSource, basis } = draft
    const subject = { trialId, siteId, number, siteSequence, consentedOn, consentVersionId, referralSource, basis }
    await insertSubject(write, context, await findPathway(write, trial.id), { id: subjectId, ...subject })
    return { value: { subjectId, number } }
  })
}
