/** A trial's dashboard and its profile. */
import type { Context } from '../context.ts'
import { listRequestDays } from '../db/change-requests.ts'
import { countByDay, countBySite } from '../db/daily-counts.ts'
import { listFactVersions } from '../db/fact-settings.ts'
import { listOverrides } from '../db/overrides.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway, findProfile } from '../db/trials.ts'
import { accrualBySite, candidatesIn, cumulative, screeningFlow } from '../domain/accrual.ts'
import { attainmentOn } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { factHistories } from '../domain/fact-history.ts'
import { sitesWithin } from '../domain/permission.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { cumulativeFigure } from '../pages/charts.ts'
import { dashboardPage } from '../pages/dashboard-page.ts'
import { profilePage } from '../pages/profile-page.ts'
import { bothClocks } from './as-of.ts'
import { knownCounts } from './known-counts.ts'
import { lastMonthOf } from './reporting.ts'
import type { Reply, TrialVisit } from './visit.ts'

export async function showDashboard(visit: TrialVisit): Promise<Reply> {
  const { actor, context, trial, words } = visit
  const asOf = bothClocks(visit)
  const known = asOf.known.day
  const read = () => readDashboard(context, trial, asOf.day, known, words)
  const figures = await remembered(context.db, trial.id, `dashboard ${asOf.day} ${known} ${words.language}`, read)
  // A number links to its rows only where the reader sees all of them, and as they are today.
  const seesAll = sitesWithin(actor.grants, 'see_subjects', trial.id) === 'every'
  const maySeeSubjects = seesAll && asOf.day === asOf.today && known === null
  const page = dashboardPage({ trial, asOf, maySeeSubjects, ...figures }, words)
  return { page, status: asOf.problem === null && asOf.known.problem === null ? 200 : 422 }
}

/** Everything that a dashboard says about a trial as of a day: sums and terms, never the subjects themselves. */
async function readDashboard(
  context: Context,
  trial: Trial,
  day: CalendarDate,
  known: CalendarDate | null,
  words: Words,
) {
  const { db } = context
  const pathway = await findPathway(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const sites = await listSites(db, trial.id)
  const siteIds = sites.map(({ id }) => id)
  const then = known === null ? null : await knownCounts(context, trial, pathway, day, known)
  const counts = then?.bySite ?? (await countBySite(db, trial.id, day))
  const byDay = then?.byDay ?? (await countByDay(db, trial.id, pathway.counting.code, day))
  const activity = then === null || known === null ? null : { activity: then.byMonth, by: known }
  const steps = cumulative(byDay)
  const attainment = attainmentOn(day, versions, sites, steps.at(-1)?.number ?? 0)
  return {
    attainment,
    versions,
    sites,
    accruals: accrualBySite(pathway, siteIds, counts),
    reporting: await lastMonthOf(context, trial, sites, day, activity),
    pathway,
    flow: screeningFlow(pathway, counts),
    candidates: candidatesIn(counts),
    overrides: await listOverrides(db, trial.id, day),
    figure: attainment === null ? null : cumulativeFigure(attainment, versions, sites, steps, words),
    notableDays: await listRequestDays(db, trial.id),
  }
}

export async function showProfile({ context, trial, words }: TrialVisit): Promise<Reply> {
  const profile = await findProfile(context.db, trial.id)
  const versions = await listTerms(context.db, trial.id)
  const facts = factHistories(await listFactVersions(context.db, trial.id))
  return { page: profilePage({ trial, ...profile, facts, versions }, words) }
}
