/** Somebody changes their own password, knowing the old one: everywhere else they are signed out. */
import { type Actor, type Context, nobody } from '../context.ts'
import { revokeLinks } from '../db/access-links.ts'
import { revisePassword } from '../db/accounts.ts'
import { hashPassword } from '../db/password-hash.ts'
import { findSecondFactor } from '../db/second-factors.ts'
import { forgive, tryPassword } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { passwordProblems } from '../domain/password-rule.ts'

/** All sessions end; the caller begins this one anew. A link for a forgotten password is over as well. */
export async function changePassword(
  context: Context,
  actor: Actor,
  typed: { old: string; password: string },
  from: { address: string },
): Promise<Parsed<{ personId: string }>> {
  const { personId, username, name } = actor
  const secondFactor = (await findSecondFactor(context.db, personId)) === null ? 'none' : 'set_up'
  const problems = passwordProblems(typed.password, { username, names: [name.ja, name.en], secondFactor })
  if (problems.length > 0) return { problems }
  const who = { username, address: from.address }
  const outcome = await tryPassword(context, nobody, who, typed.old)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'wrong') return { problems: [{ field: 'old', code: 'password_wrong' }] }
  await forgive(context, who)
  if (typed.old === typed.password) return { problems: [{ field: 'password', code: 'password_same' }] }
  const passwordHash = await hashPassword(typed.password, context.config.passwordCost)
  return transact(context, actor, null, async (write) => {
    await revisePassword(write, personId, passwordHash)
    await revokeLinks(write, context, personId)
    await write.endSessions(personId)
    return { value: { personId } }
  })
}
