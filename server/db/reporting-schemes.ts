/** Under which laws a trial reports every year, and which reports were handed in. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ReportingRule, ReportingScheme } from '../domain/periodic-report.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Db } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import type { Write } from './write.ts'

export type SchemeOfTrial = ReportingRule & { basis: Basis }

/** Those that hold, in the order of their names. */
export async function listReportingSchemes(db: Db, trialId: string): Promise<Setting<SchemeOfTrial>[]> {
  const rows = await db
    .selectFrom('reporting_scheme')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('retired_at', 'is', null)
    .orderBy('scheme')
    .execute()
  return rows.map((row) =>
    settingFrom(row, {
      scheme: row.scheme as ReportingScheme,
      startsOn: row.starts_on as CalendarDate,
      basis: row.basis as Basis,
    }),
  )
}

export async function insertReportingScheme(
  write: Write,
  context: Context,
  trialId: string,
  { scheme, startsOn, basis }: SchemeOfTrial,
): Promise<void> {
  const row = { id: context.newId(), trial_id: trialId, scheme, starts_on: startsOn, basis, retired_at: null }
  await write.insert('reporting_scheme', row, 'reporting_scheme_added')
}

export async function reviseReportingScheme(
  write: Write,
  id: string,
  { startsOn, basis }: SchemeOfTrial,
  reason: string | null,
): Promise<void> {
  await write.revise('reporting_scheme', id, { starts_on: startsOn, basis }, 'reporting_scheme_changed', reason)
}

export async function reviseRetiredScheme(write: Write, context: Context, id: string): Promise<void> {
  await write.revise('reporting_scheme', id, { retired_at: context.now() }, 'reporting_scheme_retired', null)
}

/** A report that was handed in: of the year that begins on a day. */
export type SubmittedReport = {
  scheme: ReportingScheme
  from: CalendarDate
  submittedOn: CalendarDate
  document: string
  basis: Basis
}

/** Those handed in, by the first day of their year; one that was taken back is left out. */
export async function listSubmittedReports(db: Db, trialId: string): Promise<Setting<SubmittedReport>[]> {
  const rows = await db
    .selectFrom('periodic_report')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('submitted_on', 'is not', null)
    .orderBy('from_on')
    .execute()
  return rows.map((row) =>
    settingFrom(row, {
      scheme: row.scheme as ReportingScheme,
      from: row.from_on as CalendarDate,
      submittedOn: row.submitted_on as CalendarDate,
      document: row.document ?? '',
      basis: row.basis as Basis,
    }),
  )
}

/** The schemes that hold with what was handed in under them, read at once: what a trial's obligations are told from. */
export async function listReporting(
  db: Db,
  trialId: string,
): Promise<{ rules: SchemeOfTrial[]; submitted: Pick<SubmittedReport, 'scheme' | 'from' | 'submittedOn'>[] }> {
  const rows = await db
    .selectFrom('reporting_scheme')
    .leftJoin('periodic_report', (join) =>
      join
        .onRef('periodic_report.trial_id', '=', 'reporting_scheme.trial_id')
        .onRef('periodic_report.scheme', '=', 'reporting_scheme.scheme')
        .on('submitted_on', 'is not', null),
    )
    .select(['reporting_scheme.scheme', 'starts_on', 'reporting_scheme.basis', 'from_on', 'submitted_on'])
    .where('reporting_scheme.trial_id', '=', trialId)
    .where('retired_at', 'is', null)
    .orderBy('reporting_scheme.scheme')
    .execute()
  const rules = new Map(
    rows.map(({ scheme, starts_on: startsOn, basis }) => [
      scheme,
      { scheme: scheme as ReportingScheme, startsOn: startsOn as CalendarDate, basis: basis as Basis },
    ]),
  )
  const submitted = rows.flatMap(({ scheme, from_on: from, submitted_on: on }) =>
    from === null || on === null
      ? []
      : [{ scheme: scheme as ReportingScheme, from: from as CalendarDate, submittedOn: on as CalendarDate }],
  )
  return { rules: [...rules.values()], submitted }
}

/** Writes down that a report was handed in, or that what was written was wrong: null takes it back. */
export async function insertSubmission(
  write: Write,
  context: Context,
  trialId: string,
  year: Pick<SubmittedReport, 'scheme' | 'from'>,
  submission: Omit<SubmittedReport, 'scheme' | 'from'> | null,
  reason: string | null,
): Promise<void> {
  const { scheme, from } = year
  const row = await write
    .selectFrom('periodic_report')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('scheme', '=', scheme)
    .where('from_on', '=', from)
    .executeTakeFirst()
  const said = {
    submitted_on: submission?.submittedOn ?? null,
    document: submission?.document ?? null,
    basis: submission?.basis ?? ('recorded' as const),
  }
  if (row !== undefined) return write.revise('periodic_report', row.id, said, 'report_submission_changed', reason)
  const whole = { id: context.newId(), trial_id: trialId, scheme, from_on: from, ...said }
  await write.insert('periodic_report', whole, 'report_submitted')
}
