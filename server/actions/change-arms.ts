/** A data manager changes the arms of a trial: adds one, renames or weighs one anew, or takes one out of use. */
import type { Actor, Context } from '../context.ts'
import { isAnybodyAllocated, keepArms, listArmSettings } from '../db/arm-settings.ts'
import { listCapSettings } from '../db/cap-settings.ts'
import { transact } from '../db/write.ts'
import { armProblems } from '../domain/arm-change.ts'
import { isLifted } from '../domain/cap-change.ts'
import type { Parsed } from '../domain/parsed.ts'
import { changedList, type SettingChange } from '../domain/setting-change.ts'
import type { Arm } from '../domain/trial.ts'

export function changeArms(
  context: Context,
  actor: Actor,
  trialId: string,
  change: SettingChange<Arm>,
): Promise<Parsed<{ arms: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listArmSettings(write, trialId)
    const next = changedList(settings, change)
    if ('problems' in next) return next
    const caps = (await listCapSettings(write, trialId)).filter(({ value }) => !isLifted(value))
    const capped = caps.flatMap(({ value }) => value.armCode ?? [])
    const use = { isAllocated: await isAnybodyAllocated(write, trialId), capped }
    const arms = settings.map(({ value }) => value)
    const problems = armProblems(arms, next.was, change, use)
    if (problems.length > 0) return { problems }
    await keepArms(write, context, trialId, next.list, change.do === 'change' ? change.reason : null)
    return { value: { arms: next.list.length } }
  })
}
