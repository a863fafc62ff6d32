/** Somebody who plans recruitment says that a measure was written down by mistake: it is listed nowhere any more. */
import type { Actor, Context } from '../context.ts'
import { listCountermeasureSettings, voidCountermeasure as markVoid } from '../db/countermeasures.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function voidCountermeasure(
  context: Context,
  actor: Actor,
  trialId: string,
  { id, seen, reason }: { id: string; seen: string; reason: string },
): Promise<Parsed<{ countermeasureId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = settingSeen(await listCountermeasureSettings(write, trialId), { id, seen })
    if ('problems' in found) return found
    if (reason === '') return { problems: [{ field: 'reason', code: 'setting_missing' }] }
    const { timeZone } = await findTrial(write, trialId)
    await markVoid(write, id, context.today(timeZone), reason)
    return { value: { countermeasureId: id } }
  })
}
