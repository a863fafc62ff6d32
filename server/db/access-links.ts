/** Links that let somebody in once: found by the hash of their token, over when used, revoked or too old. */
import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { type LinkKind, linkExpiry } from '../domain/person.ts'
import type { AccessLinkRow, Db } from './database.ts'
import type { Write } from './write.ts'

/** Who reads the database cannot use a link: only the hash of its token is in it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** 256 bits of chance, as they stand in an address. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export type OpenLink = { id: string; kind: LinkKind; personId: string | null; expiresAt: string }

const linkFrom = (row: AccessLinkRow): OpenLink => ({
  id: row.id,
  kind: row.kind as LinkKind,
  personId: row.person_id,
  expiresAt: row.expires_at,
})

function openRows(db: Db) {
  return db.selectFrom('access_link').selectAll().where('used_at', 'is', null).where('revoked_at', 'is', null)
}

/** The link of a token, while it may be used; null where there is none, or no longer. */
export async function findOpenLink(db: Db, token: string, now: string): Promise<OpenLink | null> {
  const row = await openRows(db)
    .where('token_hash', '=', tokenHash(token))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row === undefined ? null : linkFrom(row)
}

/** The links of a person that were neither used nor revoked, those that are too old among them; null: the set-up link. */
export async function listUnusedLinks(db: Db, personId: string | null): Promise<OpenLink[]> {
  const rows = await openRows(db)
    .where('person_id', personId === null ? 'is' : '=', personId)
    .orderBy('id')
    .execute()
  return rows.map(linkFrom)
}

/** One link at a time: what was issued before is worth nothing any more. */
export async function insertLink(
  write: Write,
  context: Context,
  link: { kind: LinkKind; personId: string | null; token: string },
): Promise<void> {
  await revokeLinks(write, context, link.personId)
  const now = context.now()
  await write.insert(
    'access_link',
    {
      id: context.newId(),
      person_id: link.personId,
      kind: link.kind,
      token_hash: tokenHash(link.token),
      issued_at: now,
      expires_at: linkExpiry(link.kind, now),
      used_at: null,
      revoked_at: null,
    },
    'access_link_issued',
  )
}

export async function revokeLinks(write: Write, context: Context, personId: string | null): Promise<void> {
  for (const { id } of await listUnusedLinks(write, personId)) {
    await write.revise('access_link', id, { revoked_at: context.now() }, 'access_link_revoked', null)
  }
}

export async function reviseLinkAsUsed(write: Write, context: Context, linkId: string): Promise<void> {
  await write.revise('access_link', linkId, { used_at: context.now() }, 'access_link_used', null)
}

/** Whether a token is of a link that was kept: a form sent twice has made one of its two tokens a link. */
export async function isLinkKept(db: Db, token: string): Promise<boolean> {
  const row = await openRows(db).where('token_hash', '=', tokenHash(token)).executeTakeFirst()
  return row !== undefined
}
