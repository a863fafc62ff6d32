/** A trial's record on a day, read once: what the projection page and the sheets made from it are computed from. */
import type { Context } from '../context.ts'
import { findLatestRequest } from '../db/change-requests.ts'
import { countByDay, countBySite } from '../db/daily-counts.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway } from '../db/trials.ts'
import { addMonths, type CalendarDate } from '../domain/calendar-date.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import type { Trial } from '../domain/trial.ts'
import { type RecordOfTrial, recordOfTrial } from '../domain/trial-record.ts'

/** Null where the trial had no terms yet on the day. Without a request of its own, the newest one is meant. */
export function readTrialRecord(
  context: Context,
  trial: Trial,
  asOf: CalendarDate,
  own: ChangeRequest | null = null,
): Promise<RecordOfTrial | null> {
  return remembered(context.db, trial.id, `record ${asOf} ${own?.id ?? 'newest'}`, async () =>
    readRecord(context, trial, asOf, own ?? (await findLatestRequest(context.db, trial.id))),
  )
}

async function readRecord(
  { db }: Context,
  trial: Trial,
  asOf: CalendarDate,
  newest: ChangeRequest | null,
): Promise<RecordOfTrial | null> {
  const pathway = await findPathway(db, trial.id)
  return recordOfTrial(asOf, {
    pathway,
    versions: await listTerms(db, trial.id),
    sites: await listSites(db, trial.id),
    counts: await countBySite(db, trial.id, asOf),
    countsYearBefore: await countBySite(db, trial.id, addMonths(asOf, -12)),
    registrations: await countByDay(db, trial.id, pathway.counting.code, asOf),
    request: newest !== null && newest.asOf <= asOf ? newest : null,
  })
}
