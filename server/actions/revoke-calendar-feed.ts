/** Somebody revokes a secret address of their calendar: from now on nothing is found at it. */
import type { Actor, Context } from '../context.ts'
import { listFeedsOf, reviseRevokedFeed } from '../db/calendar-feeds.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** Nobody but its owner; revoked once more, it stays revoked. */
export function revokeCalendarFeed(
  context: Context,
  actor: Actor,
  feed: { id: string; trialId: string | null },
): Promise<Parsed<{ id: string }>> {
  return transactUnderLock(context, actor, feed.trialId, async (write) => {
    const own = (await listFeedsOf(write, actor.personId)).find(({ id }) => id === feed.id)
    if (own !== undefined) await reviseRevokedFeed(write, context, feed.id)
    return { value: { id: feed.id } }
  })
}
