/** Somebody comes back from the OpenID provider, which has said who they are; at first, they get an account without a role. */
import { type Context, nobody } from '../context.ts'
import { isAnybodyThere } from '../db/accounts.ts'
import { findPersonOfIdentity, insertOrReviseIdentity, newOpenIdUsername } from '../db/openid-identities.ts'
import { findActor, insertPerson } from '../db/people.ts'
import { findSecondFactor } from '../db/second-factors.ts'
import { type LastTime, noteSignIn } from '../db/sign-in-notes.ts'
import { forgive } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { OpenIdIdentity } from '../domain/openid.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { nameInBoth } from '../domain/person.ts'

/**
 * `code`: the provider did not ask for a second factor, and the person has set one up here. Refused where their access
 * has ended.
 */
export async function signInByOpenId(
  context: Context,
  identity: OpenIdIdentity,
  from: { address: string; agent: string },
): Promise<Parsed<{ personId: string; next: 'signed_in' | 'code'; last: LastTime | null }>> {
  const { db } = context
  const known = await findPersonOfIdentity(db, identity)
  const person = known === null ? await addPersonOf(context, identity) : { value: { personId: known } }
  if (isRefused(person)) return person
  const { personId } = person.value
  const actor = await findActor(db, personId)
  if (actor === null) return { problems: [{ field: '', code: 'openid_ended' }] }
  if (identity.secondFactor === 'none' && (await findSecondFactor(db, personId)) !== null) {
    return { value: { personId, next: 'code', last: null } }
  }
  const failures = await forgive(context, { username: actor.username, address: from.address })
  return { value: { personId, next: 'signed_in', last: await noteSignIn(db, personId, from, failures, context.now()) } }
}

/** Never by name or mail to somebody who is there. The first account of all is the administrator's, by their link. */
function addPersonOf(context: Context, identity: OpenIdIdentity): Promise<Parsed<{ personId: string }>> {
  return transact(context, nobody, null, async (write) => {
    if (!(await isAnybodyThere(write))) return { problems: [{ field: '', code: 'openid_before_administrator' }] }
    const meanwhile = await findPersonOfIdentity(write, identity)
    if (meanwhile !== null) return { value: { personId: meanwhile } }
    // An identity that was taken from somebody begins anew, without their roles.
    const username = newOpenIdUsername()
    const name = nameInBoth(identity.name, '') ?? { ja: username, en: username }
    const personId = await insertPerson(write, context, { username, name, passwordHash: '' })
    await insertOrReviseIdentity(write, context, personId, identity)
    return { value: { personId } }
  })
}
