/** What deciding bodies demand, and when it was met. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Condition } from '../domain/request/condition.ts'
import { bothOrNull } from './both-languages.ts'
import type { Db } from './database.ts'
import { newRowOf, type OfRequest } from './request-rows.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

export async function listConditions(db: Db, requestId: string): Promise<Condition[]> {
  const rows = await db
    .selectFrom('request_condition as condition')
    .leftJoin('calendar_entry as meeting', 'meeting.id', 'condition.meeting_id')
    .selectAll('condition')
    .select(['meeting.due_on as held_on', 'meeting.title_ja', 'meeting.title_en'])
    .where('condition.request_id', '=', requestId)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    bodyId: row.body_id,
    position: row.position,
    text: { ja: row.text_ja, en: row.text_en },
    dueOn: (row.held_on ?? row.due_on) as CalendarDate,
    meetingId: row.meeting_id,
    meeting: bothOrNull(row.title_ja ?? row.meeting_ja, row.title_en ?? row.meeting_en),
    metOn: row.met_on as CalendarDate | null,
    metNote: row.met_note,
    source: { ja: row.source_ja, en: row.source_en },
    basis: row.basis as Basis,
  }))
}

/** How many conditions of change requests are due at a meeting: it cannot be taken out of the calendar. */
export async function countConditionsAt(db: Db, meetingId: string): Promise<number> {
  const row = await db
    .selectFrom('request_condition')
    .select(({ fn }) => fn.countAll<number>().as('number'))
    .where('meeting_id', '=', meetingId)
    .executeTakeFirstOrThrow()
  return Number(row.number)
}

export type ConditionToKeep = Pick<Condition, 'bodyId' | 'text' | 'dueOn' | 'meetingId' | 'source' | 'basis'>

export async function insertCondition(
  write: Write,
  context: Context,
  place: OfRequest & { position: number },
  condition: ConditionToKeep,
): Promise<string> {
  const row = {
    ...newRowOf(context, place),
    body_id: condition.bodyId,
    position: place.position,
    ...named('text', condition.text),
    due_on: condition.dueOn,
    meeting_id: condition.meetingId,
    meeting_ja: null,
    meeting_en: null,
    met_on: null,
    met_note: null,
    ...named('source', condition.source),
    basis: condition.basis,
  }
  await write.insert('request_condition', row, 'condition_set')
  return row.id
}

export async function reviseAsMet(write: Write, id: string, on: CalendarDate, note: string | null): Promise<void> {
  await write.revise('request_condition', id, { met_on: on, met_note: note }, 'condition_met', null)
}
