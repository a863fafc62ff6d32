/**
 * Somebody withdraws a file from a change request, with a reason: nobody is given it any more. Its name and its hash stay
 * in the record, and what it holds stays where files are kept, as evidence.
 */
import type { Actor, Context } from '../context.ts'
import { reviseAttachmentToWithdrawn } from '../db/request-attachments.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

export function withdrawAttachment(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  { attachmentId, reason }: { attachmentId: string; reason: string },
): Promise<Parsed<{ attachmentId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    const attachment = found?.attachments.find(({ id }) => id === attachmentId)
    if (attachment === undefined) return { problems: [{ field: '', code: 'attachment_unknown' }] }
    if (attachment.withdrawn !== null) return { problems: [{ field: '', code: 'attachment_withdrawn_already' }] }
    await reviseAttachmentToWithdrawn(write, context, attachmentId, reason)
    return { value: { attachmentId } }
  })
}
