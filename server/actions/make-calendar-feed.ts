/** Somebody makes a secret address under which their calendar can be fetched. */
import type { Actor, Context } from '../context.ts'
import { insertFeed, listFeedsOf } from '../db/calendar-feeds.ts'
import { transactUnderLock } from '../db/write.ts'
import { mostFeeds } from '../domain/calendar-feed.ts'
import type { Parsed } from '../domain/parsed.ts'

/**
 * Of one trial, or for null of all that the person may see. Neither the token nor anything of it comes back: what an
 * action gives is kept to answer the same form once more.
 */
export function makeCalendarFeed(
  context: Context,
  actor: Actor,
  feed: { trialId: string | null; language: string; token: string },
): Promise<Parsed<{ feedId: string }>> {
  return transactUnderLock(context, actor, feed.trialId, async (write) => {
    const own = (await listFeedsOf(write, actor.personId)).filter(({ trialId }) => trialId === feed.trialId)
    if (own.length >= mostFeeds) {
      return { problems: [{ field: '', code: 'feeds_too_many', values: { most: mostFeeds } }] }
    }
    return { value: { feedId: await insertFeed(write, context, { personId: actor.personId, ...feed }) } }
  })
}
