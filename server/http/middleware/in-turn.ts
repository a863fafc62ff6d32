/**
 * Requests begin in the order in which they came, a few in each turn of the loop. A process that has fifty to answer would
 * otherwise begin all of them before it hears of the next: whoever was answered first would wait for everybody twice.
 */
import type { RequestHandler } from 'express'

/** Enough that those who are shown subjects are recorded together, few enough that nobody waits long for the others. */
export const inOneTurn = 8

/** For one application: lets requests through in their order. Each runs as far as it can before the next one begins. */
export function inTurn(): RequestHandler {
  const waiting: (() => void)[] = []
  let awaited = 0
  const begin = () => {
    awaited -= 1
    const next = waiting.shift()
    if (waiting.length > awaited) beginNextTurn()
    next?.()
  }
  const beginNextTurn = () => {
    awaited += 1
    setImmediate(begin)
  }
  return (_request, _response, next) => {
    waiting.push(next)
    if (awaited < inOneTurn) beginNextTurn()
  }
}
