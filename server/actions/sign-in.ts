/** Somebody signs in with a name and a password; who has set up a second factor is asked for its code next. */
import { type Context, nobody } from '../context.ts'
import { findPersonId } from '../db/people.ts'
import { findSecondFactor } from '../db/second-factors.ts'
import { type LastTime, noteSignIn } from '../db/sign-in-notes.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import type { Parsed } from '../domain/parsed.ts'

export type Place = { address: string; agent: string }

/** `last` is the time before this one; null at the first. */
export type SignedIn = { personId: string; next: 'signed_in' | 'code'; last: LastTime | null }

/** Refused with one code for a wrong password and an unknown name, and with another while somebody has to wait. */
export async function signIn(
  context: Context,
  typed: { username: string; password: string },
  from: Place,
): Promise<Parsed<SignedIn>> {
  const { db } = context
  const who = { username: typed.username, address: from.address }
  const outcome = await tryPassword(context, nobody, who, typed.password)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  const personId = outcome.is === 'right' ? await findPersonId(db, typed.username) : null
  if (personId === null) return { problems: [{ field: 'username', code: 'sign_in_failed' }] }
  if ((await findSecondFactor(db, personId)) !== null) {
    // Only half of a sign-in: the try stays counted against the name until the code is right as well.
    return { value: { personId, next: 'code', last: null } }
  }
  const failures = (await forgive(context, who)) - 1
  const last = await noteSignIn(db, personId, from, failures, context.now())
  return { value: { personId, next: 'signed_in', last } }
}
