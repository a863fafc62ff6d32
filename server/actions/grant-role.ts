/** An administrator, or a trial's data manager, gives somebody a role. */
import type { Actor, Context } from '../context.ts'
import { insertGrant } from '../db/people.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type Grant, reachOf } from '../domain/permission.ts'

/** Refused where the role's reach and what it is granted for do not agree. */
export function grantRole(
  context: Context,
  actor: Actor,
  personId: string,
  grant: Grant,
): Promise<Parsed<{ personId: string }>> {
  return transact(context, actor, grant.trialId, async (write) => {
    const reach = grant.siteId !== null ? 'site' : grant.trialId !== null ? 'trial' : 'system'
    if (reach !== reachOf[grant.role] || (reach === 'site' && grant.trialId === null)) {
      return {
        problems: [{ field: 'role', code: 'role_reach', values: { role: grant.role, reach: reachOf[grant.role] } }],
      }
    }
    await insertGrant(write, context, personId, grant)
    return { value: { personId } }
  })
}
