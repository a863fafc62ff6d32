/** The way from screening to registration, one cell a subject, and what nobody can say about it. */
import type { ScreeningFlow } from '../domain/accrual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import { wilsonInterval } from '../domain/wilson-interval.ts'
import type { Words } from '../i18n/words.ts'
import { type CellKind, type CellRow, cellsOf, smallCells } from './cells.ts'
import { type Mark, mark } from './page.ts'

export type FlowLine = { label: string; mark: Mark | null; number: string; cells: CellRow | null }

export type FlowInWords = {
  note: string
  /** Candidates before consent; null where none were written down. */
  candidates: FlowLine | null
  screened: FlowLine
  parts: FlowLine[]
  /** From the first registration to the final one, in two-stage trials: the share, of how many, and its interval. */
  conversion: { label: string; value: string } | null
}

export function flowInWords(
  flow: ScreeningFlow,
  candidates: number,
  pathway: Pathway,
  siteCount: number,
  day: CalendarDate,
  words: Words,
): FlowInWords {
  const stages = {
    provisional: words.pick(pathway.provisional?.label ?? pathway.registration.label),
    final: words.pick(pathway.registration.label),
  }
  const line = (label: string, number: number, kind: CellKind): FlowLine => ({
    label,
    mark: kind === 'lost' && number > 0 ? mark('silent', 'is-act', label) : null,
    number: words.number(number),
    cells: number === 0 ? null : smallCells(cellsOf([number, kind])),
  })
  const { provisional } = flow
  const parts =
    provisional === null
      ? []
      : [
          line(words.t('flow.provisional_waiting', stages), provisional.waiting, 'half'),
          line(words.t('flow.provisional_excluded', stages), provisional.excluded, 'open'),
        ]
  const inScreening = provisional === null ? flow.inScreening : flow.inScreening + provisional.waiting
  const ended = flow.notRegistered + (provisional?.excluded ?? 0)
  return {
    note: words.t('flow.note', { count: siteCount, asOf: day }),
    candidates: candidates === 0 ? null : line(words.t('flow.candidates'), candidates, 'said'),
    screened: {
      label: words.t('flow.screened'),
      mark: null,
      number: words.number(flow.screened),
      cells:
        flow.screened === 0
          ? null
          : smallCells(
              cellsOf([flow.registered, 'real'], [inScreening, 'half'], [ended, 'open'], [flow.unaccounted, 'lost']),
            ),
    },
    parts: [
      line(words.t('flow.registered'), flow.registered, 'real'),
      ...parts,
      line(words.t('flow.in_screening'), flow.inScreening, 'half'),
      line(words.t('flow.not_registered'), flow.notRegistered, 'open'),
      line(words.t('flow.unaccounted'), flow.unaccounted, 'lost'),
    ],
    conversion: conversionOf(flow, stages, words),
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
