/** The audit trail, what was taken out of it, who read what, and the forms that were sent. */

export type AuditTables = {
  audit_entry: AuditEntryRow
  submission: SubmissionRow
  redaction: RedactionRow
  access_record: AccessRecordRow
}

export type AuditEntryRow = {
  chain: string
  sequence: number
  event: string
  record_table: string
  record_id: string
  before: string | null
  after: string
  reason: string | null
  actor_id: string
  actor_name: string
  actor_role: string | null
  recorded_at: string
  request_id: string | null
  previous_hash: string
  hash: string
  /** JSON: the salt of each text by its place, `{"after.note": "5f…"}`; null where the hash covers the texts themselves. */
  salts: string | null
}

/** A form that was sent: the same key again is answered with the same result instead of a second event. */
export type SubmissionRow = { key: string; person_id: string; trial_id: string; result: string; sent_at: string }

/** A text that was typed by mistake, and what two people said about it; the text itself is never in it. */
export type RedactionRow = {
  id: string
  trial_id: string
  /** Where it was found: a column of a record, or `reason` of an entry of the trail (`audit_entry`, by its place). */
  record_table: string
  record_id: string
  field: string
  /** The entry of the trail in which it was pointed at. */
  sequence: number
  subject_id: string | null
  words: string | null
  kind: string
  state: string
  asked_by: string
  asked_at: string
  decided_by: string | null
  decided_at: string | null
  /** The trial's own date. */
  decided_on: string | null
  /** The entries out of which it was taken, by their places in the chain: `,12,57,`. */
  entries: string | null
  /** JSON: `RedactedEntry[]`. */
  places: string | null
}

/** That somebody read what is about single subjects. Append-only, without an audit entry: it changes nothing. */
export type AccessRecordRow = {
  id: string
  trial_id: string
  person_id: string
  read_at: string
  address: string
  /** As of then. */
  role: string | null
  session_handle: string | null
  request_id: string | null
  /** Where it was about one subject. */
  subject_id: string | null
  /** What a list was asked for: the address behind its question mark. */
  asked: string | null
  way: string
  what: string
  /** How many subjects were on it. */
  number: number
}
