/** An administrator ends a role that somebody holds: with their next request it is gone. */
import type { Actor, Context } from '../context.ts'
import { findGrant, isAnotherAdministrator, reviseGrantAsEnded } from '../db/accounts.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** `trialId` is the trial of the grant, whose turn and audit trail the change belongs to; null for the installation. */
export function endRole(
  context: Context,
  actor: Actor,
  { personId, grantId, trialId }: { personId: string; grantId: string; trialId: string | null },
): Promise<Parsed<{ grantId: string }>> {
  return transactUnderLock(context, actor, trialId, async (write) => {
    const grant = await findGrant(write, personId, grantId)
    if (grant === null || grant.trialId !== trialId) return { problems: [{ field: '', code: 'role_not_held' }] }
    if (grant.role === 'administrator' && !(await isAnotherAdministrator(write, personId))) {
      return { problems: [{ field: '', code: 'administrator_last' }] }
    }
    await reviseGrantAsEnded(write, context, grantId)
    return { value: { grantId } }
  })
}
