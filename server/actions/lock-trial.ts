/** The data manager or the principal investigator locks a trial, with their password: nothing of it is changed any more. */

import { type Actor, type Context, nobody } from '../context.ts'
import { insertTrialLock } from '../db/trial-locks.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'

/**
 * A trial that is locked already refuses this as it refuses everything else. The password is tried before the trial's
 * turn is taken, and counted like any other try.
 */
export async function lockTrial(
  context: Context,
  actor: Actor,
  trialId: string,
  { because, password }: { because: string; password: string },
  from: { address: string },
): Promise<Parsed<{ lockId: string }>> {
  const who = { username: actor.username, address: from.address }
  const tried = await tryPassword(context, nobody, who, password)
  if (tried.is === 'too_early') return { problems: [tried.problem] }
  if (tried.is === 'right') await forgive(context, who)
  return transact(context, actor, trialId, async (write) => {
    if (!mayIn(actor.grants, 'lock_trial', trialId)) return { problems: [{ field: '', code: 'lock_not_yours' }] }
    if (tried.is === 'wrong') return { problems: [{ field: 'password', code: 'password_wrong' }] }
    return { value: { lockId: await insertTrialLock(write, context, actor, trialId, because) } }
  })
}
