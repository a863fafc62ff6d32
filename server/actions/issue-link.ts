/** An administrator hands somebody a new link: the invitation once more, or a way back where a password was forgotten. */
import type { Actor, Context } from '../context.ts'
import { insertLink, isLinkKept, newToken } from '../db/access-links.ts'
import { findAccount } from '../db/accounts.ts'
import { transact } from '../db/write.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'

/** Links issued before are over. The password, if there is one, stays until the link is used. */
export async function issueLink(
  context: Context,
  actor: Actor,
  username: string,
): Promise<Parsed<{ token: string | null }>> {
  const token = newToken()
  const outcome = await transact(context, actor, null, async (write) => {
    const account = await findAccount(write, username)
    if (account === null) return { problems: [{ field: '', code: 'person_unknown' }] }
    if (account.endedAt !== null) return { problems: [{ field: '', code: 'person_ended' }] }
    const kind = account.hasPassword ? 'reset' : 'invitation'
    await insertLink(write, context, { kind, personId: account.personId, token })
    return { value: { kind } }
  })
  if (isRefused(outcome)) return outcome
  return { value: { token: (await isLinkKept(context.db, token)) ? token : null } }
}
