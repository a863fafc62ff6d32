/** The sites of a trial. */
import { listRequestDays } from '../db/change-requests.ts'
import { countBySite } from '../db/daily-counts.ts'
import { listSites } from '../db/sites.ts'
import { listReconciliations } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import { accrualBySite } from '../domain/accrual.ts'
import { addDays, addMonths, type CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { readDate } from '../domain/read-date.ts'
import { monthsUntil } from '../domain/reporting.ts'
import { openedOn, type Site } from '../domain/site.ts'
import { sitesPage } from '../pages/sites-page.ts'
import { asOfDay } from './as-of.ts'
import { monthReportsOf } from './reporting.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function listSitesOfTrial(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const asOf = asOfDay(visit)
  const pathway = await findPathway(context.db, trial.id)
  const sites = await listSites(context.db, trial.id)
  const counts = await countBySite(context.db, trial.id, asOf.day)
  const siteIds = sites.map(({ id }) => id)
  const from = readFrom(textOf(request.query.from), asOf.day)
  const period = { from: from.day ?? periodFrom(sites, asOf.day), until: asOf.day }
  const months = await monthReportsOf(context, trial, sites, monthsUntil(asOf.day, 12), asOf.day)
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
      months,
      reconciliation: {
        ...period,
        typed: from.problem === null ? period.from : from.typed,
        problem: from.problem,
        bySite: await listReconciliations(context.db, trial.id, siteIds, period),
      },
      seesSubjectsAt: sitesWithin(actor.grants, 'see_subjects', trial.id),
    },
    words,
  )
  return { page, status: asOf.problem === null && from.problem === null ? 200 : 422 }
}

/** The day from which screenings are reconciled; null where none was asked for, or none that can be. */
function readFrom(
  typed: string,
  until: CalendarDate,
): { typed: string; day: CalendarDate | null; problem: Problem | null } {
  if (typed === '') return { typed, day: null, problem: null }
  const reading = readDate(typed)
  if ('problem' in reading) return { typed, day: null, problem: dateProblem('from', reading) }
  if (reading.date <= until) return { typed, day: reading.date, problem: null }
  return { typed, day: null, problem: { field: 'from', code: 'from_after_as_of', values: { until } } }
}

/** The period of a reconciliation: the two years before the day, or since the first site opened where that is later. */
function periodFrom(sites: readonly Site[], day: CalendarDate): CalendarDate {
  const twoYearsBefore = addDays(addMonths(day, -24), 1)
  const first = sites.flatMap((site) => openedOn(site) ?? []).sort()[0]
  return first !== undefined && first > twoYearsBefore ? first : twoYearsBefore
}
