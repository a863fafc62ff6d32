/** The fields of the forms about change requests, by their names; those of a list carry the place of their row. */
import type { CalendarEntry } from '../../domain/calendar-entry.ts'
import { type DecisionOutcome, outcomes } from '../../domain/request/decisions.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Words } from '../../i18n/words.ts'
import { meetingOptions } from '../entry-forms.ts'
import { type FieldSpec, type FieldWords, type Option, optionsFrom } from '../settings/field-spec.ts'
import { inquiryName } from './request-words.ts'

export const requestFields = [
  'title',
  'asOf',
  'writtenOn',
  'registeredNumber',
  'targetNumber',
  'registrationFrom',
  'registrationUntil',
  'studyUntil',
  'costBearer',
  'effectiveFrom',
  'statedTotal',
  'statedSites',
  'followUpDays',
  'screeningsFrom',
  'itemTitle',
  'itemBefore',
  'itemAfter',
  'itemReason',
  'bodyName',
  'bodyNecessity',
  'bodyItems',
  'claimLabel',
  'claimSource',
  'claimStanding',
  'toldText',
  'toldFrom',
  'toldUntil',
  'toldPromised',
  'toldRegistered',
  'toldSource',
  'bodyId',
  'inquiryNumber',
  'askedOn',
  'dueOn',
  'question',
  'answer',
  'answeredOn',
  'sameAs',
  'itemNumbers',
  'outcome',
  'heldOn',
  'metOn',
  'decidedOn',
  'notifiedOn',
  'decisionText',
  'source',
  'conditionText',
  'meetingId',
  'metNote',
  'withdrawnBecause',
] as const
export type RequestField = (typeof requestFields)[number]

export const hintedRequestFields = [
  'asOf',
  'registeredNumber',
  'effectiveFrom',
  'statedTotal',
  'statedSites',
  'followUpDays',
  'screeningsFrom',
  'toldText',
  'toldPromised',
  'toldRegistered',
  'toldSource',
  'meetingId',
  'bodyItems',
  'inquiryNumber',
  'answer',
  'sameAs',
  'itemNumbers',
] as const satisfies readonly RequestField[]

/** A field, with the place of its row where it stands in a list: `itemTitle2`. */
export type RequestFieldId = RequestField | `${RequestField}${number}`
export type RequestFieldSpec = FieldSpec<RequestFieldId>

/** A field of a list is called by its name and its row. */
export function requestFieldWords(words: Words): FieldWords {
  const partsOf = (id: string) => /^(\D+?)(\d*)$/.exec(id) ?? []
  return {
    // The row that it stands in has its place in its legend.
    label: (id) => words.of('request_field', partsOf(id)[1] ?? ''),
    hint: (id) => {
      const [, name = ''] = partsOf(id)
      const isHinted = (hintedRequestFields as readonly string[]).includes(name)
      return isHinted ? words.of('request_hint', name) : null
    },
  }
}

const must = 'must'
const may = 'may'
const date = (id: RequestField, need: 'must' | 'may' = must): RequestFieldSpec => ({ id, must: need, as: 'date' })

function bodyChoice({ bodies }: WholeRequest, words: Words): RequestFieldSpec {
  const options = bodies.map(({ id, name }): Option => ({ value: id, label: words.pick(name) }))
  return { id: 'bodyId', must, as: 'choice', options }
}

export function inquiryFields(request: WholeRequest, words: Words): RequestFieldSpec[] {
  return [
    bodyChoice(request, words),
    { id: 'inquiryNumber', must, as: 'line', most: 16 },
    { id: 'question', must, as: 'prose', most: 4000 },
    date('askedOn'),
    date('dueOn', may),
  ]
}

/** Where somebody else was given the same answer, that one is named. */
export function replyFields({ inquiries }: WholeRequest, inquiryId: string, words: Words): RequestFieldSpec[] {
  const answered = inquiries.filter(({ id, answeredOn }) => id !== inquiryId && answeredOn !== null)
  const options = [
    { value: '', label: words.t('requests.no_same') },
    ...answered.map((inquiry) => ({ value: inquiry.id, label: inquiryName(inquiry, words) })),
  ]
  return [
    { id: 'answer', must, as: 'prose', most: 8000 },
    date('answeredOn'),
    { id: 'sameAs', must: may, as: 'choice', options },
  ]
}

export function decisionFields(request: WholeRequest, words: Words): RequestFieldSpec[] {
  const labelOf = (outcome: DecisionOutcome) => words.of('decision_outcome', outcome)
  return [
    bodyChoice(request, words),
    { id: 'itemNumbers', must, as: 'line', most: 64 },
    { id: 'outcome', must, as: 'choice', options: optionsFrom(outcomes, labelOf) },
    date('heldOn', may),
    date('decidedOn'),
    date('notifiedOn', may),
    { id: 'decisionText', must: may, as: 'prose', most: 4000 },
    { id: 'source', must, as: 'line', most: 200 },
  ]
}

/** Due at one of the meetings that follow the request's own day, or on a day; where no meeting is known, on a day. */
export function conditionFields(
  request: WholeRequest,
  meetings: readonly CalendarEntry[],
  words: Words,
): RequestFieldSpec[] {
  const due: RequestFieldSpec[] =
    meetings.length === 0
      ? [date('dueOn')]
      : [{ id: 'meetingId', must: may, as: 'choice', options: meetingOptions(meetings, words) }, date('dueOn', may)]
  return [
    bodyChoice(request, words),
    { id: 'conditionText', must, as: 'prose', most: 2000 },
    ...due,
    { id: 'source', must, as: 'line', most: 200 },
  ]
}

export const fulfilmentFields: readonly RequestFieldSpec[] = [
  date('metOn'),
  { id: 'metNote', must: may, as: 'prose', most: 1000 },
]

export const withdrawalFields: readonly RequestFieldSpec[] = [{ id: 'withdrawnBecause', must, as: 'prose', most: 1000 }]
