/** Files of change requests, by name and hash; what they hold lies beside the database. */
import type { Context } from '../context.ts'
import type { Attachment, AttachmentKind } from '../domain/request/attachment.ts'
import type { Db } from './database.ts'
import { newRowOf, type OfRequest } from './request-rows.ts'
import type { Write } from './write.ts'

/** In the order in which they came, those that were withdrawn among them. */
export async function listAttachments(db: Db, requestId: string): Promise<Attachment[]> {
  const rows = await db
    .selectFrom('request_attachment')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('attached_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind as AttachmentKind,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    attachedAt: row.attached_at,
    personId: row.person_id,
    withdrawn: row.withdrawn_at === null ? null : { at: row.withdrawn_at, because: row.withdrawn_because ?? '' },
  }))
}

export type AttachmentDraft = Pick<Attachment, 'name' | 'kind' | 'sizeBytes' | 'sha256'>

export async function insertAttachment(
  write: Write,
  context: Context,
  place: OfRequest,
  draft: AttachmentDraft,
): Promise<string> {
  const row = {
    ...newRowOf(context, place),
    size_bytes: draft.sizeBytes,
    name: draft.name,
    kind: draft.kind,
    sha256: draft.sha256,
    attached_at: context.now(),
    person_id: write.personId,
    withdrawn_at: null,
    withdrawn_because: null,
  }
  await write.insert('request_attachment', row, 'file_attached')
  return row.id
}

export async function reviseAttachmentToWithdrawn(
  write: Write,
  context: Context,
  id: string,
  reason: string,
): Promise<void> {
  const changes = { withdrawn_at: context.now(), withdrawn_because: reason }
  await write.revise('request_attachment', id, changes, 'file_withdrawn', reason)
}
