/**
 * One change request: how it stands, what it asks for and claims, what was asked and answered, what was decided and
 * demanded. What the checks found stands in a list, and again at the place that it concerns.
 */
import { type CalendarDate, yearsBetween } from '../../domain/calendar-date.ts'
import { recordOfClaim, type SiteSoFar } from '../../domain/projection/claims-against-record.ts'
import { sitePerYearProjection } from '../../domain/projection/site-per-year.ts'
import type { Reconciliation } from '../../domain/reconciliation.ts'
import { unaccounted } from '../../domain/reconciliation.ts'
import { conditionStanding } from '../../domain/request/condition.ts'
import { type Decision, verdictOf } from '../../domain/request/decisions.ts'
import type { GuestLink } from '../../domain/request/guest-link.ts'
import { type Inquiry, isOpenInquiry, partsOf } from '../../domain/request/inquiry.ts'
import { isApproved, isAsked, type RequestStep, standingOn, stateAfter } from '../../domain/request/life-cycle.ts'
import { countedClaims, type RequestItem } from '../../domain/request/request-record.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Finding } from '../../domain/request-check/finding.ts'
import type { Site } from '../../domain/site.ts'
import { maySum, type SmallNumbers } from '../../domain/small-numbers.ts'
import type { Trial } from '../../domain/trial.ts'
import { type TrialTerms, termsInForce } from '../../domain/trial-terms.ts'
import type { Words } from '../../i18n/words.ts'
import { type CellRow, cellsOf, rulerCells } from '../cells.ts'
import { type ClaimRow, cellKindOf, claimRows, subjectsInWords } from '../claims-table.ts'
import { type Mark, mark, type Page } from '../page.ts'
import { notSaid, siteFigure } from '../small-numbers.ts'
import { type GuestLinkList, guestLinkList } from './guest-links.ts'
import {
  conditionMark,
  type FindingShown,
  findingShown,
  inquiryName,
  requestAddress,
  standingMark,
} from './request-words.ts'

export const requestDoings = [
  'drafted',
  'changed',
  'submitted',
  'withdrawn',
  'asked',
  'answered',
  'decided',
  'demanded',
  'met',
  'attached',
  'guest_revoked',
  'detached',
] as const
export type RequestDoing = (typeof requestDoings)[number]

export type RequestInput = {
  trial: Trial
  today: CalendarDate
  request: WholeRequest
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  /** What each site had by the as-of day. */
  soFar: readonly SiteSoFar[]
  small: SmallNumbers
  registeredToday: number
  screenings: Reconciliation | null
  findings: readonly Finding[]
  /** The decision that each stated one belongs to, by its place. */
  decisionPlaces: readonly number[]
  /** Registrations after the old terms ended and before the new ones were in force. */
  between: readonly { siteId: string; on: CalendarDate; number: number }[]
  /** Whether the stored inputs still have the hash under which they were stored. */
  isIdentical: boolean
  may: { write: boolean; judge: boolean }
  guestLinks: readonly GuestLink[]
  done: RequestDoing | null
}

type Linked = { text: string; href: string | null }[]

export type RequestPage = Page & {
  heading: string
  parts: string[]
  done: string | null
  standing: Mark
  headline: string
  lines: string[]
  rulers: { label: string; value: string; of: string; cells: CellRow }[]
  actions: { label: string; href: string; isFirst: boolean }[]
  papers: { label: string; href: string }[]
  findings: FindingShown[]
  findingsTitle: string
  duties: { mark: Mark; text: string; when: string; href: string }[]
  facts: { id: string; label: string; value: string; findings: FindingShown[] }[]
  terms: { name: string; before: string; after: string; isChanged: boolean }[]
  termsNote: string | null
  termsFindings: FindingShown[]
  items: { number: string; title: string; before: string; after: string; reason: string }[]
  claims: { anchor: string; row: ClaimRow; beside: string | null; findings: FindingShown[] }[]
  sum: { formula: string; total: string; stated: Mark; findings: FindingShown[] }
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
  told: {
    anchor: string
    text: string
    period: string
    promised: string
    registered: string
    source: string
    findings: FindingShown[]
  }[]
  between: { on: string; site: string; number: string }[]
  betweenNote: string
  files: {
    name: string
    href: string | null
    size: string
    hash: string
    gone: string | null
    withdrawHref: string | null
  }[]
  /** Null for readers who make no links. */
  guests: GuestLinkList
  colophon: string
  back: string
}

