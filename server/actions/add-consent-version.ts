/** A data manager adds a version of the consent document: from now on it is the one offered first. */
import type { Actor, Context } from '../context.ts'
import { insertConsentVersion } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import type { ConsentVersion } from '../domain/screening.ts'

export function addConsentVersion(
  context: Context,
  actor: Actor,
  trialId: string,
  version: Omit<ConsentVersion, 'id'>,
): Promise<Parsed<{ label: string }>> {
  return transact(context, actor, trialId, async (write) => {
    await insertConsentVersion(write, context, trialId, version)
    return { value: { label: version.label.ja } }
  })
}
