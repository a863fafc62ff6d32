/** Reports that the law asks for every year while a trial goes on: for which year each stands, and by when it is due. */
import { addDays, addMonths, type CalendarDate, calendarDate, earlierOf } from './calendar-date.ts'
import type { Problem } from './parsed.ts'

/**
 * `advanced_care`: what was done as advanced medical care, from July to June, is reported by the end of August
 * (notice of the Ministry of Health, Labour and Welfare on the handling of advanced medical care, annual report).
 * `regenerative`: each year from the day on which the plan was accepted is reported within 90 days after it, to the
 * committee and to the minister, even where nobody was treated (Act on the Safety of Regenerative Medicine, articles
 * 20 and 21, and its ordinance).
 */
export const reportingSchemes = ['advanced_care', 'regenerative'] as const
export type ReportingScheme = (typeof reportingSchemes)[number]

/** Under which scheme a trial reports, and since when: the first day of advanced care, or the plan's acceptance. */
export type ReportingRule = { scheme: ReportingScheme; startsOn: CalendarDate }

/** One report: of every day from one until another, both included. */
export type PeriodicReport = { scheme: ReportingScheme; from: CalendarDate; until: CalendarDate; dueOn: CalendarDate }

/** So many days after a year is over its report on regenerative medicine is due. */
const daysToReport = 90

/** No trial reports for longer: where a date was mistyped, the list still ends. */
const mostYears = 100

/** Behind it the calendar itself would end. */
const lastDueDay = calendarDate('9990-12-31')

/**
 * The reports due up to and including a day, the first one first. The last one is of the year in which the study ends;
 * null where that day is not known.
 *
 * Advanced care from 2025-04-10: 2025-04-10 to 2025-06-30, due 2025-08-31; then July to June, due 2026-08-31.
 * A plan accepted on 2025-04-01: 2025-04-01 to 2026-03-31, due 90 days later, on 2026-06-29.
 */
export function periodicReports(
  { scheme, startsOn }: ReportingRule,
  dueBy: CalendarDate,
  studyUntil: CalendarDate | null,
): PeriodicReport[] {
  const reports: PeriodicReport[] = []
  let from = startsOn
  const last = studyUntil === null ? dueBy : earlierOf(dueBy, studyUntil)
  for (let count = 1; count <= mostYears && from <= last; count += 1) {
    const until = scheme === 'advanced_care' ? juneOnOrAfter(from) : yearsEnd(startsOn, count)
    const dueOn = scheme === 'advanced_care' ? augustAfter(until) : addDays(until, daysToReport)
    if (dueOn > dueBy) return reports
    reports.push({ scheme, from, until, dueOn })
    from = addDays(until, 1)
  }
  return reports
}

/** The last day of the reporting year July to June: of 2025-04-10 it is 2025-06-30, of 2025-07-01 2026-06-30. */
function juneOnOrAfter(day: CalendarDate): CalendarDate {
  const year = Number(day.slice(0, 4))
  return calendarDate(`${String(day.slice(5) <= '06-30' ? year : year + 1).padStart(4, '0')}-06-30`)
}

function augustAfter(june: CalendarDate): CalendarDate {
  return calendarDate(`${june.slice(0, 4)}-08-31`)
}

/**
 * The last day of the so many-th year from a day on: the eve of the same day of the year, or, where that year has no
 * such day, the last day of the month (Civil Code, article 143). From 2025-04-01 the first year ends on 2026-03-31;
 * from 2024-02-29 it ends on 2025-02-28, and so does the fourth, on 2028-02-28.
 */
function yearsEnd(from: CalendarDate, count: number): CalendarDate {
  const same = addMonths(from, 12 * count)
  return same.slice(8) === from.slice(8) ? addDays(same, -1) : same
}

/** The report of the year that begins on a day, where one of the trial's schemes asks for it; null otherwise. */
export function reportOwed(
  rules: readonly ReportingRule[],
  { scheme, from }: Pick<PeriodicReport, 'scheme' | 'from'>,
  studyUntil: CalendarDate | null,
): PeriodicReport | null {
  const rule = rules.find((one) => one.scheme === scheme)
  if (rule === undefined) return null
  return periodicReports(rule, lastDueDay, studyUntil).find((one) => one.from === from) ?? null
}

/** Why a report cannot have been handed in so: a day to come, one within its own year, or without its document. */
export function submissionProblems(
  { until }: PeriodicReport,
  { submittedOn, document, reason }: { submittedOn: CalendarDate | null; document: string; reason: string | null },
  time: 'first' | 'again',
  today: CalendarDate,
): Problem[] {
  const problems: Problem[] = []
  if (submittedOn === null) {
    if (time === 'first' || document !== '') problems.push({ field: 'submittedOn', code: 'submission_day_missing' })
  } else {
    if (submittedOn > today) problems.push({ field: 'submittedOn', code: 'date_in_future', values: { today } })
    else if (submittedOn <= until) {
      problems.push({ field: 'submittedOn', code: 'submitted_within_year', values: { until } })
    }
    if (document === '') problems.push({ field: 'document', code: 'document_missing' })
  }
  if (time === 'again' && (reason ?? '') === '') problems.push({ field: 'reason', code: 'setting_missing' })
  return problems
}
