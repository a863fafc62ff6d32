/** Somebody says that a periodic report was handed in, or that what was said about it is wrong. */
import type { Actor, Context } from '../context.ts'
import { insertSubmission, listReportingSchemes, listSubmittedReports } from '../db/reporting-schemes.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type ReportingScheme, reportOwed, submissionProblems } from '../domain/periodic-report.ts'
import { termsInForce } from '../domain/trial-terms.ts'

export type SubmissionDraft = {
  scheme: ReportingScheme
  from: CalendarDate
  /** What somebody saw who looked at an earlier submission; empty where there was none. */
  seen: string
  /** Both are empty to take an earlier submission back. */
  submittedOn: CalendarDate | null
  document: string
  basis: Basis
  reason: string | null
}

export function recordReportSubmission(
  context: Context,
  actor: Actor,
  trialId: string,
  draft: SubmissionDraft,
): Promise<Parsed<{ from: CalendarDate }>> {
  return transact(context, actor, trialId, async (write) => {
    const { timeZone } = await findTrial(write, trialId)
    const today = context.today(timeZone)
    const rules = (await listReportingSchemes(write, trialId)).map(({ value }) => value)
    const studyUntil = termsInForce(await listTerms(write, trialId), today)?.studyUntil ?? null
    const report = reportOwed(rules, draft, studyUntil)
    if (report === null) return { problems: [{ field: '', code: 'report_unknown' }] }
    const submitted = await listSubmittedReports(write, trialId)
    const earlier = submitted.find(({ value }) => value.scheme === draft.scheme && value.from === draft.from) ?? null
    if ((earlier?.seen ?? '') !== draft.seen) return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
    const problems = submissionProblems(report, draft, earlier === null ? 'first' : 'again', today)
    if (problems.length > 0) return { problems }
    const { submittedOn, document, basis, reason } = draft
    const said = submittedOn === null ? null : { submittedOn, document, basis }
    await insertSubmission(write, context, trialId, draft, said, earlier === null ? null : reason)
    return { value: { from: draft.from } }
  })
}
