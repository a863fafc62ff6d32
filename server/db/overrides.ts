/** Registrations that the principal investigator let happen outside their period. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Db } from './database.ts'

export type Override = { subjectId: string; siteId: string; occurredOn: CalendarDate; reason: string }

/**
 * In the order of their days, up to one, and of those only what was recorded before an instant, where one is given; a
 * void entry has none.
 */
export async function listOverrides(
  db: Db,
  trialId: string,
  by: CalendarDate,
  knownBefore: string | null = null,
): Promise<Override[]> {
  let found = db
    .selectFrom('subject_event')
    .innerJoin('subject', 'subject.id', 'subject_event.subject_id')
    .select(['subject_event.subject_id', 'subject.site_id', 'subject_event.occurred_on', 'override_reason'])
    .where('subject_event.trial_id', '=', trialId)
    .where('override_reason', 'is not', null)
    .where('withdrawn_at', 'is', null)
    .where('subject.state', '!=', 'void')
    .where('subject_event.occurred_on', '<=', by)
    .orderBy('subject_event.occurred_on')
  if (knownBefore !== null) found = found.where('subject_event.recorded_at', '<', knownBefore)
  const rows = await found.execute()
  return rows.map((row) => ({
    subjectId: row.subject_id,
    siteId: row.site_id,
    occurredOn: row.occurred_on as CalendarDate,
    reason: row.override_reason ?? '',
  }))
}
