/** One entry of an audit trail: what was done to which record, when, why and by whom. */
export type AuditEntry = {
  sequence: number
  event: string
  table: string
  recordId: string
  before: Record<string, unknown> | null
  after: Record<string, unknown>
  reason: string | null
  actorId: string
  /** As of then. */
  actorName: string
  actorRole: string | null
  recordedAt: string
  requestId: string | null
  hash: string
}
