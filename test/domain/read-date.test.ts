import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CalendarDate,
  calendarDate,
  dayNumber,
  fromDayNumber,
  japaneseYear,
  weekdayOf,
} from '../../server/domain/calendar-date.ts'
import { type DateProblem, readDate } from '../../server/domain/read-date.ts'
import { sizes } from '../faults/sizes.ts'

describe('2026-07-18 may be typed', () => {
  it.each([
    // year, month and day with any separator
    '2026-07-18',
    '2026/7/18',
    '2026/07/18',
    '2026.7.18',
    '2026-7/18',
    '20260718',
    '2026年7月18日',
    '2026年07月18日',
    '2026年7月18',
    // with an era
    'R8.7.18',
    'r8/7/18',
    'R8-7-18',
    'R08.07.18',
    'R.8.7.18',
    'R080718',
    'r080718',
    '令和8年7月18日',
    '令和08年07月18日',
    '令和8.7.18',
    '令8.7.18',
    '㋿8年7月18日',
    // as a Japanese keyboard gives it
    '２０２６－０７－１８',
    '２０２６／７／１８',
    '２０２６．７．１８',
    '２０２６。７。１８',
    '２０２６・７・１８',
    '２０２６年７月１８日',
    '２０２６０７１８',
    'Ｒ８．７．１８',
    'ｒ８／７／１８',
    'Ｒ０８０７１８',
    '令和８年７月１８日',
    // with every line that passes for a hyphen
    '2026ー7ー18',
    '2026ｰ7ｰ18',
    '2026‐7‐18',
    '2026‑7‑18',
    '2026–7–18',
    '2026—7—18',
    '2026―7―18',
    '2026−7−18',
    '2026─7─18',
    // with spaces where a form or a program pads
    '  2026-07-18  ',
    '\t2026-07-18\r\n',
    '　2026年7月18日　',
    '2026 / 7 / 18',
    '2026年 7月 18日',
    '令和 8年 7月18日',
    'R 8. 7.18',
    '\u200e2026/07/18',
    '\ufeff2026-07-18',
    // with its weekday
    '2026-07-18(土)',
    '2026-07-18（土）',
    '2026年7月18日（土曜日）',
    '2026年7月18日 (土曜)',
    '2026年7月18日土曜日',
    'R8.7.18（土）',
    '2026-07-18 (Sat)',
    '2026-07-18 (Saturday)',
    // with the midnight that Excel adds
    '2026/7/18 0:00',
    '2026/07/18 00:00:00',
    '2026-07-18 0:00:00',
    '2026年7月18日　０：００',
    '2026/7/18(土) 0:00',
  ])('%j', (typed) => {
    expect(readDate(typed)).toEqual({ date: '2026-07-18', warning: null })
  })

  it('46221, but with a warning: that is how Excel keeps it', () => {
    expect(readDate('46221')).toEqual({ date: '2026-07-18', warning: 'excelSerial' })
    expect(readDate(' ４６２２１ ')).toEqual({ date: '2026-07-18', warning: 'excelSerial' })
  })
})

describe('other days', () => {
  it.each([
    ['令和元年5月1日', '2019-05-01'],
    ['R元.5.1', '2019-05-01'],
    ['R1.5.1', '2019-05-01'],
    ['R010501', '2019-05-01'],
    ['平成31年4月30日', '2019-04-30'],
    ['㍻31年4月30日', '2019-04-30'],
    ['H1.1.8', '1989-01-08'],
    ['平成元年1月8日', '1989-01-08'],
    ['S64.1.7', '1989-01-07'],
    ['昭和64年1月7日', '1989-01-07'],
    ['昭20.8.15', '1945-08-15'],
    ['S1.12.25', '1926-12-25'],
    ['昭和元年12月25日', '1926-12-25'],
    ['T15.12.24', '1926-12-24'],
    ['㍽15年12月24日', '1926-12-24'],
    ['大正元年7月30日', '1912-07-30'],
    ['M45.7.29', '1912-07-29'],
    ['明治6年1月1日', '1873-01-01'],
    ['M1.10.23', '1868-10-23'],
    ['2028-02-29', '2028-02-29'],
    ['2000/2/29', '2000-02-29'],
    ['R10.2.29', '2028-02-29'],
    ['1954-01-01', '1954-01-01'],
    ['2026-07-05（日）', '2026-07-05'],
    ['2026年7月5日', '2026-07-05'],
  ])('%s is %s', (typed, date) => {
    expect(readDate(typed)).toEqual({ date, warning: null })
  })

  it.each([
    ['19725', '1954-01-01'],
    ['73415', '2100-12-31'],
  ])('the Excel serial %s is %s', (typed, date) => {
    expect(readDate(typed)).toEqual({ date, warning: 'excelSerial' })
  })
})

