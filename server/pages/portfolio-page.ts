/** All trials of one person: which ask for attention, how far each is, and how many there are of each sort. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import {
  facetCounts,
  facetOf,
  inPortfolioOrder,
  type PortfolioFacet,
  type PortfolioOrder,
  portfolioFacets,
  type Standing,
} from '../domain/portfolio.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type CellRow, cellsOf, smallCells } from './cells.ts'
import { type Mark, mark, type Page } from './page.ts'
import { verdictMark } from './verdict.ts'

export type PortfolioAsked = { order: PortfolioOrder; by: PortfolioFacet | null; is: string; page: number }

export type PortfolioPage = Page & {
  note: string
  /** What is left of all trials, and the way back to all; null where nothing was chosen. */
  chosen: { text: string; href: string } | null
  columns: { label: string; href: string; sort: 'none' | Direction; isNumber: boolean }[]
  trials: {
    code: string
    name: string
    href: string
    verdict: Mark | null
    cells: CellRow | null
    registered: string
    target: string
    deadline: string
    time: string
    chance: string
    review: string
    obligations: Mark[]
    calendar: string
    silent: Mark | null
    sites: string
  }[]
  /** Each column's name once more, for the cards of a telephone. */
  labels: Record<'verdict' | 'progress' | 'deadline' | 'chance' | 'review' | 'obligations' | 'silent', string>
  pager: { range: string; previous: string | null; next: string | null }
  facets: { title: string; rows: { label: string; count: string; href: string; current: boolean }[] }[]
}

export const portfolioPageSize = 50
/** So many conditions are named; the rest are rare. */
const mostNamed = 12

export function portfolioPage(
  standings: readonly Standing[],
  asked: PortfolioAsked,
  today: CalendarDate,
  words: Words,
): PortfolioPage {
  const { by, is } = asked
  const every = standings.map(({ trial }) => trial)
  const chosen = by === null ? standings : standings.filter(({ trial }) => facetOf(trial, by) === is)
  const ordered = inPortfolioOrder(chosen, asked.order)
  const total = ordered.length
  const page = Math.min(asked.page, Math.max(1, Math.ceil(total / portfolioPageSize)))
  const first = (page - 1) * portfolioPageSize
  const href = (other: number) => addressOf({ ...asked, page: other })
  return {
    template: 'trials/index',
    title: words.t('portfolio.title'),
    place: null,
    note: words.t('portfolio.note', { count: every.length, asOf: words.date(today) }),
    chosen:
      by === null
        ? null
        : {
            text: words.t('portfolio.chosen', {
              facet: words.of('portfolio_facet', by),
              value: valueInWords(by, chosen[0]?.trial ?? null, words),
              count: total,
            }),
            href: addressOf({ ...asked, by: null, page: 1 }),
          },
    columns: columnsOf(asked, words),
    trials: ordered.slice(first, first + portfolioPageSize).map((standing) => rowOf(standing, words)),
    labels: {
      verdict: words.t('portfolio.verdict'),
      progress: words.t('portfolio.progress'),
      deadline: words.t('portfolio.deadline'),
      chance: words.t('portfolio.chance'),
      review: words.t('portfolio.review'),
      obligations: words.t('portfolio.obligations'),
      silent: words.t('portfolio.silent'),
    },
    pager: {
      range: words.t('format.range_of', {
        first: total === 0 ? 0 : first + 1,
        last: Math.min(first + portfolioPageSize, total),
        total: words.number(total),
      }),
      previous: page > 1 ? href(page - 1) : null,
      next: page * portfolioPageSize < total ? href(page + 1) : null,
    },
    facets: every.length < 2 ? [] : portfolioFacets.map((facet) => facetInWords(facet, every, asked, words)),
  }
}

function addressOf({ order, by, is, page }: PortfolioAsked): string {
  const query = new URLSearchParams({
    ...(order === 'attention' ? {} : { order }),
    ...(by === null ? {} : { by, is }),
    ...(page === 1 ? {} : { page: String(page) }),
  }).toString()
  return query === '' ? '/' : `/?${query}`
}

