/** Requests begin in the order in which they came, so many in a turn of the loop: whoever came first is answered first. */
import type { NextFunction, RequestHandler } from 'express'
import { inNextTurn } from '../../turns.ts'

/** Those who begin together are recorded together; without it everybody who has come would be answered when all are. */
export function takeTurns(most: number): RequestHandler {
  const waiting: NextFunction[] = []
  const begin = () => {
    for (const next of waiting.splice(0, most)) next()
    if (waiting.length > 0) inNextTurn(begin)
  }
  return (_request, _response, next) => {
    waiting.push(next)
    if (waiting.length === 1) inNextTurn(begin)
  }
}
