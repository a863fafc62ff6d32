/** A change request is withdrawn, with its reason: the record stays, and nothing follows. */
import type { Actor, Context } from '../context.ts'
import { findWholeRequest, reviseToWithdrawn } from '../db/request-records.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { stepProblems } from '../domain/request/life-cycle.ts'

export function withdrawRequest(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  reason: string,
): Promise<Parsed<{ number: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const problems = stepProblems(found.record.state, 'withdraw')
    if (problems.length > 0) return { problems }
    await reviseToWithdrawn(write, found.record.id, reason)
    return { value: { number } }
  })
}
