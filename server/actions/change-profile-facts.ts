/** A data manager states a fact of the trial's profile, states it anew, or withdraws it. Old versions stay. */
import type { Actor, Context } from '../context.ts'
import { endFact, insertFact, listFactSettings } from '../db/fact-settings.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type SettingChange, settingSeen } from '../domain/setting-change.ts'
import type { ProfileFact } from '../domain/trial.ts'

export function changeProfileFacts(
  context: Context,
  actor: Actor,
  trialId: string,
  change: Exclude<SettingChange<ProfileFact>, { do: 'move' }>,
): Promise<Parsed<{ kind: string }>> {
  return transact(context, actor, trialId, async (write) => {
    if (change.do === 'add') {
      await insertFact(write, context, trialId, change.to, null)
      return { value: { kind: change.to.kind } }
    }
    const found = settingSeen(await listFactSettings(write, trialId), change)
    if ('problems' in found) return found
    const { kind } = found.setting.value
    if (change.do === 'retire') {
      await endFact(write, context, change.id, { auditAs: 'profile_fact_withdrawn' })
      return { value: { kind } }
    }
    await endFact(write, context, change.id, { auditAs: 'profile_fact_replaced' })
    await insertFact(write, context, trialId, { ...change.to, kind }, change.id)
    return { value: { kind } }
  })
}
