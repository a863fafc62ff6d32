/** What people write into a trial's calendar: when a committee meets, and what it has asked for by when. */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Problem } from './parsed.ts'

export const entryKinds = ['committee_meeting', 'condition'] as const
export type EntryKind = (typeof entryKinds)[number]

export type CalendarEntry = {
  id: string
  kind: EntryKind
  title: Bilingual
  /** The committee that meets, or that asks. */
  body: Bilingual
  /** The day of the meeting; of a condition, the day by which it is asked, or that of the meeting it is due at. */
  dueOn: CalendarDate
  /** The meeting at which a condition is due: its day moves with the meeting's. */
  meetingId: string | null
  /** When a condition was met, and what shows it. */
  met: { on: CalendarDate; evidence: string } | null
  /** The document that says so; empty where none was named. */
  source: Bilingual
  basis: Basis
}

/** What the calendar holds, or what a change request was told to do: the latter has its place among its conditions. */
export type DueEntry = Pick<CalendarEntry, 'id' | 'kind' | 'title' | 'body' | 'dueOn' | 'meetingId' | 'basis'> & {
  metOn: CalendarDate | null
  request: RequestPlace | null
}
/** A condition of a change request: the request's number, and the condition's place among those of the request. */
export type RequestPlace = { number: number; position: number }

/** An entry as a form asks for it: a condition is due on a day of its own or at a meeting. */
export type EntryDraft = Pick<CalendarEntry, 'kind' | 'title' | 'body' | 'source' | 'basis'> & {
  dueOn: CalendarDate | null
  meetingId: string | null
  met: { on: CalendarDate | null; evidence: string }
}

/**
 * The entry that a draft asks for, or what is wrong with it. A condition's day comes from its meeting where it has one;
 * a day typed beside it must be the same.
 */
export function entryFrom(
  draft: EntryDraft,
  meetings: readonly CalendarEntry[],
  today: CalendarDate,
): { value: Omit<CalendarEntry, 'id'> } | { problems: Problem[] } {
  const { met } = draft
  const due = dueDay(draft, draft.kind === 'condition' ? meetings : [])
  const problems = ['problems' in due ? due.problems : [], metProblems(met, today)].flat()
  if (draft.kind !== 'condition' && met.on !== null) problems.push({ field: 'metOn', code: 'meeting_is_not_met' })
  if ('problems' in due || problems.length > 0) return { problems }
  const kept = met.on === null ? null : { on: met.on, evidence: met.evidence }
  return { value: { ...draft, dueOn: due.value, met: kept } }
}

/** The day of the meeting that is named, or the day itself; a day typed beside a meeting must be the meeting's. */
export function dueDay(
  { meetingId, dueOn }: Pick<EntryDraft, 'meetingId' | 'dueOn'>,
  meetings: readonly CalendarEntry[],
): { value: CalendarDate } | { problems: Problem[] } {
  const meeting = meetings.find(({ id, kind }) => id === meetingId && kind === 'committee_meeting')
  const problems: Problem[] = []
  if (meetingId !== null && meeting === undefined) problems.push({ field: 'meetingId', code: 'meeting_unknown' })
  const day = meeting?.dueOn ?? dueOn
  if (day === null) problems.push({ field: 'dueOn', code: 'due_missing' })
  if (meeting !== undefined && dueOn !== null && dueOn !== meeting.dueOn) {
    problems.push({ field: 'dueOn', code: 'due_differs_from_meeting', values: { meeting: meeting.dueOn } })
  }
  return day === null || problems.length > 0 ? { problems } : { value: day }
}

/** What is met has its day, not in the future, and what shows it; what is not has neither. */
export function metProblems({ on, evidence }: EntryDraft['met'], today: CalendarDate): Problem[] {
  if (on === null) return evidence === '' ? [] : [{ field: 'metOn', code: 'met_day_missing' }]
  if (on > today) return [{ field: 'metOn', code: 'date_in_future', values: { today } }]
  return evidence === '' ? [{ field: 'shownBy', code: 'evidence_missing' }] : []
}

/** Every condition on the day of its meeting, where it is due at one. */
export function atTheirMeetings<T extends Pick<CalendarEntry, 'id' | 'dueOn' | 'meetingId'>>(
  entries: readonly T[],
): T[] {
  const dayOf = new Map(entries.map(({ id, dueOn }) => [id, dueOn]))
  return entries.map((entry) => ({ ...entry, dueOn: dayOf.get(entry.meetingId ?? '') ?? entry.dueOn }))
}
