/** A data manager records what a change request claims, frozen with the inputs it can be recomputed from. */
import type { Actor, Context } from '../context.ts'
import { insertRequest, lastRequestNumber, requestInputHash } from '../db/change-requests.ts'
import { transact } from '../db/write.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import type { Parsed } from '../domain/parsed.ts'
import { methodVersion } from '../domain/projection/method.ts'

export type RequestDraft = Omit<ChangeRequest, 'id' | 'number' | 'methodVersion' | 'inputHash'>

export function recordRequest(
  context: Context,
  actor: Actor,
  trialId: string,
  draft: RequestDraft,
): Promise<Parsed<{ requestId: string; number: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const number = (await lastRequestNumber(write, trialId)) + 1
    const inputHash = requestInputHash({ ...draft, methodVersion })
    const id = context.newId()
    await insertRequest(write, context, trialId, { ...draft, id, number, methodVersion, inputHash })
    return { value: { requestId: id, number } }
  })
}
