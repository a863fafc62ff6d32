/** What a periodic review is made from, read at once: today's knowledge of a day, or what was known before an instant. */
import { addMonths, type CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import { monthReport } from '../domain/reporting.ts'
import { monthsReviewed, type ReviewFacts, type ReviewFigures } from '../domain/review-figures.ts'
import type { Trial } from '../domain/trial.ts'
import { countByMonth, listAttestations } from './attestations.ts'
import { findLatestRequest, listRequestPromises } from './change-requests.ts'
import { countByDay, countBySite } from './daily-counts.ts'
import type { Db } from './database.ts'
import { countKnown } from './known-counts.ts'
import { listSites } from './sites.ts'
import { listTerms } from './trial-terms.ts'
import { findPathway } from './trials.ts'

/** Which review: that of a day, asked for by a version of the terms; `openedBefore` leaves later reviews out of its hindsight. */
export type ReviewAsked = { asOf: CalendarDate; termsVersion: number; openedBefore: string }

/**
 * `knownBefore` is the first instant that no longer belongs to what was known, or null for all that is known today. Of
 * the two clocks it moves the subjects' events; terms, sites and statements of the sites carry days of their own.
 */
export async function findReviewFacts(
  db: Db,
  trial: Trial,
  { asOf, termsVersion, openedBefore }: ReviewAsked,
  knownBefore: string | null,
): Promise<ReviewFacts> {
  const pathway = await findPathway(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const sites = await listSites(db, trial.id)
  const request = await findLatestRequest(db, trial.id, asOf)
  const counts = await countedBy(db, trial.id, pathway, asOf, knownBefore)
  const yearBefore = await countedBy(db, trial.id, pathway, addMonths(asOf, -12), knownBefore)
  const terms = versions.find(({ version }) => version === termsVersion)
  const months = terms === undefined ? [] : monthsReviewed(terms, asOf)
  const first = months[0] ?? ''
  const activity = counts.byMonth ?? (await countByMonth(db, trial.id, first, asOf))
  const attestations = await listAttestations(db, trial.id, first, asOf)
  return {
    trial,
    asOf,
    termsVersion,
    counted: {
      pathway,
      versions,
      sites,
      request,
      counts: counts.bySite,
      countsYearBefore: yearBefore.bySite,
      registrations: counts.byDay,
    },
    requests: await listRequestPromises(db, trial.id),
    reports: months.map((month) => ({
      month,
      reports: sites.map((site) => monthReport(site, month, activity, attestations)),
    })),
    earlier: await listEarlierForecasts(db, trial.id, asOf, openedBefore),
  }
}

async function countedBy(db: Db, trialId: string, pathway: Pathway, asOf: CalendarDate, knownBefore: string | null) {
  if (knownBefore !== null) {
    const { bySite, byMonth, whole } = await countKnown(db, trialId, pathway, asOf, knownBefore)
    return { bySite, byMonth, byDay: whole.days }
  }
  return {
    bySite: await countBySite(db, trialId, asOf),
    byDay: await countByDay(db, trialId, pathway.counting.code, asOf),
    byMonth: null,
  }
}

/** The forecasts of earlier reviews, as they were frozen, the first one first. */
async function listEarlierForecasts(db: Db, trialId: string, asOf: CalendarDate, openedBefore: string) {
  const rows = await db
    .selectFrom('review')
    .select(['due_on', 'figures'])
    .where('trial_id', '=', trialId)
    .where('due_on', '<', asOf)
    .where('opened_at', '<', openedBefore)
    .orderBy('due_on')
    .execute()
  return rows.map((row) => {
    const { forecasts }: Pick<ReviewFigures, 'forecasts'> = JSON.parse(row.figures)
    return { madeOn: row.due_on as CalendarDate, forecasts }
  })
}
