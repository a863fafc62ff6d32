/** Somebody signs out elsewhere: one of their sessions, or, for null, every one but this. Sessions have no audit entry. */
import type { Actor, Context } from '../context.ts'
import { endSessionsOf } from '../db/sessions.ts'
import type { Parsed } from '../domain/parsed.ts'

export async function endSessions(
  context: Context,
  actor: Actor,
  sessionId: string,
  handle: string | null,
): Promise<Parsed<{ ended: number }>> {
  const ended = await endSessionsOf(context.db, actor.personId, sessionId, handle)
  if (handle !== null && ended === 0) return { problems: [{ field: '', code: 'session_over' }] }
  return { value: { ended } }
}
