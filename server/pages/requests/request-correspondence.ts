/** What the deciding bodies asked, decided and demanded, what was replied, and what happened before they had decided. */
import { conditionStanding } from '../../domain/request/condition.ts'
import { type Decision, verdictOf } from '../../domain/request/decisions.ts'
import { type Inquiry, isOpenInquiry, partsOf } from '../../domain/request/inquiry.ts'
import type { Words } from '../../i18n/words.ts'
import { type Mark, mark } from '../page.ts'
import type { FindingsAt, RequestInput } from './request-input.ts'
import { canStep } from './request-standing.ts'
import { conditionMark, type FindingShown, inquiryName, requestAddress } from './request-words.ts'

type Linked = { text: string; href: string | null }[]

/** The last part of the page. */
export type RequestCorrespondence = {
  rounds: {
    title: string
    inquiries: {
      anchor: string
      number: string
      body: string
      asked: string
      mark: Mark
      question: Linked
      answer: Linked | null
      same: { text: string; href: string } | null
      replyHref: string | null
      assumed: boolean
    }[]
  }[]
  bodies: { name: string; necessity: string; items: string; state: Mark; assumed: boolean }[]
  decisions: {
    anchor: string
    body: string
    items: string
    outcome: string
    met: string
    decided: string
    notified: string
    text: string | null
    source: string
    findings: FindingShown[]
  }[]
  conditions: {
    anchor: string
    body: string
    text: string
    due: string
    standing: Mark
    source: string
    meetHref: string | null
    findings: FindingShown[]
  }[]
  between: { on: string; site: string; number: string }[]
  betweenNote: string
}

export function requestCorrespondence(input: RequestInput, at: FindingsAt, words: Words): RequestCorrespondence {
  const { trial, request, today, may } = input
  const { record, bodies, decisions, conditions, inquiries } = request
  const here = requestAddress(trial, record.number)
  const bodyName = (id: string) => {
    const body = bodies.find((one) => one.id === id)
    return body === undefined ? '' : words.pick(body.name)
  }
  return {
    rounds: roundsOf(inquiries, bodyName, may.write && canStep(input, 'answer_some') ? here : null, words),
    bodies: bodies.map((body) => ({
      name: words.pick(body.name),
      necessity: words.of('body_necessity', body.necessity),
      items: body.items.join(', '),
      state: bodyState(input, body.id, words),
      assumed: body.basis === 'assumed',
    })),
    decisions: decisions.map((decision) => ({
      anchor: `decision-${decision.position}`,
      body: bodyName(decision.bodyId),
      items: decision.items.join(', '),
      outcome: words.of('decision_outcome', decision.outcome),
      met: decision.metOn ?? '—',
      decided: decision.decidedOn,
      notified: decision.notifiedOn ?? '—',
      text: decision.text === null ? null : words.pick(decision.text),
      source: words.pick(decision.source),
      findings: at(`decision-${decision.position}`),
    })),
    conditions: conditions.map((condition) => ({
      anchor: `condition-${condition.position}`,
      body: bodyName(condition.bodyId),
      text: words.pick(condition.text),
      due:
        condition.meeting === null
          ? condition.dueOn
          : words.t('requests.due_at', { date: condition.dueOn, meeting: words.pick(condition.meeting) }),
      standing: conditionMark(conditionStanding(condition, record.state, today), words),
      source: words.pick(condition.source),
      meetHref: may.write && condition.metOn === null ? `${here}/conditions/${condition.id}/fulfilment` : null,
      findings: at(`condition-${condition.position}`),
    })),
    ...betweenOf(input, words),
  }
}

function roundsOf(
  inquiries: readonly Inquiry[],
  bodyName: (id: string) => string,
  replyAt: string | null,
  words: Words,
): RequestCorrespondence['rounds'] {
  const linked = (text: string): Linked =>
    partsOf(text, inquiries).map((part) => ({
      text: part.text,
      href: part.inquiry === null ? null : `#inquiry-${part.inquiry.id}`,
    }))
  const numbers = [...new Set(inquiries.map(({ round }) => round))]
  return numbers.map((round) => ({
    title: words.t('requests.round', { round }),
    inquiries: inquiries
      .filter((inquiry) => inquiry.round === round)
      .map((inquiry) => {
        const same = inquiries.find(({ id }) => id === inquiry.sameAsId)
        return {
          anchor: `inquiry-${inquiry.id}`,
          number: inquiryName(inquiry, words),
          body: bodyName(inquiry.bodyId),
          asked: words.t('requests.asked_on', { date: inquiry.askedOn }),
          mark: inquiryMark(inquiry, words),
          question: linked(words.pick(inquiry.question)),
          answer: inquiry.answer === null ? null : linked(words.pick(inquiry.answer)),
          same:
            same === undefined
              ? null
              : {
                  text: words.t('requests.same_as', { number: inquiryName(same, words), body: bodyName(same.bodyId) }),
                  href: `#inquiry-${same.id}`,
                },
          replyHref: replyAt !== null && isOpenInquiry(inquiry) ? `${replyAt}/inquiries/${inquiry.id}/reply` : null,
          assumed: inquiry.basis === 'assumed',
        }
      }),
  }))
}

function inquiryMark({ answeredOn, dueOn }: Inquiry, words: Words): Mark {
  if (answeredOn !== null) return mark('full', 'is-real', words.t('requests.answered_on', { date: answeredOn }))
  const text = dueOn === null ? words.t('requests.unanswered') : words.t('requests.answer_by', { date: dueOn })
  return mark('half', 'is-wait', text)
}

/** What a body has said to all of its items: nothing yet, part of it, or its last word. */
function bodyState({ request }: RequestInput, bodyId: string, words: Words): Mark {
  const own: readonly Decision[] = request.decisions.filter((decision) => decision.bodyId === bodyId)
  const body = request.bodies.find(({ id }) => id === bodyId)
  if (body === undefined || own.length === 0) return mark('open', '', words.t('requests.no_decision'))
  const { result } = verdictOf([{ ...body, necessity: 'needed' }], own)
  if (result === 'pending') return mark('half', 'is-wait', words.t('requests.decided_in_part'))
  const text = words.of('decision_outcome', result)
  return result === 'refused' ? mark('cross', 'is-act', text) : mark('full', 'is-real', text)
}

function betweenOf(
  { between, sites }: RequestInput,
  words: Words,
): Pick<RequestCorrespondence, 'between' | 'betweenNote'> {
  return {
    between: between.map(({ siteId, on, number }) => {
      const site = sites.find(({ id }) => id === siteId)
      return {
        on,
        site: site === undefined ? '' : `${site.code} ${words.pick(site.name)}`,
        number: words.number(number),
      }
    }),
    betweenNote: words.t('requests.between_note'),
  }
}
