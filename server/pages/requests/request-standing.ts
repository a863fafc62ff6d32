/** How a change request stands: in one sentence, in cells, what can be done about it, and what somebody owes. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import { sitePerYearProjection } from '../../domain/projection/site-per-year.ts'
import { conditionStanding } from '../../domain/request/condition.ts'
import { verdictOf } from '../../domain/request/decisions.ts'
import { isOpenInquiry } from '../../domain/request/inquiry.ts'
import { isApproved, type RequestStep, stateAfter } from '../../domain/request/life-cycle.ts'
import { countedClaims } from '../../domain/request/request-record.ts'
import { type TrialTerms, termsInForce } from '../../domain/trial-terms.ts'
import type { Words } from '../../i18n/words.ts'
import { type CellRow, cellsOf, rulerCells } from '../cells.ts'
import { cellKindOf, subjectsInWords } from '../claims-table.ts'
import { type Mark, mark } from '../page.ts'
import type { RequestInput } from './request-input.ts'
import { inquiryName, requestAddress } from './request-words.ts'

/** The head of the page. */
export type RequestStandingShown = {
  headline: string
  lines: string[]
  rulers: { label: string; value: string; of: string; cells: CellRow }[]
  actions: { label: string; href: string; isFirst: boolean }[]
  duties: { mark: Mark; text: string; when: string; href: string }[]
}

export function requestStanding(input: RequestInput, adopted: TrialTerms | null, words: Words): RequestStandingShown {
  const here = requestAddress(input.trial, input.request.record.number)
  return {
    headline: headlineOf(input, adopted, words),
    lines: linesOf(input, adopted, words),
    rulers: rulersOf(input, words),
    actions: actionsOf(input, here, words),
    duties: dutiesOf(input, words),
  }
}

/** Whether a step is possible in the state that the request is in. */
export function canStep({ request }: RequestInput, step: RequestStep): boolean {
  return stateAfter(request.record.state, step) !== null
}

function headlineOf({ request, today }: RequestInput, adopted: TrialTerms | null, words: Words): string {
  const { record, bodies, decisions, inquiries } = request
  if (adopted !== null) {
    const values = { version: adopted.version, date: adopted.effectiveFrom, until: adopted.registrationUntil }
    return words.t(adopted.effectiveFrom <= today ? 'requests.headline_in_force' : 'requests.headline_to_come', values)
  }
  switch (record.state) {
    case 'draft':
      return words.t('requests.headline_draft')
    case 'inquiry':
      return words.t('requests.headline_inquiry', { count: inquiries.filter(isOpenInquiry).length })
    case 'refused':
      return words.t('requests.headline_refused')
    case 'withdrawn':
      return words.t('requests.headline_withdrawn')
    case 'approved':
    case 'approved_with_conditions':
      return words.t('requests.headline_approved')
    case 'submitted': {
      const { waitingFor } = verdictOf(bodies, decisions)
      if (waitingFor.length === 0) return words.t('requests.headline_submitted')
      const names = waitingFor.map(({ name }) => words.pick(name)).join(words.t('requests.comma'))
      return words.t('requests.headline_waiting', { bodies: names })
    }
  }
}

function linesOf({ request, versions, today }: RequestInput, adopted: TrialTerms | null, words: Words): string[] {
  const { record } = request
  if (record.state === 'withdrawn') return [record.withdrawnBecause ?? '']
  const current = termsInForce(versions, today)
  const holds = adopted === null && !isApproved(record.state) && record.termsAsked !== null && current !== null
  if (!holds) return []
  const values = { version: current.version, until: current.registrationUntil }
  return [words.t(current.registrationUntil < today ? 'requests.old_terms_over' : 'requests.old_terms_hold', values)]
}

function rulersOf({ request, registeredToday, today }: RequestInput, words: Words): RequestStandingShown['rulers'] {
  const { record } = request
  const { terms, total } = sitePerYearProjection(
    countedClaims(record.claims).map(({ claim }) => claim),
    record.targetNumber,
  )
  const said = terms.flatMap(({ claim, expected }) => cellsOf([expected, cellKindOf(claim)]))
  const room = Math.max(said.length, record.targetNumber, registeredToday)
  const real = cellsOf([registeredToday, 'real'], [Math.max(record.targetNumber - registeredToday, 0), 'open'])
  return [
    {
      label: words.t('requests.ruler_claims', { target: record.targetNumber }),
      value: subjectsInWords(total, words),
      of: words.t('requests.subjects'),
      cells: rulerCells(said, room, record.targetNumber),
    },
    {
      label: words.t('requests.ruler_today', { today }),
      value: words.number(registeredToday),
      of: words.t('requests.subjects'),
      cells: rulerCells(real, room, null),
    },
  ]
}

function actionsOf(input: RequestInput, here: string, words: Words): RequestStandingShown['actions'] {
  const { may } = input
  const offered = [
    { is: may.write && canStep(input, 'submit'), label: words.t('requests.submit'), href: `${here}/submission` },
    { is: may.write && canStep(input, 'change'), label: words.t('requests.change_draft'), href: `${here}/draft` },
    {
      is: may.judge && canStep(input, 'decide_in_part'),
      label: words.t('requests.decide'),
      href: `${here}/decisions/new`,
    },
    { is: may.judge && canStep(input, 'inquire'), label: words.t('requests.inquire'), href: `${here}/inquiries/new` },
    { is: may.judge && canStep(input, 'demand'), label: words.t('requests.demand'), href: `${here}/conditions/new` },
    {
      is: may.write && input.request.record.state !== 'withdrawn',
      label: words.t('requests.attach'),
      href: `${here}/attachments/new`,
    },
    { is: may.write && canStep(input, 'withdraw'), label: words.t('requests.withdraw'), href: `${here}/withdrawal` },
  ]
  const possible = offered.filter(({ is }) => is)
  return possible.map(({ label, href }, index) => ({
    label,
    href,
    isFirst: index === 0 && /\/(submission|decisions\/new)$/.test(href),
  }))
}

/** What somebody owes: an answer, or what a condition asks for; those that were due first stand first. */
function dutiesOf({ request, today }: RequestInput, words: Words): RequestStandingShown['duties'] {
  const open = request.inquiries.filter(isOpenInquiry).map((inquiry) => ({
    due: inquiry.dueOn,
    text: words.t('requests.answer_duty', { number: inquiryName(inquiry, words) }),
    href: `#inquiry-${inquiry.id}`,
  }))
  const unmet = request.conditions
    .filter((condition) => ['due', 'overdue'].includes(conditionStanding(condition, request.record.state, today)))
    .map((condition) => ({
      due: condition.dueOn as CalendarDate | null,
      text: words.pick(condition.text),
      href: `#condition-${condition.position}`,
    }))
  return [...open, ...unmet]
    .toSorted((a, b) => ((a.due ?? '9') < (b.due ?? '9') ? -1 : 1))
    .map(({ due, text, href }) => ({
      mark:
        due !== null && due < today
          ? mark('over', 'is-act', words.t('requests.overdue'))
          : mark('half', 'is-wait', words.t('requests.waiting')),
      text,
      when: due ?? words.t('requests.no_due_day'),
      href,
    }))
}
