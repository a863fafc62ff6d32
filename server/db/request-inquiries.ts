/** Inquiries about a change request, and their replies. */
import type { Context } from '../context.ts'
import type { Basis, Bilingual } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Inquiry } from '../domain/request/inquiry.ts'
import { bothOrNull } from './both-languages.ts'
import type { Db } from './database.ts'
import { newRowOf, type OfRequest } from './request-rows.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

export async function listInquiries(db: Db, requestId: string): Promise<Inquiry[]> {
  const rows = await db
    .selectFrom('request_inquiry')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('round')
    .orderBy('item')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    bodyId: row.body_id,
    round: row.round,
    item: row.item,
    askedOn: row.asked_on as CalendarDate,
    question: { ja: row.question_ja, en: row.question_en },
    dueOn: row.due_on as CalendarDate | null,
    answeredOn: row.answered_on as CalendarDate | null,
    answer: bothOrNull(row.answer_ja, row.answer_en),
    sameAsId: row.same_as_id,
    basis: row.basis as Basis,
  }))
}

export type InquiryDraft = Pick<Inquiry, 'bodyId' | 'round' | 'item' | 'askedOn' | 'question' | 'dueOn' | 'basis'>

export async function insertInquiry(
  write: Write,
  context: Context,
  place: OfRequest,
  draft: InquiryDraft,
): Promise<string> {
  const row = {
    ...newRowOf(context, place),
    body_id: draft.bodyId,
    round: draft.round,
    item: draft.item,
    asked_on: draft.askedOn,
    ...named('question', draft.question),
    due_on: draft.dueOn,
    answered_on: null,
    answer_ja: null,
    answer_en: null,
    same_as_id: null,
    basis: draft.basis,
  }
  await write.insert('request_inquiry', row, 'inquiry_put')
  return row.id
}

export type ReplyDraft = { answer: Bilingual; answeredOn: CalendarDate; sameAsId: string | null }

export async function reviseWithAnswer(write: Write, id: string, draft: ReplyDraft): Promise<void> {
  const { answer, answeredOn, sameAsId } = draft
  const changes = { ...named('answer', answer), answered_on: answeredOn, same_as_id: sameAsId }
  await write.revise('request_inquiry', id, changes, 'inquiry_answered', null)
}
