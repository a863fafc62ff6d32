/** Somebody sets up a second factor: the app has the secret, and the first code proves it. */
import type { Actor, Context } from '../context.ts'
import { findSecondFactor, insertSecondFactor, newRecoveryCodes, stepTyped } from '../db/second-factors.ts'
import { useStep } from '../db/sign-in-notes.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** The recovery codes are shown once. Every other session ends, this one is begun anew by the caller. */
export async function setUpSecondFactor(
  context: Context,
  actor: Actor,
  { secret, code }: { secret: string; code: string },
): Promise<Parsed<{ recoveryCodes: string[] }>> {
  const { personId } = actor
  const now = context.now()
  if (stepTyped(code, secret, now, null) === null) return { problems: [{ field: 'code', code: 'code_wrong' }] }
  const recoveryCodes = newRecoveryCodes()
  const outcome = await transact(context, actor, null, async (write) => {
    if ((await findSecondFactor(write, personId)) !== null) {
      return { problems: [{ field: '', code: 'second_factor_there' }] }
    }
    await insertSecondFactor(write, context, personId, { secret, recoveryCodes })
    await write.endSessions(personId)
    return { value: { recoveryCodes } }
  })
  // The code that proved the app is used up as well.
  if ('value' in outcome) await useStep(context.db, personId, () => stepTyped(code, secret, now, null), now)
  return outcome
}
