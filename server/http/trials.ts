/** The portfolio, a trial's dashboard and its profile. */
import { listRequestDays } from '../db/change-requests.ts'
import { countByDay, countBySite, countByTrial } from '../db/daily-counts.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway, findProfile } from '../db/trials.ts'
import { accrualBySite, cumulative, screeningFlow } from '../domain/accrual.ts'
import { attainmentOn } from '../domain/attainment.ts'
import { mayIn } from '../domain/permission.ts'
import { cumulativeFigure } from '../pages/charts.ts'
import { dashboardPage } from '../pages/dashboard-page.ts'
import { portfolioPage } from '../pages/portfolio-page.ts'
import { profilePage } from '../pages/profile-page.ts'
import { asOfDay } from './as-of.ts'
import { lastMonthOf } from './reporting.ts'
import type { Reply, SignedInVisit, TrialVisit } from './visit.ts'

export async function listTrials({ actor, context, trials, words }: SignedInVisit): Promise<Reply> {
  const { db } = context
  const seen = trials.filter(({ id }) => mayIn(actor.grants, 'see_counts', id))
  const entries = await Promise.all(
    seen.map(async (trial) => {
      const today = context.today(trial.timeZone)
      const pathway = await findPathway(db, trial.id)
      const sites = await listSites(db, trial.id)
      const versions = await listTerms(db, trial.id)
      const counted = await countByTrial(db, [{ trialId: trial.id, step: pathway.counting.code }], today)
      const attainment = attainmentOn(today, versions, sites, counted.get(trial.id) ?? 0)
      return { trial, siteCount: sites.length, attainment }
    }),
  )
  return { page: portfolioPage(entries, context.today('Asia/Tokyo'), words) }
}

export async function showDashboard(visit: TrialVisit): Promise<Reply> {
  const { actor, context, trial, words } = visit
  const { db } = context
  const asOf = asOfDay(visit)
  const pathway = await findPathway(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const sites = await listSites(db, trial.id)
  const counts = await countBySite(db, trial.id, asOf.day)
  const steps = cumulative(await countByDay(db, trial.id, pathway.counting.code, asOf.day))
  const notableDays = await listRequestDays(db, trial.id)
  const reporting = await lastMonthOf(context, trial, sites, asOf.day)
  const attainment = attainmentOn(asOf.day, versions, sites, steps.at(-1)?.number ?? 0)
  const page = dashboardPage(
    {
      trial,
      asOf,
      attainment,
      versions,
      sites,
      accruals: accrualBySite(
        pathway,
        sites.map(({ id }) => id),
        counts,
      ),
      reporting,
      flow: screeningFlow(pathway, counts),
      figure: attainment === null ? null : cumulativeFigure(attainment, versions, sites, steps, words),
      notableDays,
      maySeeSubjects: mayIn(actor.grants, 'see_subjects', trial.id),
    },
    words,
  )
  return { page, status: asOf.problem === null ? 200 : 422 }
}

export async function showProfile({ context, trial, words }: TrialVisit): Promise<Reply> {
  const profile = await findProfile(context.db, trial.id)
  const versions = await listTerms(context.db, trial.id)
  return { page: profilePage({ trial, ...profile, versions }, words) }
}
