/** Registrations that the principal investigator let happen outside their period. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Db } from './database.ts'

export type Override = { subjectId: string; siteId: string; occurredOn: CalendarDate; reason: string }

/** In the order of their days, up to one; a void entry has none. */
export async function listOverrides(db: Db, trialId: string, by: CalendarDate): Promise<Override[]> {
  const rows = await db
    .selectFrom('subject_event')
    .innerJoin('subject', 'subject.id', 'subject_event.subject_id')
    .select(['subject_event.subject_id', 'subject.site_id', 'subject_event.occurred_on', 'override_reason'])
    .where('subject_event.trial_id', '=', trialId)
    .where('override_reason', 'is not', null)
    .where('withdrawn_at', 'is', null)
    .where('subject.state', '!=', 'void')
    .where('subject_event.occurred_on', '<=', by)
    .orderBy('subject_event.occurred_on')
    .execute()
  return rows.map((row) => ({
    subjectId: row.subject_id,
    siteId: row.site_id,
    occurredOn: row.occurred_on as CalendarDate,
    reason: row.override_reason ?? '',
  }))
}
