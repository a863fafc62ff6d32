/** An administrator ends somebody's access: signed out everywhere at once, and let in no more. */
import type { Actor, Context } from '../context.ts'
import { revokeLinks } from '../db/access-links.ts'
import { findAccount, isAnotherAdministrator, revisePersonAsEnded } from '../db/accounts.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** What they wrote stays under their name. The last administrator stays: nobody could let anybody in again. */
export function endAccess(context: Context, actor: Actor, username: string): Promise<Parsed<{ username: string }>> {
  return transact(context, actor, null, async (write) => {
    const account = await findAccount(write, username)
    if (account === null) return { problems: [{ field: '', code: 'person_unknown' }] }
    if (account.endedAt !== null) return { problems: [{ field: '', code: 'person_ended' }] }
    const isAdministrator = account.roles.some(({ role }) => role === 'administrator')
    if (isAdministrator && !(await isAnotherAdministrator(write, account.personId))) {
      return { problems: [{ field: '', code: 'administrator_last' }] }
    }
    await revisePersonAsEnded(write, context, account.personId)
    await revokeLinks(write, context, account.personId)
    await write.endSessions(account.personId)
    return { value: { username } }
  })
}
