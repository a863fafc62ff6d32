/** The data manager or the principal investigator locks a trial, with their password: nothing of it is changed any more. */
import type { Actor, Context } from '../context.ts'
import { passwordFits } from '../db/password-hash.ts'
import { findPasswordHash } from '../db/people.ts'
import { insertTrialLock } from '../db/trial-locks.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'

/** A trial that is locked already refuses this as it refuses everything else. */
export async function lockTrial(
  context: Context,
  actor: Actor,
  trialId: string,
  { because, password }: { because: string; password: string },
): Promise<Parsed<{ lockId: string }>> {
  const stored = await findPasswordHash(context.db, actor.personId)
  const isTheirs = await passwordFits(password, stored, context.config.passwordCost)
  return transact(context, actor, trialId, async (write) => {
    if (!mayIn(actor.grants, 'lock_trial', trialId)) return { problems: [{ field: '', code: 'lock_not_yours' }] }
    if (!isTheirs) return { problems: [{ field: 'password', code: 'password_wrong' }] }
    return { value: { lockId: await insertTrialLock(write, context, actor, trialId, because) } }
  })
}
