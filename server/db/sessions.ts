/** Signed-in sessions: found by the hash of their identifier, idle after 30 minutes, over after 12 hours. */
import { createHash } from 'node:crypto'
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'

export const idleMinutes = 30
export const absoluteHours = 12
/** A request within a minute of the last one does not write: reading a page costs no write. */
const touchSeconds = 60

export type StoredSession = { content: string; createdAt: string; seenAt: string }

/** Who reads the database file cannot take over a session: only the hash is in it. */
export function sessionIdHash(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** The session as it was kept; null where there is none or its time is over. */
export async function findSession(db: Db, id: string, now: string): Promise<StoredSession | null> {
  const row = await db
    .selectFrom('session')
    .select(['content', 'created_at', 'seen_at'])
    .where('id_hash', '=', sessionIdHash(id))
    .executeTakeFirst()
  if (row === undefined) return null
  const over = millisecondsBetween(row.seen_at, now) > idleMinutes * 60_000
  const tooOld = millisecondsBetween(row.created_at, now) > absoluteHours * 3_600_000
  return over || tooOld ? null : { content: row.content, createdAt: row.created_at, seenAt: row.seen_at }
}

export async function keepSession(
  db: Db,
  id: string,
  session: { personId: string | null; content: string },
  now: string,
): Promise<void> {
  const changes = { person_id: session.personId, content: session.content, seen_at: now }
  await engineOf(db)
    .writer.insertInto('session')
    .values({ id_hash: sessionIdHash(id), created_at: now, ...changes })
    .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(changes))
    .execute()
}

/**
 * Notes that a session is in use, once a minute at most. Who reads a page does not wait for an import to be recorded: the
 * next request notes it.
 */
export async function touchSession(db: Db, id: string, seenAt: string, now: string): Promise<void> {
  if (millisecondsBetween(seenAt, now) < touchSeconds * 1000) return
  const engine = engineOf(db)
  if (engine.isTaken()) return
  const hash = sessionIdHash(id)
  await engine.writer.updateTable('session').set({ seen_at: now }).where('id_hash', '=', hash).execute()
}

export async function endSession(db: Db, id: string): Promise<void> {
  await engineOf(db).writer.deleteFrom('session').where('id_hash', '=', sessionIdHash(id)).execute()
}

/** Removes the sessions whose time is over. */
export async function forgetOldSessions(db: Db, now: string): Promise<void> {
  const idleSince = new Date(Date.parse(now) - idleMinutes * 60_000).toISOString()
  await engineOf(db).writer.deleteFrom('session').where('seen_at', '<', idleSince).execute()
}

function millisecondsBetween(from: string, until: string): number {
  return Date.parse(until) - Date.parse(from)
}
