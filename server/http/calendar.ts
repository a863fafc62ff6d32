/** The calendar of a trial, month by month: always as of today. */
import { listFeedsOf } from '../db/calendar-feeds.ts'
import { obligationKinds } from '../domain/obligation.ts'
import { mayIn } from '../domain/permission.ts'
import { calendarDoings, calendarPage } from '../pages/calendar-page.ts'
import { countVisits } from './due-visits.ts'
import { listObligations } from './obligations.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function showCalendar({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const today = context.today(trial.timeZone)
  const { kind, past, done } = request.query
  const feeds = await listFeedsOf(context.db, actor.personId)
  const input = {
    trial,
    today,
    obligations: await listObligations(context, trial, today),
    visits: await countVisits(context, trial, actor.grants, today),
    kind: obligationKinds.find((known) => known === kind) ?? null,
    past: textOf(past) === 'yes' ? ('shown' as const) : ('hidden' as const),
    done: calendarDoings.find((known) => known === done) ?? null,
    feeds: feeds.filter(({ trialId }) => trialId === null || trialId === trial.id),
    mayKeep: mayIn(actor.grants, 'keep_calendar', trial.id),
    mayWriteRequests: mayIn(actor.grants, 'write_requests', trial.id),
    maySeeSubjects: mayIn(actor.grants, 'see_subjects', trial.id),
    submissionKey: context.newId(),
  }
  return { page: calendarPage(input, words) }
}
