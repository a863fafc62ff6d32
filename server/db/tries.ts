/**
 * Trying a password or a code: counted first, looked at then, forgiven when it fits. A password that fits during a delay
 * waits like any other; a name that does not exist takes the same steps in the same time.
 */
import type { Actor, Context } from '../context.ts'
import type { Problem } from '../domain/parsed.ts'
import { type DelayOf, delaySeconds, type Failures, isLockToRecord } from '../domain/sign-in-delay.ts'
import { insertLock } from './accounts.ts'
import { passwordFits } from './password-hash.ts'
import { findCredentials, findPersonId } from './people.ts'
import { findSecondFactor, recoveryHash, reviseRecoveryCodeAsUsed, stepTyped } from './second-factors.ts'
import { countTry, forgiveTry, settleTry, type Tried, useStep } from './sign-in-notes.ts'
import { transact } from './write.ts'

/** What came of a try: it fits, it does not, or it must wait and was not looked at. */
export type Outcome = { is: 'right' } | { is: 'wrong' } | { is: 'too_early'; problem: Problem }

/** What is recorded of a try is no answer to the form it came in: the form's key is left to what the form is for. */
function besideTheForm(context: Context): Context {
  return { ...context, request: context.request === null ? null : { ...context.request, submission: null } }
}

async function tried(context: Context, nobody: Actor, who: Tried, fits: () => Promise<boolean>): Promise<Outcome> {
  const counted = await countTry(context.db, who, context.now())
  if ('waitSeconds' in counted) return { is: 'too_early', problem: waitProblem(counted.waitSeconds) }
  const is = (await fits()) ? 'right' : 'wrong'
  const settled = await settleTry(context.db, who, is, context.now())
  const address = 'failures' in settled ? settled.failures : null
  if (is === 'wrong') await recordLocks(context, nobody, who, { account: counted.failures, address })
  return 'waitSeconds' in settled ? { is: 'too_early', problem: waitProblem(settled.waitSeconds) } : { is }
}

function waitProblem(seconds: number): Problem {
  if (seconds < 60) return { field: '', code: 'sign_in_wait_seconds', values: { seconds } }
  return { field: '', code: 'sign_in_wait_minutes', values: { minutes: Math.ceil(seconds / 60) } }
}

/** A name whose try is right is forgiven by the caller, when nothing else is left to try. */
export function tryPassword(context: Context, nobody: Actor, who: Tried, password: string): Promise<Outcome> {
  return tried(context, nobody, who, async () => {
    const credentials = await findCredentials(context.db, who.username)
    return passwordFits(password.slice(0, 1024), credentials?.passwordHash ?? null, context.config.passwordCost)
  })
}

/** A code of the person's authenticator app, or one of their recovery codes: each is good once. */
export function tryCode(
  context: Context,
  nobody: Actor,
  who: Tried & { personId: string },
  typed: string,
  actor: Actor,
): Promise<Outcome> {
  return tried(context, nobody, who, async () => {
    const { db } = context
    const factor = await findSecondFactor(db, who.personId)
    if (factor === null) return false
    const now = context.now()
    if (await useStep(db, who.personId, (used) => stepTyped(typed, factor.secret, now, used), now)) return true
    if (!factor.recoveryHashes.includes(recoveryHash(typed))) return false
    const used = await transact(besideTheForm(context), actor, null, async (write) => {
      const still = await findSecondFactor(write, who.personId)
      if (still === null || !still.recoveryHashes.includes(recoveryHash(typed))) {
        return { problems: [{ field: 'code', code: 'code_wrong' }] }
      }
      await reviseRecoveryCodeAsUsed(write, still, typed)
      return { value: null }
    })
    return 'value' in used
  })
}

/** How many tries of the name there were since the last that went well, this one included. */
export function forgive(context: Context, who: Tried): Promise<number> {
  return forgiveTry(context.db, who, context.now())
}

/** One entry when a delay begins, one when it is at its longest: a flood of tries does not flood the trail. */
async function recordLocks(
  context: Context,
  nobody: Actor,
  who: Tried,
  counted: Record<DelayOf, Failures | null>,
): Promise<void> {
  const locks = (['account', 'address'] as const).flatMap((lockOf) => {
    const failures = counted[lockOf]
    return failures !== null && isLockToRecord(failures) ? [{ lockOf, ...failures }] : []
  })
  if (locks.length === 0) return
  await transact(besideTheForm(context), nobody, null, async (write) => {
    const personId = await findPersonId(write, who.username)
    for (const { lockOf, failures, lastAt } of locks) {
      const until = new Date(Date.parse(lastAt) + delaySeconds(failures) * 1000).toISOString()
      const known = lockOf === 'account' ? personId : null
      await insertLock(write, context, { personId: known, lockOf, address: who.address, until, failures })
    }
    return { value: null }
  })
}
