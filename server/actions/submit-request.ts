/** A change request goes out: from now on it is what it is, and those who decide can read it. */
import type { Actor, Context } from '../context.ts'
import { findWholeRequest, reviseToSubmitted } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { submissionProblems } from '../domain/request/draft-problems.ts'
import { stepProblems } from '../domain/request/life-cycle.ts'

/** Whoever submits has seen the draft as it is. */
export function submitRequest(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  seen: string,
): Promise<Parsed<{ number: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record, bodies } = found
    const problems = stepProblems(record.state, 'submit')
    if (problems.length > 0) return { problems }
    if (found.seen !== seen) return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
    const missing = submissionProblems(record, bodies)
    if (missing.length > 0) return { problems: missing }
    const today = context.today((await findTrial(write, trialId)).timeZone)
    await reviseToSubmitted(write, record.id, today, record.writtenOn ?? today)
    return { value: { number } }
  })
}
