/** Who writes requests takes a guest's link back, also of a locked trial: from now on nothing is read under it. */
import type { Actor, Context } from '../context.ts'
import { listGuestLinks, reviseGuestLinkAsRevoked } from '../db/guest-links.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** Revoked once more, it stays revoked as it was. */
export function revokeGuestLink(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  linkId: string,
): Promise<Parsed<{ linkId: string }>> {
  return transactUnderLock(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    const links = found === null ? [] : await listGuestLinks(write, found.record.id)
    const link = links.find(({ id }) => id === linkId)
    if (link === undefined) return { problems: [{ field: '', code: 'guest_link_unknown' }] }
    if (link.revokedAt === null) await reviseGuestLinkAsRevoked(write, context, link.id)
    return { value: { linkId } }
  })
}
