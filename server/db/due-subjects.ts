/** Subjects for whom a scheduled step is overdue, or due in the month of a day; and how many steps are due by day. */
import { addDays, type CalendarDate, dayNumber, fromDayNumber } from '../domain/calendar-date.ts'
import type { Milestone, Pathway, Schedule } from '../domain/milestone.ts'
import { isUnderWay, subjectStates } from '../domain/subject-state.ts'
import { type DueKind, dueKindsOf, monthAround, type TimelineStep, timelineOf } from '../domain/timeline.ts'
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
    const due: DueSubject[] = []
    await ofCandidates(db, trialId, pathway, { today, begunBy: monthAround(today).last }, (id, siteId, timeline) => {
      const kinds = dueKindsOf(timeline, today)
      if (kinds.length > 0) due.push({ id, siteId, kinds })
    })
    return due
  })
}

/** So many steps are due on a day at a site, and nothing of whom. */
export type DueVisits = { siteId: string; dueOn: CalendarDate; count: number }

/** Scheduled steps not recorded whose due day lies within so many days from today on, by day. */
export function listDueVisits(
  db: Db,
  trialId: string,
  pathway: Pathway,
  today: CalendarDate,
  daysAhead: number,
): Promise<readonly DueVisits[]> {
  return remembered(db, trialId, `visits ${today} ${daysAhead}`, async () => {
    const [first, last] = [dayNumber(today), dayNumber(today) + daysAhead]
    const counts = new Map<string, DueVisits>()
    await ofCandidates(db, trialId, pathway, { today, begunBy: fromDayNumber(last) }, (_id, siteId, timeline) => {
      for (const { standing, window } of timeline) {
        if (window === null || standing !== 'upcoming' || window.dueDay < first || window.dueDay > last) continue
        const dueOn = fromDayNumber(window.dueDay)
        const count = (counts.get(`${dueOn} ${siteId}`)?.count ?? 0) + 1
        counts.set(`${dueOn} ${siteId}`, { siteId, dueOn, count })
      }
    })
    return [...counts.values()].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
  })
}

/** Shows the timeline of everybody for whom something may be due, as it looks on a day. */
async function ofCandidates(
  db: Db,
  trialId: string,
  pathway: Pathway,
  { today, begunBy }: { today: CalendarDate; begunBy: CalendarDate },
  look: (id: string, siteId: string, timeline: TimelineStep[]) => void,
): Promise<void> {
  const candidates = await candidatesOf(db, trialId, pathway, begunBy)
  for (let from = 0; from < candidates.length; from += partSize) {
    const part = candidates.slice(from, from + partSize)
    const events = await listEventsOf(
      db,
      part.map(({ id }) => id),
    )
    for (const { id, site_id: siteId } of part) look(id, siteId, timelineOf(pathway, events.get(id) ?? [], today))
  }
}

/**
 * Everybody who can be among them, and few others: still under way, with a step not recorded whose window has begun by
 * a day. What the window says of them is the timeline's to decide, so that there is one rule.
 */
async function candidatesOf(
  db: Db,
  trialId: string,
  { milestones }: Pathway,
  begunBy: CalendarDate,
): Promise<{ id: string; site_id: string }[]> {
  const isScheduled = (one: Milestone): one is Milestone & { schedule: Schedule } => one.schedule !== null
  const scheduled = milestones.filter(isScheduled)
  if (scheduled.length === 0) return []
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
          const anchoredBy = addDays(begunBy, schedule.windowBeforeDays - schedule.offsetDays)
          return and([reached(schedule.anchorCode, anchoredBy), not(reached(code, null))])
        }),
      )
    })
    .execute()
}
