/** A change request with everything that belongs to it. */
import type { Attachment } from './attachment.ts'
import type { Condition } from './condition.ts'
import type { DecidingBody, Decision } from './decisions.ts'
import type { Inquiry } from './inquiry.ts'
import type { RequestRecord } from './request-record.ts'

export type WholeRequest = {
  record: RequestRecord
  /** What whoever changes the draft has to have seen. */
  seen: string
  bodies: readonly DecidingBody[]
  /** In the order in which they were recorded. */
  decisions: readonly Decision[]
  /** By round and item. */
  inquiries: readonly Inquiry[]
  conditions: readonly Condition[]
  attachments: readonly Attachment[]
}

/** What a reader of the list is told of each. */
export type RequestSummary = Pick<
  RequestRecord,
  'id' | 'number' | 'title' | 'state' | 'asOf' | 'submittedOn' | 'registrationUntil' | 'targetNumber' | 'statedTotal'
> & { adoptedVersion: number | null; openInquiries: number; openConditions: number }
