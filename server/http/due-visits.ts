/** Visits that are due, as numbers by day: of the sites whose subjects the reader sees, or of all for who sees none. */
import type { Context } from '../context.ts'
import { listDueSubjects, listDueVisits } from '../db/due-subjects.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { type Grant, reaches, sitesWithin } from '../domain/permission.ts'
import type { Trial } from '../domain/trial.ts'

/** Visits are counted so many days ahead. */
export const visitDays = 60

export type VisitCounts = {
  /** Whether it is the reader's own sites that are counted, or the whole trial. */
  scope: 'every' | readonly string[]
  /** Subjects with an overdue step. */
  overdue: number
  days: { dueOn: CalendarDate; count: number }[]
}

export async function countVisits(
  { db }: Pick<Context, 'db'>,
  trial: Trial,
  grants: readonly Grant[],
  today: CalendarDate,
): Promise<VisitCounts> {
  const seen = sitesWithin(grants, 'see_subjects', trial.id)
  const scope = seen.length === 0 ? 'every' : seen
  const due = await listDueSubjects(db, trial.id, today)
  const days = new Map<CalendarDate, number>()
  for (const { siteId, dueOn, count } of await listDueVisits(db, trial.id, today, visitDays)) {
    if (reaches(scope, siteId)) days.set(dueOn, (days.get(dueOn) ?? 0) + count)
  }
  return {
    scope,
    overdue: due.filter(({ siteId, kinds }) => kinds.includes('overdue') && reaches(scope, siteId)).length,
    days: [...days].map(([dueOn, count]) => ({ dueOn, count })),
  }
}
