/** Subjects, what happened to them, and what is counted of it. */

export type SubjectTables = {
  subject: SubjectRow
  subject_event: SubjectEventRow
  allocation: AllocationRow
  day_timeline: DayTimelineRow
  daily_count: DailyCountRow
  site_count: SiteCountRow
  trial_count: TrialCountRow
  state_count: StateCountRow
  month_count: MonthCountRow
  attestation: AttestationRow
  import_batch: ImportBatchRow
  import_header: ImportHeaderRow
}

export type SubjectRow = {
  id: string
  trial_id: string
  site_id: string
  number: string
  /** `subjectNumberKey` of the number: what makes it unique in its trial, and its place in a list. */
  number_key: string
  /** Place among the site's subjects, from 1. */
  site_sequence: number
  registration_number: number | null
  /** The day of the first entry: pre-screening or consent. */
  entered_on: string
  consented_on: string | null
  consent_version_id: string | null
  referral_source: string | null
  /** A keyed digest of what the site typed to recognise the person elsewhere; never the text itself. */
  candidate_hash: string | null
  /** 1, or one more than the attempt it follows. */
  attempt: number
  earlier_attempt_id: string | null
  basis: string
  /** Derived from the events, so that lists need not read them. */
  state: string
  last_event_on: string
}

export type SubjectEventRow = {
  id: string
  trial_id: string
  subject_id: string
  kind: string
  step: string
  occurred_on: string
  recorded_at: string
  recorded_by: string
  /** Codes of the trial's reasons, with commas between them. */
  reasons: string | null
  measured_value: string | null
  /** What a withdrawal takes back, with commas between: treatment, visits, data. */
  scope: string | null
  note: string | null
  /** Why the principal investigator let it happen outside the registration period. */
  override_reason: string | null
  basis: string
  /** The first version of the event, where this one corrects it. */
  corrects_id: string | null
  /** When it stopped being believed, why, and in words. */
  withdrawn_at: string | null
  withdrawn_because: string | null
  withdrawn_note: string | null
}

export type AllocationRow = {
  id: string
  trial_id: string
  subject_id: string
  event_id: string
  arm_code: string
  stratum: string | null
}

/** One subject's days from an anchor, where no dates are known; `days` is JSON: `{"marrow": 11}`. */
export type DayTimelineRow = {
  id: string
  trial_id: string
  number: string
  anchor_code: string
  days: string
  basis: string
}

export type DailyCountRow = { trial_id: string; site_id: string; step: string; date: string; number: number }

/** The sum of a step's daily counts at a site as it stands, and the last day on which there is one; empty for none. */
export type SiteCountRow = { trial_id: string; site_id: string; step: string; number: number; last_on: string }

/** The daily counts of all sites together, and what is counted of the whole trial only. */
export type TrialCountRow = { trial_id: string; step: string; date: string; number: number }

/** How many subjects of a site stand in a state, and how many of them have a registration number; no row for nobody. */
export type StateCountRow = {
  trial_id: string
  site_id: string
  state: string
  number: number
  registered: number
}

/** How many events a site had in a month; that nobody knows what became of somebody is none. */
export type MonthCountRow = { trial_id: string; site_id: string; month: string; number: number }

export type AttestationRow = {
  id: string
  trial_id: string
  site_id: string
  month: string
  /** The trial's own date on which it was said. */
  attested_on: string
  attested_at: string
  person_id: string
}

export type ImportBatchRow = {
  id: string
  trial_id: string
  file_name: string
  file_hash: string
  imported_at: string
  person_id: string
  new_number: number
  changed_number: number
  unchanged_number: number
}

/** What a column's header meant in this trial's last import. */
export type ImportHeaderRow = { id: string; trial_id: string; header: string; meaning: string }
