/**
 * A day on the calendar, without a clock or a time zone: the day somebody consented, a site opened,
 * a registration period ends. Written as ISO 8601, so that text order is time order.
 */
export type CalendarDate = string & { readonly [checked]: 'calendar date' }

declare const checked: unique symbol

/**
 * The text as a calendar date: four digits of year (0001 to 9999), two of month, two of day.
 * Throws when it is not written so or no such day exists. `'2028-02-29'` passes, `'2026-02-29'` throws.
 * What a person typed is read by `readDate`, which explains and never throws.
 */
export function calendarDate(text: string): CalendarDate {
  const isWrittenAsIso = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const date = isWrittenAsIso ? dateOf(numberAt(text, 0, 4), numberAt(text, 5, 7), numberAt(text, 8, 10)) : null
  if (date === null) throw new RangeError(`Not a calendar date: ${JSON.stringify(text)}`)
  return date
}

/**
 * The date of a year, a month (1 to 12) and a day (1 to 31), or null where the calendar has no such day:
 * `dateOf(2026, 7, 18)` is 2026-07-18, `dateOf(2026, 2, 30)` is null.
 */
export function dateOf(year: number, month: number, day: number): CalendarDate | null {
  const isReal = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= lastDayOf(year, month)
  return isReal ? written(year, month, day) : null
}

/** How many days a month (1 to 12) has: `lastDayOf(2026, 2)` is 28, `lastDayOf(2028, 2)` is 29. */
export function lastDayOf(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/**
 * The date that lies `days` whole days later, or earlier where negative: 2026-07-18 + 14 is 2026-08-01.
 * Throws for a fraction of a day and beyond the years 1 to 9999.
 */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromDayNumber(dayNumber(date) + days)
}

/**
 * The same day of the month, `months` whole months later, or earlier where negative; the last day of that
 * month where it is too short: 2026-07-18 + 6 is 2027-01-18, 2026-08-31 + 6 is 2027-02-28.
 *
 * A series counts every step from its first date: two steps of 6 from 2026-08-31 end on 2027-08-28, one of
 * 12 on 2027-08-31. Throws for a fraction of a month and beyond the years 1 to 9999.
 */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const monthsSinceYear0 = yearOf(date) * 12 + monthNumberOf(date) - 1 + months
  const year = Math.floor(monthsSinceYear0 / 12)
  if (!Number.isInteger(months) || year < 1 || year > 9999) {
    throw new RangeError(`No calendar date lies ${months} months from ${date}`)
  }
  const month = monthsSinceYear0 - year * 12 + 1
  return written(year, month, Math.min(dayOf(date), lastDayOf(year, month)))
}

/**
 * Whole days from one date until the other, which itself is not counted: 2026-07-18 until 2026-07-19 is 1,
 * until itself 0, until the day before -1.
 */
export function daysBetween(from: CalendarDate, until: CalendarDate): number {
  return dayNumber(until) - dayNumber(from)
}

/**
 * Years of 365.25 days from one date until the other, the unit of site-years: 2024-01-01 until 2028-01-01 is
 * 1461 days, exactly 4 years. One common year is 0.9993 of it. Negative when `until` is the earlier date.
 */
export function yearsBetween(from: CalendarDate, until: CalendarDate): number {
  return daysBetween(from, until) / 365.25
}

/**
 * Days since 1970-01-01, which is 0: 1970-02-01 is 31, 1969-12-31 is -1.
 *
 * Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil: the year begins in March,
 * so that the leap day comes last, and 400 years always have 146,097 days.
 */
export function dayNumber(date: CalendarDate): number {
  const month = monthNumberOf(date)
  const year = month > 2 ? yearOf(date) : yearOf(date) - 1
  const monthsSinceMarch = month > 2 ? month - 3 : month + 9
  const dayOfYear = Math.floor((153 * monthsSinceMarch + 2) / 5) + dayOf(date) - 1
  return (
    year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - daysBefore1970
  )
}

/**
 * The date so many days after 1970-01-01: 0 is that day, 31 is 1970-02-01, -1 is 1969-12-31.
 * The inverse of `dayNumber`. Throws for a fraction of a day and beyond the years 1 to 9999.
 */
export function fromDayNumber(days: number): CalendarDate {
  if (!Number.isInteger(days) || days < firstDayNumber || days > lastDayNumber) {
    throw new RangeError(`No calendar date has the day number ${days}`)
  }
  const daysSinceMarch0 = days + daysBefore1970
  const cycle = Math.floor(daysSinceMarch0 / 146_097)
  const dayOfCycle = daysSinceMarch0 - cycle * 146_097
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1_460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) /
      365,
  )
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100))
  const monthsSinceMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthsSinceMarch + 2) / 5) + 1
  const month = monthsSinceMarch < 10 ? monthsSinceMarch + 3 : monthsSinceMarch - 9
  const year = cycle * 400 + yearOfCycle + (month > 2 ? 0 : 1)
  return written(year, month, day)
}

