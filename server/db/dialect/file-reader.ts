/**
 * Whoever reads a file. A connection of their own shows them the last committed state while somebody changes something, but
 * forgets every page it has read with every commit, of this process as of any other. So they are answered by the connection
 * that writes, which knows its own commits, wherever it has no change under way.
 */
import type Sqlite from 'better-sqlite3'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { FileDialect, FileDriver, type KeptStatements } from './file-connection.ts'

/** A statement is answered whole before anybody else goes on, so that no change begins in the middle of it. */
class NearestConnection implements DatabaseConnection {
  readonly #own: DatabaseConnection
  readonly #statements: KeptStatements
  readonly #writing: KeptStatements

  constructor(own: DatabaseConnection, statements: KeptStatements, writing: KeptStatements) {
    this.#own = own
    this.#statements = statements
    this.#writing = writing
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const isSettled = !this.#writing.isInTransaction() && !this.#statements.isInTransaction()
    const statement = isSettled ? this.#writing.reading(query.sql) : null
    if (statement === null) return this.#own.executeQuery(query)
    return { rows: statement.all(query.parameters) as Row[] }
  }

  /** Others write between two rows. */
  streamQuery<Row>(query: CompiledQuery, size: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#own.streamQuery(query, size)
  }
}

class ReadingDriver extends FileDriver {
  readonly #statements: KeptStatements
  readonly #writing: KeptStatements
  #nearest: DatabaseConnection | null = null

  constructor(statements: KeptStatements, writing: KeptStatements) {
    super(statements)
    this.#statements = statements
    this.#writing = writing
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const own = await super.acquireConnection()
    this.#nearest ??= new NearestConnection(own, this.#statements, this.#writing)
    return this.#nearest
  }
}

export class ReadingDialect extends FileDialect {
  readonly #writing: KeptStatements

  constructor(connection: Sqlite.Database, writing: KeptStatements) {
    super(connection)
    this.#writing = writing
  }

  override createDriver() {
    return new ReadingDriver(this.database, this.#writing)
  }
}
