/** A second person unlocks a trial, with a reason and their password: it can be changed again. */

import { type Actor, type Context, nobody } from '../context.ts'
import { listTrialLocks, reviseTrialLockAsEnded } from '../db/trial-locks.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { unlockProblems } from '../domain/trial-lock.ts'

export async function unlockTrial(
  context: Context,
  actor: Actor,
  trialId: string,
  { lockId, because, password }: { lockId: string; because: string; password: string },
  from: { address: string },
): Promise<Parsed<{ lockId: string }>> {
  const who = { username: actor.username, address: from.address }
  const tried = await tryPassword(context, nobody, who, password)
  if (tried.is === 'too_early') return { problems: [tried.problem] }
  if (tried.is === 'right') await forgive(context, who)
  return transactUnderLock(context, actor, trialId, async (write) => {
    if (!mayIn(actor.grants, 'lock_trial', trialId)) return { problems: [{ field: '', code: 'lock_not_yours' }] }
    const open = (await listTrialLocks(write, trialId)).find(({ ended }) => ended === null) ?? null
    const problems = unlockProblems(open, lockId, actor.personId)
    if (problems.length > 0) return { problems }
    if (tried.is === 'wrong') return { problems: [{ field: 'password', code: 'password_wrong' }] }
    await reviseTrialLockAsEnded(write, context, actor, lockId, because)
    return { value: { lockId } }
  })
}
