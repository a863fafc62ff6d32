/** Counts that a change request is held against: what became of the screenings it counts, and who was registered when. */
import type { SiteCount } from '../domain/accrual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import { nobody, placeOf, type Reconciliation } from '../domain/reconciliation.ts'
import { courseOf, reachedOn } from '../domain/subject.ts'
import type { Db } from './database.ts'
import { eventFrom } from './subject-events.ts'

/** Those who consented in a period, and where they stood at its end: counted, never listed. */
export async function countScreenings(
  db: Db,
  trialId: string,
  pathway: Pathway,
  period: { from: CalendarDate; until: CalendarDate },
): Promise<Reconciliation> {
  const rows = await db
    .selectFrom('subject_event')
    .innerJoin('subject', 'subject.id', 'subject_event.subject_id')
    .selectAll('subject_event')
    .where('subject.trial_id', '=', trialId)
    .where('subject.state', '!=', 'void')
    .where('subject.consented_on', '>=', period.from)
    .where('subject.consented_on', '<=', period.until)
    .where('subject_event.withdrawn_at', 'is', null)
    .where('subject_event.occurred_on', '<=', period.until)
    .orderBy('subject_event.id')
    .execute()
  const bySubject = new Map<string, typeof rows>()
  for (const row of rows) bySubject.set(row.subject_id, [...(bySubject.get(row.subject_id) ?? []), row])
  const parts = { ...nobody }
  for (const own of bySubject.values()) {
    const events = own.map(eventFrom)
    const isRegistered = reachedOn(events, pathway.registration.code) !== null
    const place = placeOf(courseOf(pathway, events).state, isRegistered)
    parts.started += 1
    if (place !== null) parts[place] += 1
  }
  return parts
}

/** Of those who had consented by a day, how many were registered after it and by another. */
export async function countConvertedSince(
  db: Db,
  trialId: string,
  registration: string,
  since: CalendarDate,
  by: CalendarDate,
): Promise<number> {
  const row = await db
    .selectFrom('subject_event')
    .innerJoin('subject', 'subject.id', 'subject_event.subject_id')
    .select(({ fn }) => fn.count<number>('subject_event.subject_id').distinct().as('number'))
    .where('subject.trial_id', '=', trialId)
    .where('subject.state', '!=', 'void')
    .where('subject.consented_on', '<=', since)
    .where('subject_event.kind', '=', 'milestone')
    .where('subject_event.step', '=', registration)
    .where('subject_event.withdrawn_at', 'is', null)
    .where('subject_event.occurred_on', '>', since)
    .where('subject_event.occurred_on', '<=', by)
    .executeTakeFirst()
  return Number(row?.number ?? 0)
}

/** Registrations of each site on each day of a period, both ends included. */
export async function listRegistrationsBetween(
  db: Db,
  trialId: string,
  step: string,
  { from, until }: { from: CalendarDate; until: CalendarDate },
): Promise<SiteCount[]> {
  const rows = await db
    .selectFrom('daily_count')
    .select(['site_id', 'date', 'number'])
    .where('trial_id', '=', trialId)
    .where('step', '=', step)
    .where('date', '>=', from)
    .where('date', '<=', until)
    .where('number', '>', 0)
    .orderBy('date')
    .orderBy('site_id')
    .execute()
  return rows.map((row) => ({
    siteId: row.site_id,
    step,
    number: Number(row.number),
    lastOn: row.date as CalendarDate,
  }))
}
