/**
 * The document of a change request: the headings that the review of advanced medical care expects, filled from the
 * record. One value for the page, for paper and for the text file; what the checks left open is printed with it.
 */
import type { Bilingual } from '../../domain/bilingual.ts'
import { sitePerYearProjection } from '../../domain/projection/site-per-year.ts'
import { countedClaims } from '../../domain/request/request-record.ts'
import type { ProfileFact, TrialIdentifier } from '../../domain/trial.ts'
import { termsInForce } from '../../domain/trial-terms.ts'
import type { Words } from '../../i18n/words.ts'
import { subjectsInWords } from '../claims-table.ts'
import { findingInWords } from '../finding-words.ts'
import type { Page } from '../page.ts'
import type { RequestInput } from './request-input.ts'
import { requestAddress } from './request-words.ts'

export type DocumentInput = Omit<RequestInput, 'done'> & {
  identifiers: readonly TrialIdentifier[]
  facts: readonly ProfileFact[]
}

export type DocumentBlock = {
  heading: string
  paragraphs: string[]
  table: { head: string[]; rows: string[][] } | null
}

export type RequestDocument = { title: string; subtitle: string; blocks: DocumentBlock[]; colophon: string }

export type RequestDocumentPage = Page & RequestDocument & { back: string; docx: string; docxLink: string }

export function requestDocumentPage(input: DocumentInput, words: Words): RequestDocumentPage {
  const document = requestDocument(input, words)
  const here = requestAddress(input.trial, input.request.record.number)
  return {
    template: 'requests/document',
    place: 'requests',
    ...document,
    back: here,
    docx: `${here}/document.docx`,
    docxLink: words.t('requests.docx_link'),
  }
}

export function requestDocument(input: DocumentInput, words: Words): RequestDocument {
  const { trial, request } = input
  const { record } = request
  const text = (heading: string, ...paragraphs: string[]): DocumentBlock => ({ heading, paragraphs, table: null })
  const lead = input.sites[0]
  const notice = input.identifiers.findLast(({ kind }) => kind === 'announcement')
  return {
    title: words.t('document.title'),
    subtitle: words.t('document.subtitle', {
      title: words.pick(record.title),
      number: record.number,
      date: record.writtenOn ?? record.asOf,
    }),
    blocks: [
      text(words.t('document.applicant'), lead === undefined ? '—' : words.pick(lead.name)),
      text(
        words.t('document.name'),
        ...(notice === undefined ? [] : [words.t('document.notice_number', { number: notice.value })]),
        words.pick(trial.title),
      ),
      text(words.t('document.condition'), words.pick(trial.condition)),
      text(words.t('document.outline'), outlineOf(input, words)),
      productsOf(input.facts, words),
      periodsOf(input, words),
      text(words.t('document.planned'), words.t('requests.count', { count: record.targetNumber })),
      text(
        words.t('document.registered'),
        words.t('document.registered_on', { count: record.registeredNumber, asOf: record.asOf }),
      ),
      changesOf(input, words),
      reasonsOf(input, words),
      approvalsOf(input, words),
      text(
        words.t('document.findings', { count: input.findings.length }),
        ...(input.findings.length === 0
          ? [words.t('requests.nothing_found')]
          : input.findings.map((finding) => {
              const { message, remedy } = findingInWords(finding, words)
              return words.t('document.finding', { message, remedy })
            })),
      ),
    ],
    colophon: words.t('requests.identical', { version: record.methodVersion, hash: record.inputHash.slice(0, 12) }),
  }
}

function outlineOf({ trial, sites, facts }: DocumentInput, words: Words): string {
  const method = facts.find(({ kind }) => kind === 'method')
  const outline = words.t('document.outline_text', {
    condition: words.pick(trial.condition),
    title: words.pick(trial.title),
    design: words.of('design', trial.design),
    sites: sites.length,
  })
  return method === undefined ? outline : words.t('document.two', { one: outline, two: words.pick(method.value) })
}

