/** Somebody who plans recruitment says that a count of a pool was a mistake: the count before it holds again, or none. */
import type { Actor, Context } from '../context.ts'
import { listPoolSettings, voidPoolCount as markVoid } from '../db/eligibility-pools.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { poolProblems } from '../domain/eligibility-pool.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function voidPoolCount(
  context: Context,
  actor: Actor,
  trialId: string,
  { id, seen, reason }: { id: string; seen: string; reason: string },
): Promise<Parsed<{ poolId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listPoolSettings(write, trialId)
    const found = settingSeen(settings, { id, seen })
    if ('problems' in found) return found
    if (reason === '') return { problems: [{ field: 'reason', code: 'setting_missing' }] }
    const { poolId } = found.setting.value
    const left = settings.map(({ value }) => value).filter((count) => count.id !== id)
    const problems = poolProblems(left, poolId)
    if (problems.length > 0) return { problems }
    const { timeZone } = await findTrial(write, trialId)
    await markVoid(write, id, context.today(timeZone), reason)
    return { value: { poolId } }
  })
}
