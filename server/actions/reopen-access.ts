/** An administrator lets somebody in again whose access had ended: with their old password and the roles they still hold. */
import type { Actor, Context } from '../context.ts'
import { findAccount, revisePersonAsReopened } from '../db/accounts.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

export function reopenAccess(context: Context, actor: Actor, username: string): Promise<Parsed<{ username: string }>> {
  return transact(context, actor, null, async (write) => {
    const account = await findAccount(write, username)
    if (account === null) return { problems: [{ field: '', code: 'person_unknown' }] }
    if (account.endedAt === null) return { problems: [{ field: '', code: 'person_not_ended' }] }
    await revisePersonAsReopened(write, account.personId)
    return { value: { username } }
  })
}
