/** The calendar of a trial, month by month: always as of today. */
import { obligationKinds } from '../domain/obligation.ts'
import { calendarPage } from '../pages/calendar-page.ts'
import { listObligations } from './obligations.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function showCalendar({ context, request, trial, words }: TrialVisit): Promise<Reply> {
  const today = context.today(trial.timeZone)
  const asked = textOf(request.query.kind)
  const kind = obligationKinds.find((known) => known === asked) ?? null
  const obligations = await listObligations(context, trial, today)
  const past = textOf(request.query.past) === 'yes' ? 'shown' : 'hidden'
  return { page: calendarPage({ trial, today, obligations, kind, past }, words) }
}
