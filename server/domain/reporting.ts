/**
 * Sites report or are silent. For each site and month: something happened, the site said that nothing did, nobody said
 * anything, or the site was not open. Silence is never counted as a zero.
 */
import { addMonths, type CalendarDate, calendarDate, monthOf } from './calendar-date.ts'
import type { Problem } from './parsed.ts'
import { openPeriods, type Site } from './site.ts'

/** `2026-06`. */
export type Month = string

export type MonthReport =
  | { kind: 'reported'; events: number }
  | { kind: 'nothing' }
  | { kind: 'silent' }
  | { kind: 'not_open' }

/** Whether a counted step is activity of its site; that nobody knows what became of somebody is none. */
export function isActivity(step: string): boolean {
  return !step.startsWith('unaccounted@')
}

export type MonthActivity = { siteId: string; month: Month; events: number }
export type Attestation = { siteId: string; month: Month }

export function firstDayOf(month: Month): CalendarDate {
  return calendarDate(`${month}-01`)
}

/** Whether the site was open on any day of a month. */
export function wasOpenIn(site: Site, month: Month): boolean {
  const first = firstDayOf(month)
  const after = addMonths(first, 1)
  return openPeriods(site).some(({ from, until }) => from < after && (until === null || until > first))
}

/** What a site reported for a month. Events win over a statement that there were none: they came to light later. */
export function monthReport(
  site: Site,
  month: Month,
  activity: readonly MonthActivity[],
  attestations: readonly Attestation[],
): MonthReport {
  const own = activity.find((entry) => entry.siteId === site.id && entry.month === month)
  if (own !== undefined && own.events > 0) return { kind: 'reported', events: own.events }
  if (attestations.some((entry) => entry.siteId === site.id && entry.month === month)) return { kind: 'nothing' }
  return wasOpenIn(site, month) ? { kind: 'silent' } : { kind: 'not_open' }
}

/** The months up to and including that of a day, the newest first. */
export function monthsUntil(day: CalendarDate, count: number): Month[] {
  const first = firstDayOf(monthOf(day))
  return Array.from({ length: count }, (_, back) => monthOf(addMonths(first, -back)))
}

/** How many of the sites that were open in a month reported anything, "nothing" included: 3 of 5. */
export function reportingCompleteness(reports: readonly MonthReport[]): { reported: number; open: number } {
  const open = reports.filter(({ kind }) => kind !== 'not_open')
  return { reported: open.filter(({ kind }) => kind !== 'silent').length, open: open.length }
}

/** Why a site may not say "nothing" about a month: it was not open, is still to come, or something happened. */
export function attestationProblems(
  site: Site,
  month: Month,
  activity: readonly MonthActivity[],
  attestations: readonly Attestation[],
  today: CalendarDate,
): Problem[] {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return [{ field: 'month', code: 'month_malformed' }]
  if (month > monthOf(today)) return [{ field: 'month', code: 'month_in_future', values: { month } }]
  const report = monthReport(site, month, activity, attestations)
  if (report.kind === 'reported') {
    return [{ field: 'month', code: 'month_has_events', values: { month, events: report.events } }]
  }
  if (report.kind === 'not_open') return [{ field: 'month', code: 'month_not_open', values: { month } }]
  return []
}

/** What is known of a site's reports up to a month: its events in that month, and the last month it said "nothing" about. */
export type ReportedSoFar = { siteId: string; events: number; attestedMonth: Month | null }

/** `silentMonths`: how many months in a row, this one included, nobody said anything; null where somebody did, or later did. */
export type LastReport = { report: MonthReport; silentMonths: number | null }

/**
 * What a site reported for a month that is over, and how long it has been silent: months in which it was open, since
 * something last happened there or it last said that nothing did. Last active on 2025-09-25, silent ever since: by
 * 2026-05 eight months.
 */
export function lastReport(
  site: Site,
  month: Month,
  { events, attestedMonth }: Pick<ReportedSoFar, 'events' | 'attestedMonth'>,
  lastActivityOn: CalendarDate | null,
): LastReport {
  const activity = events > 0 ? [{ siteId: site.id, month, events }] : []
  const attestations = attestedMonth === month ? [{ siteId: site.id, month }] : []
  const report = monthReport(site, month, activity, attestations)
  const activeMonth = lastActivityOn === null ? null : monthOf(lastActivityOn)
  if (report.kind !== 'silent' || (activeMonth !== null && activeMonth > month)) return { report, silentMonths: null }
  const heardIn = [activeMonth, attestedMonth].reduce(
    (last, one) => (one !== null && one > (last ?? '') ? one : last),
    null,
  )
  let silentMonths = 0
  const opened = openPeriods(site)[0]?.from ?? firstDayOf(month)
  const first = heardIn === null ? monthOf(opened) : monthOf(addMonths(firstDayOf(heardIn), 1))
  for (let at = first; at <= month; at = monthOf(addMonths(firstDayOf(at), 1))) {
    if (wasOpenIn(site, at)) silentMonths += 1
  }
  return { report, silentMonths }
}
