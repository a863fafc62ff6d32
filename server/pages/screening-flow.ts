/** The way from screening to registration, one cell a subject, and what nobody can say about it. */
import type { ScreeningFlow } from '../domain/accrual.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import type { SavedList } from '../domain/saved-list.ts'
import { wilsonInterval } from '../domain/wilson-interval.ts'
import type { Words } from '../i18n/words.ts'
import { type CellKind, type CellRow, cellsOf, smallCells } from './cells.ts'
import { type Mark, mark } from './page.ts'
import { type RowsBehind, rowsHref } from './rows-behind.ts'

export type FlowLine = { label: string; mark: Mark | null; number: string; cells: CellRow | null; href: string | null }

export type FlowInWords = {
  note: string
  /** Candidates before consent; null where none were written down. */
  candidates: FlowLine | null
  screened: FlowLine
  /** What became of the screened; and of the registered, as far as there are any. */
  parts: FlowLine[]
  after: { title: string; parts: FlowLine[] } | null
  /** From the first registration to the final one, in two-stage trials: the share, of how many, and its interval. */
  conversion: { label: string; value: string } | null
}

export function flowInWords(figures: DashboardFigures, behind: RowsBehind, words: Words): FlowInWords {
  const { flow, candidates, pathway, sites, asOf } = figures
  const stages = {
    provisional: words.pick(pathway.provisional?.label ?? pathway.registration.label),
    final: words.pick(pathway.registration.label),
  }
  const line = (label: string, number: number, kind: CellKind, list: SavedList | null): FlowLine => ({
    label,
    mark: kind === 'lost' && number > 0 ? mark('silent', 'is-act', label) : null,
    number: words.number(number),
    cells: number === 0 ? null : smallCells(cellsOf([number, kind])),
    href: list === null ? null : rowsHref(behind, { list, number }),
  })
  const { provisional, leftBefore } = flow
  const isOneStage = provisional === null
  const parts = isOneStage
    ? []
    : [
        line(words.t('flow.provisional_waiting', stages), provisional.waiting, 'half', null),
        line(words.t('flow.provisional_excluded', stages), provisional.excluded, 'open', null),
      ]
  const inScreening = isOneStage ? flow.inScreening : flow.inScreening + provisional.waiting
  const ended = flow.notRegistered + (provisional?.excluded ?? 0)
  return {
    note: words.t('flow.note', { count: sites.length, asOf }),
    candidates: candidates === 0 ? null : line(words.t('flow.candidates'), candidates, 'said', null),
    screened: {
      label: words.t('flow.screened'),
      mark: null,
      number: words.number(flow.screened),
      href: null,
      cells:
        flow.screened === 0
          ? null
          : smallCells(
              cellsOf([flow.registered, 'real'], [inScreening, 'half'], [ended, 'open'], [flow.unaccounted, 'lost']),
            ),
    },
    parts: [
      line(words.t('flow.registered'), flow.registered, 'real', 'registered'),
      ...parts,
      line(words.t('flow.in_screening'), flow.inScreening, 'half', isOneStage ? 'waiting' : null),
      line(words.t('flow.failed'), leftBefore.failed, 'open', isOneStage ? 'failed' : null),
      line(words.t('flow.declined'), leftBefore.declined, 'open', 'declined'),
      line(words.t('flow.died_before'), leftBefore.died, 'open', null),
      line(words.t('flow.unaccounted'), flow.unaccounted, 'lost', 'unaccounted'),
    ],
    after: flow.registered === 0 ? null : afterInWords(figures, line, words),
    conversion: conversionOf(flow, stages, words),
  }
}

/** The lower half of the flow: treated or not, still seen, and the ways of leaving that were taken. */
function afterInWords(
  { after, flow }: DashboardFigures,
  line: (label: string, number: number, kind: CellKind, list: SavedList | null) => FlowLine,
  words: Words,
): FlowInWords['after'] {
  const left = (['completed', 'withdrawn', 'lost', 'died'] as const).filter((exit) => after[exit] > 0)
  return {
    title: words.t('flow.after', { count: flow.registered }),
    parts: [
      ...(after.treated === null ? [] : [line(words.of('state', 'treated'), after.treated, 'real', null)]),
      ...(after.notTreated === 0 ? [] : [line(words.of('state', 'not_treated'), after.notTreated, 'open', null)]),
      line(words.t('flow.under_way'), after.underWay, 'half', null),
      ...left.map((exit) => line(words.of('state', exit), after[exit], exit === 'completed' ? 'real' : 'open', null)),
    ],
  }
}

/** 13 of 17: 76.5% (13/17), with the interval of Wilson. Those who still wait are among the 17. */
function conversionOf(
  { provisional, registered }: ScreeningFlow,
  stages: { provisional: string; final: string },
  words: Words,
): FlowInWords['conversion'] {
  if (provisional === null || provisional.ever === 0) return null
  const { lower, upper } = wilsonInterval(registered, provisional.ever)
  return {
    label: words.t('flow.conversion', { from: stages.provisional, to: stages.final }),
    value: words.t('flow.conversion_value', {
      percent: words.share(registered, provisional.ever),
      to: registered,
      from: provisional.ever,
      low: words.share(lower, 1),
      high: words.share(upper, 1),
    }),
  }
}
