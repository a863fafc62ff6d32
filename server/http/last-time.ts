/** The first page after signing in says when and from where one was last here; the next page says no more of it. */
import { lastTimeWords } from '../pages/account-words.ts'
import type { Visit } from './visit.ts'

export function lastTimeSaid({ actor, request, words }: Visit): string | null {
  const { lastTime } = request.session ?? {}
  if (actor === null || lastTime === undefined) return null
  delete request.session.lastTime
  return lastTimeWords(lastTime, words)
}
