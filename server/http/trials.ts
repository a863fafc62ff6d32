/** A trial's profile. */
import { listFactVersions } from '../db/fact-settings.ts'
import { findRetention } from '../db/retention.ts'
import { listTrialLocks } from '../db/trial-locks.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findProfile } from '../db/trials.ts'
import { factHistories } from '../domain/fact-history.ts'
import { mayIn } from '../domain/permission.ts'
import { termsInForce } from '../domain/trial-terms.ts'
import { endDoings } from '../pages/end-of-trial.ts'
import { profilePage } from '../pages/profile-page.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function showProfile({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const profile = await findProfile(context.db, trial.id)
  const versions = await listTerms(context.db, trial.id)
  const facts = factHistories(await listFactVersions(context.db, trial.id))
  const setting = await findRetention(context.db, trial.id)
  const end = {
    retention: setting?.value ?? null,
    plannedEnd: termsInForce(versions, context.today(trial.timeZone))?.studyUntil ?? null,
    locks: await listTrialLocks(context.db, trial.id),
    may: {
      configure: mayIn(actor.grants, 'configure_trial', trial.id),
      lock: mayIn(actor.grants, 'lock_trial', trial.id),
    },
    personId: actor.personId,
  }
  const done = endDoings.find((one) => one === textOf(request.query.done)) ?? null
  return { page: profilePage({ trial, ...profile, facts, versions, end, done }, words) }
}
