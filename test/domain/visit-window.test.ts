import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { daysOutside, standingOfDone, standingOfOpen, windowFrom } from '../../server/domain/visit-window.ts'

const dosing = { anchorCode: 'injury', offsetDays: 40, windowBeforeDays: 14, windowAfterDays: 14 }
const marrow = { anchorCode: 'injury', offsetDays: 31, windowBeforeDays: 31, windowAfterDays: 0 }

/** Table 6 of STR01-03: days from injury, 13 subjects. */
const table6 = readFileSync(join(import.meta.dirname, '../reference/str01-03-table6-days-from-injury.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const cells = line.split(',')
    return { marrow: Number(cells[1]), dosing: Number(cells.at(-1)) }
  })

describe('Table 6 of STR01-03', () => {
  it('has 13 subjects', () => {
    expect(table6).toHaveLength(13)
  })

  it('dosing lies within 40 ± 14 days of the injury for 13 of 13, two of them exactly on day 54', () => {
    const window = windowFrom(dosing, 0)
    expect(window).toEqual({ dueDay: 40, fromDay: 26, untilDay: 54 })
    expect(table6.filter((subject) => standingOfDone(window, subject.dosing) === 'on_time')).toHaveLength(13)
    expect(table6.filter((subject) => subject.dosing === 54)).toHaveLength(2)
  })

  it('with a window that ends on day 53, it is 11 of 13: the two of day 54 are late by a day', () => {
    const window = windowFrom({ ...dosing, windowAfterDays: 13 }, 0)
    expect(table6.filter((subject) => standingOfDone(window, subject.dosing) === 'on_time')).toHaveLength(11)
    expect(standingOfDone(window, 54)).toBe('late')
    expect(daysOutside(window, 54)).toBe(1)
  })

  it('marrow was collected by day 31 for 13 of 13', () => {
    const window = windowFrom(marrow, 0)
    expect(table6.filter((subject) => standingOfDone(window, subject.marrow) === 'on_time')).toHaveLength(13)
  })
})

describe('a window', () => {
  const window = windowFrom(dosing, 100)

  it('includes both ends: early before the first, late after the last', () => {
    expect([125, 126, 154, 155].map((day) => standingOfDone(window, day))).toEqual([
      'early',
      'on_time',
      'on_time',
      'late',
    ])
  })

  it('is overdue on the day after it ends, and missed once something later happened', () => {
    expect(standingOfOpen(window, 'open', 154)).toBe('upcoming')
    expect(standingOfOpen(window, 'open', 155)).toBe('overdue')
    expect(standingOfOpen(window, 'passed', 120)).toBe('missed')
  })

  it('is never overdue on a timeline without dates', () => {
    expect(standingOfOpen(window, 'open', null)).toBe('upcoming')
  })

  it('counts the days outside on both sides', () => {
    expect([120, 126, 140, 154, 160].map((day) => daysOutside(window, day))).toEqual([6, 0, 0, 0, 6])
  })
})
