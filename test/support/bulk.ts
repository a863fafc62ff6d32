/** Many rows at once, past the product's verbs and as fast as the engine takes them: for worlds too large to be told. */
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import type { DatabaseAddress } from '../../server/config.ts'

/** One transaction on a database that nobody else has open. */
export type Bulk = {
  heads(): Promise<Map<string, { sequence: number; hash: string }>>
  insert(table: string, rows: readonly object[]): Promise<void>
  run(statement: string): Promise<void>
  commit(): Promise<void>
}

const headsOf = `select chain, sequence, hash from audit_entry as one
  where sequence = (select max(sequence) from audit_entry as other where other.chain = one.chain)`
type Head = { chain: string; sequence: number; hash: string }
const byChain = (heads: readonly Head[]) => new Map(heads.map(({ chain, ...head }) => [chain, head]))

export function openBulk(address: DatabaseAddress): Promise<Bulk> {
  return address.kind === 'file' ? bulkOfFile(address.path) : bulkOfServer(address.url)
}

async function bulkOfFile(path: string): Promise<Bulk> {
  const connection = new Sqlite(path)
  // A file that is lost when the machine stops is made anew; in a journal stands only what was there before.
  for (const setting of ['journal_mode = delete', 'synchronous = off', 'cache_size = -200000'])
    connection.pragma(setting)
  connection.exec('begin')
  const statements = new Map<string, Sqlite.Statement>()
  return {
    heads: async () => byChain(connection.prepare(headsOf).all() as Head[]),
    insert: async (table, rows) => {
      const names = Object.keys(rows[0] ?? {})
      if (names.length === 0) return
      const text = `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`
      const statement = statements.get(text) ?? connection.prepare(text)
      statements.set(text, statement)
      for (const row of rows) statement.run(Object.values(row))
    },
    run: async (statement) => void connection.exec(statement),
    commit: async () => {
      connection.exec('commit')
      connection.pragma('journal_mode = wal')
      connection.close()
    },
  }
}

async function bulkOfServer(url: string): Promise<Bulk> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin')
  return {
    heads: async () =>
      byChain((await client.query<Head>(headsOf)).rows.map((head) => ({ ...head, sequence: Number(head.sequence) }))),
    insert: async (table, rows) => {
      const into = `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`
      for (let from = 0; from < rows.length; from += 2000) {
        await client.query(into, [JSON.stringify(rows.slice(from, from + 2000))])
      }
    },
    run: async (statement) => void (await client.query(statement)),
    commit: async () => {
      await client.query('commit')
      await client.query('analyze')
      await client.end()
    },
  }
}
