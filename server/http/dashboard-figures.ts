/** Everything that a dashboard says about a trial as of a day, as values: the page, its files and the command read it here. */
import type { Context } from '../context.ts'
import { listReported } from '../db/attestations.ts'
import { listRequestDays } from '../db/change-requests.ts'
import { countBySite, countWhole } from '../db/daily-counts.ts'
import { listOverrides } from '../db/overrides.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway } from '../db/trials.ts'
import {
  accrualBySite,
  afterRegistration,
  candidatesIn,
  cumulative,
  inAllSites,
  screeningFlow,
} from '../domain/accrual.ts'
import { attainmentOn } from '../domain/attainment.ts'
import { type CalendarDate, earlierOf } from '../domain/calendar-date.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import { paceOn } from '../domain/pace.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { lastReport, monthsUntil } from '../domain/reporting.ts'
import { openPeriods } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import { endOfDay } from '../domain/two-clocks.ts'
import { knownCounts } from './known-counts.ts'
import { readObligations } from './obligations.ts'

/** What had happened by a day: sums and terms, never the subjects themselves. With `known`, of what was known by its end. */
export function readDashboard(
  context: Context,
  trial: Trial,
  day: CalendarDate,
  known: CalendarDate | null,
): Promise<DashboardFigures> {
  return remembered(context.db, trial.id, `dashboard ${day} ${known}`, async ({ sequence }) => ({
    ...(await readFigures(context, trial, day, known)),
    sequence,
  }))
}

async function readFigures(context: Context, trial: Trial, day: CalendarDate, known: CalendarDate | null) {
  const { db } = context
  const pathway = await findPathway(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const sites = await listSites(db, trial.id)
  const then = known === null ? null : await knownCounts(context, trial, pathway, day, known)
  const counts = then?.bySite ?? (await countBySite(db, trial.id, day))
  const whole = then?.whole ?? (await countWhole(db, trial.id, pathway.counting.code, day))
  const knownBefore = known === null ? null : endOfDay(trial.timeZone, known)
  const steps = cumulative(whole.days)
  const attainment = attainmentOn(day, versions, sites, steps.at(-1)?.number ?? 0)
  const inAll = inAllSites(counts)
  const lastScreenedOn = inAll.find(({ step }) => step === pathway.screening.code)?.lastOn ?? null

  const [lastMonth = ''] = monthsUntil(day, 2).slice(1)
  const said = await listReported(db, trial.id, lastMonth, day, known === null ? day : earlierOf(day, known))
  const saidBy = new Map(said.map((one) => [one.siteId, one]))
  const accruals = accrualBySite(
    pathway,
    sites.map(({ id }) => id),
    counts,
  )
  return {
    asOf: day,
    known,
    pathway,
    versions,
    attainment,
    pace: attainment === null ? null : paceOn(attainment, sites, whole.days, lastScreenedOn),
    steps,
    sites: sites.map((site, place) => {
      const { screened, registered, treated, lastActivityOn } = accruals[place] ?? noAccrual
      const reported = saidBy.get(site.id)
      const events =
        then === null
          ? (reported?.events ?? 0)
          : (then.byMonth.find((entry) => entry.siteId === site.id && entry.month === lastMonth)?.events ?? 0)
      const attestedMonth = reported?.attestedMonth ?? null
      const years = exposureYears(openPeriods(site), day)
      const report = lastReport(site, lastMonth, { events, attestedMonth }, lastActivityOn)
      return { site, report, lastActivityOn, exposureYears: years, screened, registered, treated }
    }),
    lastMonth,
    flow: screeningFlow(pathway, inAll),
    after: afterRegistration(pathway, inAll),
    candidates: candidatesIn(inAll),
    overdue: whole.overdue,
    overrides: whole.overrides === 0 ? [] : await listOverrides(db, trial.id, day, knownBefore),
    obligations: await readObligations(context, trial, day, versions),
    requestDays: await listRequestDays(db, trial.id),
  }
}

const noAccrual = { screened: 0, registered: 0, treated: 0, lastActivityOn: null }
