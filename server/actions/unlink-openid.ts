/** The OpenID provider lets somebody in no more: they said so with their password, or an administrator did. */
import { type Actor, type Context, nobody } from '../context.ts'
import { findAccount } from '../db/accounts.ts'
import { findIdentityOf, reviseIdentityAsUnlinked } from '../db/openid-identities.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** Who has no password has no other way in, and cannot say so. */
export async function unlinkOwnOpenId(
  context: Context,
  actor: Actor,
  password: string,
  from: { address: string },
): Promise<Parsed<{ username: string }>> {
  const { username } = actor
  const who = { username, address: from.address }
  const outcome = await tryPassword(context, nobody, who, password)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'wrong') return { problems: [{ field: 'password', code: 'password_wrong' }] }
  await forgive(context, who)
  return unlink(context, actor, username)
}

export function unlinkOpenIdOf(
  context: Context,
  actor: Actor,
  username: string,
): Promise<Parsed<{ username: string }>> {
  return unlink(context, actor, username)
}

/** Signed out everywhere: whoever has the identity may be signed in. */
function unlink(context: Context, actor: Actor, username: string): Promise<Parsed<{ username: string }>> {
  return transact(context, actor, null, async (write) => {
    const account = await findAccount(write, username)
    const identity = account === null ? null : await findIdentityOf(write, account.personId)
    if (account === null || identity === null) return { problems: [{ field: '', code: 'openid_none' }] }
    await reviseIdentityAsUnlinked(write, context, identity.id)
    await write.endSessions(account.personId)
    return { value: { username } }
  })
}
