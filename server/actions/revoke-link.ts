/** An administrator takes back a link that was handed to the wrong person, or that nobody needs any more. */
import type { Actor, Context } from '../context.ts'
import { listUnusedLinks, revokeLinks } from '../db/access-links.ts'
import { findAccount } from '../db/accounts.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

export function revokeLink(context: Context, actor: Actor, username: string): Promise<Parsed<{ username: string }>> {
  return transact(context, actor, null, async (write) => {
    const account = await findAccount(write, username)
    if (account === null) return { problems: [{ field: '', code: 'person_unknown' }] }
    if ((await listUnusedLinks(write, account.personId)).length === 0) {
      return { problems: [{ field: '', code: 'link_none' }] }
    }
    await revokeLinks(write, context, account.personId)
    return { value: { username } }
  })
}
