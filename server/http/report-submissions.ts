/** The form that says that a periodic report was handed in. */
import { recordReportSubmission } from '../actions/record-report-submission.ts'
import { listReportingSchemes, listSubmittedReports } from '../db/reporting-schemes.ts'
import { listTerms } from '../db/trial-terms.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { reportingSchemes, reportOwed } from '../domain/periodic-report.ts'
import { readDate } from '../domain/read-date.ts'
import { termsInForce } from '../domain/trial-terms.ts'
import { reportForm } from '../pages/report-form.ts'
import { type Asking, formAt } from './calendar-forms.ts'
import type { TrialVisit } from './visit.ts'

export const reportSubmission = formAt(async (visit): Promise<Asking | null> => {
  const { actor, context, trial, words } = visit
  const report = await reportAt(visit)
  if (report === null) return null
  const { scheme, from } = report
  const submitted = await listSubmittedReports(context.db, trial.id)
  const submission = submitted.find(({ value }) => value.scheme === scheme && value.from === from) ?? null
  return {
    form: reportForm(report, submission, words),
    doing: 'submitted',
    save: (read, seen) =>
      recordReportSubmission(context, actor, trial.id, {
        ...{ scheme, from, seen },
        submittedOn: read.date('submittedOn'),
        document: read.text('document'),
        basis: 'recorded',
        reason: read.textOrNull('reason'),
      }),
  }
})

/** The report of the address: of a scheme, and of the year that begins on a day. */
async function reportAt({ context, request, trial }: TrialVisit) {
  const scheme = reportingSchemes.find((known) => known === request.params.scheme)
  const typed = String(request.params.from)
  const reading = readDate(typed)
  if (scheme === undefined || !('date' in reading) || reading.date !== typed) return null
  const rules = (await listReportingSchemes(context.db, trial.id)).map(({ value }) => value)
  const terms = termsInForce(await listTerms(context.db, trial.id), context.today(trial.timeZone))
  const from: CalendarDate = reading.date
  return reportOwed(rules, { scheme, from }, terms?.studyUntil ?? null)
}
