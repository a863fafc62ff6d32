/** Somebody with an account here adds the OpenID provider as a second way in: they have signed in there, and know their password. */
import { type Actor, type Context, nobody } from '../context.ts'
import { findIdentityOf, findPersonOfIdentity, insertOrReviseIdentity } from '../db/openid-identities.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { OpenIdSubject } from '../domain/openid.ts'
import type { Parsed } from '../domain/parsed.ts'

/** Refused where they have linked one before, and where the identity lets somebody else in. */
export async function linkOpenId(
  context: Context,
  actor: Actor,
  { identity, password }: { identity: OpenIdSubject; password: string },
  from: { address: string },
): Promise<Parsed<{ personId: string }>> {
  const { personId, username } = actor
  const who = { username, address: from.address }
  const outcome = await tryPassword(context, nobody, who, password)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'wrong') return { problems: [{ field: 'password', code: 'password_wrong' }] }
  await forgive(context, who)
  return transact(context, actor, null, async (write) => {
    if ((await findIdentityOf(write, personId)) !== null) return { problems: [{ field: '', code: 'openid_there' }] }
    if ((await findPersonOfIdentity(write, identity)) !== null) {
      return { problems: [{ field: '', code: 'openid_of_another' }] }
    }
    await insertOrReviseIdentity(write, context, personId, identity)
    return { value: { personId } }
  })
}
