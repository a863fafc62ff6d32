/** A data manager changes the reasons that a trial names for its exits. */
import type { Actor, Context } from '../context.ts'
import { keepReasons, listEveryReason, listReasonSettings } from '../db/exit-reason-settings.ts'
import { transact } from '../db/write.ts'
import { type ReasonsChange, reasonsAfter } from '../domain/exit-reason-change.ts'
import type { Parsed } from '../domain/parsed.ts'

export function changeExitReasons(
  context: Context,
  actor: Actor,
  trialId: string,
  change: ReasonsChange,
): Promise<Parsed<{ reasons: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listReasonSettings(write, trialId)
    const next = reasonsAfter(settings, await listEveryReason(write, trialId), change)
    if ('problems' in next) return next
    await keepReasons(write, context, trialId, next.list)
    return { value: { reasons: next.list.length } }
  })
}
