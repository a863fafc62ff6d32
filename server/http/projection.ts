/**
 * The projection of a trial: what its record and its newest request let expect, and what would change it. The page
 * shows it, and so do the feasibility sheet and the file for programs, which are asked for in the same words.
 */
import { findLatestRequest, listRequestDays, requestInputHash } from '../db/change-requests.ts'
import { countByTrial } from '../db/daily-counts.ts'
import { listSites } from '../db/sites.ts'
import { findPathway } from '../db/trials.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import { checksShown } from '../domain/projection/checks-shown.ts'
import type { ClaimAboutSites } from '../domain/projection/claims-against-record.ts'
import { trialOutlook, usualAlternative, whatIfOutcome } from '../domain/projection/trial-outlook.ts'
import { asItIs } from '../domain/projection/what-if.ts'
import type { Site } from '../domain/site.ts'
import { smallNumbersOf } from '../domain/small-numbers.ts'
import type { RecordOfTrial } from '../domain/trial-record.ts'
import type { AsOf } from '../pages/as-of.ts'
import { askedDeadlines } from '../pages/asked-deadlines.ts'
import { cumulativeFigure } from '../pages/charts.ts'
import { noProjectionPage, type ProjectionInput, projectionPage } from '../pages/projection-page.ts'
import { projectionParameters, readProjectionQuery, type TypedClaim } from './projection-query.ts'
import { readTrialRecord } from './trial-record.ts'
import type { Asking, Reply, TrialVisit } from './visit.ts'

/** What was asked for, and everything there is to say to it; `input` is null where the trial had no terms yet. */
export type AskedProjection = {
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  problems: readonly Problem[]
  /** Whether the two scenarios are those of the address. */
  isCompared: boolean
  input: (ProjectionInput & Pick<RecordOfTrial, 'versions' | 'steps'>) | null
}

export async function showProjection(visit: TrialVisit): Promise<Reply> {
  const { words } = visit
  const asked = await readProjection(visit)
  const page = asked.input === null ? noProjectionPage(asked, words) : projectionPage(asked.input, words)
  return { page, status: asked.problems.length === 0 ? 200 : 422 }
}

export async function readProjection(visit: Asking): Promise<AskedProjection> {
  const { context, trial, words, request } = visit
  const { db } = context
  const today = context.today(trial.timeZone)
  const sites = await listSites(db, trial.id)
  const newest = await findLatestRequest(db, trial.id)
  const usualDay = newest?.asOf ?? today
  const ground = { today, usualDay, siteCodes: sites.map(({ code }) => code) }
  const { query, typed, problems } = readProjectionQuery(request.query, ground)
  const day = query.asOf ?? usualDay
  const problem = problems.find(({ field }) => field === 'asOf') ?? null
  const asOf = { today, day, typed: problem === null ? day : (typed.asOf ?? day), problem }
  const notableDays = [...new Set([...(await listRequestDays(db, trial.id)), today])]
  const asked = { asOf, notableDays, problems, isCompared: query.scenarios !== null }
  const found = await readTrialRecord(context, trial, day)
  if (found === null) return { ...asked, input: null }

  // Claims that cannot all be read are not half computed with: those of the request stand until they are mended.
  const isClaimWrong = problems.some(({ field }) => /\d$/.test(field))
  const own = isClaimWrong ? null : query.claims
  const claims = own === null ? found.record.claims : own.map((typed) => withSites(typed, sites))
  const record = { ...found.record, claims }
  const small = smallNumbersOf(trial, found.sites, found.accruals, day)
  const outlook = trialOutlook(record)
  const scenarios = query.scenarios ?? { A: asItIs, B: usualAlternative(outlook) }
  // Nothing is said of a scenario with a field that cannot be read.
  const outcomeOf = (name: 'A' | 'B') =>
    problems.some(({ field }) => field.endsWith(name)) ? null : whatIfOutcome(record, scenarios[name])
  const shown = projectionParameters({
    asOf: null,
    claims: claims.map((claim) => withCodes(claim, sites)),
    scenarios,
  })
  const input = {
    ...found,
    trial,
    asOf,
    notableDays,
    fields: problems.length === 0 ? projectionParameters(query) : Object.entries(typed),
    shown: { ...Object.fromEntries(shown), ...(problems.length === 0 ? {} : typed) },
    problems,
    isIdentical: found.request !== null && requestInputHash(found.request) === found.request.inputHash,
    isEdited: own !== null,
    record,
    outlook: checksShown(outlook, record.claims, small),
    small,
    scenarios,
    outcomes: { A: outcomeOf('A'), B: outcomeOf('B') },
    figure: cumulativeFigure(
      found.attainment,
      found.versions,
      sites,
      found.steps,
      words,
      askedDeadlines(found.request, scenarios, words),
    ),
    registeredToday: await registeredBy(visit, today),
  }
  return { ...asked, input }
}

function withSites({ claim, siteCodes }: TypedClaim, sites: readonly Site[]): ClaimAboutSites {
  return { claim, siteIds: sites.filter(({ code }) => siteCodes.includes(code)).map(({ id }) => id) }
}

function withCodes({ claim, siteIds }: ClaimAboutSites, sites: readonly Site[]): TypedClaim {
  return { claim, siteCodes: sites.filter(({ id }) => siteIds.includes(id)).map(({ code }) => code) }
}

async function registeredBy({ context: { db }, trial }: Asking, day: CalendarDate): Promise<number> {
  const { counting } = await findPathway(db, trial.id)
  const counted = await countByTrial(db, [{ trialId: trial.id, step: counting.code }], day)
  return counted.get(trial.id) ?? 0
}
