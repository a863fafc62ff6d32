/** Deadlines that are asked for stand in the curve and in its table, unless a version of the terms has them. */
import { describe, expect, it } from 'vitest'
import { attainmentOn } from '../../server/domain/attainment.ts'
import { addDays, type CalendarDate, dayNumber } from '../../server/domain/calendar-date.ts'
import { asItIs } from '../../server/domain/projection/what-if.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { askedDeadlines } from '../../server/pages/asked-deadlines.ts'
import { cumulativeFigure } from '../../server/pages/charts.ts'
import { day, site, termsOf } from '../domain/protocols.ts'

const words = wordsFor('en')
const asOf = day('2026-06-24')
const terms = termsOf({
  targetNumber: 12,
  registrationFrom: day('2021-07-19'),
  registrationUntil: day('2026-07-18'),
  plan: { startsOn: day('2021-07-19'), startsAtNumber: 0, reachesNumber: 12 },
  effectiveFrom: day('2021-07-19'),
})
const sites = ['01', '02'].map((id) => site(id, ['open', '2021-07-19']))

function figureWith(request: CalendarDate | null, A: CalendarDate | null = null, B: CalendarDate | null = null) {
  const scenarios = { A: { ...asItIs, until: A }, B: { ...asItIs, until: B } }
  const asked = askedDeadlines(request === null ? null : { registrationUntil: request }, scenarios, words)
  const attainment = attainmentOn(asOf, [terms], sites, 2)!
  return cumulativeFigure(attainment, [terms], sites, [], words, asked)
}

describe('a deadline that is asked for', () => {
  it('is named and dated beside those of the terms, and the fan and the axis go up to the last', () => {
    const { chart, rows } = figureWith(day('2029-07-18'), day('2031-07-18'))
    expect(chart.deadlines.map(({ name, date, inForce }) => [name, date, inForce])).toEqual([
      ['v1 deadline (in force)', '2026-07-18', true],
      ['Requested deadline', '2029-07-18', false],
      ['Scenario A', '2031-07-18', false],
    ])
    const end = dayNumber(addDays(day('2031-07-18'), 1))
    expect([chart.x.max, chart.fan?.points.at(-1)?.at]).toEqual([end, end])
    const last = rows.slice(-2)
    expect(last.map(({ date, event }) => [date, event])).toEqual([
      ['2029-07-18', 'Requested deadline'],
      ['2031-07-18', 'Scenario A'],
    ])
    for (const { actual, planned } of last) expect([planned, actual]).toEqual(['—', expect.stringMatching(/median/)])
  })

  it('has a forecast of its own in the table, as the one that is promised has', () => {
    const { chart, rows } = figureWith(day('2029-07-18'))
    const at = (on: string) => chart.fan?.points.find((point) => point.at === dayNumber(addDays(day(on), 1)))
    for (const on of ['2026-07-18', '2029-07-18']) {
      const { low80, high80, median } = at(on)!
      const row = rows.find(({ date, planned, actual }) => date === on && (planned !== '—' || actual !== '—'))
      expect(row?.actual).toBe(words.t('chart.row_forecast', { low: low80, high: high80, median }))
    }
  })

  it('is drawn once: as promised where a version has it, and under all names where several ask for it', () => {
    expect(figureWith(day('2026-07-18')).chart).toEqual(figureWith(null).chart)
    const { chart } = figureWith(day('2029-07-18'), day('2029-07-18'), day('2029-07-18'))
    expect(chart.deadlines.slice(1).map(({ name, shortName }) => [name, shortName])).toEqual([
      ['Requested deadline, Scenario A, Scenario B', 'Requested, A, B'],
    ])
  })

  it('may have passed: the table then says what came', () => {
    const { rows } = figureWith(null, day('2025-07-18'))
    expect(rows.find(({ event }) => event === 'Scenario A')?.actual).toBe('0')
  })
})
