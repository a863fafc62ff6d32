/** The portfolio, and a trial's profile. */
import type { Context } from '../context.ts'
import { countByTrial } from '../db/daily-counts.ts'
import { listFactVersions } from '../db/fact-settings.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway, findProfile } from '../db/trials.ts'
import { attainmentOn } from '../domain/attainment.ts'
import { factHistories } from '../domain/fact-history.ts'
import { mayIn } from '../domain/permission.ts'
import type { Trial } from '../domain/trial.ts'
import { portfolioPage } from '../pages/portfolio-page.ts'
import { profilePage } from '../pages/profile-page.ts'
import type { Reply, SignedInVisit, TrialVisit } from './visit.ts'

export async function listTrials({ actor, context, trials, words }: SignedInVisit): Promise<Reply> {
  const seen = trials.filter(({ id }) => mayIn(actor.grants, 'see_counts', id))
  const entries = await Promise.all(seen.map(async (trial) => ({ trial, ...(await standingOf(context, trial)) })))
  return { page: portfolioPage(entries, context.today('Asia/Tokyo'), words) }
}

/** Where a trial stands today, and at how many sites. */
function standingOf({ db, today }: Context, trial: Trial) {
  const day = today(trial.timeZone)
  return remembered(db, trial.id, `standing ${day}`, async () => {
    const pathway = await findPathway(db, trial.id)
    const sites = await listSites(db, trial.id)
    const versions = await listTerms(db, trial.id)
    const counted = await countByTrial(db, [{ trialId: trial.id, step: pathway.counting.code }], day)
    return { siteCount: sites.length, attainment: attainmentOn(day, versions, sites, counted.get(trial.id) ?? 0) }
  })
}

export async function showProfile({ context, trial, words }: TrialVisit): Promise<Reply> {
  const profile = await findProfile(context.db, trial.id)
  const versions = await listTerms(context.db, trial.id)
  const facts = factHistories(await listFactVersions(context.db, trial.id))
  return { page: profilePage({ trial, ...profile, facts, versions }, words) }
}