export function requestPage(input: RequestInput, words: Words): RequestPage {
  const { trial, request, today, may } = input
  const { record, bodies, decisions, conditions, inquiries } = request
  const here = requestAddress(trial, record.number)
  const heading = words.pick(record.title)
  const findings = input.findings.map((finding) => findingShown(finding, input.decisionPlaces, words))
  const at = (anchor: string) => findings.filter((finding) => finding.anchor === anchor)
  const adopted = input.versions.find(({ version }) => version === record.adoptedVersion) ?? null
  const standing = standingOn(record.state, adopted?.effectiveFrom ?? null, today)
  const before = termsInForce(input.versions, record.asOf)
  const bodyName = (id: string) => {
    const body = bodies.find((one) => one.id === id)
    return body === undefined ? '' : words.pick(body.name)
  }
  return {
    template: 'requests/show',
    title: heading,
    place: 'requests',
    heading,
    parts: [
      words.t('requests.number', { number: record.number }),
      words.t('format.as_of', { asOf: record.asOf }),
      ...(record.submittedOn === null ? [] : [words.t('requests.submitted_on', { date: record.submittedOn })]),
    ],
    done: input.done === null ? null : words.of('request_done', input.done),
    standing: standingMark(standing, words),
    headline: headlineOf(input, adopted, words),
    lines: linesOf(input, adopted, words),
    rulers: rulersOf(input, words),
    actions: actionsOf(input, here, words),
    papers: [
      { label: words.t('requests.document_link'), href: `${here}/document` },
      { label: words.t('requests.docx_link'), href: `${here}/document.docx` },
      { label: words.t('requests.replay_link'), href: `${here}/replay` },
      { label: words.t('requests.projection_link'), href: `/trials/${trial.code}/projection?asOf=${record.asOf}` },
    ],
    findings,
    findingsTitle: words.t('requests.findings_title', { count: findings.length }),
    duties: dutiesOf(input, words),
    facts: factsOf(input, at, words),
    terms: termsOf(input, before, words),
    termsNote: record.termsAsked?.assumption == null ? null : words.pick(record.termsAsked.assumption),
    termsFindings: at('terms'),
    items: record.items.map((item) => itemInWords(item, words)),
    claims: claimsOf(input, at, words),
    sum: sumOf(input, at('sum'), words),
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
    told: record.told.map(({ text, from, until, source, promised, registered }, index) => ({
      anchor: `told-${index + 1}`,
      text: words.pick(text),
      period: words.t('requests.from_until', { from, until }),
      promised: words.numberOr(promised),
      registered: words.numberOr(registered),
      source: words.pick(source),
      findings: at(`told-${index + 1}`),
    })),
    ...betweenOf(input, words),
    files: request.attachments.map(({ id, name, sizeBytes, sha256, withdrawn }) => ({
      name,
      href: withdrawn === null ? `${here}/attachments/${id}` : null,
      size: words.t('requests.kilobytes', { size: words.number(Math.max(sizeBytes / 1000, 0.1), 1) }),
      hash: words.t('requests.file_hash', { hash: sha256.slice(0, 12) }),
      gone:
        withdrawn === null
          ? null
          : words.t('requests.file_withdrawn', {
              at: words.instant(withdrawn.at, trial.timeZone),
              because: withdrawn.because,
            }),
      withdrawHref: may.write && withdrawn === null ? `${here}/attachments/${id}/withdrawal` : null,
    })),
    guests: guestsOf(input, words),
    colophon: words.t(input.isIdentical ? 'requests.identical' : 'requests.differs', {
      version: record.methodVersion,
      hash: record.inputHash.slice(0, 12),
    }),
    back: `/trials/${trial.code}/requests`,
  }
}

/** A draft has none: it is nobody else's to read. */
function guestsOf({ trial, request, today, may, guestLinks }: RequestInput, words: Words): GuestLinkList {
  const { number, state } = request.record
  const mayMake = may.write && isAsked(state)
  if (!mayMake && (!may.write || guestLinks.length === 0)) return null
  return guestLinkList({ trial, number, links: guestLinks, mayMake, today }, words)
}

