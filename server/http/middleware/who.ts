/** Who is signed in, with their roles and trials at this moment: a role taken away is gone with the next request. */
import type { RequestHandler } from 'express'
import type { Context } from '../../context.ts'
import { findActor } from '../../db/people.ts'
import { isSecondFactorOwed } from '../../db/second-factors.ts'
import { listTrialsFor } from '../../db/trials.ts'

export function findWho(context: Context): RequestHandler {
  return async (request, _response, next) => {
    const personId = request.session.personId
    request.actor = personId === undefined ? null : await findActor(context.db, personId)
    request.trials = request.actor === null ? [] : await listTrialsFor(context.db, request.actor.grants)
    const { actor, session, trials } = request
    const isAsked = actor !== null && actor.grants.length > 0 && session.secondFactor !== 'passed'
    request.owesSecondFactor = isAsked && (await isSecondFactorOwed(context.db, actor.personId, trials))
    next()
  }
}
