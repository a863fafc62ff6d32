/**
 * Secret addresses of people's calendars. Who reads the database file cannot follow one: only the digest of its token
 * is in it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import type { CalendarFeedRow, Db } from './database.ts'
import { engineOf } from './dialect.ts'
import type { Write } from './write.ts'

/** Of one trial, or of all trials that its owner may see, for null. */
export type CalendarFeed = {
  id: string
  personId: string
  trialId: string | null
  language: string
  createdAt: string
  revokedAt: string | null
}

/** 256 bits of chance, as 43 letters, digits, - and _: nobody guesses one. */
export function isFeedToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}

function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function feedFrom(row: CalendarFeedRow): CalendarFeed {
  return {
    id: row.id,
    personId: row.person_id,
    trialId: row.trial_id,
    language: row.language,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }
}

/** The feed of a token; null where there is none, or it was revoked. The digests are compared in constant time. */
export async function findFeedByToken(db: Db, token: string): Promise<CalendarFeed | null> {
  if (!isFeedToken(token)) return null
  const hash = tokenHash(token)
  const row = await db.selectFrom('calendar_feed').selectAll().where('token_hash', '=', hash).executeTakeFirst()
  if (row === undefined || row.revoked_at !== null) return null
  return timingSafeEqual(Buffer.from(row.token_hash), Buffer.from(hash)) ? feedFrom(row) : null
}

/** A person's own that still answer, the newest first, each with when it was last fetched. */
export async function listFeedsOf(db: Db, personId: string): Promise<(CalendarFeed & { usedAt: string | null })[]> {
  const rows = await db
    .selectFrom('calendar_feed')
    .leftJoin('calendar_feed_use', 'calendar_feed_use.feed_id', 'calendar_feed.id')
    .selectAll('calendar_feed')
    .select('used_at')
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({ ...feedFrom(row), usedAt: row.used_at }))
}

export async function insertFeed(
  write: Write,
  context: Context,
  feed: Pick<CalendarFeed, 'personId' | 'trialId' | 'language'> & { token: string },
): Promise<string> {
  const id = context.newId()
  const row = {
    id,
    person_id: feed.personId,
    trial_id: feed.trialId,
    language: feed.language,
    token_hash: tokenHash(feed.token),
    created_at: context.now(),
    revoked_at: null,
  }
  await write.insert('calendar_feed', row, 'calendar_feed_made')
  return id
}

export async function reviseRevokedFeed(write: Write, context: Context, id: string): Promise<void> {
  await write.revise('calendar_feed', id, { revoked_at: context.now() }, 'calendar_feed_revoked', null)
}

/**
 * Notes that a calendar was fetched: upkeep as with sessions, which no audit entry follows. Where somebody's turn to
 * write lasts, the next fetch notes it.
 */
export async function touchFeed(db: Db, feedId: string, now: string): Promise<void> {
  const engine = engineOf(db)
  if (engine.isTaken()) return
  await engine.writer
    .insertInto('calendar_feed_use')
    .values({ feed_id: feedId, used_at: now })
    .onConflict((conflict) => conflict.column('feed_id').doUpdateSet({ used_at: now }))
    .execute()
}