type Direction = 'ascending' | 'descending' | 'other'

/** Attention is no column's own order; counts of trouble begin with the most. */
function directionOf(order: PortfolioOrder): Direction {
  if (order === 'attention') return 'other'
  return order === 'obligations' || order === 'silent' ? 'descending' : 'ascending'
}

function columnsOf(asked: PortfolioAsked, words: Words): PortfolioPage['columns'] {
  const column = (label: string, order: PortfolioOrder, isNumber: boolean) => ({
    label,
    href: addressOf({ ...asked, order, page: 1 }),
    sort: asked.order === order ? directionOf(order) : ('none' as const),
    isNumber,
  })
  return [
    column(words.t('portfolio.trial'), 'code', false),
    column(words.t('portfolio.verdict'), 'attention', false),
    column(words.t('portfolio.obligations'), 'obligations', false),
    column(words.t('portfolio.silent'), 'silent', false),
    column(words.t('portfolio.progress'), 'progress', false),
    column(words.t('portfolio.deadline'), 'deadline', false),
    column(words.t('portfolio.chance'), 'chance', true),
    column(words.t('portfolio.review'), 'review', false),
  ]
}

function rowOf({ trial, attainment, obligations, silentSites, nextReviewOn }: Standing, words: Words) {
  const { overdue, dueSoon } = obligations
  const { silent, open } = silentSites
  return {
    code: trial.code,
    name: words.pick(trial.name),
    href: `/trials/${trial.code}`,
    ...progressOf(attainment, words),
    review: nextReviewOn ?? '—',
    obligations: [
      ...(overdue === 0 ? [] : [mark('over', 'is-act', words.t('portfolio.overdue', { count: overdue }))]),
      ...(dueSoon === 0 ? [] : [mark('half', 'is-wait', words.t('portfolio.due_soon', { count: dueSoon }))]),
    ],
    calendar: `/trials/${trial.code}/calendar`,
    silent: silent === 0 ? null : mark('silent', 'is-act', words.t('portfolio.silent_of', { silent, open })),
    sites: open === 0 ? '—' : words.t('portfolio.silent_of', { silent, open }),
  }
}

function progressOf(attainment: Standing['attainment'], words: Words) {
  if (attainment === null) {
    return { verdict: null, registered: '0', target: '—', cells: null, time: '—', deadline: '—', chance: '—' }
  }
  const { registered, promised, elapsedYears, periodYears, forecast, verdict } = attainment
  const target = promised.targetNumber
  const isOver = verdict === 'reached' || verdict === 'ended' || forecast === null
  return {
    verdict: verdictMark(verdict, words),
    registered: words.number(registered),
    target: words.number(target),
    cells: target === 0 ? null : smallCells(cellsOf([registered, 'real'], [target - registered, 'open'])),
    time: words.t('portfolio.elapsed', { share: words.percent(Math.min(elapsedYears / periodYears, 1)) }),
    deadline: promised.registrationUntil,
    chance: isOver ? '—' : words.percent(forecast.chance.withDrift),
  }
}

function facetInWords(facet: PortfolioFacet, every: readonly Trial[], asked: PortfolioAsked, words: Words) {
  const counts = facetCounts(every, facet)
  return {
    title: words.of('portfolio_facet', facet),
    rows: counts.slice(0, mostNamed).map(({ value, example, count }) => ({
      label: valueInWords(facet, example, words),
      count: words.number(count),
      href: addressOf({ ...asked, by: facet, is: value, page: 1 }),
      current: asked.by === facet && asked.is === value,
    })),
  }
}

function valueInWords(facet: PortfolioFacet, trial: Trial | null, words: Words): string {
  if (trial === null) return '—'
  switch (facet) {
    case 'phase':
      return trial.phase === null ? words.t('portfolio.not_stated') : words.of('phase', trial.phase)
    case 'design':
      return words.of('design', trial.design)
    case 'riskClass':
      return words.of('risk_class', trial.riskClass)
    case 'condition':
      return words.pick(trial.condition)
  }
}
