/**
 * What a person typed into a date field, read as the one day that it can mean, or refused with the reason.
 *
 * The year is always whole, four digits or an era: a guessed century in a consent date is worse than a
 * second question. The day, the month and the year are never swapped to make a date work.
 */
import {
  addDays,
  type CalendarDate,
  calendarDate,
  dateOf,
  type Era,
  eraPeriods,
  lastDayOf,
  weekdayOf,
} from './calendar-date.ts'

/** The date that was meant; or why none can be told, with the date that was probably meant, if there is one. */
export type DateReading =
  | { date: CalendarDate; warning: 'excelSerial' | null }
  | { problem: DateProblem; suggestion: CalendarDate | null }

/**
 * Why a date was refused. Everything beside the code is text or a number that its words quote; months are
 * written `2026-02`, weekdays count from 0 for Sunday.
 *
 * - `ambiguous`, `year`: missing, short or last, as in `7/18`, `26-7-8`, `18/07/2026`;
 *   `order`: the year is last and both orders of day and month are real; `weekday`: it is another day's.
 * - `impossible`, `month`: there is no such month; `day`: the month has days from 1 to `lastDay` only.
 * - `eraMismatch`: the era began later than the date typed, or had ended by then.
 */
export type DateProblem =
  | { code: 'missing' }
  | { code: 'ambiguous'; because: 'year' }
  | { code: 'ambiguous'; because: 'order'; monthFirst: CalendarDate; dayFirst: CalendarDate }
  | { code: 'ambiguous'; because: 'weekday'; weekdayTyped: number; weekday: number }
  | { code: 'impossible'; because: 'month'; month: string }
  | { code: 'impossible'; because: 'day'; month: string; lastDay: number }
  | { code: 'eraMismatch'; because: 'notBegun'; era: Era; eraYear: number; firstDay: CalendarDate }
  | { code: 'eraMismatch'; because: 'ended'; era: Era; eraYear: number; lastDay: CalendarDate }
  | { code: 'unreadable' }

/**
 * Reads a typed date; any text at all gets an answer, none throws. `R8.7.18`, `２０２６年７月１８日（土）` and
 * `20260718` are 2026-07-18. `46221` is, too, but with a warning: it is what Excel keeps, and a workbook whose
 * days are counted from 1904 means another day by it. `2026-02-30` is impossible and suggests 2026-02-28;
 * `H31.5.1` is Reiwa 1 and suggests 2019-05-01. Only midnight may follow the date: `2026/7/18 9:30` is unreadable.
 */
export function readDate(typed: string): DateReading {
  if (typed.length > longestTyped) return refused({ code: 'unreadable' })
  const folded = typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase()
  if (folded === '') return refused({ code: 'missing' })
  const dated = folded.replace(midnight, '').trim()
  const weekday = dated.match(trailingWeekday)
  const reading = readNotation(withPlainSeparators(dated.replace(trailingWeekday, '')))
  return weekday === null ? reading : confirmedBy((weekday[1] ?? weekday[2])!, reading)
}

/** The longest thing worth reading: a date with its weekday and its time has about 30 characters. */
const longestTyped = 64

/** The time that Excel adds to a date on its way into text. */
const midnight = /(?<![\d:])0?0:00(?::00)?$/

/** `(土)`, `(土曜日)`, `(sat)`, `(saturday)`, `土曜日`: without brackets only in full, for a bare `日` belongs to the date. */
const trailingWeekday = /(?:\(([日月火水木金土]|sun|mon|tue|wed|thu|fri|sat)(?:曜日?|[a-z]*)\)|([日月火水木金土])曜日)$/

const weekdays = ['日 sun', '月 mon', '火 tue', '水 wed', '木 thu', '金 fri', '土 sat']

/**
 * Every separator as `-`, every space gone that does not keep two numbers apart. A Japanese keyboard gives
 * `。` and `・` for the keys of `.` and `/`, and `ー` or `−` for that of `-`.
 */
function withPlainSeparators(dated: string): string {
  return dated.replace(/(?<![\d\s])\s+|\s+(?![\d\s])/g, '').replace(/[/.。・‐-―−ー─━]/g, '-')
}

function readNotation(plain: string): DateReading {
  for (const { pattern, read } of notations) {
    const match = pattern.exec(plain)
    if (match !== null) return read(...match.slice(1))
  }
  return refused({ code: 'unreadable' })
}

type Notation = { pattern: RegExp; read: (...parts: string[]) => DateReading }