function canStep({ request }: RequestInput, step: RequestStep): boolean {
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

function rulersOf({ request, registeredToday, today }: RequestInput, words: Words): RequestPage['rulers'] {
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

function actionsOf(input: RequestInput, here: string, words: Words): RequestPage['actions'] {
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
function dutiesOf({ request, today }: RequestInput, words: Words): RequestPage['duties'] {
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

function factsOf(
  { request, screenings }: RequestInput,
  at: (anchor: string) => FindingShown[],
  words: Words,
): RequestPage['facts'] {
  const { record } = request
  const fact = (id: string, label: string, value: string) => ({ id, label, value, findings: at(id) })
  return [
    fact('facts', words.t('requests.as_of'), words.date(record.asOf)),
    fact('written', words.t('requests.written_on'), record.writtenOn === null ? '—' : words.date(record.writtenOn)),
    fact('registered', words.t('requests.registered'), words.t('requests.count', { count: record.registeredNumber })),
    ...(screenings === null || record.screeningsFrom === null
      ? []
      : [
          fact(
            'screenings',
            words.t('requests.screenings', { from: record.screeningsFrom }),
            words.t('requests.screenings_parts', {
              started: screenings.started,
              registered: screenings.registered,
              waiting: screenings.inScreening,
              left: screenings.failed + screenings.declined + screenings.withdrawn,
              unaccounted: unaccounted(screenings),
            }),
          ),
        ]),
  ]
}

function termsOf({ request }: RequestInput, before: TrialTerms | null, words: Words): RequestPage['terms'] {
  const { termsAsked: after } = request.record
  if (after === null) return []
  const row = (name: string, was: string | null, is: string) => ({
    name,
    before: was ?? '—',
    after: is,
    isChanged: was !== is,
  })
  const period = (from: string, until: string) => words.t('requests.from_until', { from, until })
  return [
    row(
      words.t('requests.registration'),
      before === null ? null : period(before.registrationFrom, before.registrationUntil),
      period(after.registrationFrom, after.registrationUntil),
    ),
    row(words.t('requests.study'), before?.studyUntil ?? null, after.studyUntil ?? '—'),
    row(
      words.t('requests.target'),
      before === null ? null : words.t('requests.count', { count: before.targetNumber }),
      words.t('requests.count', { count: after.targetNumber }),
    ),
    row(
      words.t('requests.cost'),
      before === null ? null : words.of('cost_bearer', before.costBearer),
      words.of('cost_bearer', after.costBearer),
    ),
    row(words.t('requests.effective'), before?.effectiveFrom ?? null, after.effectiveFrom),
  ]
}

function itemInWords(
  { number, title, before, after, reason }: RequestItem,
  words: Words,
): RequestPage['items'][number] {
  const said = (text: RequestItem['before']) => (text === null ? '—' : words.pick(text))
  return {
    number: String(number),
    title: words.pick(title),
    before: said(before),
    after: said(after),
    reason: said(reason),
  }
}

function claimsOf(
  { request, soFar, small }: RequestInput,
  at: (anchor: string) => FindingShown[],
  words: Words,
): RequestPage['claims'] {
  const { record } = request
  const yearsAsked = yearsAskedBy(record)
  const named = record.claims.map(({ claim, label, source }) => ({
    claim,
    name: words.pick(label),
    source: words.pick(source),
  }))
  const records = record.claims.map((claim) => recordOfClaim(claim, soFar, record.asOf))
  const mayTell = (place: number) => maySum(small, record.claims[place]?.siteIds ?? [])
  return claimRows(named, records, yearsAsked, words, mayTell).map((row, index) => ({
    anchor: `claim-${index + 1}`,
    row,
    beside: record.claims[index]?.standing === 'beside_the_sum' ? words.t('requests.beside') : null,
    findings: at(`claim-${index + 1}`),
  }))
}

/** The length of the period that the claims speak of: what is asked for, else until the last day of registration. */
function yearsAskedBy({ termsAsked, asOf, registrationUntil }: WholeRequest['record']): number {
  return Math.max(yearsBetween(termsAsked?.effectiveFrom ?? asOf, registrationUntil), 0)
}

function sumOf({ request }: RequestInput, findings: FindingShown[], words: Words): RequestPage['sum'] {
  const { record } = request
  const counted = countedClaims(record.claims).map(({ claim }) => claim)
  const { terms, total } = sitePerYearProjection(counted, record.targetNumber)
  const values = { total: record.statedTotal, sum: subjectsInWords(total, words) }
  return {
    formula: terms.map(({ expected }) => subjectsInWords(expected, words)).join(words.t('projection.plus')),
    total: subjectsInWords(total, words),
    stated:
      Math.abs(total - record.statedTotal) < 1e-9
        ? mark('full', 'is-real', words.t('projection.stated_agrees', { total: record.statedTotal }))
        : mark('cross', 'is-act', words.t('projection.stated_differs', values)),
    findings,
  }
}

function roundsOf(
  inquiries: readonly Inquiry[],
  bodyName: (id: string) => string,
  replyAt: string | null,
  words: Words,
): RequestPage['rounds'] {
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
  { between, sites, small }: RequestInput,
  words: Words,
): Pick<RequestPage, 'between' | 'betweenNote'> {
  return {
    between: between.map(({ siteId, on, number }) => {
      const site = sites.find(({ id }) => id === siteId)
      return {
        on,
        site: site === undefined ? '' : siteFigure(small, siteId, `${site.code} ${words.pick(site.name)}`, notSaid),
        number: words.number(number),
      }
    }),
    betweenNote: words.t('requests.between_note'),
  }
}
