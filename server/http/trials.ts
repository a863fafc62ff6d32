/** A trial's profile. */
import { listFactVersions } from '../db/fact-settings.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findProfile } from '../db/trials.ts'
import { factHistories } from '../domain/fact-history.ts'
import { profilePage } from '../pages/profile-page.ts'
import type { Reply, TrialVisit } from './visit.ts'

export async function showProfile({ context, trial, words }: TrialVisit): Promise<Reply> {
  const profile = await findProfile(context.db, trial.id)
  const versions = await listTerms(context.db, trial.id)
  const facts = factHistories(await listFactVersions(context.db, trial.id))
  return { page: profilePage({ trial, ...profile, facts, versions }, words) }
}
