/** What sites report, and the one click that says "nothing this month". */
import { z } from 'zod'
import { attestNothingToReport } from '../actions/attest-nothing-to-report.ts'
import type { Context } from '../context.ts'
import { countByMonth, listAttestations } from '../db/attestations.ts'
import { listSites } from '../db/sites.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { isRefused } from '../domain/parsed.ts'
import { type Month, type MonthReport, monthReport } from '../domain/reporting.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import { readForm, text } from './forms.ts'
import type { Reply, TrialVisit } from './visit.ts'

/** For each of the months, the newest first, what each site reported by a day. */
export async function monthReportsOf(
  context: Context,
  trial: Trial,
  sites: readonly Site[],
  months: readonly Month[],
  by: CalendarDate,
): Promise<{ month: Month; reports: MonthReport[] }[]> {
  const oldest = months.at(-1) ?? ''
  const activity = await countByMonth(context.db, trial.id, oldest, by)
  const attestations = await listAttestations(context.db, trial.id, oldest, by)
  return months.map((month) => ({
    month,
    reports: sites.map((site) => monthReport(site, month, activity, attestations)),
  }))
}

const attestationFields = z.object({ month: text(64), submissionKey: text(64) })

/** One click: the site is in the address, the month in the button. */
export async function createAttestation(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const sites = await listSites(context.db, trial.id)
  const site = sites.find(({ code }) => code === request.params.site)
  if (site === undefined) return { error: 'not_found' }
  const fields = readForm(attestationFields, request.body)
  if (isRefused(fields)) return { error: 'unprocessable' }
  const draft = { trialId: trial.id, siteId: site.id, month: fields.value.month }
  const outcome = await attestNothingToReport(context, actor, draft)
  if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/subjects?said=${outcome.value.month}` }
  return { error: outcome.problems.some(({ code }) => code === 'site_unknown') ? 'not_found' : 'unprocessable' }
}
