/** What a request tells as past lies before the day it was written; a fiscal year is the usual slip. */
import { addMonths, type CalendarDate } from '../calendar-date.ts'
import type { CheckedRequest } from './checked-request.ts'
import type { Finding, RequestCheck } from './finding.ts'

/**
 * "Until March of fiscal year 2026" is until 2027-03-31: told, where the document is of 2026-07-01. A year earlier it
 * would lie before, so that day is offered: from January to March the fiscal year is the calendar's less one.
 */
export const dateToCome: RequestCheck = (request) => {
  return [...pastDates(request)].flatMap(([place, date]): Finding[] => {
    if (date <= request.writtenOn) return []
    const meant = addMonths(date, -12)
    const { writtenOn } = request
    return meant <= writtenOn
      ? [
          {
            check: 'date_to_come',
            kind: 'date_to_come_meant',
            severity: 'error',
            place,
            values: { date, writtenOn, meant },
          },
        ]
      : [{ check: 'date_to_come', kind: 'date_to_come', severity: 'error', place, values: { date, writtenOn } }]
  })
}

/** Every date that the document gives for something that happened. */
function* pastDates({ asOf, decisions, told }: CheckedRequest): Generator<[string, CalendarDate]> {
  yield ['$.asOf', asOf]
  for (const [index, { decidedOn }] of decisions.entries()) yield [`$.decisions[${index}].decidedOn`, decidedOn]
  for (const [index, { until }] of told.entries()) yield [`$.told[${index}].until`, until]
}
