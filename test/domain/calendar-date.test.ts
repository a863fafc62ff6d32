import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill/full'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addMonths,
  calendarDate,
  dateOf,
  dayNumber,
  daysBetween,
  eraPeriods,
  fromDayNumber,
  japaneseYear,
  lastDayOf,
  monthOf,
  todayIn,
  weekdayOf,
  yearsBetween,
} from '../../server/domain/calendar-date.ts'

const day = calendarDate

const anyDate = anyDateFrom('0001-01-01', '9999-12-31')
const anyTrialDate = anyDateFrom('1900-01-01', '2100-12-31')

function anyDateFrom(first: string, last: string) {
  return fc.integer({ min: dayNumber(day(first)), max: dayNumber(day(last)) }).map(fromDayNumber)
}

describe('a calendar date', () => {
  it.each(['2026-07-18', '2028-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('is written %s', (text) => {
    expect(calendarDate(text)).toBe(text)
  })

  it.each([
    ['in a common year there is no 29 February', '2026-02-29'],
    ['nor in a century that 400 does not divide', '1900-02-29'],
    ['no month has 32 days', '2026-07-32'],
    ['April has 30 days', '2026-04-31'],
    ['there is no day 0', '2026-07-00'],
    ['there is no month 13', '2026-13-01'],
    ['there is no month 0', '2026-00-01'],
    ['there is no year 0', '0000-01-01'],
    ['parts keep their width', '2026-7-18'],
    ['separators are hyphens', '2026/07/18'],
    ['a time is no part of a date', '2026-07-18T00:00:00Z'],
    ['nothing follows it, not even a line end', '2026-07-18\n'],
    ['full-width digits are not folded here', '２０２６-07-18'],
    ['it is not empty', ''],
  ])('%s: refuses %j and says so', (_why, text) => {
    expect(() => calendarDate(text)).toThrow(`Not a calendar date: ${JSON.stringify(text)}`)
  })

  it('compares as text as it does in time', () => {
    fc.assert(
      fc.property(anyDate, anyDate, (one, other) => {
        expect(one < other).toBe(dayNumber(one) < dayNumber(other))
      }),
    )
  })

  it('is made of a year, a month and a day, where there is such a day', () => {
    expect(dateOf(2026, 7, 18)).toBe('2026-07-18')
    expect(dateOf(2026, 2, 30)).toBeNull()
    expect(dateOf(2026, 13, 1)).toBeNull()
    expect(dateOf(0, 1, 1)).toBeNull()
    expect(dateOf(10_000, 1, 1)).toBeNull()
  })

  it('belongs to a month', () => {
    expect(monthOf(day('2026-07-18'))).toBe('2026-07')
  })
})

describe('leap years', () => {
  it.each([
    [2024, 29],
    [2026, 28],
    [2028, 29],
    [1900, 28],
    [2000, 29],
    [2100, 28],
  ])('February %i has %i days', (year, days) => {
    expect(lastDayOf(year, 2)).toBe(days)
    expect(daysBetween(dateOf(year, 2, 1)!, dateOf(year, 3, 1)!)).toBe(days)
  })
})

describe('days', () => {
  it.each([
    ['2026-07-18', 14, '2026-08-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-07-18', 0, '2026-07-18'],
    ['2026-07-18', -18, '2026-06-30'],
    ['2026-07-18', 365, '2027-07-18'],
  ])('%s and %i days is %s', (from, days, until) => {
    expect(addDays(day(from), days)).toBe(until)
    expect(daysBetween(day(from), day(until))).toBe(days)
  })

  it('are counted from 1970-01-01', () => {
    expect(dayNumber(day('1970-01-01'))).toBe(0)
    expect(dayNumber(day('1970-02-01'))).toBe(31)
    expect(dayNumber(day('1969-12-31'))).toBe(-1)
    expect(fromDayNumber(31)).toBe('1970-02-01')
  })

  it('follow each other without a gap from 1600 to 2400', () => {
    let date = day('1600-01-01')
    for (let number = dayNumber(date); date < '2400-12-31'; number += 1) {
      const next = fromDayNumber(number + 1)
      const isNextDay = next > date && dayNumber(next) === number + 1 && calendarDate(next) === next
      if (!isNextDay) throw new Error(`${next} does not follow ${date}`)
      date = next
    }
  })

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])('come whole: %d is refused with its value', (days) => {
    expect(() => addDays(day('2026-07-18'), days)).toThrow('No calendar date has the day number')
  })

  it('end with the year 9999 and begin with the year 1', () => {
    expect(() => addDays(day('9999-12-31'), 1)).toThrow('2932897')
    expect(() => addDays(day('0001-01-01'), -1)).toThrow('-719163')
  })
})

