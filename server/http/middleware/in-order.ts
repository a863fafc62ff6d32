/**
 * Requests begin in the order in which they came, a few in each turn of the loop. Who comes meanwhile is heard before the
 * next begin, so that nobody waits much longer than the others.
 */
import type { RequestHandler } from 'express'

/** More at once are answered hardly sooner, and whoever came after them is heard later. */
const inOneTurn = 8

export function inOrder(): RequestHandler {
  const waiting: (() => void)[] = []
  let isBeginning = false
  const begin = () => {
    const first = waiting.splice(0, inOneTurn)
    // Each by itself: what one has to do at once is done before the next begins.
    for (const next of first) setImmediate(next)
    isBeginning = first.length > 0
    if (isBeginning) setImmediate(begin)
  }
  return (_request, _response, next) => {
    waiting.push(() => next())
    if (isBeginning) return
    isBeginning = true
    setImmediate(begin)
  }
}
