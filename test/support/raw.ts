/**
 * Ways past the product, for tests only: what somebody who owns the data could do to them, on either engine.
 * Nothing here goes through a `Write`; most of it goes past triggers and foreign keys.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import type { Db, Tables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { query, withName } from './engines.ts'

const onServer = process.env.TEST_ENGINE === 'server'

/** Whether the engine under test is one that a product does not back up by itself. */
export const serverHasItsOwnBackups = onServer

/** A connection that may write without the product's rules, but with the database's own: triggers, keys, checks. */
export function rawWriter(db: Db): Kysely<Tables> {
  return engineOf(db).writer
}

/**
 * Does something as the owner of the data, with every trigger and foreign key out of the way, hands what is there then
 * to `look`, and takes everything back.
 */
export async function afterTampering<T>(
  db: Db,
  tamper: (rows: Kysely<Tables>) => Promise<unknown>,
  look: (rows: Db) => Promise<T>,
): Promise<T> {
  const transaction = await engineOf(db).writer.startTransaction().execute()
  try {
    await switchOffTriggers(transaction)
    await tamper(transaction)
    return await look(transaction)
  } finally {
    await transaction.rollback().execute()
  }
}

async function switchOffTriggers(transaction: Kysely<Tables>): Promise<void> {
  if (onServer) {
    await sql`set local session_replication_role = replica`.execute(transaction)
    return
  }
  await sql`pragma defer_foreign_keys = on`.execute(transaction)
  const triggers = await sql<{ name: string }>`select name from sqlite_master where type = 'trigger'`.execute(
    transaction,
  )
  for (const { name } of triggers.rows) await sql`drop trigger ${sql.id(name)}`.execute(transaction)
}

/** Every statement that changes or removes rows which are there, by its name, on the engine under test. */
export function rewritesOf(table: string): [name: string, statement: RawBuilder<unknown>][] {
  const every: [string, RawBuilder<unknown>][] = [
    ['update', sql`update ${sql.table(table)} set reason = 'changed'`],
    ['update of one row', sql`update ${sql.table(table)} set reason = 'changed' where sequence = 1`],
    ['update that changes nothing', sql`update ${sql.table(table)} set reason = reason`],
    ['delete', sql`delete from ${sql.table(table)}`],
    ['delete of the last row', sql`delete from ${sql.table(table)} where sequence > 1`],
    [
      'insert on conflict do update',
      sql`insert into ${sql.table(table)} select * from ${sql.table(table)} where sequence = 1
        on conflict (chain, sequence) do update set reason = 'changed'`,
    ],
  ]
  if (onServer) return [...every, ['truncate', sql`truncate ${sql.table(table)}`]]
  return [
    ...every,
    ['insert or replace', sql`insert or replace into ${sql.table(table)} select * from ${sql.table(table)}`],
    ['update or replace', sql`update or replace ${sql.table(table)} set sequence = sequence + 1`],
  ]
}

/** The copies of its data that the engine kept under a name: one file beside the file, none on a server, which has backups. */
export function keptCopies(address: string, suffix: string): { expected: number; addresses: string[] } {
  if (onServer) return { expected: 0, addresses: [] }
  const path = `${address}.${suffix}`
  return { expected: 1, addresses: existsSync(path) ? [path] : [] }
}

/** The address of a database without a single table, for migrations that start from nothing. */
export async function addressOfNothing(prepared: string, name: string): Promise<string> {
  if (!onServer) return `${prepared}.${name}.db`
  await query(withName(prepared, 'postgres'), `create database "${name}"`)
  return withName(prepared, name)
}

/** How many connections to its database somebody has who goes by a name. */
export async function connectionsTo(address: string, name: string): Promise<number> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    const { rows } = await client.query(
      'select count(*)::int as size from pg_stat_activity where datname = current_database() and application_name = $1',
      [name],
    )
    return rows[0].size
  } finally {
    await client.end()
  }
}

/**
 * Everything of a database in which a text still stands: its tables, whatever they are, and, where it is a file, the bytes
 * of that file and of the log beside it, used or not.
 */
export async function placesHolding(db: Db, text: string): Promise<string[]> {
  const { writer } = engineOf(db)
  const found: string[] = []
  for (const { name, columns } of await writer.introspection.getTables()) {
    for (const column of columns) {
      const { rows } = await sql<{ number: number }>`select count(*) as number from ${sql.table(name)}
        where cast(${sql.ref(column.name)} as text) like ${`%${text}%`}`.execute(writer)
      if (Number(rows[0]?.number) > 0) found.push(`${name}.${column.name}`)
    }
  }
  if (onServer) return found
  const { rows } = await sql<{ file: string }>`select file from pragma_database_list where name = 'main'`.execute(
    writer,
  )
  for (const ending of ['', '-wal', '-shm']) {
    const path = `${rows[0]?.file}${ending}`
    if (existsSync(path) && readFileSync(path).includes(text)) found.push(`the bytes of ${basename(path)}`)
  }
  return found
}
