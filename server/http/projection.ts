/** The projection of a trial's newest change request, recomputed from what the request stored. */
import { findLatestRequest, requestInputHash } from '../db/change-requests.ts'
import { countBySite } from '../db/daily-counts.ts'
import { listSites } from '../db/sites.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway } from '../db/trials.ts'
import { accrualBySite } from '../domain/accrual.ts'
import { attainmentOn } from '../domain/attainment.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { openPeriods } from '../domain/site.ts'
import { noProjectionPage, projectionPage } from '../pages/projection-page.ts'
import type { Reply, TrialVisit } from './visit.ts'

export async function showProjection({ context, trial, words }: TrialVisit): Promise<Reply> {
  const { db } = context
  const request = await findLatestRequest(db, trial.id)
  if (request === null) return { page: noProjectionPage(words) }

  const today = context.today(trial.timeZone)
  const pathway = await findPathway(db, trial.id)
  const sites = await listSites(db, trial.id)
  const siteIds = sites.map(({ id }) => id)
  const then = accrualBySite(pathway, siteIds, await countBySite(db, trial.id, request.asOf))
  const now = accrualBySite(pathway, siteIds, await countBySite(db, trial.id, today))
  const registered = (accruals: typeof then) => accruals.reduce((sum, accrual) => sum + accrual.registered, 0)
  const attainment = attainmentOn(request.asOf, await listTerms(db, trial.id), sites, registered(then))
  if (attainment === null) return { page: noProjectionPage(words) }

  const records = request.claims.map(({ siteIds: about }) => {
    const spokenOf = sites.filter(({ id }) => about.length === 0 || about.includes(id))
    return {
      registered: registered(then.filter(({ siteId }) => spokenOf.some(({ id }) => id === siteId))),
      exposureYears: spokenOf.reduce((sum, site) => sum + exposureYears(openPeriods(site), request.asOf), 0),
    }
  })
  const input = {
    trial,
    today,
    request,
    isIdentical: requestInputHash(request) === request.inputHash,
    attainment,
    records,
    registeredSince: registered(now) - registered(then),
    registeredToday: registered(now),
  }
  return { page: projectionPage(input, words) }
}
