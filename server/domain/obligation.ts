/** What a trial owes, and what awaits it, by day: reviews, committees and what they ask, reports, ends, visits. */
import type { Basis } from './bilingual.ts'
import { addMonths, type CalendarDate, daysBetween } from './calendar-date.ts'
import { atTheirMeetings, type DueEntry } from './calendar-entry.ts'
import { type PeriodicReport, periodicReports, type ReportingRule, type ReportingScheme } from './periodic-report.ts'
import { reviewSchedule } from './review-schedule.ts'
import { type TrialTerms, termsInForce } from './trial-terms.ts'

export const obligationKinds = [
  'review',
  'committee_meeting',
  'condition',
  'periodic_report',
  'registration_end',
  'study_end',
  'visits',
] as const
export type ObligationKind = (typeof obligationKinds)[number]

/** `metOn` is the day on which it was done, for what has to be done. */
export type Obligation = { dueOn: CalendarDate; metOn: CalendarDate | null } & (
  | { kind: 'review'; termsVersion: number }
  | ({ kind: 'committee_meeting' | 'condition'; entryId: string } & Pick<
      DueEntry,
      'title' | 'body' | 'basis' | 'request'
    >)
  | { kind: 'periodic_report'; scheme: ReportingScheme; from: CalendarDate; until: CalendarDate; basis: Basis }
  | { kind: 'registration_end' | 'study_end'; termsVersion: number; nextVersion: number | null }
  | { kind: 'visits'; count: number }
)

/** `met`: done, or over where there was nothing to do but to let the day come. */
export const obligationStates = ['overdue', 'due_soon', 'upcoming', 'met'] as const
export type ObligationState = (typeof obligationStates)[number]

/** What is due within so many days is due soon. */
export const soonDays = 30

/** What somebody has to do; the others come and go by themselves. */
const isOwed: Record<ObligationKind, boolean> = {
  review: true,
  committee_meeting: false,
  condition: true,
  periodic_report: true,
  registration_end: false,
  study_end: false,
  visits: true,
}

/**
 * Due on 2026-07-31 and not met: on 2026-07-01 it is due soon (30 days), on 2026-06-30 still upcoming, on 2026-07-31
 * due soon (0 days), from 2026-08-01 on overdue. A meeting of that day is over from 2026-08-01 on.
 */
export function obligationState(
  one: Pick<Obligation, 'kind' | 'dueOn' | 'metOn'>,
  today: CalendarDate,
): ObligationState {
  if (one.metOn !== null) return 'met'
  const days = daysBetween(today, one.dueOn)
  if (days < 0) return isOwed[one.kind] ? 'overdue' : 'met'
  return days <= soonDays ? 'due_soon' : 'upcoming'
}

/** What is still to come or to be done, those overdue first, then by day. */
export function openObligations<T extends Obligation>(obligations: readonly T[], today: CalendarDate): T[] {
  return obligations.filter((one) => obligationState(one, today) !== 'met').toSorted(byDay)
}

/** How many are overdue, and how many due soon. */
export function obligationCounts(
  obligations: readonly Obligation[],
  today: CalendarDate,
): { overdue: number; dueSoon: number } {
  const states = obligations.map((one) => obligationState(one, today))
  return {
    overdue: states.filter((state) => state === 'overdue').length,
    dueSoon: states.filter((state) => state === 'due_soon').length,
  }
}

/** By day, and on one day in the order of the kinds. */
export function byDay(a: Obligation, b: Obligation): number {
  if (a.dueOn !== b.dueOn) return a.dueOn < b.dueOn ? -1 : 1
  return obligationKinds.indexOf(a.kind) - obligationKinds.indexOf(b.kind)
}

export type ObligationSources = {
  versions: readonly TrialTerms[]
  /** What the calendar holds, and what change requests were told to do. */
  entries: readonly DueEntry[]
  rules: readonly (ReportingRule & { basis: Basis })[]
  /** The reports that were handed in, each found by its scheme and the first day that it is of. */
  submitted: readonly { scheme: ReportingScheme; from: CalendarDate; submittedOn: CalendarDate }[]
  /** When the review of a day was signed. */
  signed: ReadonlyMap<CalendarDate, CalendarDate>
}

/**
 * Everything by day, the first one first, as it looks on a day: what was done later is not done yet. What comes again
 * and again is listed for the twelve months after it.
 *
 * Of past reviews that nobody signed only the last one is owed: it tells what those before would have told. Once the
 * study is over (where its end is not known, a year after registration), none is.
 */
export function obligationsOf(sources: ObligationSources, today: CalendarDate): Obligation[] {
  const horizon = addMonths(today, 12)
  const { versions, entries, rules } = sources
  const studyUntil = termsInForce(versions, today)?.studyUntil ?? null
  const by = (day: CalendarDate | undefined): CalendarDate | null => (day === undefined || day > today ? null : day)
  return [
    ...reviews(sources, today, by),
    ...atTheirMeetings(entries).map(
      ({ kind, id: entryId, title, body, dueOn, metOn, basis, request }): Obligation => ({
        ...{ kind, entryId, title, body, basis, dueOn, request },
        metOn: by(metOn ?? undefined),
      }),
    ),
    ...rules.flatMap((rule) =>
      periodicReports(rule, horizon, studyUntil).map(
        (report): Obligation => ({
          kind: 'periodic_report',
          ...report,
          basis: rule.basis,
          metOn: by(submissionOf(report, sources)),
        }),
      ),
    ),
    ...ends(versions, 'registration_end'),
    ...ends(versions, 'study_end'),
  ].toSorted(byDay)
}

function submissionOf({ scheme, from }: PeriodicReport, { submitted }: ObligationSources): CalendarDate | undefined {
  return submitted.find((one) => one.scheme === scheme && one.from === from)?.submittedOn
}

function reviews(
  { versions, signed }: ObligationSources,
  today: CalendarDate,
  by: (day: CalendarDate | undefined) => CalendarDate | null,
): Obligation[] {
  const scheduled = reviewSchedule(versions)
  const terms = termsInForce(versions, today)
  const isOver = terms !== null && (terms.studyUntil ?? addMonths(terms.registrationUntil, 12)) < today
  const last = isOver ? today : scheduled.findLast(({ dueOn }) => dueOn < today)?.dueOn
  const horizon = addMonths(today, 12)
  return scheduled
    .map(({ dueOn, termsVersion }) => ({ kind: 'review' as const, termsVersion, dueOn, metOn: by(signed.get(dueOn)) }))
    .filter(({ dueOn, metOn }) => dueOn <= horizon && (metOn !== null || dueOn >= (last ?? dueOn)))
}

/** The last days of the versions of the terms, but for those that another version had replaced before they came. */
function ends(versions: readonly TrialTerms[], kind: 'registration_end' | 'study_end'): Obligation[] {
  return versions.flatMap((terms): Obligation[] => {
    const dueOn = kind === 'registration_end' ? terms.registrationUntil : terms.studyUntil
    const later = versions.filter(({ version }) => version > terms.version)
    if (dueOn === null || later.some(({ effectiveFrom }) => effectiveFrom <= dueOn)) return []
    const nextVersion = kind === 'registration_end' ? (later[0]?.version ?? null) : null
    return [{ kind, dueOn, metOn: null, termsVersion: terms.version, nextVersion }]
  })
}
