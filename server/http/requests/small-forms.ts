/** The small forms about a change request: each says what it asks, and which verb its answers become. */
import { meetCondition } from '../../actions/meet-condition.ts'
import { putInquiry } from '../../actions/put-inquiry.ts'
import { recordDecision } from '../../actions/record-decision.ts'
import { replyToInquiry } from '../../actions/reply-to-inquiry.ts'
import { setCondition } from '../../actions/set-condition.ts'
import { withdrawAttachment } from '../../actions/withdraw-attachment.ts'
import { withdrawRequest } from '../../actions/withdraw-request.ts'
import { listCalendarEntries } from '../../db/calendar-entries.ts'
import { isRecordedAlready } from '../../db/submissions.ts'
import type { Bilingual } from '../../domain/bilingual.ts'
import { calendarDate } from '../../domain/calendar-date.ts'
import { isRefused, type Parsed, type Problem } from '../../domain/parsed.ts'
import { outcomes } from '../../domain/request/decisions.ts'
import { readInquiryNumber } from '../../domain/request/inquiry.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import {
  conditionFields,
  decisionFields,
  fulfilmentFields,
  inquiryFields,
  type RequestFieldId,
  type RequestFieldSpec,
  replyFields,
  withdrawalFields,
} from '../../pages/requests/request-fields.ts'
import { type RequestFormName, requestFormPage } from '../../pages/requests/request-form-page.ts'
import type { RequestDoing } from '../../pages/requests/request-input.ts'
import { requestAddress } from '../../pages/requests/request-words.ts'
import type { Typed } from '../../pages/settings/field-spec.ts'
import { withSuggestion } from '../screenings.ts'
import { type Read, readFields, typedFields } from '../settings/read-fields.ts'
import type { Reply, TrialVisit } from '../visit.ts'
import { findRequestHere } from './read-request.ts'

/** What a form is about, within its request. */
type Here = {
  request: WholeRequest
  specs: readonly RequestFieldSpec[]
  path: { form: string; action: string }
  quote: string | null
  /** What stands in it when it is opened. */
  first: Typed<RequestFieldId>
  change(read: Read<RequestFieldId>): Promise<Parsed<unknown>>
}

type SmallForm = {
  name: RequestFormName
  done: RequestDoing
  /** Null where the address names nothing. */
  open(visit: TrialVisit, request: WholeRequest): Here | null | Promise<Here | null>
}

/** What was typed in one language is what there is to say in both. */
export const inEither = (text: string): Bilingual => ({ ja: text, en: text })
const inEitherOrNull = (text: string | null): Bilingual | null => (text === null ? null : inEither(text))

/** A day that the form demands: the fields have refused an empty one. */
const demanded = (read: Read<RequestFieldId>, id: RequestFieldId) => read.date(id) ?? calendarDate('0001-01-01')

/** `1 2、5` are items 1, 2 and 5; null for anything that is no list of numbers. */
export function readItemNumbers(typed: string): number[] | null {
  const parts = typed
    .normalize('NFKC')
    .split(/[\s,\u3001]+/)
    .filter(Boolean)
  return parts.every((part) => /^[1-9]\d{0,2}$/.test(part)) ? [...new Set(parts.map(Number))] : null
}

const inquiry: SmallForm = {
  name: 'inquiry',
  done: 'asked',
  open({ actor, context, trial, words }, request) {
    const last = Math.max(0, ...request.inquiries.map(({ round }) => round))
    const next = request.inquiries.filter(({ round }) => round === last).length + 1
    return {
      request,
      specs: inquiryFields(request, words),
      path: { form: 'inquiries/new', action: 'inquiries' },
      quote: null,
      first: { inquiryNumber: last === 0 ? '1-1' : `${last}-${next}`, askedOn: context.today(trial.timeZone) },
      async change(read) {
        const number = readInquiryNumber(read.text('inquiryNumber'))
        if (number === null) return { problems: [{ field: 'inquiryNumber', code: 'inquiry_number_malformed' }] }
        return putInquiry(context, actor, trial.id, request.record.number, {
          ...number,
          bodyId: read.text('bodyId'),
          askedOn: demanded(read, 'askedOn'),
          question: inEither(read.text('question')),
          dueOn: read.date('dueOn'),
          basis: 'recorded',
        })
      },
    }
  },
}

const reply: SmallForm = {
  name: 'reply',
  done: 'answered',
  open({ actor, context, request: { params }, trial, words }, request) {
    const asked = request.inquiries.find(({ id }) => id === params.inquiry)
    if (asked === undefined) return null
    const path = `inquiries/${asked.id}/reply`
    return {
      request,
      specs: replyFields(request, asked.id, words),
      path: { form: path, action: path },
      quote: words.pick(asked.question),
      first: { answeredOn: context.today(trial.timeZone) },
      change: (read) =>
        replyToInquiry(context, actor, trial.id, request.record.number, asked.id, {
          answer: inEither(read.text('answer')),
          answeredOn: demanded(read, 'answeredOn'),
          sameAsId: read.text('sameAs') === '' ? null : read.text('sameAs'),
        }),
    }
  },
}

const decision: SmallForm = {
  name: 'decision',
  done: 'decided',
  open({ actor, context, trial, words }, request) {
    return {
      request,
      specs: decisionFields(request, words),
      path: { form: 'decisions/new', action: 'decisions' },
      quote: null,
      first: { decidedOn: context.today(trial.timeZone) },
      async change(read) {
        const items = readItemNumbers(read.text('itemNumbers'))
        if (items === null) return { problems: [{ field: 'itemNumbers', code: 'item_numbers_malformed' }] }
        return recordDecision(context, actor, trial.id, request.record.number, {
          bodyId: read.text('bodyId'),
          items,
          outcome: outcomes.find((one) => one === read.text('outcome')) ?? 'refused',
          metOn: read.date('heldOn'),
          decidedOn: demanded(read, 'decidedOn'),
          notifiedOn: read.date('notifiedOn'),
          text: inEitherOrNull(read.textOrNull('decisionText')),
          source: inEither(read.text('source')),
          basis: 'recorded',
        })
      },
    }
  },
}

