/** A data manager sets, changes or lifts a cap. One that is passed already is no mistake: it only takes nobody else. */
import type { Actor, Context } from '../context.ts'
import { insertCap, liftCap, listCapSettings, reviseCap } from '../db/cap-settings.ts'
import { transact } from '../db/write.ts'
import { type CapDraft, capDraftProblems, isLifted } from '../domain/cap-change.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type SettingChange, settingSeen } from '../domain/setting-change.ts'

export function changeCaps(
  context: Context,
  actor: Actor,
  trialId: string,
  change: Exclude<SettingChange<CapDraft>, { do: 'move' }>,
): Promise<Parsed<{ capId: string | null }>> {
  return transact(context, actor, trialId, async (write): Promise<Parsed<{ capId: string | null }>> => {
    const all = await listCapSettings(write, trialId)
    const inForce = all.filter(({ value }) => !isLifted(value))
    if (change.do === 'add') {
      const problems = capDraftProblems(
        change.to,
        inForce.map(({ value }) => value),
      )
      if (problems.length > 0) return { problems }
      await insertCap(write, context, trialId, change.to, all)
      return { value: { capId: null } }
    }
    const found = settingSeen(inForce, change)
    if ('problems' in found) return found
    if (change.do === 'retire') {
      await liftCap(write, change.id)
      return { value: { capId: change.id } }
    }
    const { siteId, armCode } = found.setting.value
    const to = { ...change.to, siteId, armCode }
    const problems = capDraftProblems(to, [])
    if (problems.length > 0) return { problems }
    await reviseCap(write, change.id, to)
    return { value: { capId: change.id } }
  })
}
