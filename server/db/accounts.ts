/** Accounts as an administrator sees them: who there is, where each stands, which roles they hold; never a trial's data. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import type { Grant, Role } from '../domain/permission.ts'
import type { LinkKind } from '../domain/person.ts'
import { listUnusedLinks } from './access-links.ts'
import type { Db } from './database.ts'
import { listLastSignIns } from './sign-in-notes.ts'
import type { Write } from './write.ts'

/** A role that somebody holds, with the codes that name its place. */
export type HeldRole = { id: string; role: Role; trialCode: string | null; siteCode: string | null; grantedAt: string }

export type Account = {
  personId: string
  username: string
  name: Bilingual
  addedAt: string
  endedAt: string | null
  hasPassword: boolean
  /** Who they are to the OpenID provider. */
  openId: { issuer: string; subject: string; linkedAt: string } | null
  /** The link that waits for them; it may be too old. */
  link: { kind: LinkKind; expiresAt: string } | null
  secondFactorSince: string | null
  lastSignInAt: string | null
  roles: readonly HeldRole[]
}

function matching(db: Db, search: string) {
  const people = db.selectFrom('person')
  if (search === '') return people
  const pattern = `%${search.toUpperCase().replace(/[\\%_]/g, '\\$&')}%`
  return people.where((on) =>
    on.or(
      (['username', 'name_ja', 'name_en'] as const).map(
        (name) => sql<boolean>`upper(${sql.ref(name)}) like ${pattern} escape '\\'`,
      ),
    ),
  )
}

export async function countAccounts(db: Db, search: string): Promise<number> {
  const { size } = await matching(db, search)
    .select(({ fn }) => fn.countAll().as('size'))
    .executeTakeFirstOrThrow()
  return Number(size)
}

/** A page of the accounts, by their usernames. */
export async function listAccounts(
  db: Db,
  page: { search: string; limit: number; offset: number },
): Promise<Account[]> {
  const rows = await matching(db, page.search)
    .select('username')
    .orderBy('username')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return accountsOf(
    db,
    rows.map(({ username }) => username),
  )
}

export async function findAccount(db: Db, username: string): Promise<Account | null> {
  return (await accountsOf(db, [username]))[0] ?? null
}

async function accountsOf(db: Db, usernames: readonly string[]): Promise<Account[]> {
  if (usernames.length === 0) return []
  const people = await db
    .selectFrom('person')
    .leftJoin('second_factor', (join) =>
      join.onRef('second_factor.person_id', '=', 'person.id').on('second_factor.secret', 'is not', null),
    )
    .leftJoin('openid_identity', (join) =>
      join.onRef('openid_identity.person_id', '=', 'person.id').on('unlinked_at', 'is', null),
    )
    .select(['person.id', 'username', 'name_ja', 'name_en', 'created_at', 'disabled_at', 'password_hash', 'set_up_at'])
    .select(['issuer', 'subject', 'linked_at'])
    .where('username', 'in', usernames)
    .orderBy('username')
    .execute()
  const ids = people.map(({ id }) => id)
  if (ids.length === 0) return []
  const lastSignIns = await listLastSignIns(db, ids)
  const roles = await rolesOf(db, ids)
  return Promise.all(
    people.map(async (row): Promise<Account> => {
      const link = (await listUnusedLinks(db, row.id)).at(-1)
      return {
        personId: row.id,
        username: row.username,
        name: { ja: row.name_ja, en: row.name_en },
        addedAt: row.created_at,
        endedAt: row.disabled_at,
        hasPassword: row.password_hash !== '',
        openId: openIdFrom(row),
        link: link === undefined ? null : { kind: link.kind, expiresAt: link.expiresAt },
        secondFactorSince: row.set_up_at,
        lastSignInAt: lastSignIns.get(row.id) ?? null,
        roles: roles.filter(({ personId }) => personId === row.id).map(({ held }) => held),
      }
    }),
  )
}

