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

async function openFile(path: string): Promise<Opened> {
  mkdirSync(dirname(path), { recursive: true })
  const writer = new Kysely<Tables>({ dialect: new FileDialect(connectFile(path)) })
  // Readers have their own connection: they see the last committed state and never wait for a writer.
  const reader = new Kysely<Tables>({ dialect: new FileDialect(connectFile(path)) })
  return {
    reader,
    engine: {
      writer,
      inTurn: (_chain, work) => writer.transaction().execute(work),
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
  return {
    reader: kysely,
    engine: {
      writer: kysely,
      inTurn: (chain, work) =>
        kysely.transaction().execute(async (transaction) => {
          await sql`select pg_advisory_xact_lock(hashtextextended(${chain}, 0))`.execute(transaction)
          return work(transaction)
        }),
      keepCopy: async () => null,
      close: () => kysely.destroy(),
    },
  }
}
