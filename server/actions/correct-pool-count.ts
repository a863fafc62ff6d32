/** Somebody who plans recruitment corrects one count of a pool, with a reason. */
import type { Actor, Context } from '../context.ts'
import { listPoolSettings, revisePoolCount } from '../db/eligibility-pools.ts'
import { listSites } from '../db/sites.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { choiceProblems, countProblems, type PoolDraft, poolProblems } from '../domain/eligibility-pool.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function correctPoolCount(
  context: Context,
  actor: Actor,
  trialId: string,
  { id, seen, to, reason }: { id: string; seen: string; to: PoolDraft; reason: string },
): Promise<Parsed<{ poolId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listPoolSettings(write, trialId)
    const found = settingSeen(settings, { id, seen })
    if ('problems' in found) return found
    const { poolId } = found.setting.value
    const { timeZone } = await findTrial(write, trialId)
    const counts = settings.map(({ value }) => (value.id === id ? { ...to, id, poolId } : value))
    const own = [
      ...choiceProblems(to, await listSites(write, trialId), counts),
      ...countProblems(to, context.today(timeZone)),
    ]
    const problems = own.length > 0 ? own : poolProblems(counts, poolId)
    if (reason === '') problems.push({ field: 'reason', code: 'setting_missing' })
    if (problems.length > 0) return { problems }
    await revisePoolCount(write, id, to, reason)
    return { value: { poolId } }
  })
}
