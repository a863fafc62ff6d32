/** Somebody begins a change request: a draft that only those who write requests can see. */
import type { Actor, Context } from '../context.ts'
import { lastRequestNumber, requestInputHash } from '../db/change-requests.ts'
import { insertRequestRecord, keepBodies } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { methodVersion } from '../domain/projection/method.ts'
import type { DecidingBody } from '../domain/request/decisions.ts'
import { draftProblems } from '../domain/request/draft-problems.ts'
import { countedClaims, type RequestContent } from '../domain/request/request-record.ts'

export type DraftedRequest = {
  content: RequestContent
  bodies: readonly Omit<DecidingBody, 'id' | 'position'>[]
}

/** Gives the request's number, the next of its trial. */
export function draftRequest(
  context: Context,
  actor: Actor,
  trialId: string,
  { content, bodies }: DraftedRequest,
): Promise<Parsed<{ number: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const trial = await findTrial(write, trialId)
    const problems = draftProblems(content, context.today(trial.timeZone))
    if (problems.length > 0) return { problems }
    const number = (await lastRequestNumber(write, trialId)) + 1
    const id = context.newId()
    await insertRequestRecord(write, context, trialId, {
      ...content,
      id,
      number,
      methodVersion,
      inputHash: requestInputHash({ ...content, claims: countedClaims(content.claims), methodVersion }),
      state: 'draft',
      submittedOn: null,
      adoptedVersion: null,
      withdrawnBecause: null,
    })
    await keepBodies(write, context, trialId, id, bodies)
    return { value: { number } }
  })
}
