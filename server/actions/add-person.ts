/** An administrator gives somebody an account. */
import type { Actor, Context } from '../context.ts'
import { hashPassword } from '../db/password-hash.ts'
import { findPersonId, insertPerson } from '../db/people.ts'
import { transact } from '../db/write.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import type { Parsed, Problem } from '../domain/parsed.ts'

export type PersonDraft = { username: string; name: Bilingual; password: string }

/** Without a second factor a password has this many characters or more. */
export const passwordLength = { least: 15, most: 256 }

function personProblems({ username, password }: PersonDraft): Problem[] {
  const problems: Problem[] = []
  if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(username)) problems.push({ field: 'username', code: 'username_malformed' })
  const length = [...password].length
  if (length < passwordLength.least || length > passwordLength.most) {
    problems.push({ field: 'password', code: 'password_length', values: passwordLength })
  }
  return problems
}

export async function addPerson(
  context: Context,
  actor: Actor,
  draft: PersonDraft,
): Promise<Parsed<{ personId: string }>> {
  const problems = personProblems(draft)
  if (problems.length > 0) return { problems }
  const passwordHash = await hashPassword(draft.password, context.config.passwordCost)
  return transact(context, actor, null, async (write) => {
    const { username, name } = draft
    if ((await findPersonId(write, username)) !== null) {
      return { problems: [{ field: 'username', code: 'username_taken', values: { username } }] }
    }
    return { value: { personId: await insertPerson(write, context, { username, name, passwordHash }) } }
  })
}
