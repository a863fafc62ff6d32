/** A data manager opens a trial: who it is, its terms, its sites, its pathway. */
import type { Actor, Context } from '../context.ts'
import { insertExitReasons, newTrialSecret } from '../db/settings.ts'
import { insertSite, type SiteDraft } from '../db/sites.ts'
import { insertTerms } from '../db/trial-terms.ts'
import {
  findTrialByCode,
  insertConsentVersions,
  insertPathway,
  insertProfile,
  insertTrial,
  type TrialProfile,
} from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { ExitReason } from '../domain/exit-reason.ts'
import type { Milestone } from '../domain/milestone.ts'
import type { Parsed } from '../domain/parsed.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Trial } from '../domain/trial.ts'
import { openingProblems } from '../domain/trial-opening.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'

export type TrialDraft = {
  trial: Omit<Trial, 'id' | 'leastShown'>
  /** The first version; later ones are adopted. */
  terms: TrialTerms
  sites: readonly SiteDraft[]
  milestones: readonly Milestone[]
  consentVersions: readonly Omit<ConsentVersion, 'id'>[]
  profile: TrialProfile
  /** Left out: every exit is explained in words. */
  exitReasons?: readonly ExitReason[]
}

/** Gives the trial's identifier and those of its sites by code; refused where the code is taken or it makes no sense. */
export function openTrial(
  context: Context,
  actor: Actor,
  draft: TrialDraft,
): Promise<Parsed<{ trialId: string; siteIds: Record<string, string> }>> {
  const trialId = context.newId()
  return transact(context, actor, trialId, async (write) => {
    const problems = openingProblems(draft)
    if (problems.length > 0) return { problems }
    if ((await findTrialByCode(write, draft.trial.code)) !== null) {
      return { problems: [{ field: 'trial.code', code: 'trial_code_taken', values: { code: draft.trial.code } }] }
    }
    await insertTrial(write, context, { id: trialId, ...draft.trial })
    await write.keepSecret(newTrialSecret())
    await insertProfile(write, context, trialId, draft.profile)
    await insertPathway(write, context, trialId, draft.milestones)
    await insertTerms(write, context, trialId, draft.terms)
    await insertConsentVersions(write, context, trialId, draft.consentVersions)
    await insertExitReasons(write, context, trialId, draft.exitReasons ?? [])
    const siteIds: Record<string, string> = {}
    for (const site of draft.sites) siteIds[site.code] = await insertSite(write, context, trialId, site)
    return { value: { trialId, siteIds } }
  })
}
