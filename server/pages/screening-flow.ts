/** The way from screening to registration, one cell a subject, and what nobody can say about it. */
import type { ScreeningFlow } from '../domain/accrual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Words } from '../i18n/words.ts'
import { type CellKind, type CellRow, cellsOf, smallCells } from './cells.ts'
import { type Mark, mark } from './page.ts'

export type FlowLine = { label: string; mark: Mark | null; number: string; cells: CellRow | null }

export type FlowInWords = { note: string; screened: FlowLine; parts: FlowLine[] }

export function flowInWords(flow: ScreeningFlow, siteCount: number, day: CalendarDate, words: Words): FlowInWords {
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
          line(words.t('flow.provisional_waiting'), provisional.waiting, 'half'),
          line(words.t('flow.provisional_excluded'), provisional.excluded, 'open'),
        ]
  const inScreening = provisional === null ? flow.inScreening : flow.inScreening + provisional.waiting
  const ended = flow.notRegistered + (provisional?.excluded ?? 0)
  return {
    note: words.t('flow.note', { count: siteCount, asOf: day }),
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
  }
}
