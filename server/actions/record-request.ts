/** A data manager records what an earlier change request claimed, frozen with the inputs it can be recomputed from. */
import type { Actor, Context } from '../context.ts'
import { lastRequestNumber, requestInputHash } from '../db/change-requests.ts'
import { insertRequestRecord } from '../db/request-records.ts'
import { transact } from '../db/write.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import type { Parsed } from '../domain/parsed.ts'
import { methodVersion } from '../domain/projection/method.ts'

export type RequestDraft = Omit<ChangeRequest, 'id' | 'number' | 'methodVersion' | 'inputHash'>

/** It stands as submitted: what became of it before, nobody has recorded. */
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
    await insertRequestRecord(write, context, trialId, {
      ...draft,
      claims: draft.claims.map((claim) => ({ ...claim, standing: 'counted' })),
      id,
      number,
      methodVersion,
      inputHash,
      state: 'submitted',
      writtenOn: null,
      submittedOn: null,
      items: [],
      termsAsked: null,
      adoptedVersion: null,
      statedSites: null,
      followUpDays: null,
      screeningsFrom: null,
      told: [],
      withdrawnBecause: null,
    })
    return { value: { requestId: id, number } }
  })
}
