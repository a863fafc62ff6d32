/** What stands in the way of a draft's going out, or of its being kept at all. */
import type { CalendarDate } from '../calendar-date.ts'
import type { Problem } from '../parsed.ts'
import type { DecidingBody } from './decisions.ts'
import type { RequestContent } from './request-record.ts'

/** Days in an order that cannot be, and counts of a day that has not come. */
export function draftProblems(content: RequestContent, today: CalendarDate): Problem[] {
  const { asOf, termsAsked } = content
  const problems: Problem[] = []
  if (asOf > today) problems.push({ field: 'asOf', code: 'as_of_future', values: { today } })
  if (termsAsked !== null && termsAsked.registrationUntil < termsAsked.registrationFrom) {
    problems.push({
      field: 'registrationUntil',
      code: 'ends_before_it_begins',
      values: { from: termsAsked.registrationFrom },
    })
  }
  if (termsAsked?.studyUntil != null && termsAsked.studyUntil < termsAsked.registrationUntil) {
    problems.push({
      field: 'studyUntil',
      code: 'ends_before_it_begins',
      values: { from: termsAsked.registrationUntil },
    })
  }
  return problems
}

/** A request needs something that changes, somebody whose approval it needs, and items that there are. */
export function submissionProblems(content: Pick<RequestContent, 'items'>, bodies: readonly DecidingBody[]): Problem[] {
  const problems: Problem[] = []
  if (content.items.length === 0) problems.push({ field: '', code: 'request_without_items' })
  if (!bodies.some(({ necessity }) => necessity === 'needed'))
    problems.push({ field: '', code: 'request_without_body' })
  const known = content.items.map(({ number }) => number)
  const strange = bodies.flatMap(({ items }) => items).find((item) => !known.includes(item))
  if (strange !== undefined) problems.push({ field: '', code: 'request_item_unknown', values: { item: strange } })
  const undecided = known.find(
    (item) => !bodies.some(({ necessity, items }) => necessity === 'needed' && items.includes(item)),
  )
  if (undecided !== undefined && bodies.some(({ necessity }) => necessity === 'needed')) {
    problems.push({ field: '', code: 'request_item_undecided', values: { item: undecided } })
  }
  return problems
}
