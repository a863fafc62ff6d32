/** Everything that a dashboard says about a trial as of a day, as values: the page, its files and the command read it here. */
import type { Context } from '../context.ts'
import { listReported } from '../db/attestations.ts'
import type { ChainHead } from '../db/audit-trail.ts'
import { countBySite, countTallied } from '../db/daily-counts.ts'
import { listOverrides } from '../db/overrides.ts'
import { remembered } from '../db/remembered.ts'
import { accrualBySite, afterRegistration, candidatesIn, inAllSites, screeningFlow } from '../domain/accrual.ts'
import { type CalendarDate, earlierOf } from '../domain/calendar-date.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import { paceOn } from '../domain/pace.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { lastReport, monthsUntil } from '../domain/reporting.ts'
import { openPeriods } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import { endOfDay } from '../domain/two-clocks.ts'
import { accrualBy, accrualFrom } from './accrual.ts'
import { knownCounts } from './known-counts.ts'
import { listObligations } from './obligations.ts'

/** What had happened by a day: sums and terms, never the subjects themselves. With `known`, of what was known by its end. */
export function readDashboard(
  context: Context,
  trial: Trial,
  day: CalendarDate,
  known: CalendarDate | null,
): Promise<DashboardFigures> {
  return remembered(context.db, trial.id, `dashboard ${day} ${known}`, async (head) => ({
    ...(await readFigures(context, trial, day, known, head)),
    sequence: head.sequence,
  }))
}

async function readFigures(
  context: Context,
  trial: Trial,
  day: CalendarDate,
  known: CalendarDate | null,
  head: ChainHead,
) {
  const { db } = context
  const accrued = await accrualBy(db, trial.id, day, head)
  const { facts } = accrued
  const { pathway, sites, versions } = facts
  const then = known === null ? null : await knownCounts(context, trial, pathway, day, known)
  const { days, steps, attainment } = then === null ? accrued : accrualFrom(facts, day, then.whole.days)
  const counts = then?.bySite ?? (await countBySite(db, trial.id, day))
  const tallied = then?.whole ?? (await countTallied(db, trial.id, day))
  const knownBefore = known === null ? null : endOfDay(trial.timeZone, known)
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
    pace: attainment === null ? null : paceOn(attainment, sites, days, lastScreenedOn),
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
    overdue: tallied.overdue,
    overrides: tallied.overrides === 0 ? [] : await listOverrides(db, trial.id, day, knownBefore),
    obligations: await listObligations(context, trial, day, head),
    requestDays: facts.requestDays,
  }
}

const noAccrual = { screened: 0, registered: 0, treated: 0, lastActivityOn: null }
