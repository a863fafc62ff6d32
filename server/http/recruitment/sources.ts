/** Where the subjects of a trial came from: sums over the log, never its rows. */
import { listCountermeasures } from '../../db/countermeasures.ts'
import { countByReferral } from '../../db/referrals.ts'
import { remembered } from '../../db/remembered.ts'
import { effortAndYield, yieldBySource } from '../../domain/referral.ts'
import { sourcesPage } from '../../pages/recruitment/sources-page.ts'
import { paged } from '../../pages/recruitment/tabs.ts'
import type { Reply, TrialVisit } from '../visit.ts'
import { pageAsked } from './countermeasures.ts'

export async function showSources(visit: TrialVisit): Promise<Reply> {
  const { context, trial, words } = visit
  const { db } = context
  const today = context.today(trial.timeZone)
  const all = await remembered(db, trial.id, 'sources', async () => yieldBySource(await countByReferral(db, trial.id)))
  const begun = (await listCountermeasures(db, trial.id)).filter(({ startedOn }) => startedOn <= today)
  const { shown, pager } = paged(all, pageAsked(visit), (page) => `?page=${page}`, words)
  return { page: sourcesPage({ trial, today, shown, all, pager, effort: effortAndYield(all, begun) }, words) }
}
