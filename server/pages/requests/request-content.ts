/** What a change request states: its day, the terms it asks for, what changes, its claims and their sum, and the past it tells. */
import { yearsBetween } from '../../domain/calendar-date.ts'
import { recordOfClaim } from '../../domain/projection/claims-against-record.ts'
import { sitePerYearProjection } from '../../domain/projection/site-per-year.ts'
import { unaccounted } from '../../domain/reconciliation.ts'
import { countedClaims, type RequestItem } from '../../domain/request/request-record.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import { type TrialTerms, termsInForce } from '../../domain/trial-terms.ts'
import type { Words } from '../../i18n/words.ts'
import { type ClaimRow, claimRows, subjectsInWords } from '../claims-table.ts'
import { type Mark, mark } from '../page.ts'
import type { FindingsAt, RequestInput } from './request-input.ts'
import type { FindingShown } from './request-words.ts'

/** The middle of the page, each with what the checks found about it. */
export type RequestContentShown = {
  facts: { id: string; label: string; value: string; findings: FindingShown[] }[]
  terms: { name: string; before: string; after: string; isChanged: boolean }[]
  termsNote: string | null
  termsFindings: FindingShown[]
  items: { number: string; title: string; before: string; after: string; reason: string }[]
  claims: { anchor: string; row: ClaimRow; beside: string | null; findings: FindingShown[] }[]
  sum: { formula: string; total: string; stated: Mark; findings: FindingShown[] }
  told: {
    anchor: string
    text: string
    period: string
    promised: string
    registered: string
    source: string
    findings: FindingShown[]
  }[]
}

export function requestContent(input: RequestInput, at: FindingsAt, words: Words): RequestContentShown {
  const { record } = input.request
  const before = termsInForce(input.versions, record.asOf)
  return {
    facts: factsOf(input, at, words),
    terms: termsOf(input, before, words),
    termsNote: record.termsAsked?.assumption == null ? null : words.pick(record.termsAsked.assumption),
    termsFindings: at('terms'),
    items: record.items.map((item) => itemInWords(item, words)),
    claims: claimsOf(input, at, words),
    sum: sumOf(input, at('sum'), words),
    told: record.told.map(({ text, from, until, source, promised, registered }, index) => ({
      anchor: `told-${index + 1}`,
      text: words.pick(text),
      period: words.t('requests.from_until', { from, until }),
      promised: words.numberOr(promised),
      registered: words.numberOr(registered),
      source: words.pick(source),
      findings: at(`told-${index + 1}`),
    })),
  }
}

function factsOf({ request, screenings }: RequestInput, at: FindingsAt, words: Words): RequestContentShown['facts'] {
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

function termsOf({ request }: RequestInput, before: TrialTerms | null, words: Words): RequestContentShown['terms'] {
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
): RequestContentShown['items'][number] {
  const said = (text: RequestItem['before']) => (text === null ? '—' : words.pick(text))
  return {
    number: String(number),
    title: words.pick(title),
    before: said(before),
    after: said(after),
    reason: said(reason),
  }
}

function claimsOf({ request, soFar }: RequestInput, at: FindingsAt, words: Words): RequestContentShown['claims'] {
  const { record } = request
  const yearsAsked = yearsAskedBy(record)
  const named = record.claims.map(({ claim, label, source }) => ({
    claim,
    name: words.pick(label),
    source: words.pick(source),
  }))
  const records = record.claims.map((claim) => recordOfClaim(claim, soFar, record.asOf))
  return claimRows(named, records, yearsAsked, words).map((row, index) => ({
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

function sumOf({ request }: RequestInput, findings: FindingShown[], words: Words): RequestContentShown['sum'] {
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
