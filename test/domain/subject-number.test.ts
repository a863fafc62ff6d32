import { describe, expect, it } from 'vitest'
import { readSubjectNumber, sequenceOf, subjectNumber, subjectNumberKey } from '../../server/domain/subject-number.ts'

describe('a subject’s number', () => {
  it('names trial, site and place: SSC, 01, 4 is SSC-01-004', () => {
    expect(subjectNumber('SSC', '01', 4)).toBe('SSC-01-004')
    expect(subjectNumber('SSC', '01', 999)).toBe('SSC-01-999')
    expect(subjectNumber('SSC', '01', 1000)).toBe('SSC-01-1000')
  })

  it.each([
    ['SSC-01-004', 4],
    ['ssc-01-1000', 1000],
    ['SSC-02-004', null],
    ['SSC-01-4', null],
    ['SSC-01-004-2', null],
    ['A-004', null],
  ])('%s has the place %s among those that are given at the site', (number, place) => {
    expect(sequenceOf(number, 'SSC', '01')).toBe(place)
  })

  it('is kept in plain letters, digits and dashes', () => {
    expect(readSubjectNumber(' ＳＣＲ－００１ ')).toBe('SCR-001')
    expect(readSubjectNumber('SCR‑001')).toBe('SCR-001')
    expect(readSubjectNumber('患者 3')).toBe('患者 3')
    expect(readSubjectNumber('')).toBe('')
  })

  it.each([
    ['of more than 64 characters', 'A'.repeat(65)],
    ['that grows beyond it in plain letters', 'ﷺ'.repeat(10)],
    ['on two lines', 'A\nB'],
    ['with a mark that turns the line around', 'A\u202e100'],
    ['with a space of no width', 'SCR\u200b-001'],
    ['that a spreadsheet would compute', '=1+1'],
    ['that begins with a full-width sign', '＝1+1'],
    ['that begins with an at sign', '@SUM(A1)'],
  ])('%s is none', (_, typed) => {
    expect(readSubjectNumber(typed)).toBeNull()
  })

  it('is the same in small letters and with spaces; with other digits it is another', () => {
    expect(subjectNumberKey('scr- 001')).toBe(subjectNumberKey('SCR-001'))
    expect(subjectNumberKey('A-1')).not.toBe(subjectNumberKey('A-01'))
    expect(subjectNumberKey('A-1-11')).not.toBe(subjectNumberKey('A-11-1'))
  })

  it('sorts as people count: 2 before 10', () => {
    const numbers = ['A-10', 'a-2', 'A-1', 'B-1', 'A-02']
    const byKey = numbers.toSorted((a, b) => (subjectNumberKey(a) < subjectNumberKey(b) ? -1 : 1))
    expect(byKey).toEqual(['A-1', 'a-2', 'A-02', 'A-10', 'B-1'])
  })
})
