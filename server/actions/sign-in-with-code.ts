/** Somebody who came by password or by OpenID types the code of their second factor, or a recovery code, and is signed in. */
import { type Context, nobody } from '../context.ts'
import { findActor } from '../db/people.ts'
import { type LastTime, noteSignIn } from '../db/sign-in-notes.ts'
import { forgive, tryCode } from '../db/tries.ts'
import type { Parsed } from '../domain/parsed.ts'
import type { SignInWay } from '../domain/person.ts'

export async function signInWithCode(
  context: Context,
  { personId, way }: { personId: string; way: SignInWay },
  typed: string,
  from: { address: string; agent: string },
): Promise<Parsed<{ last: LastTime | null }>> {
  const actor = await findActor(context.db, personId)
  if (actor === null) return { problems: [{ field: 'code', code: 'code_wrong' }] }
  const who = { personId, username: actor.username, address: from.address }
  const outcome = await tryCode(context, nobody, who, typed, actor)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'wrong') return { problems: [{ field: 'code', code: 'code_wrong' }] }
  // The password that was right before it was a try as well.
  const right = way === 'password' ? 2 : 1
  const failures = Math.max(0, (await forgive(context, who)) - right)
  return { value: { last: await noteSignIn(context.db, personId, from, failures, context.now()) } }
}