describe('months', () => {
  it.each([
    ['2026-07-18', 6, '2027-01-18'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2026-01-31', -2, '2025-11-30'],
    ['2026-12-01', 1, '2027-01-01'],
    ['2026-07-18', 0, '2026-07-18'],
  ])('%s and %i months is %s', (from, months, until) => {
    expect(addMonths(day(from), months)).toBe(until)
  })

  it('of a series are counted from its first date, for the end of a short month sticks', () => {
    const start = day('2026-08-31')
    expect([6, 12, 18, 24].map((months) => addMonths(start, months))).toEqual([
      '2027-02-28',
      '2027-08-31',
      '2028-02-29',
      '2028-08-31',
    ])
    expect(addMonths(addMonths(start, 6), 6)).toBe('2027-08-28')
  })

  it('come whole and stay within the calendar', () => {
    expect(() => addMonths(day('2026-07-18'), 0.5)).toThrow('0.5 months from 2026-07-18')
    expect(() => addMonths(day('2026-07-18'), Number.NaN)).toThrow('NaN months')
    expect(() => addMonths(day('9999-12-01'), 1)).toThrow('1 months from 9999-12-01')
    expect(() => addMonths(day('0001-01-31'), -1)).toThrow('-1 months from 0001-01-31')
  })
})

describe('years', () => {
  it('have 365.25 days: four of them, one leap, are exactly 4', () => {
    expect(yearsBetween(day('2024-01-01'), day('2028-01-01'))).toBe(4)
    expect(yearsBetween(day('2026-01-01'), day('2027-01-01'))).toBeCloseTo(0.9993, 4)
  })

  it('are 0 until the same day and negative backwards', () => {
    expect(yearsBetween(day('2026-07-18'), day('2026-07-18'))).toBe(0)
    expect(yearsBetween(day('2028-01-01'), day('2024-01-01'))).toBe(-4)
  })
})

describe('weekdays', () => {
  it.each([
    ['2026-07-18', 6],
    ['2026-07-19', 0],
    ['1970-01-01', 4],
    ['1969-12-31', 3],
    ['1868-10-23', 5],
  ])('%s is weekday %i', (date, weekday) => {
    expect(weekdayOf(day(date))).toBe(weekday)
  })
})

describe('the Japanese year', () => {
  it.each([
    ['2026-07-18', 'reiwa', 8],
    ['2020-01-01', 'reiwa', 2],
    ['2019-12-31', 'reiwa', 1],
    ['2019-05-01', 'reiwa', 1],
    ['2019-04-30', 'heisei', 31],
    ['1989-01-08', 'heisei', 1],
    ['1989-01-07', 'showa', 64],
    ['1926-12-25', 'showa', 1],
    ['1926-12-24', 'taisho', 15],
    ['1912-07-30', 'taisho', 1],
    ['1912-07-29', 'meiji', 45],
    ['1873-01-01', 'meiji', 6],
    ['1868-10-23', 'meiji', 1],
  ])('of %s is %s %i', (date, era, year) => {
    expect(japaneseYear(day(date))).toEqual({ era, year })
  })

  it('does not exist before Meiji', () => {
    expect(japaneseYear(day('1868-10-22'))).toBeNull()
  })

  it('leaves no day between two eras', () => {
    const [present, ...past] = eraPeriods
    expect(present).toEqual({ era: 'reiwa', firstDay: '2019-05-01', lastDay: null })
    for (const [index, { lastDay }] of past.entries()) {
      expect(addDays(lastDay!, 1)).toBe(eraPeriods[index]!.firstDay)
    }
  })
})

describe('today', () => {
  it.each([
    ['Asia/Tokyo', '2026-07-17T15:00:00Z', '2026-07-18'],
    ['Asia/Tokyo', '2026-07-17T14:59:59.999Z', '2026-07-17'],
    ['Europe/London', '2026-07-17T15:00:00Z', '2026-07-17'],
    ['Europe/London', '2026-07-17T23:00:00Z', '2026-07-18'],
    ['America/New_York', '2027-01-01T04:59:00Z', '2026-12-31'],
    ['Pacific/Kiritimati', '2026-07-17T10:00:00Z', '2026-07-18'],
    ['UTC', '2026-07-18T00:00:00+09:00', '2026-07-17'],
    ['Asia/Tokyo', '2026-07-18T00:00:00+09:00', '2026-07-18'],
  ])('in %s at %s is %s', (zone, instant, date) => {
    expect(todayIn(zone, instant)).toBe(date)
  })

  it('is not guessed from a time without an offset', () => {
    expect(() => todayIn('Asia/Tokyo', '2026-07-18T00:00:00')).toThrow('"2026-07-18T00:00:00"')
    expect(() => todayIn('Asia/Tokyo', '2026-07-18')).toThrow('"2026-07-18"')
    expect(() => todayIn('Asia/Tokyo', '2026-07-18T25:00:00Z')).toThrow('"2026-07-18T25:00:00Z"')
  })

  it('does not roll an impossible day over into the next month', () => {
    expect(() => todayIn('Asia/Tokyo', '2026-02-30T00:00:00Z')).toThrow('"2026-02-30"')
  })

  it('needs a zone that exists', () => {
    expect(() => todayIn('Asia/Atlantis', '2026-07-18T00:00:00Z')).toThrow('Asia/Atlantis')
  })

  it('is the day that Temporal finds, in any zone', () => {
    const zone = fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'UTC')
    fc.assert(
      fc.property(zone, fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (in_, at) => {
        const instant = at.toISOString()
        const wall = Temporal.Instant.from(instant).toZonedDateTimeISO(in_)
        expect(todayIn(in_, instant)).toBe(wall.toPlainDate().toString())
      }),
    )
  })
})

