/** What stands in the way of a question, a reply or a decision about a change request. */
import type { CalendarDate } from '../calendar-date.ts'
import type { Problem } from '../parsed.ts'
import type { DecidingBody, Decision } from './decisions.ts'
import { type Inquiry, inquiryNumberInDocuments } from './inquiry.ts'
import type { WholeRequest } from './whole-request.ts'

export function bodyProblems(bodies: readonly DecidingBody[], bodyId: string): Problem[] {
  return bodies.some(({ id }) => id === bodyId) ? [] : [{ field: 'bodyId', code: 'body_unknown' }]
}

/** A number belongs to one question of one body; an answer is not wanted before the question. */
export function inquiryProblems(
  { bodies, inquiries }: Pick<WholeRequest, 'bodies' | 'inquiries'>,
  draft: Pick<Inquiry, 'bodyId' | 'round' | 'item' | 'askedOn' | 'dueOn'>,
  today: CalendarDate,
): Problem[] {
  const problems = bodyProblems(bodies, draft.bodyId)
  const isTaken = inquiries.some(
    ({ bodyId, round, item }) => bodyId === draft.bodyId && round === draft.round && item === draft.item,
  )
  if (isTaken) {
    const values = { number: inquiryNumberInDocuments(draft) }
    problems.push({ field: 'inquiryNumber', code: 'inquiry_number_taken', values })
  }
  if (draft.askedOn > today) problems.push({ field: 'askedOn', code: 'date_in_future', values: { today } })
  if (draft.dueOn !== null && draft.dueOn < draft.askedOn) {
    problems.push({ field: 'dueOn', code: 'ends_before_it_begins', values: { from: draft.askedOn } })
  }
  return problems
}

/** An answer comes after its question, once; where it is the same as another's, that one has been answered. */
export function replyProblems(
  { inquiries }: Pick<WholeRequest, 'inquiries'>,
  inquiry: Inquiry,
  { answeredOn, sameAsId }: { answeredOn: CalendarDate; sameAsId: string | null },
  today: CalendarDate,
): Problem[] {
  if (inquiry.answeredOn !== null) return [{ field: '', code: 'inquiry_answered_already' }]
  const problems: Problem[] = []
  if (answeredOn > today) problems.push({ field: 'answeredOn', code: 'date_in_future', values: { today } })
  if (answeredOn < inquiry.askedOn) {
    problems.push({ field: 'answeredOn', code: 'ends_before_it_begins', values: { from: inquiry.askedOn } })
  }
  const same = inquiries.find(({ id }) => id === sameAsId)
  if (sameAsId !== null && (same === undefined || same.id === inquiry.id || same.answeredOn === null)) {
    problems.push({ field: 'sameAs', code: 'same_answer_unknown' })
  }
  return problems
}

/** A decision is of a body that the request names, about items that the body decides, and not of a day to come. */
export function decisionProblems(
  { bodies }: Pick<WholeRequest, 'bodies'>,
  { bodyId, items, metOn, decidedOn, notifiedOn }: Omit<Decision, 'id' | 'position'>,
  today: CalendarDate,
): Problem[] {
  const problems = bodyProblems(bodies, bodyId)
  const own = bodies.find(({ id }) => id === bodyId)?.items ?? []
  if (items.length === 0) problems.push({ field: 'itemNumbers', code: 'items_missing' })
  const strange = items.find((item) => !own.includes(item))
  if (problems.length === 0 && strange !== undefined) {
    problems.push({ field: 'itemNumbers', code: 'request_item_unknown', values: { item: strange } })
  }
  if (decidedOn > today) problems.push({ field: 'decidedOn', code: 'date_in_future', values: { today } })
  if (metOn !== null && metOn > decidedOn) {
    problems.push({ field: 'decidedOn', code: 'ends_before_it_begins', values: { from: metOn } })
  }
  if (notifiedOn !== null && notifiedOn < decidedOn) {
    problems.push({ field: 'notifiedOn', code: 'ends_before_it_begins', values: { from: decidedOn } })
  }
  return problems
}
