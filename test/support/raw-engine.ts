/** The engine without the product: what its statements cost by themselves. */
import Sqlite from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import type { DatabaseAddress } from '../../server/config.ts'

export type RawEngine = {
  /** Runs statements that read, one after the other. */
  read(statements: readonly CompiledQuery[]): Promise<void>
  /** Writes one row and waits until it is kept. */
  write(): Promise<void>
  close(): Promise<void>
}

const scratch = 'create table if not exists bench_scratch (id text primary key, content text)'
const insert = 'insert into bench_scratch values'
let rows = 0
const newRow = () => [`${process.pid}-${Date.now()}-${rows++}`, 'x'.repeat(200)]

export async function openRawEngine(address: DatabaseAddress): Promise<RawEngine> {
  if (address.kind === 'file') {
    const connection = new Sqlite(address.path)
    connection.pragma('synchronous = full')
    const kept = new Map<string, Sqlite.Statement>()
    const prepared = (text: string) => {
      const statement = kept.get(text) ?? connection.prepare(text)
      kept.set(text, statement)
      return statement
    }
    return {
      read: async (statements) => {
        for (const { sql, parameters } of statements) prepared(sql).all(...parameters)
      },
      write: async () => {
        connection.exec(scratch)
        prepared(`${insert} (?, ?)`).run(...newRow())
      },
      close: async () => {
        connection.exec('drop table if exists bench_scratch')
        connection.close()
      },
    }
  }
  const client = new pg.Client({ connectionString: address.url })
  await client.connect()
  return {
    read: async (statements) => {
      for (const { sql, parameters } of statements) await client.query(sql, [...parameters])
    },
    write: async () => {
      await client.query(scratch)
      await client.query(`${insert} ($1, $2)`, newRow())
    },
    close: async () => {
      await client.query('drop table if exists bench_scratch')
      await client.end()
    },
  }
}
