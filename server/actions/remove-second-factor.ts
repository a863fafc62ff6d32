/** A second factor is removed: by its person, who proves to be it, or by an administrator where the telephone is lost. */
import { type Actor, type Context, nobody } from '../context.ts'
import { findAccount } from '../db/accounts.ts'
import { findSecondFactor, reviseSecondFactorAsRemoved } from '../db/second-factors.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { passwordProblems } from '../domain/password-rule.ts'

/** A password that was short beside the second factor is not enough without it: it is changed first. */
export async function removeOwnSecondFactor(
  context: Context,
  actor: Actor,
  password: string,
  from: { address: string },
): Promise<Parsed<{ username: string }>> {
  const { username, name } = actor
  const who = { username, address: from.address }
  const outcome = await tryPassword(context, nobody, who, password)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'wrong') return { problems: [{ field: 'password', code: 'password_wrong' }] }
  await forgive(context, who)
  const problems = passwordProblems(password, { username, names: [name.ja, name.en], secondFactor: 'none' })
  if (problems.length > 0) return { problems: [{ field: 'password', code: 'password_short_alone' }] }
  return remove(context, actor, username)
}

/** Signs the person out everywhere: whoever had taken their telephone may be signed in. */
export function removeSecondFactorOf(
  context: Context,
  actor: Actor,
  username: string,
): Promise<Parsed<{ username: string }>> {
  return remove(context, actor, username)
}

function remove(context: Context, actor: Actor, username: string): Promise<Parsed<{ username: string }>> {
  return transact(context, actor, null, async (write) => {
    const account = await findAccount(write, username)
    const factor = account === null ? null : await findSecondFactor(write, account.personId)
    if (account === null || factor === null) return { problems: [{ field: '', code: 'second_factor_none' }] }
    await reviseSecondFactorAsRemoved(write, factor)
    await write.endSessions(account.personId)
    return { value: { username } }
  })
}
