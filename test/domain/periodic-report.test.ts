import { describe, expect, it } from 'vitest'
import { type CalendarDate, calendarDate } from '../../server/domain/calendar-date.ts'
import { periodicReports, type ReportingScheme } from '../../server/domain/periodic-report.ts'

const day = calendarDate

function reports(scheme: ReportingScheme, startsOn: string, dueBy: string, studyUntil: CalendarDate | null = null) {
  const found = periodicReports({ scheme, startsOn: day(startsOn) }, day(dueBy), studyUntil)
  return found.map(({ from, until, dueOn }) => `${from} ${until} ${dueOn}`)
}

describe('advanced medical care', () => {
  it('is reported from July to June, by the end of August', () => {
    expect(reports('advanced_care', '2025-04-10', '2027-08-31')).toEqual([
      '2025-04-10 2025-06-30 2025-08-31',
      '2025-07-01 2026-06-30 2026-08-31',
      '2026-07-01 2027-06-30 2027-08-31',
    ])
  })

  it('begins its first year with the first of July, or ends it on the same last of June', () => {
    expect(reports('advanced_care', '2026-07-01', '2027-08-31')).toEqual(['2026-07-01 2027-06-30 2027-08-31'])
    expect(reports('advanced_care', '2026-06-30', '2026-08-31')).toEqual(['2026-06-30 2026-06-30 2026-08-31'])
  })

  it('is not listed before it is due within the days asked for', () => {
    expect(reports('advanced_care', '2025-07-01', '2026-08-30')).toEqual([])
  })
})

describe('regenerative medicine', () => {
  it('is reported for each year from the acceptance, within 90 days after it', () => {
    expect(reports('regenerative', '2025-04-01', '2027-06-29')).toEqual([
      '2025-04-01 2026-03-31 2026-06-29',
      '2026-04-01 2027-03-31 2027-06-29',
    ])
  })

  it('counts 90 days through a leap day: the year to 2027-12-31 is due on 2028-03-30', () => {
    expect(reports('regenerative', '2027-01-01', '2028-12-31')).toEqual(['2027-01-01 2027-12-31 2028-03-30'])
  })

  it('accepted on a leap day, ends every year on 28 February, and begins the fifth on the next leap day', () => {
    expect(reports('regenerative', '2024-02-29', '2029-05-29')).toEqual([
      '2024-02-29 2025-02-28 2025-05-29',
      '2025-03-01 2026-02-28 2026-05-29',
      '2026-03-01 2027-02-28 2027-05-29',
      '2027-03-01 2028-02-28 2028-05-28',
      '2028-02-29 2029-02-28 2029-05-29',
    ])
  })

  it('accepted on the last of a month, keeps to it', () => {
    expect(reports('regenerative', '2025-08-31', '2026-12-31')).toEqual(['2025-08-31 2026-08-30 2026-11-28'])
  })
})

describe('the end', () => {
  it.each(['advanced_care', 'regenerative'] as const)('the year in which the study ends is the last (%s)', (scheme) => {
    const all = periodicReports({ scheme, startsOn: day('2021-07-19') }, day('2040-01-01'), day('2029-07-18'))
    expect((all.at(-1)?.until ?? '') >= '2029-07-18').toBe(true)
    expect((all.at(-1)?.from ?? '') <= '2029-07-18').toBe(true)
    expect((all.at(-2)?.until ?? '') < '2029-07-18').toBe(true)
  })

  it('a year leaves no gap and no overlap with the next', () => {
    for (const scheme of ['advanced_care', 'regenerative'] as const) {
      const all = periodicReports({ scheme, startsOn: day('2023-12-31') }, day('2044-01-01'), null)
      expect(all.length).toBeGreaterThan(15)
      for (const [index, report] of all.slice(1).entries()) {
        expect(Date.parse(report.from) - Date.parse(all[index]?.until ?? '')).toBe(86_400_000)
      }
    }
  })

  it('comes, even from a mistyped first year', () => {
    expect(
      periodicReports({ scheme: 'regenerative', startsOn: day('0026-04-01') }, day('9000-01-01'), null),
    ).toHaveLength(100)
  })
})