function openIdFrom(row: { issuer: string | null; subject: string | null; linked_at: string | null }) {
  const { issuer, subject, linked_at: linkedAt } = row
  return issuer === null || subject === null || linkedAt === null ? null : { issuer, subject, linkedAt }
}

async function rolesOf(db: Db, personIds: readonly string[]): Promise<{ personId: string; held: HeldRole }[]> {
  const rows = await db
    .selectFrom('role_grant')
    .leftJoin('trial', 'trial.id', 'role_grant.trial_id')
    .leftJoin('site', 'site.id', 'role_grant.site_id')
    .select(['role_grant.id', 'person_id', 'role', 'granted_at', 'trial.code as trial_code', 'site.code as site_code'])
    .where('person_id', 'in', personIds)
    .where('revoked_at', 'is', null)
    .orderBy('granted_at')
    .orderBy('role_grant.id')
    .execute()
  return rows.map((row) => ({
    personId: row.person_id,
    held: {
      id: row.id,
      role: row.role as Role,
      trialCode: row.trial_code,
      siteCode: row.site_code,
      grantedAt: row.granted_at,
    },
  }))
}

/** Where a role can be granted: every trial and every site, by their codes alone. */
export async function listPlaces(
  db: Db,
): Promise<{ trialId: string; code: string; sites: { id: string; code: string }[] }[]> {
  const trials = await db.selectFrom('trial').select(['id', 'code']).orderBy('code').execute()
  const sites = await db.selectFrom('site').select(['id', 'trial_id', 'code']).orderBy('code').execute()
  return trials.map(({ id, code }) => ({
    trialId: id,
    code,
    sites: sites.filter((site) => site.trial_id === id).map((site) => ({ id: site.id, code: site.code })),
  }))
}

/** A grant as it stands; null where it has ended or never was, or is somebody else's. */
export async function findGrant(db: Db, personId: string, grantId: string): Promise<Grant | null> {
  const row = await db
    .selectFrom('role_grant')
    .select(['role', 'trial_id', 'site_id'])
    .where('id', '=', grantId)
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row === undefined ? null : { role: row.role as Role, trialId: row.trial_id, siteId: row.site_id }
}

/** Whether somebody but this person could still let others in, even where the OpenID provider is gone. */
export async function isAnotherAdministrator(db: Db, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('role_grant')
    .innerJoin('person', 'person.id', 'role_grant.person_id')
    .select('role_grant.id')
    .where('role', '=', 'administrator')
    .where('revoked_at', 'is', null)
    .where('disabled_at', 'is', null)
    .where('password_hash', '!=', '')
    .where('person_id', '!=', personId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function isAnybodyThere(db: Db): Promise<boolean> {
  return (await db.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function reviseGrantAsEnded(write: Write, context: Context, grantId: string): Promise<void> {
  await write.revise('role_grant', grantId, { revoked_at: context.now() }, 'role_ended', null)
}

export async function revisePersonAsEnded(write: Write, context: Context, personId: string): Promise<void> {
  await write.revise('person', personId, { disabled_at: context.now() }, 'access_ended', null)
}

export async function revisePersonAsReopened(write: Write, personId: string): Promise<void> {
  await write.revise('person', personId, { disabled_at: null }, 'access_reopened', null)
}

export async function revisePassword(write: Write, personId: string, passwordHash: string): Promise<void> {
  await write.revise('person', personId, { password_hash: passwordHash }, 'password_set', null)
}

export async function insertLock(
  write: Write,
  context: Context,
  lock: { personId: string | null; lockOf: 'account' | 'address'; address: string; until: string; failures: number },
): Promise<void> {
  await write.insert(
    'sign_in_lock',
    {
      id: context.newId(),
      person_id: lock.personId,
      lock_of: lock.lockOf,
      address: lock.address,
      begun_at: context.now(),
      until: lock.until,
      failures: lock.failures,
    },
    'sign_in_locked',
  )
}
