/** People who may sign in, and the roles they hold. */
import type { Actor, Context } from '../context.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import type { Grant, Role } from '../domain/permission.ts'
import type { Db } from './database.ts'
import { prepared } from './prepared.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

const withGrants = prepared((db, personId) =>
  db
    .selectFrom('person')
    .leftJoin('role_grant', (join) =>
      join.onRef('role_grant.person_id', '=', 'person.id').on('role_grant.revoked_at', 'is', null),
    )
    .leftJoin('trial_lock', (join) =>
      join.onRef('trial_lock.trial_id', '=', 'role_grant.trial_id').on('trial_lock.ended_at', 'is', null),
    )
    .select(['person.id', 'username', 'person.name_ja', 'person.name_en', 'role', 'role_grant.trial_id', 'site_id'])
    .select('trial_lock.id as lock_id')
    .where('person.id', '=', personId)
    .where('disabled_at', 'is', null),
)

/** The person with their roles as they are now; null where there is none, or no longer. */
export async function findActor(db: Db, personId: string): Promise<Actor | null> {
  const rows = await withGrants(db, personId)
  const [person] = rows
  if (person === undefined) return null
  return {
    personId: person.id,
    username: person.username,
    name: { ja: person.name_ja, en: person.name_en },
    grants: rows.flatMap(({ role, trial_id: trialId, site_id: siteId, lock_id: lockId }): Grant[] =>
      role === null ? [] : [{ role: role as Role, trialId, siteId, ...(lockId === null ? {} : { reads: 'only' }) }],
    ),
  }
}

/** What a password is held against; null for an unknown name, an ended account, and one without a password. */
export async function findCredentials(
  db: Db,
  username: string,
): Promise<{ personId: string; passwordHash: string } | null> {
  const row = await db
    .selectFrom('person')
    .select(['id', 'password_hash'])
    .where('username', '=', username)
    .where('disabled_at', 'is', null)
    .where('password_hash', '!=', '')
    .executeTakeFirst()
  return row === undefined ? null : { personId: row.id, passwordHash: row.password_hash }
}

export async function findPersonId(db: Db, username: string): Promise<string | null> {
  const row = await db.selectFrom('person').select('id').where('username', '=', username).executeTakeFirst()
  return row?.id ?? null
}

/** `passwordHash` is empty where the person is to choose a password themselves. */
export type NewPerson = { username: string; name: Bilingual; passwordHash: string }

export async function insertPerson(write: Write, context: Context, person: NewPerson): Promise<string> {
  const id = context.newId()
  await write.insert(
    'person',
    {
      id,
      username: person.username,
      ...named('name', person.name),
      password_hash: person.passwordHash,
      created_at: context.now(),
      disabled_at: null,
    },
    'person_added',
  )
  return id
}

export async function insertGrant(write: Write, context: Context, personId: string, grant: Grant): Promise<void> {
  await write.insert(
    'role_grant',
    {
      id: context.newId(),
      person_id: personId,
      role: grant.role,
      trial_id: grant.trialId,
      site_id: grant.siteId,
      granted_at: context.now(),
      revoked_at: null,
    },
    'role_granted',
  )
}

/** People's names in both languages by their identifiers; identifiers of nobody are left out. */
export async function findNames(db: Db, ids: readonly string[]): Promise<Map<string, Bilingual>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('person').select(['id', 'name_ja', 'name_en']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, { ja: row.name_ja, en: row.name_en }]))
}

/** What people sign in with, by their identifiers. */
export async function findUsernames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('person').select(['id', 'username']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.username]))
}

/** Everybody who holds a role, for the demonstration's sign-in page. */
export async function listPeopleWithRoles(db: Db): Promise<{ username: string; name: Bilingual; role: Role }[]> {
  const rows = await db
    .selectFrom('person')
    .innerJoin('role_grant', 'role_grant.person_id', 'person.id')
    .select(['username', 'name_ja', 'name_en', 'role'])
    .distinct()
    .orderBy('username')
    .execute()
  return rows.map((row) => ({
    username: row.username,
    name: { ja: row.name_ja, en: row.name_en },
    role: row.role as Role,
  }))
}

/** The names of those who grant roles, by their usernames. */
export async function listAdministrators(db: Db): Promise<Bilingual[]> {
  const rows = await db
    .selectFrom('person')
    .innerJoin('role_grant', 'role_grant.person_id', 'person.id')
    .select(['username', 'name_ja', 'name_en'])
    .distinct()
    .where('role', '=', 'administrator')
    .where('revoked_at', 'is', null)
    .where('disabled_at', 'is', null)
    .orderBy('username')
    .execute()
  return rows.map((row) => ({ ja: row.name_ja, en: row.name_en }))
}
