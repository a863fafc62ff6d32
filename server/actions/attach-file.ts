/** Somebody attaches a file to a change request: kept beside the database under its hash, and named in the record. */
import type { Actor, Context } from '../context.ts'
import { insertAttachment } from '../db/request-attachments.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { attachmentKindOf, largestAttachment, mostAttachments } from '../domain/request/attachment.ts'

/** A withdrawn request takes no files; the same file is attached once, and again where it was withdrawn. */
export async function attachFile(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  { name, content }: { name: string; content: Uint8Array },
): Promise<Parsed<{ attachmentId: string }>> {
  if (content.length > largestAttachment) return { problems: [{ field: 'file', code: 'import_too_large' }] }
  const kind = attachmentKindOf(name, content)
  if (kind === null) return { problems: [{ field: 'file', code: 'file_of_no_kind' }] }
  // Kept before the record: a file that nobody names does no harm, a name without its file would.
  const sha256 = await context.files.keep(content)
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record } = found
    const attachments = found.attachments.filter(({ withdrawn }) => withdrawn === null)
    if (record.state === 'withdrawn') return { problems: [{ field: '', code: 'request_is_over' }] }
    if (attachments.length >= mostAttachments) {
      return { problems: [{ field: 'file', code: 'files_too_many', values: { most: mostAttachments } }] }
    }
    if (attachments.some((one) => one.sha256 === sha256)) {
      return { problems: [{ field: 'file', code: 'file_attached_already' }] }
    }
    const draft = { name, kind, sizeBytes: content.length, sha256 }
    return { value: { attachmentId: await insertAttachment(write, context, { trialId, requestId: record.id }, draft) } }
  })
}
