/** What deciding bodies demand, and when it was met. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Condition } from '../domain/request/condition.ts'
import type { Db } from './database.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

export async function listConditions(db: Db, requestId: string): Promise<Condition[]> {
  const rows = await db
    .selectFrom('request_condition')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    bodyId: row.body_id,
    position: row.position,
    text: { ja: row.text_ja, en: row.text_en },
    dueOn: row.due_on as CalendarDate,
    meeting: row.meeting_ja === null ? null : { ja: row.meeting_ja, en: row.meeting_en ?? row.meeting_ja },
    metOn: row.met_on as CalendarDate | null,
    metNote: row.met_note,
    source: { ja: row.source_ja, en: row.source_en },
    basis: row.basis as Basis,
  }))
}

export type ConditionDraft = Omit<Condition, 'id' | 'position' | 'metOn' | 'metNote'>

export async function insertCondition(
  write: Write,
  context: Context,
  place: { trialId: string; requestId: string; position: number },
  draft: ConditionDraft,
): Promise<string> {
  const id = context.newId()
  const row = {
    id,
    trial_id: place.trialId,
    request_id: place.requestId,
    body_id: draft.bodyId,
    position: place.position,
    ...named('text', draft.text),
    due_on: draft.dueOn,
    meeting_ja: draft.meeting?.ja ?? null,
    meeting_en: draft.meeting?.en ?? null,
    met_on: null,
    met_note: null,
    ...named('source', draft.source),
    basis: draft.basis,
  }
  await write.insert('request_condition', row, 'condition_set')
  return id
}

export async function reviseAsMet(write: Write, id: string, on: CalendarDate, note: string | null): Promise<void> {
  await write.revise('request_condition', id, { met_on: on, met_note: note }, 'condition_met', null)
}