/** What `-` stands for here is any separator. The first pattern that fits decides. */
const notations: readonly Notation[] = [
  // 2026-7-18, 2026年7月18日
  { pattern: /^([1-9]\d{3})[-年](\d{1,2})[-月](\d{1,2})日?$/, read: readYearMonthDay },
  // R8-7-18, 令和元年5月1日
  {
    pattern: /^(明治?|大正?|昭和?|平成?|令和?|[mtshr])-?(元|0?[1-9]|[1-9]\d{1,2})[-年](\d{1,2})[-月](\d{1,2})日?$/,
    read: readEraDate,
  },
  // R080718
  { pattern: /^([mtshr])(0[1-9]|[1-9]\d)(\d{2})(\d{2})$/, read: readEraDate },
  // 46221
  { pattern: /^(\d{5})$/, read: readExcelSerial },
  // 07-18-2026, 07182026: as year, month and day these eight digits would have the month 19 or 20
  { pattern: /^(\d{1,2})-(\d{1,2})-([1-9]\d{3})$/, read: refuseYearLast },
  { pattern: /^(\d{2})(\d{2})((?:19|20)\d{2})$/, read: refuseYearLast },
  // 20260718
  { pattern: /^([1-9]\d{3})(\d{2})(\d{2})$/, read: readYearMonthDay },
  // 26-7-18, 7-18, 8年7月18日, 7月18日, 260718
  { pattern: /^(?:\d{1,2}[-年])?\d{1,2}[-月]\d{1,2}日?$/, read: refuseWithoutYear },
  { pattern: /^\d{6}$/, read: refuseWithoutYear },
]

function readYearMonthDay(year: string, month: string, day: string): DateReading {
  return onCalendar(Number(year), Number(month), Number(day))
}

function onCalendar(year: number, month: number, day: number): DateReading {
  const date = dateOf(year, month, day)
  if (date !== null) return { date, warning: null }
  const monthTyped = `${year}-${String(month).padStart(2, '0')}`
  if (month < 1 || month > 12) return refused({ code: 'impossible', because: 'month', month: monthTyped })
  const lastDay = lastDayOf(year, month)
  const suggestion = day > lastDay ? dateOf(year, month, lastDay) : null
  return refused({ code: 'impossible', because: 'day', month: monthTyped, lastDay }, suggestion)
}

/** An era's year counts from the one in which it began, and holds only between its first and last days. */
function readEraDate(eraTyped: string, yearTyped: string, month: string, day: string): DateReading {
  const period = eraPeriods.find((candidate) => initials[candidate.era].includes(eraTyped.charAt(0)))
  const { era, firstDay, lastDay } = period!
  const eraYear = yearTyped === '元' ? 1 : Number(yearTyped)
  const reading = onCalendar(Number(firstDay.slice(0, 4)) + eraYear - 1, Number(month), Number(day))
  if ('problem' in reading) return reading
  const { date } = reading
  if (date < firstDay) return refused({ code: 'eraMismatch', because: 'notBegun', era, eraYear, firstDay }, date)
  if (lastDay !== null && date > lastDay) {
    return refused({ code: 'eraMismatch', because: 'ended', era, eraYear, lastDay }, date)
  }
  return reading
}

/** What the names of an era begin with: 令和, 令 and R are all Reiwa. */
const initials: Record<Era, string> = { meiji: '明m', taisho: '大t', showa: '昭s', heisei: '平h', reiwa: '令r' }

/**
 * Excel counts days from 1899-12-30 (from 1900-01-01 as 1, and it believes in a 29 February 1900): 46221 is
 * 2026-07-18. Beyond 1954 to 2100 a number of five digits is hardly a date.
 */
function readExcelSerial(serial: string): DateReading {
  const date = addDays(excelDayZero, Number(serial))
  const isPlausible = date >= '1954-01-01' && date <= '2100-12-31'
  return isPlausible ? { date, warning: 'excelSerial' } : refused({ code: 'unreadable' })
}

const excelDayZero = calendarDate('1899-12-30')

/** Where only one order of day and month is real, it is suggested, but still not taken for granted. */
function refuseYearLast(first: string, second: string, year: string): DateReading {
  const monthFirst = dateOf(Number(year), Number(first), Number(second))
  const dayFirst = dateOf(Number(year), Number(second), Number(first))
  if (monthFirst !== null && dayFirst !== null && monthFirst !== dayFirst) {
    return refused({ code: 'ambiguous', because: 'order', monthFirst, dayFirst })
  }
  return refused({ code: 'ambiguous', because: 'year' }, monthFirst ?? dayFirst)
}

function refuseWithoutYear(): DateReading {
  return refused({ code: 'ambiguous', because: 'year' })
}

/** A weekday that is not the date's own shows that one of the two is a slip of the hand. */
function confirmedBy(nameTyped: string, reading: DateReading): DateReading {
  if ('problem' in reading) return reading
  const weekdayTyped = weekdays.findIndex((names) => names.includes(nameTyped))
  const weekday = weekdayOf(reading.date)
  if (weekday === weekdayTyped) return reading
  return refused({ code: 'ambiguous', because: 'weekday', weekdayTyped, weekday }, reading.date)
}

function refused(problem: DateProblem, suggestion: CalendarDate | null = null): DateReading {
  return { problem, suggestion }
}
