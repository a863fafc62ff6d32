/** The applicant answers an inquiry; with the last open one the request goes back to those who decide. */
import type { Actor, Context } from '../context.ts'
import { type ReplyDraft, reviseWithAnswer } from '../db/request-inquiries.ts'
import { findWholeRequest, reviseRequestState } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { replyProblems } from '../domain/request/correspondence-problems.ts'
import { isOpenInquiry } from '../domain/request/inquiry.ts'
import { stateAfter, stepProblems } from '../domain/request/life-cycle.ts'

/** An answer that was given is not given again. */
export function replyToInquiry(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  inquiryId: string,
  draft: ReplyDraft,
): Promise<Parsed<{ inquiryId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    const inquiry = found?.inquiries.find(({ id }) => id === inquiryId)
    if (found === null || inquiry === undefined) return { problems: [{ field: '', code: 'inquiry_unknown' }] }
    const { record, inquiries } = found
    const isLast = inquiries.every((one) => one.id === inquiryId || !isOpenInquiry(one))
    const step = isLast ? 'answer_all' : 'answer_some'
    const impossible = stepProblems(record.state, step)
    if (impossible.length > 0) return { problems: impossible }
    const today = context.today((await findTrial(write, trialId)).timeZone)
    const problems = replyProblems(found, inquiry, draft, today)
    if (problems.length > 0) return { problems }
    await reviseWithAnswer(write, inquiryId, draft)
    await reviseRequestState(write, record, stateAfter(record.state, step) ?? record.state)
    return { value: { inquiryId } }
  })
}
