/**
 * Guests' links to change requests. Who reads the database cannot open one: only the hash of its token is in it. What
 * is read under a link is kept with it, as the text whose digest stands beside.
 */
import type { Context } from '../context.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { GuestLink } from '../domain/request/guest-link.ts'
import { tokenHash } from './access-links.ts'
import { canonicalJson, textHash } from './canonical-json.ts'
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function withViews(db: Db) {
  return db
    .selectFrom('guest_link')
    .leftJoin('guest_link_view', 'guest_link_view.link_id', 'guest_link.id')
    .select([
      'guest_link.id',
      'label',
      'valid_until',
      'name_ja',
      'name_en',
      'created_at',
      'content_hash',
      'revoked_at',
      'views',
      'viewed_at',
    ])
}
type LinkRow = Awaited<ReturnType<ReturnType<typeof withViews>['executeTakeFirstOrThrow']>>

function linkFrom(row: LinkRow): GuestLink {
  return {
    id: row.id,
    label: row.label,
    validUntil: row.valid_until as CalendarDate,
    name: { ja: row.name_ja, en: row.name_en },
    createdAt: row.created_at,
    contentHash: row.content_hash,
    revokedAt: row.revoked_at,
    views: Number(row.views ?? 0),
    viewedAt: row.viewed_at,
  }
}

/** All that were ever made for a request, the newest first; without what is read under them. */
export async function listGuestLinks(db: Db, requestId: string): Promise<GuestLink[]> {
  const rows = await withViews(db).where('request_id', '=', requestId).orderBy('guest_link.id', 'desc').execute()
  return rows.map(linkFrom)
}

/** The link of a token with what is read under it, however old or revoked; null for a token of no link. */
export async function findGuestLink(
  db: Db,
  token: string,
): Promise<{ link: GuestLink; trialId: string; content: string } | null> {
  if (!/^[\w-]{43}$/.test(token)) return null
  const row = await withViews(db)
    .select(['trial_id', 'content'])
    .where('token_hash', '=', tokenHash(token))
    .executeTakeFirst()
  if (row === undefined) return null
  if (textHash(row.content) !== row.content_hash)
    throw new Error(`guest link ${row.id} holds another text than was frozen`)
  return { link: linkFrom(row), trialId: row.trial_id, content: row.content }
}

/** Whether a token is of a link that was kept: a form sent twice has made one of its two tokens a link. */
export async function isGuestLinkKept(db: Db, token: string): Promise<boolean> {
  return (await findGuestLink(db, token)) !== null
}

export type GuestLinkDraft = { label: string; validUntil: CalendarDate; content: object; token: string }

export async function insertGuestLink(
  write: Write,
  context: Context,
  place: { trialId: string; requestId: string },
  maker: { personId: string; name: GuestLink['name'] },
  { label, validUntil, content, token }: GuestLinkDraft,
): Promise<string> {
  const text = canonicalJson(content)
  const id = context.newId()
  const row = {
    id,
    trial_id: place.trialId,
    request_id: place.requestId,
    label,
    token_hash: tokenHash(token),
    valid_until: validUntil,
    person_id: maker.personId,
    ...named('name', maker.name),
    created_at: context.now(),
    content: text,
    content_hash: textHash(text),
    revoked_at: null,
  }
  await write.insert('guest_link', row, 'guest_link_made')
  return id
}

export async function reviseGuestLinkAsRevoked(write: Write, context: Context, id: string): Promise<void> {
  await write.revise('guest_link', id, { revoked_at: context.now() }, 'guest_link_revoked', null)
}

/**
 * Counts that a link was opened: upkeep as with calendars, which no audit entry follows. Where somebody's turn to write
 * lasts it is not counted, so that the number is the least it can have been.
 */
export async function touchGuestLink(db: Db, linkId: string, now: string): Promise<void> {
  const engine = engineOf(db)
  if (engine.isTaken()) return
  await engine.writer
    .insertInto('guest_link_view')
    .values({ link_id: linkId, views: 1, viewed_at: now })
    .onConflict((conflict) =>
      conflict
        .column('link_id')
        .doUpdateSet(({ eb, ref }) => ({ views: eb(ref('guest_link_view.views'), '+', 1), viewed_at: now })),
    )
    .execute()
}
