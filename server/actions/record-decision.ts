/**
 * A committee records what it decided. With the last approval that the request needs, the terms it asks for become the
 * next version of the trial's, in the same change; while one is missing the old terms stay in force.
 */
import type { Actor, Context } from '../context.ts'
import { insertDecision } from '../db/request-decisions.ts'
import { findWholeRequest, reviseAdoptedVersion, reviseRequestState } from '../db/request-records.ts'
import { insertTerms, listTerms } from '../db/trial-terms.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { decisionProblems } from '../domain/request/correspondence-problems.ts'
import { type Decision, stepOfDecision, verdictOf } from '../domain/request/decisions.ts'
import { isApproved, stateAfter, stepProblems } from '../domain/request/life-cycle.ts'
import { termsApproved } from '../domain/request/terms-asked.ts'

/** Gives the version of the terms that the decision brought, or null where it brought none. */
export function recordDecision(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  draft: Omit<Decision, 'id' | 'position'>,
): Promise<Parsed<{ version: number | null }>> {
  return transact(context, actor, trialId, async (write): Promise<Parsed<{ version: number | null }>> => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record, bodies, decisions } = found
    const today = context.today((await findTrial(write, trialId)).timeZone)
    const problems = decisionProblems(found, draft, today)
    if (problems.length > 0) return { problems }
    const place = { trialId, requestId: record.id, position: decisions.length + 1 }
    const verdict = verdictOf(bodies, [...decisions, { ...draft, id: '', position: place.position }])
    const step = isApproved(record.state) ? 'decide_in_part' : stepOfDecision(verdict)
    const impossible = stepProblems(record.state, step)
    if (impossible.length > 0) return { problems: impossible }
    await insertDecision(write, context, place, draft)
    const state = stateAfter(record.state, step) ?? record.state
    await reviseRequestState(write, record, state)

    const body = bodies.find(({ id }) => id === verdict.last?.bodyId)
    const isNew = isApproved(state) && !isApproved(record.state)
    if (!isNew || record.termsAsked === null || verdict.last === null || body === undefined) {
      return { value: { version: null } }
    }
    const versions = await listTerms(write, trialId)
    const current = versions.at(-1)
    if (current === undefined) throw new Error(`trial ${trialId} has no terms`)
    const version = versions.length + 1
    const approval = { decision: verdict.last, body }
    await insertTerms(write, context, trialId, termsApproved(record.termsAsked, record, approval, current, version))
    await reviseAdoptedVersion(write, record.id, version)
    return { value: { version } }
  })
}
