/** Signed-in sessions: found by the hash of their identifier, idle after 30 minutes, over after 12 hours. */
import { createHash } from 'node:crypto'
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'
import { prepared } from './prepared.ts'

export const idleMinutes = 30
export const absoluteHours = 12
/** A request within a minute of the last one does not write: reading a page costs no write. */
const touchSeconds = 60

export type StoredSession = { content: string; createdAt: string; seenAt: string }

/** Who reads the database file cannot take over a session: only the hash is in it. */
export function sessionIdHash(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** Null: it ended. */
type Waiting = Map<string, { personId: string | null; session: StoredSession } | null>

/**
 * What waits to be written because somebody's turn lasts, by the hash of the identifier: nobody waits for an import to
 * sign in. Where the process ends before, a person signs in again.
 */
const waitingBehind = new WeakMap<object, Waiting>()

function waitingIn(db: Db): Waiting {
  const known = waitingBehind.get(db) ?? (new Map() as Waiting)
  waitingBehind.set(db, known)
  return known
}

/** Waits for the write, or, where that would be long, lets it follow by itself in the order of what was said. */
async function writeOrFollow(
  db: Db,
  hash: string,
  said: { personId: string | null; session: StoredSession } | null,
  write: () => Promise<unknown>,
): Promise<void> {
  const waiting = waitingIn(db)
  if (!engineOf(db).isTaken()) {
    await write()
    return
  }
  waiting.set(hash, said)
  const settle = () => {
    if (waiting.get(hash) === said) waiting.delete(hash)
  }
  // One that cannot be written is over: its person signs in again.
  void write().then(settle, settle)
}

/** The session as it was kept; null where there is none or its time is over. */
export async function findSession(db: Db, id: string, now: string): Promise<StoredSession | null> {
  const hash = sessionIdHash(id)
  const waiting = waitingIn(db).get(hash)
  const session = waiting === undefined ? await findWritten(db, hash) : (waiting?.session ?? null)
  if (session === null) return null
  return isOver(session, now) ? null : session
}

function isOver({ createdAt, seenAt }: Pick<StoredSession, 'createdAt' | 'seenAt'>, now: string): boolean {
  const isIdle = millisecondsBetween(seenAt, now) > idleMinutes * 60_000
  return isIdle || millisecondsBetween(createdAt, now) > absoluteHours * 3_600_000
}

const writtenAs = prepared((db, hash) =>
  db.selectFrom('session').select(['content', 'created_at', 'seen_at']).where('id_hash', '=', hash),
)

async function findWritten(db: Db, hash: string): Promise<StoredSession | null> {
  const [row] = await writtenAs(db, hash)
  return row === undefined ? null : { content: row.content, createdAt: row.created_at, seenAt: row.seen_at }
}

export async function keepSession(
  db: Db,
  id: string,
  session: { personId: string | null; content: string },
  now: string,
): Promise<void> {
  const hash = sessionIdHash(id)
  const changes = { person_id: session.personId, content: session.content, seen_at: now }
  const kept = waitingIn(db).get(hash)?.session ?? (await findWritten(db, hash))
  const createdAt = kept?.createdAt ?? now
  const said = { personId: session.personId, session: { content: session.content, createdAt, seenAt: now } }
  await writeOrFollow(db, hash, said, () =>
    engineOf(db)
      .writer.insertInto('session')
      .values({ id_hash: hash, created_at: createdAt, ...changes })
      .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(changes))
      .execute(),
  )
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

/** Signing out is written before it is answered; a session in which nobody had signed in ends when there is time. */
export async function endSession(db: Db, id: string): Promise<void> {
  const hash = sessionIdHash(id)
  const remove = () => engineOf(db).writer.deleteFrom('session').where('id_hash', '=', hash).execute()
  const written = await db.selectFrom('session').select('person_id').where('id_hash', '=', hash).executeTakeFirst()
  const waiting = waitingIn(db).get(hash)
  const personId = waiting === undefined ? written?.person_id : waiting?.personId
  if (personId == null) return writeOrFollow(db, hash, null, remove)
  waitingIn(db).set(hash, null)
  await remove()
  waitingIn(db).delete(hash)
}

/** A session as its own person sees it: `handle` names it in a form, and opens nothing. */
export type OwnSession = { handle: string; content: string; createdAt: string; seenAt: string; isThis: boolean }

function handleOf(idHash: string): string {
  return createHash('sha256').update(`handle ${idHash}`).digest('hex').slice(0, 32)
}

/** The handle of the session with an identifier: what names it in its person's list and in records of reading. */
export function findHandleOf(id: string): string {
  return handleOf(sessionIdHash(id))
}

/** Where a person is signed in now, the last used first; `id` is the session that asks. */
export async function listSessionsOf(db: Db, personId: string, id: string, now: string): Promise<OwnSession[]> {
  const rows = await db.selectFrom('session').selectAll().where('person_id', '=', personId).execute()
  return rows
    .filter((row) => !isOver({ createdAt: row.created_at, seenAt: row.seen_at }, now))
    .map((row) => ({
      handle: handleOf(row.id_hash),
      content: row.content,
      createdAt: row.created_at,
      seenAt: row.seen_at,
      isThis: row.id_hash === sessionIdHash(id),
    }))
    .sort((a, b) => Number(b.isThis) - Number(a.isThis) || (a.seenAt < b.seenAt ? 1 : -1))
}

/** Ends one of a person's sessions by its handle, or, for null, every one but this. */
export async function endSessionsOf(db: Db, personId: string, id: string, handle: string | null): Promise<number> {
  const rows = await db.selectFrom('session').select('id_hash').where('person_id', '=', personId).execute()
  const ending = rows.filter(({ id_hash: hash }) =>
    handle === null ? hash !== sessionIdHash(id) : handleOf(hash) === handle,
  )
  for (const { id_hash: hash } of ending) {
    const remove = () => engineOf(db).writer.deleteFrom('session').where('id_hash', '=', hash).execute()
    await writeOrFollow(db, hash, null, remove)
  }
  return ending.length
}

/** Removes the sessions whose time is over. */
export async function forgetOldSessions(db: Db, now: string): Promise<void> {
  const idleSince = new Date(Date.parse(now) - idleMinutes * 60_000).toISOString()
  await engineOf(db).writer.deleteFrom('session').where('seen_at', '<', idleSince).execute()
}

/** Ends every session there is: a restored database must not know one that was ended since. */
export async function forgetSessions(db: Db): Promise<void> {
  await engineOf(db).writer.deleteFrom('session').execute()
}

function millisecondsBetween(from: string, until: string): number {
  return Date.parse(until) - Date.parse(from)
}
