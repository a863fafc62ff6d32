/**
 * THE seam: the only file that knows which engine holds the data. It opens a database, gives a trial's
 * writer its exclusive turn, and tells a broken uniqueness apart from other errors.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type LogEvent,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  sql,
  type Transaction,
} from 'kysely'
import pg from 'pg'
import { type DatabaseAddress, type ServerLimits, usualLimits } from '../config.ts'
import { askApart } from './apart.ts'
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
  /** Reads that all see one state, that of their beginning: nobody who writes waits for them, nor they for anybody. */
  onSnapshot<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Keeps a copy of the data as they are before a migration; nothing where the server has its own backups. */
  keepCopy(suffix: string): Promise<string | null>
  /**
   * Copies the data as they are now into a new file while others go on writing, and says how many of how many pages are
   * copied; null where the server has its own backups.
   */
  backUp: ((path: string, progress: Progress) => Promise<void>) | null
  /** The first thing that is damaged in the way the data are stored; null where nothing is, or the server sees to that. */
  damage(): Promise<string | null>
  /** How many bytes are left where the data are; null where that is the server's matter. */
  freeBytes(): Promise<number | null>
  /**
   * Overwrites what the file still holds of how rows were before, as soon as nobody reads an older state any more; nothing
   * where that is the server's matter.
   */
  forgetOldPages(): Promise<void>
  /** From now on, tells of every statement how many seconds it took, and whether it failed. */
  watch(tell: TellStatement): void
  /** Every table of the product, as it is made. */
  shapes(): Promise<TableShape[]>
  close(): Promise<void>
}

/** How many are done, of how many: pages, rows. */
export type Progress = (done: number, of: number) => void

export type TellStatement = (seconds: number, outcome: 'done' | 'failed') => void

/** A table, the columns of its primary key in their order, all of its columns, and the other tables that its rows point to. */
export type TableShape = { name: string; key: string[]; columns: string[]; pointsTo: string[] }

const engines = new WeakMap<object, Engine>()
const versions = new WeakMap<object, () => string>()

/** The engine behind a database that `openDatabase` opened. */
export function engineOf(db: Db): Engine {
  const engine = engines.get(db)
  if (engine === undefined) throw new Error('this database was not opened by openDatabase')
  return engine
}

/**
 * What is read from a database stands as long as this says the same, which costs less than to read it again; null where
 * that is not known: on a server, in a transaction, in a copy.
 */
export function versionOf(db: Db): string | null {
  return versions.get(db)?.() ?? null
}

/** Opens a database; the file and its folder are made where they are missing. */
export async function openDatabase(address: DatabaseAddress, limits: ServerLimits = usualLimits): Promise<Db> {
  const { reader, engine, version } =
    address.kind === 'file' ? await openFile(address.path) : openServer(address.url, limits)
  engines.set(reader, engine)
  if (version !== undefined) versions.set(reader, version)
  return reader
}

export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

/** What an engine says when it is busy, full, read-only, broken off or stopping: nothing that a request got wrong. */
const unavailable =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)|08|53|57|58|40|XX|25006|55000|55P03|ECONN|EPIPE|ETIMEDOUT|ENOSPC)/
/** The pool and its connections say these without a code. */
const unavailableInWords = /^Connection terminated|^timeout exceeded|^Client has encountered a connection error/

export function isUnavailableError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return unavailable.test(code) || unavailableInWords.test(error.message)
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
  access_link: 'none',
  second_factor: 'none',
  openid_identity: 'none',
  sign_in_lock: 'none',
  sign_in_note: 'none',
  calendar_feed: 'none',
  calendar_feed_use: 'none',
  access_record: 'none',
  guest_link: 'none',
  guest_link_view: 'none',
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

/** Hears of every statement, and tells whoever asked to be told. */
function newWatch() {
  let told: TellStatement = () => {}
  return {
    log: ({ level, queryDurationMillis }: LogEvent) =>
      told(queryDurationMillis / 1000, level === 'error' ? 'failed' : 'done'),
    watch: (tell: TellStatement) => {
      told = tell
    },
  }
}

