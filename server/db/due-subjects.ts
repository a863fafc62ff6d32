/** Subjects for whom a scheduled step is overdue, or due in the month of a day. */
import { addDays, type CalendarDate } from '../domain/calendar-date.ts'
import type { Milestone, Pathway, Schedule } from '../domain/milestone.ts'
import { isUnderWay, subjectStates } from '../domain/subject-state.ts'
import { type DueKind, dueKindsOf, monthAround, timelineOf } from '../domain/timeline.ts'
import type { Db } from './database.ts'
import { remembered } from './remembered.ts'
import { listEventsOf } from './subject-events.ts'

export type DueSubject = { id: string; siteId: string; kinds: readonly DueKind[] }

/** The events of so many subjects are read at once. */
const partSize = 500

/** In the whole trial, on a day: read once for each day and state of the trial. */
export function listDueSubjects(
  db: Db,
  trialId: string,
  pathway: Pathway,
  today: CalendarDate,
): Promise<readonly DueSubject[]> {
  return remembered(db, trialId, `due ${today}`, async () => {
    const candidates = await candidatesOf(db, trialId, pathway, today)
    const due: DueSubject[] = []
    for (let from = 0; from < candidates.length; from += partSize) {
      const part = candidates.slice(from, from + partSize)
      const events = await listEventsOf(
        db,
        part.map(({ id }) => id),
      )
      for (const { id, site_id: siteId } of part) {
        const kinds = dueKindsOf(timelineOf(pathway, events.get(id) ?? [], today), today)
        if (kinds.length > 0) due.push({ id, siteId, kinds })
      }
    }
    return due
  })
}

/**
 * Everybody who can be among them, and few others: still under way, with a step not recorded whose window has begun by
 * the end of the month. What the window says of them is the timeline's to decide, so that there is one rule.
 */
async function candidatesOf(
  db: Db,
  trialId: string,
  { milestones }: Pathway,
  today: CalendarDate,
): Promise<{ id: string; site_id: string }[]> {
  const isScheduled = (one: Milestone): one is Milestone & { schedule: Schedule } => one.schedule !== null
  const scheduled = milestones.filter(isScheduled)
  if (scheduled.length === 0) return []
  const { last } = monthAround(today)
  return db
    .selectFrom('subject')
    .select(['id', 'site_id'])
    .where('trial_id', '=', trialId)
    .where('state', 'in', subjectStates.filter(isUnderWay))
    .where(({ or, and, not, exists, selectFrom }) => {
      const reached = (code: string, by: CalendarDate | null) => {
        const events = selectFrom('subject_event')
          .select('subject_event.id')
          .whereRef('subject_event.subject_id', '=', 'subject.id')
          .where('subject_event.kind', '=', 'milestone')
          .where('subject_event.step', '=', code)
          .where('subject_event.withdrawn_at', 'is', null)
        return exists(by === null ? events : events.where('subject_event.occurred_on', '<=', by))
      }
      return or(
        scheduled.map(({ code, schedule }) => {
          const anchoredBy = addDays(last, schedule.windowBeforeDays - schedule.offsetDays)
          return and([reached(schedule.anchorCode, anchoredBy), not(reached(code, null))])
        }),
      )
    })
    .execute()
}