describe('a date is refused', () => {
  const year = { code: 'ambiguous', because: 'year' } as const
  const noDay = { code: 'impossible', because: 'day' } as const
  const noMonth = { code: 'impossible', because: 'month' } as const
  const order = { code: 'ambiguous', because: 'order' } as const
  const notBegun = { code: 'eraMismatch', because: 'notBegun' } as const
  const ended = { code: 'eraMismatch', because: 'ended' } as const
  const on = calendarDate

  const refusals: [why: string, typed: string, problem: DateProblem, suggestion: string | null][] = [
    ['nothing was typed', '', { code: 'missing' }, null],
    ['only spaces were typed', ' \t　\n', { code: 'missing' }, null],
    ['only an invisible mark was typed', '\u200e', { code: 'missing' }, null],

    ['two digits are no year', '7/8/26', year, null],
    ['two digits are no year, first or last', '26-7-8', year, null],
    ['a short year of an era needs the era', '8年7月18日', year, null],
    ['a short year of an era needs the era', '08.07.18', year, null],
    ['six digits hide the century', '260718', year, null],
    ['the year is missing', '7/18', year, null],
    ['the year is missing', '7月18日', year, null],
    ['the year is last, but only one order is real', '07/18/2026', year, '2026-07-18'],
    ['the year is last, but only one order is real', '18.7.2026', year, '2026-07-18'],
    ['the year is last, but both orders are the same day', '07/07/2026', year, '2026-07-07'],
    ['the year is last, and no order is real', '31/31/2026', year, null],
    ['the year is last, without separators', '18072026', year, '2026-07-18'],
    [
      'either order of day and month is real',
      '07/08/2026',
      { ...order, monthFirst: on('2026-07-08'), dayFirst: on('2026-08-07') },
      null,
    ],
    [
      'either order of day and month is real, in full width and without separators, too',
      '０７０８２０２６',
      { ...order, monthFirst: on('2026-07-08'), dayFirst: on('2026-08-07') },
      null,
    ],
    [
      '2026-07-18 is a Saturday, not a Sunday',
      '2026-07-18（日）',
      { code: 'ambiguous', because: 'weekday', weekdayTyped: 0, weekday: 6 },
      '2026-07-18',
    ],
    [
      '2026-07-18 is a Saturday, not a Friday',
      '2026/7/18 (Fri)',
      { code: 'ambiguous', because: 'weekday', weekdayTyped: 5, weekday: 6 },
      '2026-07-18',
    ],

    ['February 2026 has 28 days', '2026-02-30', { ...noDay, month: '2026-02', lastDay: 28 }, '2026-02-28'],
    ['February 2026 has 28 days', '2026年2月29日', { ...noDay, month: '2026-02', lastDay: 28 }, '2026-02-28'],
    ['February 1900 has 28 days', '1900-02-29', { ...noDay, month: '1900-02', lastDay: 28 }, '1900-02-28'],
    ['February 2028 has 29 days', '20280230', { ...noDay, month: '2028-02', lastDay: 29 }, '2028-02-29'],
    [
      'April has 30 days, whatever the weekday',
      '2026/4/31（金）',
      { ...noDay, month: '2026-04', lastDay: 30 },
      '2026-04-30',
    ],
    ['no month has a day 0', '2026-07-00', { ...noDay, month: '2026-07', lastDay: 31 }, null],
    ['February of Reiwa 8 has 28 days', 'R8.2.30', { ...noDay, month: '2026-02', lastDay: 28 }, '2026-02-28'],
    ['there is no month 13', '2026-13-01', { ...noMonth, month: '2026-13' }, null],
    ['there is no month 0', '2026-0-1', { ...noMonth, month: '2026-00' }, null],
    ['there is no month 13 in any era', '令和8年13月1日', { ...noMonth, month: '2026-13' }, null],
    ['a month out of range comes before its day', '2026-13-45', { ...noMonth, month: '2026-13' }, null],

    ['Heisei had ended', 'H31.5.1', { ...ended, era: 'heisei', eraYear: 31, lastDay: on('2019-04-30') }, '2019-05-01'],
    [
      'Heisei had ended',
      '平成38年7月18日',
      { ...ended, era: 'heisei', eraYear: 38, lastDay: on('2019-04-30') },
      '2026-07-18',
    ],
    ['Heisei had ended', 'H310501', { ...ended, era: 'heisei', eraYear: 31, lastDay: on('2019-04-30') }, '2019-05-01'],
    ['Showa had ended', 'S64.1.8', { ...ended, era: 'showa', eraYear: 64, lastDay: on('1989-01-07') }, '1989-01-08'],
    [
      'Showa had ended',
      '昭和101年7月18日',
      { ...ended, era: 'showa', eraYear: 101, lastDay: on('1989-01-07') },
      '2026-07-18',
    ],
    [
      'Taisho had ended',
      'T15.12.25',
      { ...ended, era: 'taisho', eraYear: 15, lastDay: on('1926-12-24') },
      '1926-12-25',
    ],
    ['Meiji had ended', 'M45.7.30', { ...ended, era: 'meiji', eraYear: 45, lastDay: on('1912-07-29') }, '1912-07-30'],
    [
      'Reiwa had not begun',
      'R1.4.30',
      { ...notBegun, era: 'reiwa', eraYear: 1, firstDay: on('2019-05-01') },
      '2019-04-30',
    ],
    [
      'Heisei had not begun',
      '平成元年1月7日',
      { ...notBegun, era: 'heisei', eraYear: 1, firstDay: on('1989-01-08') },
      '1989-01-07',
    ],
    [
      'Showa had not begun',
      'S1.12.24',
      { ...notBegun, era: 'showa', eraYear: 1, firstDay: on('1926-12-25') },
      '1926-12-24',
    ],
    [
      'Taisho had not begun',
      'T1.7.29',
      { ...notBegun, era: 'taisho', eraYear: 1, firstDay: on('1912-07-30') },
      '1912-07-29',
    ],
    [
      'Meiji had not begun',
      'M1.1.1',
      { ...notBegun, era: 'meiji', eraYear: 1, firstDay: on('1868-10-23') },
      '1868-01-01',
    ],
  ]

  it.each(refusals)('because %s: %j', (_why, typed, problem, suggestion) => {
    expect(readDate(typed)).toEqual({ problem, suggestion })
  })

  it.each([
    ['words', 'yesterday'],
    ['words', '不明'],
    ['a partial date', '2026-07'],
    ['a year', '2026'],
    ['an era without its year', '令和年7月18日'],
    ['an era without its day', 'R8.7'],
    ['a year 0 of an era', 'R0.7.18'],
    ['a year 0 of an era', 'R000718'],
    ['an era with a year of the other calendar', 'R2026.7.18'],
    ['an era that can be split in several ways', 'R8718'],
    ['an unknown era', 'X8.7.18'],
    ['kanji numerals', '令和八年七月十八日'],
    ['a year with a leading zero', '0026-07-18'],
    ['a year of five digits', '12026-07-18'],
    ['spaces as separators', '2026 07 18'],
    ['a number torn apart', '2026-7-1 8'],
    ['a number torn further apart', '2026-7-1  8'],
    ['two separators', '2026--7-18'],
    ['a negative year', '-2026-07-18'],
    ['two dates', '2026-07-18 2026-07-19'],
    ['a range', '2026-07-18〜19'],
    ['a time of day', '2026/7/18 9:30'],
    ['a time that only ends like midnight', '2026/7/18 10:00:00'],
    ['a time alone', '0:00'],
    ['a weekday alone', '（土）'],
    ['a bracket that is no weekday', '2026-07-18（予定）'],
    ['an instant', '2026-07-18T00:00:00Z'],
    ['an Excel serial before 1954', '19724'],
    ['an Excel serial after 2100', '73416'],
    ['an Excel serial with its time', '46221.5'],
    ['seven digits', '2026718'],
    ['a lone surrogate', '\ud800'],
    ['a date with a lone surrogate', '2026-07-18\udc00'],
    ['digits of another script', '٢٠٢٦-٠٧-١٨'],
    ['a line break within', '2026-07-18\n19'],
  ])('as unreadable, because it is %s: %j', (_what, typed) => {
    expect(readDate(typed)).toEqual({ problem: { code: 'unreadable' }, suggestion: null })
  })

  it('as unreadable, because it is far too long, before anything else is tried on it', () => {
    const megabyte = 2 ** 20
    for (const typed of [
      '9'.repeat(megabyte),
      ' '.repeat(megabyte),
      'ﷺ'.repeat(megabyte),
      `${' '.repeat(60)}2026-7-18`,
    ]) {
      expect(readDate(typed)).toEqual({ problem: { code: 'unreadable' }, suggestion: null })
    }
  })
})

