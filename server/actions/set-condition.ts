/** A committee demands something besides its decision, by a day: an obligation of the principal investigator. */
import type { Actor, Context } from '../context.ts'
import { type ConditionDraft, insertCondition } from '../db/request-conditions.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { bodyProblems } from '../domain/request/correspondence-problems.ts'
import { stepProblems } from '../domain/request/life-cycle.ts'

export function setCondition(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  draft: ConditionDraft,
): Promise<Parsed<{ conditionId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record, bodies, conditions } = found
    const problems = [...stepProblems(record.state, 'demand'), ...bodyProblems(bodies, draft.bodyId)]
    if (problems.length > 0) return { problems }
    const place = { trialId, requestId: record.id, position: conditions.length + 1 }
    return { value: { conditionId: await insertCondition(write, context, place, draft) } }
  })
}
