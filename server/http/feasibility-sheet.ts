/** The projection on one sheet of paper for a committee, and as figures for programs. */
import { createHash } from 'node:crypto'
import { listRequestPromises } from '../db/change-requests.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { earlierPromises } from '../domain/earlier-promises.ts'
import { methodVersion } from '../domain/projection/method.ts'
import { type FeasibilityInput, feasibilitySheetPage } from '../pages/feasibility-sheet-page.ts'
import { problemsInWords } from '../pages/page.ts'
import { noFigures, projectionFigures } from '../pages/projection-figures.ts'
import { noProjectionPage, type ProjectionInput } from '../pages/projection-page.ts'
import { type AskedProjection, readProjection } from './projection.ts'
import { readFindings } from './requests/read-request.ts'
import type { Asking, Reply, TrialVisit } from './visit.ts'

/** Nothing is printed of a question that cannot be read: the projection's page says what is wrong with it. */
export async function showFeasibilitySheet(visit: TrialVisit): Promise<Reply> {
  const { words, request, trial } = visit
  const asked = await readProjection(visit)
  if (asked.problems.length > 0) {
    const [, query] = request.originalUrl.split('?')
    return { seeOther: `/trials/${trial.code}/projection?${query ?? ''}` }
  }
  const input = await feasibilityInput(visit, asked)
  return { page: input === null ? noProjectionPage(asked, words) : feasibilitySheetPage(input, words) }
}

export async function showProjectionFigures(visit: TrialVisit): Promise<Reply> {
  const { words, trial } = visit
  const asked = await readProjection(visit)
  if (asked.problems.length > 0) {
    const inWords = problemsInWords(asked.problems, words)
    const problems = asked.problems.map(({ field, code }, at) => ({ field, code, message: inWords[at]?.text ?? '' }))
    return { json: { problems }, status: 422 }
  }
  const input = await feasibilityInput(visit, asked)
  return { json: input === null ? noFigures(trial, asked.asOf.day) : projectionFigures(input), status: 200 }
}

/** What a sheet shows of a trial, or a file for programs; null where it had no terms yet on the day. */
export async function readFeasibility(asking: Asking): Promise<FeasibilityInput | null> {
  return feasibilityInput(asking, await readProjection(asking))
}

async function feasibilityInput(
  asking: Asking,
  { input, isCompared }: AskedProjection,
): Promise<FeasibilityInput | null> {
  if (input === null) return null
  const { context, trial } = asking
  const { outlook, request, versions, steps, isEdited } = input
  const requests = await listRequestPromises(context.db, trial.id)
  const latest = request?.number ?? null
  const promises = earlierPromises(outlook.asOf, outlook.deadline, latest, requests, versions, steps)
  const asked = request === null || isEdited ? null : await findWholeRequest(context.db, trial.id, request.number)
  const findings = asked === null ? null : (await readFindings(asking, asked)).findings
  return { ...input, promises, isCompared, findings, inputHash: recordHash(input) }
}

/**
 * SHA-256 over the method's version and everything that the figures are computed from, in a fixed order: two sheets
 * with one hash say the same. Sites stand in it under their codes, which a copy of the database keeps.
 */
function recordHash({ record, sites, small }: ProjectionInput): string {
  const codeOf = (siteId: string) => sites.find(({ id }) => id === siteId)?.code ?? ''
  const inOrder = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  const content = [
    methodVersion,
    record.asOf,
    record.target,
    record.deadline,
    record.sites.map(({ id, registered, open }) => [
      codeOf(id),
      // A digest of a few small numbers is found by trying them.
      small.withheld.has(id) ? null : registered,
      open.map(({ from, until }) => [from, until]),
    ]),
    record.plan === null ? null : [record.plan.subjects, record.plan.siteYears],
    record.inScreening,
    [record.recentOutcomes.converted, record.recentOutcomes.failed],
    record.claims.map(({ claim, siteIds }) => [inOrder(claim), siteIds.map(codeOf)]),
    record.yearsAsked,
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
