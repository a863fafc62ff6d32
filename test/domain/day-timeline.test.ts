/** Timelines by days only, against a published table: 13 subjects, days from the injury. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type DayTimeline, dayStepsOf, readDayTimelines, withinWindows } from '../../server/domain/day-timeline.ts'
import { pathwayOf } from '../../server/domain/milestone.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { milestone } from './protocols.ts'

const due = (offsetDays: number, windowBeforeDays: number, windowAfterDays: number) => ({
  schedule: { anchorCode: 'injury', offsetDays, windowBeforeDays, windowAfterDays },
})
const bloods = ['blood1', 'blood2', 'blood3', 'blood4', 'blood5']
const pathwayWith = (dosingAfterDays: number) =>
  pathwayOf([
    milestone('injury', 'procedure'),
    milestone('consent', 'screening', { necessity: 'required' }),
    { ...milestone('bone_marrow', 'procedure', due(31, 31, 0)), label: { ja: '骨髄液採取', en: 'Bone marrow' } },
    ...bloods.map((code) => milestone(code, 'procedure')),
    milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
    { ...milestone('dosing', 'treatment', due(40, 14, dosingAfterDays)), label: { ja: '投与', en: 'Dosing' } },
  ])
const pathway = pathwayWith(14)

const table6 = readFileSync(new URL('../reference/str01-03-table6-days-from-injury.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(','))

function read(table: readonly (readonly string[])[]): DayTimeline[] {
  const reading = readDayTimelines(pathway, 'injury', table)
  if (isRefused(reading)) throw new Error(JSON.stringify(reading.problems))
  return reading.value
}
const codesOf = (table: readonly (readonly string[])[]) => {
  const reading = readDayTimelines(pathway, 'injury', table)
  return isRefused(reading) ? reading.problems.map(({ code }) => code) : []
}

describe('the published table', () => {
  const timelines = read(table6)
  const within = (dosingAfterDays: number, code: string) =>
    withinWindows(pathwayWith(dosingAfterDays), timelines).find((one) => one.milestone.code === code)

  it('has 13 subjects, the first with marrow on day 11, four bloods and dosing on day 47', () => {
    expect(timelines).toHaveLength(13)
    expect(timelines[0]).toEqual({
      number: '1',
      anchorCode: 'injury',
      days: { bone_marrow: 11, blood1: 5, blood2: 8, blood3: 13, blood4: 15, dosing: 47 },
      basis: 'recorded',
    })
  })

  it('was dosed within 40 ± 14 days in 13 of 13, two of them on the very last day', () => {
    expect(within(14, 'dosing')).toMatchObject({ within: 13, known: 13 })
    expect(timelines.filter(({ days }) => days.dosing === 54)).toHaveLength(2)
  })

  it('with a window that ends on day 53 it is 11 of 13, and the two are late by one day', () => {
    expect(within(13, 'dosing')).toMatchObject({ within: 11, known: 13 })
    const standings = timelines.map(
      (one) => dayStepsOf(pathwayWith(13), one).find(({ milestone: { code } }) => code === 'dosing')?.standing,
    )
    expect(standings.filter((standing) => standing === 'late')).toHaveLength(2)
  })

  it('had marrow by day 31 in 13 of 13', () => {
    expect(within(14, 'bone_marrow')).toMatchObject({ within: 13, known: 13 })
  })

  it('says nothing of what has no day: neither missed nor still to come', () => {
    const [step] = dayStepsOf(pathway, { number: '14', anchorCode: 'injury', days: {}, basis: 'recorded' }).slice(-1)
    expect([step?.day, step?.standing]).toEqual([null, null])
  })
})

describe('a table as it is pasted', () => {
  it('names its columns by code or by label in either language; widths, signs and blanks make no difference', () => {
    const days = { bone_marrow: 11, dosing: 47 }
    for (const head of [
      ['', 'bone_marrow', 'dosing'],
      ['番号', '骨髄液採取', '投与'],
      ['case', ' Bone Marrow ', 'ＤＯＳＩＮＧ'],
    ]) {
      expect(read([head, ['１', '１１', ' 47 '], ['', '', '']])[0]).toMatchObject({ number: '1', days })
    }
    expect(
      read([
        ['', 'consent', 'injury'],
        ['1', '−2', '0'],
      ])[0]?.days,
    ).toEqual({ consent: -2 })
    expect(
      read([
        ['', 'consent', 'dosing'],
        ['1', '—', ''],
      ])[0]?.days,
    ).toEqual({})
  })

  it('says everything that stands in its way, by row and column, counting blank rows', () => {
    const table = [['case', 'dosing', 'colour'], ['', '1'], [''], ['2', '4.5'], ['2', 'x', '', 'more']]
    const reading = readDayTimelines(pathway, 'injury', table)
    expect(
      isRefused(reading) && reading.problems.map(({ code, values }) => [code, values?.row ?? values?.column]),
    ).toEqual([
      ['day_column_unknown', 3],
      ['day_number_missing', 2],
      ['day_not_whole', 4],
      ['day_number_twice', 5],
      ['day_row_too_long', 5],
      ['day_not_whole', 5],
    ])
  })

  it.each([
    [[['case', 'dosing']], ['day_rows_missing']],
    [[], ['day_rows_missing']],
    [[['case'], ['1']], ['day_columns_missing']],
    [
      [
        ['case', 'dosing', '投与'],
        ['1', '2', '3'],
      ],
      ['day_column_twice'],
    ],
    [
      [
        ['case', 'injury'],
        ['1', '3'],
      ],
      ['day_of_anchor'],
    ],
    [
      [
        ['case', 'dosing'],
        ['1', '99999'],
      ],
      ['day_not_whole'],
    ],
    [
      [
        ['case', 'dosing'],
        ['x'.repeat(65), '9'],
      ],
      ['day_number_malformed'],
    ],
    [[['case', 'dosing'], ...Array.from({ length: 501 }, (_, n) => [`${n}`, '1'])], ['day_rows_too_many']],
  ])('refuses %j', (table, codes) => {
    expect(codesOf(table)).toEqual(codes)
  })
})
