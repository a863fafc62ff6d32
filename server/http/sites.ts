/** The sites of a trial. */
import { listRequestDays } from '../db/change-requests.ts'
import { countBySite } from '../db/daily-counts.ts'
import { listSites } from '../db/sites.ts'
import { findPathway } from '../db/trials.ts'
import { accrualBySite } from '../domain/accrual.ts'
import { mayIn } from '../domain/permission.ts'
import { sitesPage } from '../pages/sites-page.ts'
import { asOfDay } from './as-of.ts'
import type { Reply, TrialVisit } from './visit.ts'

export async function listSitesOfTrial(visit: TrialVisit): Promise<Reply> {
  const { actor, context, trial, words } = visit
  const asOf = asOfDay(visit)
  const pathway = await findPathway(context.db, trial.id)
  const sites = await listSites(context.db, trial.id)
  const counts = await countBySite(context.db, trial.id, asOf.day)
  const page = sitesPage(
    {
      trial,
      asOf,
      notableDays: await listRequestDays(context.db, trial.id),
      sites,
      accruals: accrualBySite(
        pathway,
        sites.map(({ id }) => id),
        counts,
      ),
      maySeeSubjects: mayIn(actor.grants, 'see_subjects', trial.id),
    },
    words,
  )
  return { page, status: asOf.problem === null ? 200 : 422 }
}