type Opened = { reader: Kysely<Tables>; engine: Engine; version?: () => string }

/* ---------- a file ---------- */

/** What every connection is set to. Read back at the start: an engine that ignored one of these is refused. */
const pragmas: Record<string, { set: string; reads: unknown }> = {
  journal_mode: { set: 'WAL', reads: 'wal' },
  synchronous: { set: 'FULL', reads: 2 },
  foreign_keys: { set: 'ON', reads: 1 },
  recursive_triggers: { set: 'ON', reads: 1 },
  busy_timeout: { set: '5000', reads: 5000 },
  trusted_schema: { set: 'OFF', reads: 0 },
  // What is deleted or overwritten is gone from the file: a text that was taken out must not lie in a free corner of it.
  secure_delete: { set: 'ON', reads: 1 },
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
  const changesOfOthers = connection.prepare('pragma data_version').pluck()
  let ownChanges = 0
  const prepare = (text: string) => {
    const kept = statements.get(text)
    if (kept !== undefined) return kept
    const statement = connection.prepare(text)
    statements.set(text, statement)
    return statement
  }
  return {
    close: () => void connection.close(),
    isInTransaction: () => connection.inTransaction,
    prepare: (text: string) => {
      const statement = prepare(text)
      if (!statement.readonly) ownChanges += 1
      return statement
    },
    /** Another one after every change of the file, by this connection or any other, of this process or any other. */
    version: () => `${changesOfOthers.get()} ${ownChanges}`,
  }
}