/** The month of a date, as `2026-07`: what monthly counts and site reports are filed under. */
export function monthOf(date: CalendarDate): string {
  return date.slice(0, 7)
}

/** The day of the week, from 0 for Sunday to 6 for Saturday: 2026-07-18 is a Saturday, 6. */
export function weekdayOf(date: CalendarDate): number {
  // 1970-01-01, day number 0, was a Thursday (4). The second remainder lifts the days before it above zero.
  return (((dayNumber(date) + 4) % 7) + 7) % 7
}

export type Era = 'meiji' | 'taisho' | 'showa' | 'heisei' | 'reiwa'

/** The reign that an era name covers, both days included; the present one has no last day yet. */
export type EraPeriod = { era: Era; firstDay: CalendarDate; lastDay: CalendarDate | null }

/**
 * The eras, newest first. A day on which one era gave way to the next belongs to the new one, as the
 * ordinances of 1912 and 1926 say: 1926-12-25 is Showa 1, not Taisho 15.
 */
export const eraPeriods: readonly EraPeriod[] = [
  { era: 'reiwa', firstDay: calendarDate('2019-05-01'), lastDay: null },
  { era: 'heisei', firstDay: calendarDate('1989-01-08'), lastDay: calendarDate('2019-04-30') },
  { era: 'showa', firstDay: calendarDate('1926-12-25'), lastDay: calendarDate('1989-01-07') },
  { era: 'taisho', firstDay: calendarDate('1912-07-30'), lastDay: calendarDate('1926-12-24') },
  { era: 'meiji', firstDay: calendarDate('1868-10-23'), lastDay: calendarDate('1912-07-29') },
]

/**
 * The era and the year in it, 1 for the year in which it began: 2026-07-18 is Reiwa 8, 2019-04-30 Heisei 31,
 * 2019-05-01 Reiwa 1. Null before 1868-10-23. Until 1872 Japan kept a lunisolar calendar: for those years
 * this is the era year of the Gregorian date, not what a document of the time says.
 */
export function japaneseYear(date: CalendarDate): { era: Era; year: number } | null {
  for (const { era, firstDay } of eraPeriods) {
    if (date >= firstDay) return { era, year: yearOf(date) - yearOf(firstDay) + 1 }
  }
  return null
}

/**
 * The date on a wall calendar in an IANA time zone at an instant, which is ISO 8601 with its offset:
 * at `2026-07-17T15:00:00Z` it is 2026-07-18 in Asia/Tokyo and still 2026-07-17 in Europe/London.
 * Throws for an unknown zone, and for an instant without an offset: its day would depend on the machine.
 */
export function todayIn(timeZone: string, instant: string): CalendarDate {
  calendarDate(instant.slice(0, 10)) // or Date.parse would make 2 March of 30 February
  const at = /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(instant) ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(at)) throw new RangeError(`Not an instant with its offset: ${JSON.stringify(instant)}`)
  const [month, day, year] = wallCalendar(timeZone).format(at).split('/').map(Number)
  return written(year!, month!, day!)
}

const wallCalendars = new Map<string, Intl.DateTimeFormat>()

/** What writes `7/18/2026` for an instant in a zone; kept, because making one costs far more than using it. */
function wallCalendar(timeZone: string): Intl.DateTimeFormat {
  const kept = wallCalendars.get(timeZone)
  if (kept !== undefined) return kept
  const made = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  wallCalendars.set(timeZone, made)
  return made
}

/** 0000-03-01, from which `dayNumber` counts, lies so many days before 1970-01-01. */
const daysBefore1970 = 719_468

/** 0001-01-01 and 9999-12-31. */
const firstDayNumber = -719_162
const lastDayNumber = 2_932_896

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function yearOf(date: CalendarDate): number {
  return numberAt(date, 0, 4)
}

function monthNumberOf(date: CalendarDate): number {
  return numberAt(date, 5, 7)
}

function dayOf(date: CalendarDate): number {
  return numberAt(date, 8, 10)
}

/** The digits from one position until another as a number, without making a text of them first. */
function numberAt(text: string, from: number, until: number): number {
  let number = 0
  for (let at = from; at < until; at += 1) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

/** The only place that makes a CalendarDate: its callers have made sure that the day exists. */
function written(year: number, month: number, day: number): CalendarDate {
  const paddedYear = year < 1000 ? String(year).padStart(4, '0') : year
  return `${paddedYear}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}` as CalendarDate
}

/** The earlier of two dates. */
export function earlierOf(a: CalendarDate, b: CalendarDate): CalendarDate {
  return b < a ? b : a
}

/** The later of two dates. */
export function laterOf(a: CalendarDate, b: CalendarDate): CalendarDate {
  return b > a ? b : a
}
