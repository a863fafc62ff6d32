/**
 * THE seam: the only file that knows which engine holds the data. It opens a database, gives a trial's
 * writer its exclusive turn, and tells a broken uniqueness apart from other errors.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  sql,
  type Transaction,
} from 'kysely'
import pg from 'pg'
import type { DatabaseAddress } from '../config.ts'
import type { Db, Tables } from './database.ts'

/** What only `server/db` may do with a database. */
export type Engine = {
  writer: Kysely<Tables>
  /** One transaction in which nobody else writes to the same trial; `chain` is the trial's id, or `system`. */
  inTurn<T>(chain: string, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>
  /** Whether somebody's turn lasts for which any other write would have to wait. */
  isTaken(): boolean
  /**
   * One transaction on a copy of a trial that only it sees, and of which nothing is kept: nobody who writes waits for it.
   * Two are made at once; others wait for one of them.
   */
  onCopy<T>(trialId: string, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>
  /** Keeps a copy of the data as they are before a migration; nothing where the server has its own backups. */
  keepCopy(suffix: string): Promise<string | null>
  close(): Promise<void>
}

const engines = new WeakMap<object, Engine>()

/** The engine behind a database that `openDatabase` opened. */
export function engineOf(db: Db): Engine {
  const engine = engines.get(db)
  if (engine === undefined) throw new Error('this database was not opened by openDatabase')
  return engine
}

/** Opens a database; the file and its folder are made where they are missing. */
export async function openDatabase(address: DatabaseAddress): Promise<Db> {
  const { reader, engine } = address.kind === 'file' ? await openFile(address.path) : openServer(address.url)
  engines.set(reader, engine)
  return reader
}

export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

/** What of a table a copy of one trial holds, where that is not the rows with its `trial_id`. */
const inCopy: Partial<Record<string, 'itself' | 'every' | 'last' | 'none'>> = {
  trial: 'itself',
  person: 'every',
  role_grant: 'every',
  audit_entry: 'last',
  session: 'none',
  last_look: 'none',
  submission: 'none',
  calendar_feed: 'none',
  calendar_feed_use: 'none',
}

/** The rows that a copy takes: every one, or those of a column's value, or of those only the last entry of the chain. */
function copied(table: string): { by: 'id' | 'trial_id' | 'chain' | null; last: boolean } | null {
  const what = inCopy[table]
  if (what === 'none') return null
  if (what === 'every') return { by: null, last: false }
  if (what === 'last') return { by: 'chain', last: true }
  return { by: what === 'itself' ? 'id' : 'trial_id', last: false }
}

/** So many at once; the others wait in the order in which they came. */
function taking(most: number) {
  const waiting: (() => void)[] = []
  let free = most
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

const mostCopies = 2

type Opened = { reader: Kysely<Tables>; engine: Engine }

/* ---------- a file ---------- */

/** What every connection is set to. Read back at the start: an engine that ignored one of these is refused. */
const pragmas: Record<string, { set: string; reads: unknown }> = {
  journal_mode: { set: 'WAL', reads: 'wal' },
  synchronous: { set: 'FULL', reads: 2 },
  foreign_keys: { set: 'ON', reads: 1 },
  recursive_triggers: { set: 'ON', reads: 1 },
  busy_timeout: { set: '5000', reads: 5000 },
  trusted_schema: { set: 'OFF', reads: 0 },
}

function connectFile(path: string): Sqlite.Database {
  const connection = new Sqlite(path)
  for (const [name, { set }] of Object.entries(pragmas)) connection.pragma(`${name} = ${set}`)
  for (const [name, { reads }] of Object.entries(pragmas)) {
    const actual = connection.pragma(name, { simple: true })
    if (actual !== reads) throw new Error(`${path}: ${name} is ${String(actual)}, needs ${String(reads)}`)
  }
  return connection
}

/** Keeps prepared statements: the same sentence is compiled once for each connection. */
function withStatementsKept(connection: Sqlite.Database) {
  const statements = new Map<string, Sqlite.Statement>()
  return {
    close: () => void connection.close(),
    prepare: (text: string) => {
      const kept = statements.get(text)
      if (kept !== undefined) return kept
      const statement = connection.prepare(text)
      statements.set(text, statement)
      return statement
    },
  }
}

/** Takes the write lock at the first statement, so that what a transaction read is still true when it writes. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class FileDialect extends SqliteDialect {
  readonly #database: ReturnType<typeof withStatementsKept>
  constructor(connection: Sqlite.Database) {
    const database = withStatementsKept(connection)
    super({ database })
    this.#database = database
  }
  override createDriver() {
    return new ImmediateDriver({ database: this.#database })
  }
  override createAdapter() {
    return new TransactionalDdlAdapter()
  }
}

const rowsAtOnce = 2000

/** One trial of a file, in memory: every table, index and trigger as in the file, and the trial's rows as they are now. */
async function trialInMemory(path: string, trialId: string): Promise<Sqlite.Database> {
  const copy = new Sqlite(':memory:')
  try {
    copy.pragma('foreign_keys = OFF')
    copy.prepare('attach ? as source').run(path)
    copy.exec('begin')
    const made = copy
      .prepare("select type, name, sql from source.sqlite_master where sql is not null and name not like 'sqlite_%'")
      .all() as { type: string; name: string; sql: string }[]
    for (const { type, name, sql: statement } of made) {
      if (type !== 'table') continue
      copy.exec(statement)
      if (!name.startsWith('kysely_')) await copyRows(copy, name, trialId)
    }
    for (const { type, sql: statement } of made) if (type !== 'table') copy.exec(statement)
    copy.exec('commit')
    copy.exec('detach source')
    for (const name of ['foreign_keys', 'recursive_triggers', 'trusted_schema']) {
      copy.pragma(`${name} = ${pragmas[name]?.set}`)
    }
    return copy
  } catch (error) {
    copy.close()
    throw error
  }
}

async function copyRows(copy: Sqlite.Database, table: string, trialId: string): Promise<void> {
  const rows = copied(table)
  if (rows === null) return
  const insert = `insert into main."${table}" select * from source."${table}"`
  if (rows.last) {
    copy.prepare(`${insert} where ${rows.by} = ? order by sequence desc limit 1`).run(trialId)
    return
  }
  const { most } = copy.prepare(`select max(rowid) as most from source."${table}"`).get() as { most: number | null }
  const some = copy.prepare(`${insert} where rowid > ? and rowid <= ?${rows.by === null ? '' : ` and ${rows.by} = ?`}`)
  for (let from = 0; from < (most ?? 0); from += rowsAtOnce) {
    some.run(from, from + rowsAtOnce, ...(rows.by === null ? [] : [trialId]))
    // Others get their turn.
    if (from > 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

async function openFile(path: string): Promise<Opened> {
  const inTurns = taking(mostCopies)
  let turns = 0
  mkdirSync(dirname(path), { recursive: true })
  const writer = new Kysely<Tables>({ dialect: new FileDialect(connectFile(path)) })
  // Readers have their own connection: they see the last committed state and never wait for a writer.
  const reader = new Kysely<Tables>({ dialect: new FileDialect(connectFile(path)) })
  return {
    reader,
    engine: {
      writer,
      inTurn: async (_chain, work) => {
        turns += 1
        try {
          return await writer.transaction().execute(work)
        } finally {
          turns -= 1
        }
      },
      isTaken: () => turns > 0,
      onCopy: (trialId, work) =>
        inTurns(async () => {
          const copy = new Kysely<Tables>({ dialect: new FileDialect(await trialInMemory(path, trialId)) })
          try {
            return await copy.transaction().execute(work)
          } finally {
            await copy.destroy()
          }
        }),
      keepCopy: async (suffix) => {
        if (!existsSync(path)) return null
        await sql`pragma wal_checkpoint(truncate)`.execute(writer)
        copyFileSync(path, `${path}.${suffix}`)
        return `${path}.${suffix}`
      },
      close: async () => {
        await reader.destroy()
        await sql`pragma wal_checkpoint(truncate)`.execute(writer)
        await writer.destroy()
      },
    },
  }
}

/* ---------- a server ---------- */

/** Whole numbers of 64 bits arrive as numbers; dates and instants are text and need no parser. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

function openServer(url: string): Opened {
  const pool = new pg.Pool({ connectionString: url, types, max: 10 })
  pool.on('error', () => {}) // an idle connection that broke is replaced at its next use; queries report their own errors
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const inTurns = taking(mostCopies)
  return {
    reader: kysely,
    engine: {
      writer: kysely,
      inTurn: (chain, work) =>
        kysely.transaction().execute(async (transaction) => {
          await sql`select pg_advisory_xact_lock(hashtextextended(${chain}, 0))`.execute(transaction)
          return work(transaction)
        }),
      isTaken: () => false,
      onCopy: (trialId, work) =>
        inTurns(async () => {
          const transaction = await kysely.startTransaction().setIsolationLevel('repeatable read').execute()
          try {
            await copyTrial(transaction, trialId)
            return await work(transaction)
          } finally {
            await transaction.rollback().execute()
          }
        }),
      keepCopy: async () => null,
      close: () => kysely.destroy(),
    },
  }
}

/** Tables of this transaction's own, found before those that they are made like; nothing else can be written after. */
async function copyTrial(transaction: Transaction<Tables>, trialId: string): Promise<void> {
  const tables = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not like 'kysely%'`.execute(
    transaction,
  )
  const made = tables.rows.flatMap(({ schema, name }) => {
    const [own, original] = [sql.id('pg_temp', name), sql.id(schema, name)]
    const table = sql`create temporary table ${sql.id(name)} (like ${original} including all) on commit drop`
    const rows = copied(name)
    if (rows === null) return [table]
    const which = rows.by === null ? sql`` : sql`where ${sql.id(rows.by)} = ${sql.lit(trialId)}`
    const last = rows.last ? sql`order by sequence desc limit 1` : sql``
    return [table, sql`insert into ${own} select * from ${original} ${which} ${last}`, sql`analyze ${own}`]
  })
  // Without parameters, they are one message: a small check should not wait for seventy.
  await sql`${sql.join(made, sql`; `)}`.execute(transaction)
  await sql`set transaction read only`.execute(transaction)
}
