/** Whoever installed the product follows the link of the first start, and becomes its first administrator. */
import type { Actor, Context } from '../context.ts'
import { findOpenLink, reviseLinkAsUsed } from '../db/access-links.ts'
import { isAnybodyThere } from '../db/accounts.ts'
import { hashPassword } from '../db/password-hash.ts'
import { insertGrant, insertPerson } from '../db/people.ts'
import { transact } from '../db/write.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import type { Parsed } from '../domain/parsed.ts'
import { passwordProblems } from '../domain/password-rule.ts'
import { usernameProblems } from '../domain/person.ts'

export type Founder = { username: string; name: Bilingual; password: string }

/** `actor` is the command line: whoever holds the link owns the installation. */
export async function setUpAdministrator(
  context: Context,
  actor: Actor,
  token: string,
  { username, name, password }: Founder,
): Promise<Parsed<{ personId: string }>> {
  const owner = { username, names: [name.ja, name.en], secondFactor: 'none' } as const
  const problems = [...usernameProblems(username), ...passwordProblems(password, owner)]
  if (problems.length > 0) return { problems }
  const passwordHash = await hashPassword(password, context.config.passwordCost)
  return transact(context, actor, null, async (write) => {
    const link = await findOpenLink(write, token, context.now())
    if (link === null || link.kind !== 'set_up' || (await isAnybodyThere(write))) {
      return { problems: [{ field: '', code: 'link_over' }] }
    }
    const personId = await insertPerson(write, context, { username, name, passwordHash })
    await insertGrant(write, context, personId, { role: 'administrator', trialId: null, siteId: null })
    await reviseLinkAsUsed(write, context, link.id)
    return { value: { personId } }
  })
}
