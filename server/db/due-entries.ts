/**
 * What is due in a trial by what people wrote down: the entries of its calendar, and the conditions of its change requests.
 * A condition of a request is stored with the request only; here both are read in one statement.
 */
import { sql } from 'kysely'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { DueEntry, EntryKind } from '../domain/calendar-entry.ts'
import { statesWithoutDuties } from '../domain/request/condition.ts'
import type { Db } from './database.ts'

/** An entry of the calendar belongs to no request. */
const none = sql<number | null>`cast(null as integer)`

/** By their stored days; a condition that is due at a meeting has its day from there (`atTheirMeetings`). */
export async function listDueEntries(db: Db, trialId: string): Promise<DueEntry[]> {
  const rows = await db
    .selectFrom('calendar_entry')
    .select(['id', 'kind', 'title_ja', 'title_en', 'body_ja', 'body_en', 'due_on', 'meeting_id', 'met_on', 'basis'])
    .select([none.as('number'), none.as('place')])
    .where('trial_id', '=', trialId)
    .where('voided_at', 'is', null)
    .unionAll(
      db
        .selectFrom('request_condition as condition')
        .innerJoin('change_request as request', 'request.id', 'condition.request_id')
        .innerJoin('request_body as body', 'body.id', 'condition.body_id')
        .select([
          'condition.id',
          sql<string>`cast('condition' as text)`.as('kind'),
          'text_ja as title_ja',
          'text_en as title_en',
        ])
        .select(['name_ja as body_ja', 'name_en as body_en'])
        .select(['due_on', 'meeting_id', 'met_on', 'condition.basis'])
        .select([sql<number | null>`request.number`.as('number'), sql<number | null>`condition.position`.as('place')])
        .where('condition.trial_id', '=', trialId)
        .where('request.state', 'not in', statesWithoutDuties),
    )
    .orderBy('due_on')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as EntryKind,
    title: { ja: row.title_ja, en: row.title_en },
    body: { ja: row.body_ja, en: row.body_en },
    dueOn: row.due_on as CalendarDate,
    meetingId: row.meeting_id,
    metOn: row.met_on as CalendarDate | null,
    basis: row.basis as Basis,
    request: row.number === null || row.place === null ? null : { number: row.number, position: row.place },
  }))
}
