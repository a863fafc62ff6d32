import { describe, expect, it } from 'vitest'
import { attachmentKindOf } from '../../../server/domain/request/attachment.ts'
import { type Condition, conditionStanding } from '../../../server/domain/request/condition.ts'
import {
  type Inquiry,
  inquiryNumberInDocuments,
  partsOf,
  readInquiryNumber,
} from '../../../server/domain/request/inquiry.ts'
import type { RequestState } from '../../../server/domain/request/life-cycle.ts'
import { day } from '../protocols.ts'

describe('the number of an inquiry', () => {
  it.each(['2-1', '２－１', '２-1', ' ２ － １ ', '2ー1', '2−1', '02-01'])('is read from %s', (typed) => {
    expect(readInquiryNumber(typed)).toEqual({ round: 2, item: 1 })
  })

  it.each(['', '2', '0-1', '2-0', '2-1-3', '2.1', 'a-b', '100-1', '-1'])('is none in %j', (typed) => {
    expect(readInquiryNumber(typed)).toBeNull()
  })

  it('is shown as documents write it', () => {
    expect(inquiryNumberInDocuments({ round: 2, item: 1 })).toBe('２－１')
    expect(inquiryNumberInDocuments({ round: 1, item: 12 })).toBe('１－１２')
  })
})

const both = (text: string) => ({ ja: text, en: text })
const inquiry = (round: number, item: number) => ({ id: `${round}-${item}`, round, item }) as Inquiry

describe('a reply that names others', () => {
  const inquiries = [inquiry(1, 3), inquiry(2, 2)]
  const named = (text: string) => partsOf(text, inquiries).map((part) => part.inquiry?.id ?? part.text)

  it('is cut where it names an inquiry that there is, in digits of either width', () => {
    expect(named('照会回答１－３に示した。2-2 も同じ')).toEqual(['照会回答', '1-3', 'に示した。', '2-2', ' も同じ'])
    expect(named('１－３')).toEqual(['1-3'])
    expect(named('')).toEqual([])
  })

  it('leaves dates, ranges and numbers that nobody gave as they are', () => {
    for (const text of ['2026-01-3', '1-3-2', '21-3', '1-33', '年間1-2例', '３－１', 'STR01-03']) {
      expect(
        partsOf(text, inquiries)
          .map((part) => part.text)
          .join(''),
      ).toBe(text)
      expect([text, named(text)]).toEqual([text, [text]])
    }
  })
})

it('a condition is due on its day, overdue after it, and met from the day on which it was', () => {
  const condition = { dueOn: day('2026-07-31'), metOn: null, text: both('') } as Condition
  const on = (one: Condition, date: string, state: RequestState = 'approved_with_conditions') =>
    conditionStanding(one, state, day(date))
  expect(on(condition, '2026-07-31')).toBe('due')
  expect(on(condition, '2026-08-01')).toBe('overdue')
  const met = { ...condition, metOn: day('2026-08-05') }
  expect(on(met, '2026-08-04')).toBe('overdue')
  expect(on(met, '2026-08-05')).toBe('met')
  for (const state of ['refused', 'withdrawn'] as const) {
    expect(on(condition, '2026-08-01', state)).toBe('lapsed')
    expect(on(met, '2026-08-05', state)).toBe('met')
  }
})

describe('a file', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const office = (part: string) => new Uint8Array([0x50, 0x4b, 3, 4, ...bytes(`....${part}....`)])

  it.each<[string, Uint8Array, string | null]>([
    ['minutes.pdf', bytes('%PDF-1.7 ...'), 'pdf'],
    ['MINUTES.PDF', bytes('%PDF-1.7 ...'), 'pdf'],
    ['letter.docx', office('word/document.xml'), 'docx'],
    ['table.xlsx', office('xl/workbook.xml'), 'xlsx'],
    ['photo.jpg', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), 'jpeg'],
    ['plot.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'png'],
    ['list.csv', bytes('番号,日付\r\n'), 'csv'],
    ['note.txt', bytes('one line'), 'txt'],
    ['program.pdf', bytes('MZ\u0000\u0001'), null],
    ['page.html', bytes('<script>'), null],
    ['picture.csv', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), null],
    ['letter.xlsx', office('word/document.xml'), null],
    ['archive.zip', office('anything'), null],
    ['binary.txt', new Uint8Array([1, 2, 3]), null],
    ['empty.txt', new Uint8Array(), null],
    ['noending', bytes('%PDF-1.7'), null],
  ])('%s is known by what it holds', (name, content, kind) => {
    expect(attachmentKindOf(name, content)).toBe(kind)
  })
})
