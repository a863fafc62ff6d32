/** What a trial owes and what awaits it, read once for each day and for what the trial had agreed and written down by then. */
import type { Context } from '../context.ts'
import type { ChainHead } from '../db/audit-trail.ts'
import { isOnlyAboutSubjects } from '../db/changed-subjects.ts'
import { listDueEntries } from '../db/due-entries.ts'
import { rememberedWhile } from '../db/remembered.ts'
import { listReporting } from '../db/reporting-schemes.ts'
import { listReviews } from '../db/reviews.ts'
import { findTrialFacts } from '../db/trial-facts.ts'
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
  under: ChainHead | null = null,
): Promise<readonly Obligation[]> {
  const { db } = context
  const read = async (head: ChainHead) =>
    readObligations(context, trial, day, (await findTrialFacts(db, trial.id, head)).versions)
  return rememberedWhile(db, trial.id, `obligations ${day}`, isOnlyAboutSubjects, read, under)
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