function productsOf(facts: readonly ProfileFact[], words: Words): DocumentBlock {
  const products = facts.filter(({ kind }) => kind === 'product')
  return {
    heading: words.t('document.products'),
    paragraphs: products.length === 0 ? ['—'] : [],
    table:
      products.length === 0
        ? null
        : {
            head: [words.t('document.product'), words.t('document.product_facts')],
            rows: products.map(({ label, value }) => [words.pick(label), words.pick(value)]),
          },
  }
}

function periodsOf({ request, versions }: DocumentInput, words: Words): DocumentBlock {
  const before = termsInForce(versions, request.record.asOf)
  const paragraphs =
    before === null
      ? ['—']
      : [
          words.t('document.registration_period', { from: before.registrationFrom, until: before.registrationUntil }),
          words.t('document.study_period', { from: before.registrationFrom, until: before.studyUntil ?? '—' }),
        ]
  return { heading: words.t('document.periods'), paragraphs, table: null }
}

function changesOf({ request }: DocumentInput, words: Words): DocumentBlock {
  const said = (text: Bilingual | null) => (text === null ? '—' : words.pick(text))
  return {
    heading: words.t('document.changes'),
    paragraphs: [],
    table: {
      head: [
        words.t('requests.col_item'),
        words.t('requests.col_what'),
        words.t('requests.col_before'),
        words.t('requests.col_after'),
      ],
      rows: request.record.items.map(({ number, title, before, after }) => [
        String(number),
        words.pick(title),
        said(before),
        said(after),
      ]),
    },
  }
}

/** The reasons as the items give them; then the promise, term by term. */
function reasonsOf({ request }: DocumentInput, words: Words): DocumentBlock {
  const { record } = request
  const reasons = record.items.flatMap(({ number, reason }) =>
    reason === null ? [] : [words.t('document.reason', { number, text: words.pick(reason) })],
  )
  const counted = countedClaims(record.claims)
  const { terms, total, margin } = sitePerYearProjection(
    counted.map(({ claim }) => claim),
    record.targetNumber,
  )
  const promise =
    counted.length === 0
      ? []
      : [
          words.t('document.promise', {
            terms: terms
              .map(({ expected }, index) =>
                words.t('document.term', {
                  name: counted[index] === undefined ? '' : words.pick(counted[index].label),
                  number: subjectsInWords(expected, words),
                }),
              )
              .join(words.t('requests.comma')),
            total: subjectsInWords(total, words),
            target: record.targetNumber,
            margin: subjectsInWords(margin, words),
          }),
        ]
  return { heading: words.t('document.reasons'), paragraphs: [...reasons, ...promise], table: null }
}

function approvalsOf({ request }: DocumentInput, words: Words): DocumentBlock {
  const { bodies, decisions, conditions } = request
  const nameOf = (id: string) => {
    const body = bodies.find((one) => one.id === id)
    return body === undefined ? '' : words.pick(body.name)
  }
  const said = decisions.map(({ bodyId, items, decidedOn, outcome, source }) =>
    words.t('document.approval', {
      items: items.join(', '),
      date: decidedOn,
      body: nameOf(bodyId),
      outcome: words.of('decision_outcome', outcome),
      source: words.pick(source),
    }),
  )
  const demanded = conditions.map(({ text, dueOn, metOn }) =>
    words.t(metOn === null ? 'document.condition_open' : 'document.condition_met', {
      text: words.pick(text),
      date: metOn ?? dueOn,
    }),
  )
  const waiting = bodies
    .filter(({ id }) => !decisions.some(({ bodyId }) => bodyId === id))
    .map(({ name }) => words.t('document.not_decided', { body: words.pick(name) }))
  const paragraphs = [...said, ...waiting, ...demanded]
  return {
    heading: words.t('document.approvals'),
    paragraphs: paragraphs.length === 0 ? ['—'] : paragraphs,
    table: null,
  }
}
