/** An administrator opens an account for somebody, who chooses a password themselves by a link. */
import type { Actor, Context } from '../context.ts'
import { insertLink, isLinkKept, newToken } from '../db/access-links.ts'
import { findPersonId, insertPerson } from '../db/people.ts'
import { transact } from '../db/write.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { usernameProblems } from '../domain/person.ts'

/**
 * The token is handed over once and kept nowhere: it is null where the same form was sent before, and its link was shown
 * then.
 */
export async function invitePerson(
  context: Context,
  actor: Actor,
  { username, name }: { username: string; name: Bilingual },
): Promise<Parsed<{ token: string | null }>> {
  const problems = usernameProblems(username)
  if (problems.length > 0) return { problems }
  const token = newToken()
  const outcome = await transact(context, actor, null, async (write) => {
    if ((await findPersonId(write, username)) !== null) {
      return { problems: [{ field: 'username', code: 'username_taken', values: { username } }] }
    }
    const personId = await insertPerson(write, context, { username, name, passwordHash: '' })
    await insertLink(write, context, { kind: 'invitation', personId, token })
    return { value: { personId } }
  })
  if (isRefused(outcome)) return outcome
  return { value: { token: (await isLinkKept(context.db, token)) ? token : null } }
}
