/** An administrator at the console gives somebody an account with a password. */
import type { Actor, Context } from '../context.ts'
import { hashPassword } from '../db/password-hash.ts'
import { findPersonId, insertPerson } from '../db/people.ts'
import { transact } from '../db/write.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import type { Parsed } from '../domain/parsed.ts'
import { passwordProblems } from '../domain/password-rule.ts'
import { usernameProblems } from '../domain/person.ts'

export type PersonDraft = { username: string; name: Bilingual; password: string }

export async function addPerson(
  context: Context,
  actor: Actor,
  draft: PersonDraft,
): Promise<Parsed<{ personId: string }>> {
  const { username, name, password } = draft
  const owner = { username, names: [name.ja, name.en], secondFactor: 'none' } as const
  const problems = [...usernameProblems(username), ...passwordProblems(password, owner)]
  if (problems.length > 0) return { problems }
  const passwordHash = await hashPassword(password, context.config.passwordCost)
  return transact(context, actor, null, async (write) => {
    if ((await findPersonId(write, username)) !== null) {
      return { problems: [{ field: 'username', code: 'username_taken', values: { username } }] }
    }
    return { value: { personId: await insertPerson(write, context, { username, name, passwordHash }) } }
  })
}
