/** Somebody changes the draft of a change request; two who do at once meet instead of overwriting. */
import type { Actor, Context } from '../context.ts'
import { requestInputHash } from '../db/change-requests.ts'
import { findWholeRequest, keepBodies, reviseRequestContent } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { methodVersion } from '../domain/projection/method.ts'
import type { DecidingBody } from '../domain/request/decisions.ts'
import { draftProblems } from '../domain/request/draft-problems.ts'
import { stepProblems } from '../domain/request/life-cycle.ts'
import { countedClaims, type RequestContent } from '../domain/request/request-record.ts'

export function changeDraft(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  {
    content,
    bodies,
    seen,
  }: {
    content: RequestContent
    bodies: readonly Omit<DecidingBody, 'id' | 'position'>[]
    seen: string
  },
): Promise<Parsed<{ number: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const problems = stepProblems(found.record.state, 'change')
    if (problems.length > 0) return { problems }
    if (found.seen !== seen) return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
    const trial = await findTrial(write, trialId)
    const wrong = draftProblems(content, context.today(trial.timeZone))
    if (wrong.length > 0) return { problems: wrong }
    const inputHash = requestInputHash({ ...content, claims: countedClaims(content.claims), methodVersion })
    await reviseRequestContent(write, context, trialId, found.record.id, { ...content, methodVersion, inputHash })
    await keepBodies(write, context, trialId, found.record.id, bodies)
    return { value: { number } }
  })
}
