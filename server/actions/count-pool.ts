/** Somebody who plans recruitment writes down a pool of candidates as counted on a day, or counts a known one again. */
import type { Actor, Context } from '../context.ts'
import { insertPoolCount, listPoolSettings } from '../db/eligibility-pools.ts'
import { listSites } from '../db/sites.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { choiceProblems, countProblems, type PoolDraft, poolProblems } from '../domain/eligibility-pool.ts'
import type { Parsed } from '../domain/parsed.ts'

/** `poolId` is null for a pool that nobody has counted before. */
export function countPool(
  context: Context,
  actor: Actor,
  trialId: string,
  { poolId, draft }: { poolId: string | null; draft: PoolDraft },
): Promise<Parsed<{ poolId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const counts = (await listPoolSettings(write, trialId)).map(({ value }) => value)
    if (poolId !== null && !counts.some((count) => count.poolId === poolId)) {
      return { problems: [{ field: '', code: 'setting_gone' }] }
    }
    const { timeZone } = await findTrial(write, trialId)
    const id = context.newId()
    const count = { ...draft, id, poolId: poolId ?? id }
    const own = [
      ...choiceProblems(draft, await listSites(write, trialId), counts),
      ...countProblems(draft, context.today(timeZone)),
    ]
    const problems = own.length > 0 ? own : poolProblems([...counts, count], count.poolId)
    if (problems.length > 0) return { problems }
    await insertPoolCount(write, trialId, count)
    return { value: { poolId: count.poolId } }
  })
}