describe('every date from 1900 to 2100', () => {
  const anyDate = fc.integer({ min: dayNumber(calendarDate('1900-01-01')), max: dayNumber(calendarDate('2100-12-31')) })
  const letters = { meiji: 'M', taisho: 'T', showa: 'S', heisei: 'H', reiwa: 'R' }
  const names = { meiji: '明治', taisho: '大正', showa: '昭和', heisei: '平成', reiwa: '令和' }

  function inEveryNotation(date: CalendarDate): string[] {
    const [year, month, day] = date.split('-') as [string, string, string]
    const [m, d] = [Number(month), Number(day)]
    const { era, year: eraYear } = japaneseYear(date)!
    const weekday = '日月火水木金土'.charAt(weekdayOf(date))
    const plain = [
      ...['-', '/', '.', 'ー', '−', '‐', '―', ' / '].flatMap((mark) => [
        [year, month, day].join(mark),
        [year, m, d].join(mark),
        `${letters[era]}${[eraYear, m, d].join(mark)}`,
        `${letters[era].toLowerCase()}${[eraYear, month, day].join(mark)}`,
        `${names[era].charAt(0)}${[eraYear, m, d].join(mark)}`,
      ]),
      `${year}${month}${day}`,
      `${letters[era]}${String(eraYear).padStart(2, '0')}${month}${day}`,
      `${year}年${m}月${d}日`,
      `${names[era]}${eraYear}年${m}月${d}日`,
      `${names[era]}${eraYear === 1 ? '元' : eraYear}年${m}月${d}日`,
    ]
    return plain.flatMap((text) => [text, `${text}（${weekday}）`, ` ${text} 0:00`, inFullWidth(text)])
  }

  function inFullWidth(text: string): string {
    return text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
  }

  it('reads back to itself from every notation', () => {
    fc.assert(
      fc.property(anyDate.map(fromDayNumber), (date) => {
        for (const typed of inEveryNotation(date)) {
          expect(readDate(typed), typed).toEqual({ date, warning: null })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('reads back to itself as year, month and day without exception', () => {
    const last = dayNumber(calendarDate('2100-12-31'))
    for (let number = dayNumber(calendarDate('1900-01-01')); number <= last; number += 1) {
      const date = fromDayNumber(number)
      for (const typed of [date, date.replaceAll('-', '')]) {
        const reading = readDate(typed)
        if (!('date' in reading) || reading.date !== date) throw new Error(`${typed} reads ${JSON.stringify(reading)}`)
      }
    }
  })

  it('is refused with another weekday, and suggested', () => {
    fc.assert(
      fc.property(anyDate.map(fromDayNumber), fc.integer({ min: 1, max: 6 }), (date, off) => {
        const weekdayTyped = (weekdayOf(date) + off) % 7
        expect(readDate(`${date}（${'日月火水木金土'.charAt(weekdayTyped)}）`)).toEqual({
          problem: { code: 'ambiguous', because: 'weekday', weekdayTyped, weekday: weekdayOf(date) },
          suggestion: date,
        })
      }),
    )
  })
})

describe('whatever is typed', () => {
  const anyCodeUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
  const almostDates = fc
    .tuple(
      fc.constantFrom('', '', ' ', '西暦', '\u200e', '\ud800'),
      fc.constantFrom('2026年', '2026-', '２０２６/', '2026', '26.', '8-', '7/', 'R8.', '令和元年', 'h31-', '令', ''),
      fc.constantFrom('2月', '7-', '０７ー', '07', '13/', '0.', ' 4 月 ', ''),
      fc.constantFrom('30', '18日', '１', '01', '31', '0', '1 8', '2026', '46221', ''),
      fc.constantFrom('', '', '（土）', '日曜日', '(', ' 0:00', ':00', ' 9:30', '\udc00'),
    )
    .map((pieces) => pieces.join(''))

  it('gets an answer: a real date, or a problem whose suggestion is one', () => {
    fc.assert(
      fc.property(fc.oneof(anyCodeUnits, almostDates), (typed) => {
        const reading = readDate(typed)
        const date = 'date' in reading ? reading.date : reading.suggestion
        if (date !== null) expect(calendarDate(date)).toBe(date)
      }),
      { numRuns: 5_000 },
    )
  })

  it(
    'is a date only with a whole year, an era or as an Excel serial',
    () => {
      fc.assert(
        fc.property(almostDates, (typed) => {
          const reading = readDate(typed)
          if (!('date' in reading)) return
          const hasWholeYear = /\d{4}|[令Rrh]/.test(typed.normalize('NFKC').replace(/\p{Cf}/gu, ''))
          expect(hasWholeYear || reading.warning === 'excelSerial').toBe(true)
        }),
        { numRuns: sizes.typedDays },
      )
    },
    sizes.longest,
  )
})