/** Takes the write lock at the first statement, so that what a transaction read is still true when it writes. */
class ImmediateDriver extends SqliteDriver {
  readonly #isInTransaction: () => boolean
  constructor(database: ReturnType<typeof withStatementsKept>) {
    super({ database })
    this.#isInTransaction = database.isInTransaction
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full disk or a failed read may have ended the transaction already: what is said then is that, not this. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#isInTransaction()) await super.rollbackTransaction(connection)
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class FileDialect extends SqliteDialect {
  readonly database: ReturnType<typeof withStatementsKept>
  constructor(connection: Sqlite.Database) {
    const database = withStatementsKept(connection)
    super({ database })
    this.database = database
  }
  override createDriver() {
    return new ImmediateDriver(this.database)
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

/** A connection of its own whose reads all see what was committed when it began. */
function snapshotOf(path: string): Sqlite.Database {
  const connection = connectFile(path)
  connection.exec('begin')
  // The state is chosen by the first read, not by `begin`.
  connection.prepare('select count(*) from sqlite_master').get()
  return connection
}

const pagesAtOnce = 200
const checkpointSeconds = 5

/** Brings every page into the file and empties the log beside it, unless somebody reads from it; 0 where that was done. */
async function checkpointNow(writer: Kysely<Tables>): Promise<number> {
  return writer.connection().execute(async (connection) => {
    // Without waiting for a reader: the process would do nothing else meanwhile.
    await sql`pragma busy_timeout = 0`.execute(connection)
    try {
      const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection)
      return rows[0]?.busy ?? 0
    } finally {
      await sql.raw(`pragma busy_timeout = ${pragmas.busy_timeout?.set}`).execute(connection)
    }
  })
}

async function openFile(path: string): Promise<Opened> {
  const inTurns = taking(mostCopies)
  let turns = 0
  mkdirSync(dirname(path), { recursive: true })
  const { log, watch } = newWatch()
  const writer = new Kysely<Tables>({ dialect: new FileDialect(connectFile(path)), log })
  // Readers have their own connection: they see the last committed state and never wait for a writer.
  const dialect = new FileDialect(connectFile(path))
  const reader = new Kysely<Tables>({ dialect, log })
  return {
    reader,
    version: dialect.database.version,
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
      onSnapshot: async (work) => {
        const snapshot = new Kysely<Tables>({ dialect: new FileDialect(snapshotOf(path)) })
        try {
          return await work(snapshot)
        } finally {
          await snapshot.destroy()
        }
      },
      backUp: async (to, progress) => {
        // A copy begins anew whenever somebody else writes, unless it reads from one state.
        const source = snapshotOf(path)
        try {
          await source.backup(to, {
            progress: ({ totalPages, remainingPages }) => {
              progress(totalPages - remainingPages, totalPages)
              return pagesAtOnce
            },
          })
        } finally {
          source.close()
        }
      },
      damage: async () => {
        const [first] = await askApart({
          library: createRequire(import.meta.url).resolve('better-sqlite3'),
          path,
          settings: [`trusted_schema = ${pragmas.trusted_schema?.set}`, 'cache_size = -65536'],
          statements: ['pragma integrity_check(1)', 'pragma foreign_key_check'],
        })
        if (first === undefined) return null
        const { integrity_check: said, table, parent } = first
        return said === undefined ? `a row of ${table} points to no ${parent}` : String(said)
      },
      forgetOldPages: async () => {
        const left = await checkpointNow(writer)
        if (left === 0) return
        // Somebody, such as a backup, reads an older state: their pages go when they are done.
        const again = setInterval(() => {
          checkpointNow(writer).then(
            (rest) => (rest === 0 ? clearInterval(again) : null),
            () => clearInterval(again),
          )
        }, checkpointSeconds * 1000)
        again.unref()
      },
      freeBytes: async () => {
        const { bavail, bsize } = await statfs(dirname(path))
        return bavail * bsize
      },
      watch,
      shapes: async () => {
        const tables = await reader.introspection.getTables()
        return Promise.all(
          tables.map(async ({ name, columns: own }) => {
            const columns = await sql<{ name: string }>`
              select name from pragma_table_info(${name}) where pk > 0 order by pk`.execute(reader)
            const others = await sql<{ name: string }>`
              select distinct "table" as name from pragma_foreign_key_list(${name}) where "table" <> ${name}`.execute(
              reader,
            )
            return {
              name,
              key: columns.rows.map((row) => row.name),
              columns: own.map((column) => column.name),
              pointsTo: others.rows.map((row) => row.name),
            }
          }),
        )
      },
      close: async () => {
        await reader.destroy()
        // One that nobody has asked anything stays open where only its driver is ended.
        dialect.database.close()
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

function openServer(url: string, { connections, statementSeconds }: ServerLimits): Opened {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: connections,
    application_name: 'toroku',
    connectionTimeoutMillis: statementSeconds * 1000,
    statement_timeout: statementSeconds * 1000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  })
  // One that breaks between two statements of a transaction says so to nobody else, and would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', () => {}) // an idle connection that broke is replaced at its next use; queries report their own errors
  const { log, watch } = newWatch()
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log })
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
      onSnapshot: (work) => kysely.transaction().setIsolationLevel('repeatable read').execute(work),
      keepCopy: async () => null,
      backUp: null,
      damage: async () => null,
      freeBytes: async () => null,
      forgetOldPages: async () => {},
      watch,
      shapes: async () => {
        const tables = await kysely.introspection.getTables()
        const { rows } = await sql<{ name: string; kind: string; key: string[]; other: string | null }>`
          select conrelid::regclass::text as name, contype::text as kind, confrelid::regclass::text as other,
            array(select attname::text from unnest(conkey) with ordinality as part(number, place)
              join pg_attribute on attrelid = conrelid and attnum = part.number order by place) as key
          from pg_constraint where contype in ('p', 'f') and connamespace = current_schema()::regnamespace`.execute(
          kysely,
        )
        return tables.map(({ name, columns }) => {
          const own = rows.filter((row) => row.name === name)
          const others = own.flatMap(({ kind, other }) =>
            kind === 'f' && other !== name && other !== null ? [other] : [],
          )
          const key = own.find(({ kind }) => kind === 'p')?.key ?? []
          return { name, key, columns: columns.map((column) => column.name), pointsTo: [...new Set(others)] }
        })
      },
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
