/** The audit trail, and the forms that were sent. */

export type AuditTables = {
  audit_entry: AuditEntryRow
  submission: SubmissionRow
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
}

/** A form that was sent: the same key again is answered with the same result instead of a second event. */
export type SubmissionRow = { key: string; person_id: string; trial_id: string; result: string; sent_at: string }
