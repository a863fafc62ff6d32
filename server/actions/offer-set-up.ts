/** The server starts where nobody has an account yet: one link lets the first administrator in. */
import type { Actor, Context } from '../context.ts'
import { insertLink, newToken } from '../db/access-links.ts'
import { isAnybodyThere } from '../db/accounts.ts'
import { transact } from '../db/write.ts'
import { isRefused } from '../domain/parsed.ts'

/** The token of the link; null where there is an account already. A link from an earlier start is over. */
export async function offerSetUp(context: Context, actor: Actor): Promise<string | null> {
  if (await isAnybodyThere(context.db)) return null
  const token = newToken()
  const outcome = await transact(context, actor, null, async (write) => {
    if (await isAnybodyThere(write)) return { problems: [{ field: '', code: 'set_up_over' }] }
    await insertLink(write, context, { kind: 'set_up', personId: null, token })
    return { value: null }
  })
  return isRefused(outcome) ? null : token
}
