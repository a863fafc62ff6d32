/** Identities of the OpenID provider, and whose they are: a person has one at most, and an identity one person. */
import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { OpenIdSubject } from '../domain/openid.ts'
import { openIdPrefix } from '../domain/person.ts'
import type { Db } from './database.ts'
import type { Write } from './write.ts'

export type LinkedIdentity = OpenIdSubject & { id: string; personId: string; linkedAt: string }

async function findRow(db: Db, { issuer, subject }: OpenIdSubject) {
  const row = await db
    .selectFrom('openid_identity')
    .selectAll()
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row ?? null
}

/** Whose identity it is; null where it is nobody's, or no longer. */
export async function findPersonOfIdentity(db: Db, identity: OpenIdSubject): Promise<string | null> {
  const row = await findRow(db, identity)
  return row === null || row.unlinked_at !== null ? null : row.person_id
}

export async function findIdentityOf(db: Db, personId: string): Promise<LinkedIdentity | null> {
  const row = await db
    .selectFrom('openid_identity')
    .selectAll()
    .where('person_id', '=', personId)
    .where('unlinked_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return null
  const { id, issuer, subject, linked_at: linkedAt } = row
  return { id, personId, issuer, subject, linkedAt }
}

/** An identity that was unlinked before keeps its row, and with it its history. */
export async function insertOrReviseIdentity(
  write: Write,
  context: Context,
  personId: string,
  { issuer, subject }: OpenIdSubject,
): Promise<void> {
  const earlier = await findRow(write, { issuer, subject })
  const columns = { person_id: personId, linked_at: context.now(), unlinked_at: null }
  if (earlier === null) {
    await write.insert('openid_identity', { id: context.newId(), issuer, subject, ...columns }, 'openid_linked')
    return
  }
  await write.revise('openid_identity', earlier.id, columns, 'openid_linked', null)
}

export async function reviseIdentityAsUnlinked(write: Write, context: Context, id: string): Promise<void> {
  await write.revise('openid_identity', id, { unlinked_at: context.now() }, 'openid_unlinked', null)
}

/** A username as it is given at a first sign-in, out of chance: `openid-3f9a1c07b2e4`. A subject may be anything. */
export function newOpenIdUsername(): string {
  return `${openIdPrefix}${randomBytes(6).toString('hex')}`
}