describe('arithmetic agrees with Temporal', () => {
  const plain = (date: string) => Temporal.PlainDate.from(date)

  it('on days', () => {
    fc.assert(
      fc.property(anyTrialDate, fc.integer({ min: -40_000, max: 40_000 }), (date, days) => {
        const later = plain(date).add({ days })
        expect(addDays(date, days)).toBe(later.toString())
        expect(daysBetween(date, calendarDate(later.toString()))).toBe(days)
      }),
    )
  })

  it('on months', () => {
    fc.assert(
      fc.property(anyTrialDate, fc.integer({ min: -1_200, max: 1_200 }), (date, months) => {
        expect(addMonths(date, months)).toBe(plain(date).add({ months }).toString())
      }),
    )
  })

  it('on weekdays, where Temporal calls Sunday 7, and on the days of a month', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const expected = plain(date)
        expect(weekdayOf(date)).toBe(expected.dayOfWeek % 7)
        expect(lastDayOf(expected.year, expected.month)).toBe(expected.daysInMonth)
        expect(dayNumber(date)).toBe(plain('1970-01-01').until(expected).days)
        expect(fromDayNumber(dayNumber(date))).toBe(date)
      }),
    )
  })

  it('on Japanese years since 1873, when Japan took up this calendar', () => {
    fc.assert(
      fc.property(anyDateFrom('1873-01-01', '2100-12-31'), (date) => {
        const { era, eraYear } = plain(date).withCalendar('japanese')
        expect(japaneseYear(date)).toEqual({ era, year: eraYear })
      }),
    )
  })
})
