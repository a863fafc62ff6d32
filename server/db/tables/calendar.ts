/** What is due, what was handed in, and who reads it in a calendar of their own. */

export type CalendarTables = {
  calendar_entry: CalendarEntryRow
  reporting_scheme: ReportingSchemeRow
  periodic_report: PeriodicReportRow
  calendar_feed: CalendarFeedRow
  calendar_feed_use: CalendarFeedUseRow
}

/** A committee's meeting, or what a committee asks for. */
export type CalendarEntryRow = {
  id: string
  trial_id: string
  kind: string
  title_ja: string
  title_en: string
  body_ja: string
  body_en: string
  due_on: string
  /** The meeting at which a condition is due. */
  meeting_id: string | null
  met_on: string | null
  evidence: string | null
  source_ja: string
  source_en: string
  basis: string
  voided_at: string | null
}

/** A law under which a trial reports every year, and the day from which its years are counted. */
export type ReportingSchemeRow = {
  id: string
  trial_id: string
  scheme: string
  starts_on: string
  basis: string
  retired_at: string | null
}

/** A periodic report that was handed in; taken back, it has no day any more. */
export type PeriodicReportRow = {
  id: string
  trial_id: string
  scheme: string
  from_on: string
  submitted_on: string | null
  document: string | null
  basis: string
}

/** A secret address of somebody's calendar, of one trial or of all of theirs; only its digest is kept. */
export type CalendarFeedRow = {
  id: string
  person_id: string
  trial_id: string | null
  language: string
  token_hash: string
  created_at: string
  revoked_at: string | null
}

/** When a calendar was last fetched: upkeep, as with sessions, and in no audit trail. */
export type CalendarFeedUseRow = { feed_id: string; used_at: string }