const condition: SmallForm = {
  name: 'condition',
  done: 'demanded',
  async open({ actor, context, trial, words }, request) {
    const entries = (await listCalendarEntries(context.db, trial.id)).map(({ value }) => value)
    const meetings = entries.filter(({ kind, dueOn }) => kind === 'committee_meeting' && dueOn >= request.record.asOf)
    return {
      request,
      specs: conditionFields(request, meetings, words),
      path: { form: 'conditions/new', action: 'conditions' },
      quote: null,
      first: {},
      change: (read) =>
        setCondition(context, actor, trial.id, request.record.number, {
          bodyId: read.text('bodyId'),
          text: inEither(read.text('conditionText')),
          dueOn: read.date('dueOn'),
          meetingId: meetings.length === 0 || read.text('meetingId') === '' ? null : read.text('meetingId'),
          source: inEither(read.text('source')),
          basis: 'recorded',
        }),
    }
  },
}

const fulfilment: SmallForm = {
  name: 'fulfilment',
  done: 'met',
  open({ actor, context, request: { params }, trial, words }, request) {
    const demand = request.conditions.find(({ id }) => id === params.condition)
    if (demand === undefined) return null
    const path = `conditions/${demand.id}/fulfilment`
    return {
      request,
      specs: fulfilmentFields,
      path: { form: path, action: path },
      quote: words.pick(demand.text),
      first: { metOn: context.today(trial.timeZone) },
      change: (read) =>
        meetCondition(context, actor, trial.id, request.record.number, demand.id, {
          metOn: demanded(read, 'metOn'),
          note: read.textOrNull('metNote'),
        }),
    }
  },
}

const withdrawal: SmallForm = {
  name: 'withdrawal',
  done: 'withdrawn',
  open({ actor, context, trial }, request) {
    return {
      request,
      specs: withdrawalFields,
      path: { form: 'withdrawal', action: 'withdrawal' },
      quote: null,
      first: {},
      change: (read) => withdrawRequest(context, actor, trial.id, request.record.number, read.text('withdrawnBecause')),
    }
  },
}

const detachment: SmallForm = {
  name: 'detachment',
  done: 'detached',
  open({ actor, context, request: { params }, trial }, request) {
    const file = request.attachments.find(({ id, withdrawn }) => id === params.attachment && withdrawn === null)
    if (file === undefined) return null
    const path = `attachments/${file.id}/withdrawal`
    return {
      request,
      specs: withdrawalFields,
      path: { form: path, action: path },
      quote: file.name,
      first: {},
      change(read) {
        const asked = { attachmentId: file.id, reason: read.text('withdrawnBecause') }
        return withdrawAttachment(context, actor, trial.id, request.record.number, asked)
      },
    }
  },
}

/** What the routes need of a form: the form itself, what was sent, and the form as it was sent. */
function handlersOf(form: SmallForm) {
  async function openHere(visit: TrialVisit): Promise<Here | null> {
    const request = await findRequestHere(visit)
    return request === null ? null : form.open(visit, request)
  }

  function show(
    { context, trial, words }: TrialVisit,
    here: Here,
    typed: Typed<RequestFieldId>,
    problems: readonly Problem[],
    status: number,
  ): Reply {
    const submissionKey = context.newId()
    return { page: requestFormPage({ trial, name: form.name, ...here, typed, submissionKey, problems }, words), status }
  }

  /** Nothing is there: sent once more, the form that took it away is answered as it was. */
  async function gone(visit: TrialVisit): Promise<Reply> {
    const request = await findRequestHere(visit)
    if (request === null || !(await isRecordedAlready(visit.context, visit.actor))) return { error: 'not_found' }
    return { seeOther: `${requestAddress(visit.trial, request.record.number)}?done=${form.done}` }
  }

  return {
    async ask(visit: TrialVisit): Promise<Reply> {
      const here = await openHere(visit)
      return here === null ? { error: 'not_found' } : show(visit, here, here.first, [], 200)
    },

    async send(visit: TrialVisit): Promise<Reply> {
      const here = await openHere(visit)
      if (here === null) return gone(visit)
      const { body = {} } = visit.request
      const typed = typedFields(here.specs, body)
      const suggested = withSuggestion(body)
      if (suggested !== null) return show(visit, here, { ...typed, ...suggested }, [], 200)
      const read = readFields(here.specs, body)
      if (isRefused(read)) return show(visit, here, typed, read.problems, 422)
      const outcome = await here.change(read.value)
      if (!isRefused(outcome)) {
        return { seeOther: `${requestAddress(visit.trial, here.request.record.number)}?done=${form.done}` }
      }
      return show(visit, here, typed, outcome.problems, 422)
    },

    async again(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
      const here = await openHere(visit)
      if (here === null) return { error: 'not_found' }
      return show(visit, here, typedFields(here.specs, visit.request.body), problems, 422)
    },
  }
}

export const inquiryForm = handlersOf(inquiry)
export const replyForm = handlersOf(reply)
export const decisionForm = handlersOf(decision)
export const conditionForm = handlersOf(condition)
export const fulfilmentForm = handlersOf(fulfilment)
export const withdrawalForm = handlersOf(withdrawal)
export const detachmentForm = handlersOf(detachment)
