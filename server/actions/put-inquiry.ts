/** A committee asks about a change request: one question, numbered by its round and item. */
import type { Actor, Context } from '../context.ts'
import { type InquiryDraft, insertInquiry } from '../db/request-inquiries.ts'
import { findWholeRequest, reviseRequestState } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { inquiryProblems } from '../domain/request/correspondence-problems.ts'
import { stateAfter, stepProblems } from '../domain/request/life-cycle.ts'

export function putInquiry(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  draft: InquiryDraft,
): Promise<Parsed<{ inquiryId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record } = found
    const impossible = stepProblems(record.state, 'inquire')
    if (impossible.length > 0) return { problems: impossible }
    const today = context.today((await findTrial(write, trialId)).timeZone)
    const problems = inquiryProblems(found, draft, today)
    if (problems.length > 0) return { problems }
    const inquiryId = await insertInquiry(write, context, { trialId, requestId: record.id }, draft)
    await reviseRequestState(write, record, stateAfter(record.state, 'inquire') ?? record.state)
    return { value: { inquiryId } }
  })
}
