/** What a trial owes and what awaits it, read once for each day and state of the trial. */
import type { Context } from '../context.ts'
import { listDueEntries } from '../db/due-entries.ts'
import { remembered } from '../db/remembered.ts'
import { listReporting } from '../db/reporting-schemes.ts'
import { listReviews } from '../db/reviews.ts'
import { listTerms } from '../db/trial-terms.ts'
import { type CalendarDate, todayIn } from '../domain/calendar-date.ts'
import { type Obligation, obligationsOf } from '../domain/obligation.ts'
import type { Trial } from '../domain/trial.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'

/**
 * Everything with a day, by day, met or not, as it looks on a day: `openObligations` and `obligationCounts` choose
 * from it. Visits are not among them: they would have to be read from the subjects.
 */
export function listObligations(
  context: Pick<Context, 'db'>,
  trial: Pick<Trial, 'id' | 'timeZone'>,
  day: CalendarDate,
): Promise<readonly Obligation[]> {
  return remembered(context.db, trial.id, `obligations ${day}`, async () =>
    readObligations(context, trial, day, await listTerms(context.db, trial.id)),
  )
}

/** As `listObligations`, for a reader who remembers more than them, and has read the versions of the terms. */
export async function readObligations(
  { db }: Pick<Context, 'db'>,
  trial: Pick<Trial, 'id' | 'timeZone'>,
  day: CalendarDate,
  versions: readonly TrialTerms[],
): Promise<readonly Obligation[]> {
  const { rules, submitted } = await listReporting(db, trial.id)
  const reviews = await listReviews(db, trial.id)
  const sources = {
    versions,
    entries: await listDueEntries(db, trial.id),
    rules,
    submitted,
    signed: new Map(
      reviews.flatMap(({ dueOn, signature }): [CalendarDate, CalendarDate][] =>
        signature === null ? [] : [[dueOn, todayIn(trial.timeZone, signature.signedAt)]],
      ),
    ),
  }
  return obligationsOf(sources, day)
}
