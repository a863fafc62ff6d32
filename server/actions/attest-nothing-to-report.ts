/** A coordinator says that nothing happened at their site in a month. Saying it again changes nothing. */
import type { Actor, Context } from '../context.ts'
import { countByMonth, insertAttestation, listAttestations } from '../db/attestations.ts'
import { findSite } from '../db/sites.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { reaches, sitesWithin } from '../domain/permission.ts'
import { attestationProblems, type Month } from '../domain/reporting.ts'

export function attestNothingToReport(
  context: Context,
  actor: Actor,
  draft: { trialId: string; siteId: string; month: Month },
): Promise<Parsed<{ month: Month }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const { trialId, siteId, month } = draft
    const trial = await findTrial(write, trialId)
    const site = await findSite(write, trialId, siteId)
    if (site === null || !reaches(sitesWithin(actor.grants, 'log_subjects', trialId), siteId)) {
      return { problems: [{ field: 'siteId', code: 'site_unknown' }] }
    }
    const today = context.today(trial.timeZone)
    const activity = await countByMonth(write, trialId, month, today)
    const attestations = await listAttestations(write, trialId, month, today)
    const problems = attestationProblems(site, month, activity, attestations, today)
    if (problems.length > 0) return { problems }
    const isSaid = attestations.some((entry) => entry.siteId === siteId && entry.month === month)
    if (!isSaid) await insertAttestation(write, context, actor, trialId, { siteId, month }, today)
    return { value: { month } }
  })
}
