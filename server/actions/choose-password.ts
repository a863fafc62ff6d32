/** Somebody follows the link they were handed and chooses their password: at first, or because they forgot it. */
import type { Context } from '../context.ts'
import { findOpenLink, reviseLinkAsUsed } from '../db/access-links.ts'
import { revisePassword } from '../db/accounts.ts'
import { hashPassword } from '../db/password-hash.ts'
import { findActor } from '../db/people.ts'
import { findSecondFactor } from '../db/second-factors.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { passwordProblems } from '../domain/password-rule.ts'

/** Ends every session of the person: whoever sat there with the old password sits there no more. */
export async function choosePassword(
  context: Context,
  token: string,
  password: string,
): Promise<Parsed<{ username: string }>> {
  const { db } = context
  const over = { problems: [{ field: '', code: 'link_over' }] }
  const link = await findOpenLink(db, token, context.now())
  const actor = link === null || link.personId === null ? null : await findActor(db, link.personId)
  if (actor === null) return over
  const { personId, username, name } = actor
  const secondFactor = (await findSecondFactor(db, personId)) === null ? 'none' : 'set_up'
  const problems = passwordProblems(password, { username, names: [name.ja, name.en], secondFactor })
  if (problems.length > 0) return { problems }
  const passwordHash = await hashPassword(password, context.config.passwordCost)
  return transact(context, actor, null, async (write) => {
    const still = await findOpenLink(write, token, context.now())
    if (still === null || (await findActor(write, personId)) === null) return over
    await revisePassword(write, personId, passwordHash)
    await reviseLinkAsUsed(write, context, still.id)
    await write.endSessions(personId)
    return { value: { username } }
  })
}
