/** The portfolio: every trial of a person with where it stands, a page at a time. */
import type { Context } from '../context.ts'
import { countByTrial } from '../db/daily-counts.ts'
import { listAdministrators } from '../db/people.ts'
import { listRemembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway } from '../db/trials.ts'
import { attainmentOn } from '../domain/attainment.ts'
import { obligationCounts } from '../domain/obligation.ts'
import { mayIn } from '../domain/permission.ts'
import { portfolioFacets, portfolioOrders, type Standing } from '../domain/portfolio.ts'
import { monthsUntil } from '../domain/reporting.ts'
import { nextReview } from '../domain/review-schedule.ts'
import type { Trial } from '../domain/trial.ts'
import { noRolePage } from '../pages/no-role-page.ts'
import { portfolioPage } from '../pages/portfolio-page.ts'
import { readObligations } from './obligations.ts'
import { monthReportsOf } from './reporting.ts'
import { type Reply, type SignedInVisit, textOf } from './visit.ts'

export async function listTrials({ actor, context, request, trials, words }: SignedInVisit): Promise<Reply> {
  if (actor.grants.length === 0) {
    const administrators = await listAdministrators(context.db)
    return { page: noRolePage({ username: actor.username, administrators }, words) }
  }
  const { query } = request
  const seen = trials.filter(({ id }) => mayIn(actor.grants, 'see_counts', id))
  const standings = await standingsOf(context, seen)
  const page = Number(textOf(query.page))
  const asked = {
    order: portfolioOrders.find((known) => known === query.order) ?? 'attention',
    by: portfolioFacets.find((known) => known === query.by) ?? null,
    is: textOf(query.is),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  }
  return { page: portfolioPage(standings, asked, context.today('Asia/Tokyo'), words) }
}

/** Read once for each day and state of a trial: a page of trials that stood still is two statements. */
function standingsOf(context: Context, trials: readonly Trial[]): Promise<Standing[]> {
  const dayOf = ({ timeZone }: Trial) => context.today(timeZone)
  return listRemembered(
    context.db,
    trials,
    (trial) => `standing ${dayOf(trial)}`,
    (trial) => readStanding(context, trial),
  )
}

async function readStanding(context: Context, trial: Trial): Promise<Standing> {
  const { db } = context
  const day = context.today(trial.timeZone)
  const pathway = await findPathway(db, trial.id)
  const sites = await listSites(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const counted = await countByTrial(db, [{ trialId: trial.id, step: pathway.counting.code }], day)
  // The last month that is over: the running one is not yet anybody's fault.
  const [lastMonth] = await monthReportsOf(context, trial, sites, monthsUntil(day, 2).slice(1), day)
  const reports = lastMonth?.reports ?? []
  return {
    trial,
    attainment: attainmentOn(day, versions, sites, counted.get(trial.id) ?? 0),
    silentSites: {
      silent: reports.filter(({ kind }) => kind === 'silent').length,
      open: reports.filter(({ kind }) => kind !== 'not_open').length,
    },
    obligations: obligationCounts(await readObligations(context, trial, day, versions), day),
    nextReviewOn: nextReview(versions, day)?.dueOn ?? null,
  }
}
