/** An administrator gives somebody a role: at a site, in a trial, or for the whole installation. */
import type { Actor, Context } from '../context.ts'
import { findActor, insertGrant } from '../db/people.ts'
import { findSite } from '../db/sites.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type Grant, reachOf } from '../domain/permission.ts'

/**
 * Refused where the role's reach and what it is granted for do not agree, for a site of another trial, for somebody whose
 * access has ended, and where they hold the very same role already.
 */
export function grantRole(
  context: Context,
  actor: Actor,
  personId: string,
  grant: Grant,
): Promise<Parsed<{ personId: string }>> {
  return transactUnderLock(context, actor, grant.trialId, async (write) => {
    const reach = grant.siteId !== null ? 'site' : grant.trialId !== null ? 'trial' : 'system'
    if (reach !== reachOf[grant.role] || (reach === 'site' && grant.trialId === null)) {
      return {
        problems: [{ field: 'role', code: 'role_reach', values: { role: grant.role, reach: reachOf[grant.role] } }],
      }
    }
    if (grant.siteId !== null && (await findSite(write, grant.trialId ?? '', grant.siteId)) === null) {
      return { problems: [{ field: 'place', code: 'site_of_other_trial' }] }
    }
    const person = await findActor(write, personId)
    if (person === null) return { problems: [{ field: '', code: 'person_ended' }] }
    const isSame = (held: Grant) =>
      held.role === grant.role && held.trialId === grant.trialId && held.siteId === grant.siteId
    if (person.grants.some(isSame)) return { problems: [{ field: 'role', code: 'role_held' }] }
    await insertGrant(write, context, personId, grant)
    return { value: { personId } }
  })
}
