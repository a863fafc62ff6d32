/** What happened to subjects, as it is stored: each event in its versions, of which one is believed. */
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { CorrectionReason, WithdrawnEvent } from '../domain/correction.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import type { Exit, WithdrawalScope } from '../domain/subject-state.ts'
import type { Db, SubjectEventRow } from './database.ts'

export function eventFrom(row: SubjectEventRow): SubjectEvent {
  return {
    id: row.id,
    originId: row.corrects_id ?? row.id,
    what: whatFrom(row),
    occurredOn: row.occurred_on as CalendarDate,
    recordedAt: row.recorded_at,
    recordedBy: row.recorded_by,
    reasons: listFrom(row.reasons),
    measuredValue: row.measured_value,
    scope: listFrom(row.scope) as WithdrawalScope[],
    overrideReason: row.override_reason,
    note: row.note,
    basis: row.basis as Basis,
  }
}

function whatFrom({ kind, step }: SubjectEventRow): SubjectEvent['what'] {
  if (kind === 'prescreening') return { kind }
  return kind === 'exit' ? { kind, exit: step as Exit } : { kind: 'milestone', code: step }
}

/** Short codes with commas between them: `E04,E07`. */
function listFrom(text: string | null): string[] {
  return text === null ? [] : text.split(',')
}

export async function listEvents(db: Db, subjectId: string): Promise<SubjectEvent[]> {
  const rows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('withdrawn_at', 'is', null)
    .orderBy('occurred_on')
    .orderBy('id')
    .execute()
  return rows.map(eventFrom)
}

/** The versions of a subject's events that are no longer believed, the latest correction first. */
export async function listWithdrawnEvents(db: Db, subjectIds: readonly string[]): Promise<WithdrawnEvent[]> {
  if (subjectIds.length === 0) return []
  const rows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('subject_id', 'in', subjectIds)
    .where('withdrawn_at', 'is not', null)
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    ...eventFrom(row),
    subjectId: row.subject_id,
    withdrawnAt: row.withdrawn_at ?? '',
    because: row.withdrawn_because as CorrectionReason,
    inWords: row.withdrawn_note,
  }))
}

/** The events of several subjects, by subject; a subject without any has an empty list. */
export async function listEventsOf(db: Db, subjectIds: readonly string[]): Promise<Map<string, SubjectEvent[]>> {
  const events = new Map<string, SubjectEvent[]>(subjectIds.map((id) => [id, []]))
  if (subjectIds.length === 0) return events
  const rows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('subject_id', 'in', subjectIds)
    .where('withdrawn_at', 'is', null)
    .orderBy('occurred_on')
    .orderBy('id')
    .execute()
  for (const row of rows) events.get(row.subject_id)?.push(eventFrom(row))
  return events
}
