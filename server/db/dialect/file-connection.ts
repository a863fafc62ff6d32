/** A connection to a file: what it is set to, its statements, and the reading connections that others stand on. */
import Sqlite from 'better-sqlite3'
import { CompiledQuery, type DatabaseConnection, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely'
import { onceInTurn } from '../../turns.ts'
import { newTableChanges, tableChangedBy } from './table-changes.ts'

type Setting = { set: string; reads: unknown }

/** What every connection is set to, but for the one that writes: see there. */
export const pragmas: Record<string, Setting> = {
  journal_mode: { set: 'WAL', reads: 'wal' },
  synchronous: { set: 'FULL', reads: 2 },
  foreign_keys: { set: 'ON', reads: 1 },
  recursive_triggers: { set: 'ON', reads: 1 },
  busy_timeout: { set: '5000', reads: 5000 },
  trusted_schema: { set: 'OFF', reads: 0 },
  // What is deleted or overwritten is gone from the file: a text that was taken out must not lie in a free corner of it.
  secure_delete: { set: 'ON', reads: 1 },
}

export function connectFile(path: string): Sqlite.Database {
  const connection = new Sqlite(path)
  for (const [name, setting] of Object.entries(pragmas)) setPragma(connection, name, setting)
  return connection
}

/** Read back at once: an engine that ignored it is refused. */
export function setPragma(connection: Sqlite.Database, name: string, { set, reads }: Setting): void {
  connection.pragma(`${name} = ${set}`)
  const actual = connection.pragma(name, { simple: true })
  if (actual !== reads) throw new Error(`${connection.name}: ${name} is ${String(actual)}, needs ${String(reads)}`)
}

/** With the table that it changes; null where it changes nothing. */
type Kept = { statement: Sqlite.Statement; changed: string | null }

/** Keeps prepared statements: the same sentence is compiled once for each connection. */
function withStatementsKept(connection: Sqlite.Database) {
  const statements = new Map<string, Kept>()
  const ofOthers = connection.prepare('pragma data_version').pluck()
  const changesOfOthers = onceInTurn(() => ofOthers.get())
  const ownChanges = newTableChanges()
  let changes = 0
  const prepare = (text: string): Kept => {
    const kept = statements.get(text)
    if (kept !== undefined) return kept
    const statement = connection.prepare(text)
    const changesNothing = statement.readonly || text === 'begin immediate'
    const made = { statement, changed: changesNothing ? null : tableChangedBy(text) }
    statements.set(text, made)
    return made
  }
  return {
    close: () => void connection.close(),
    isInTransaction: () => connection.inTransaction,
    prepare: (text: string) => {
      const { statement, changed } = prepare(text)
      if (text === 'commit') ownChanges.commit()
      if (text === 'rollback') ownChanges.rollback()
      if (changed !== null) {
        changes += 1
        ownChanges.note(changed, connection.inTransaction)
      }
      return statement
    },
    /** The statement, if all that it does is to answer; others may act on a connection already when they are prepared. */
    reading: (text: string): Sqlite.Statement | null => {
      if (!/^(select|with) /.test(text)) return null
      const { statement } = prepare(text)
      return statement.reader && statement.readonly ? statement : null
    },
    /** How many statements of this connection changed something. */
    changes: () => changes,
    /**
     * Another one after every change of these tables by this connection, and of anything by any other, of this process or
     * another. What others do while a turn lasts is seen in the next one: whoever began in it came before. No table's change
     * changes another table: no trigger writes, and nothing is deleted because something else is.
     */
    version: (tables: readonly string[]) => `${changesOfOthers()} ${ownChanges.countOf(tables)}`,
  }
}

export type KeptStatements = ReturnType<typeof withStatementsKept>

/** Takes the write lock at the first statement, so that what a transaction read is still true when it writes. */
export class FileDriver extends SqliteDriver {
  readonly #isInTransaction: () => boolean
  constructor(database: KeptStatements) {
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

export class FileDialect extends SqliteDialect {
  readonly database: KeptStatements
  constructor(connection: Sqlite.Database) {
    const database = withStatementsKept(connection)
    super({ database })
    this.database = database
  }
  override createDriver() {
    return new FileDriver(this.database)
  }
  override createAdapter() {
    return new TransactionalDdlAdapter()
  }
}

/** A connection of its own whose reads all see what was committed when it began. */
export function snapshotOf(path: string): Sqlite.Database {
  const connection = connectFile(path)
  connection.exec('begin')
  // The state is chosen by the first read, not by `begin`.
  connection.prepare('select count(*) from sqlite_master').get()
  return connection
}
