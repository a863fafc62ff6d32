/** What can befall the engine under test while it is used, and how each thing is made to happen and to end. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Db, Tables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { projectFolder } from '../../server/project-folder.ts'
import { copyOf } from './databases.ts'
import { prepareDemo, startServer, withName } from './engines.ts'

const onServer = process.env.TEST_ENGINE === 'server'

/** While it lasts, nothing can be written; `begin` hands back how it ends. */
export type EngineFault = { name: string; begin(db: Db, address: string): Promise<() => Promise<void>> }

const writerOf = (db: Db): Kysely<Tables> => engineOf(db).writer

const fileFaults: EngineFault[] = [
  {
    name: 'somebody else holds the file for longer than one waits',
    begin: async (_, address) => {
      const other = new Sqlite(address)
      other.exec('begin immediate')
      return async () => void other.close()
    },
  },
  {
    name: 'the file is read-only',
    begin: async (db) => {
      await sql`pragma query_only = on`.execute(writerOf(db))
      return async () => void (await sql`pragma query_only = off`.execute(writerOf(db)))
    },
  },
  {
    name: 'the disk is full',
    begin: async (db) => {
      const pages = await sql<{ page_count: number }>`pragma page_count`.execute(writerOf(db))
      await sql`pragma max_page_count = ${sql.lit(pages.rows[0]?.page_count ?? 1)}`.execute(writerOf(db))
      // What is free within the file is used up first.
      await sql`create table filling (id integer primary key, bytes blob)`.execute(writerOf(db)).catch(() => {})
      for (const size of [4000, 400, 40]) {
        for (;;) {
          const isFull = await sql`insert into filling (bytes) values (zeroblob(${size}))`
            .execute(writerOf(db))
            .then(() => false)
            .catch(() => true)
          if (isFull) break
        }
      }
      return async () => {
        await sql`pragma max_page_count = 1073741823`.execute(writerOf(db))
        await sql`drop table if exists filling`.execute(writerOf(db))
      }
    },
  },
]

async function asOwner(address: string, statement: string): Promise<void> {
  const owner = new pg.Client({ connectionString: withName(address, 'postgres') })
  await owner.connect()
  try {
    await owner.query(statement)
  } finally {
    await owner.end()
  }
}

const databaseOf = (address: string) => new URL(address).pathname.slice(1)

const cutOff = (address: string) =>
  asOwner(address, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${databaseOf(address)}'`)

const serverFaults: EngineFault[] = [
  {
    name: 'somebody else holds a table for longer than a statement may take',
    begin: async (_, address) => {
      const other = new pg.Client({ connectionString: address })
      await other.connect()
      await other.query('begin; lock table audit_entry in access exclusive mode')
      return () => other.end()
    },
  },
  {
    name: 'the server takes nothing to write',
    begin: async (_, address) => {
      const set = (value: string) =>
        asOwner(address, `alter database "${databaseOf(address)}" set default_transaction_read_only = ${value}`)
      await set('on')
      await cutOff(address)
      return async () => {
        await set('off')
        await cutOff(address)
      }
    },
  },
  {
    name: 'the server takes no connections',
    begin: async (_, address) => {
      const set = (value: string) =>
        asOwner(address, `alter database "${databaseOf(address)}" allow_connections ${value}`)
      await set('false')
      await cutOff(address)
      return () => set('true')
    },
  },
]

export const engineFaults = onServer ? serverFaults : fileFaults

/** A demonstration on an engine that can be interrupted again and again: nothing can be written for a moment. */
export async function interruptible(): Promise<{
  address: string
  name: string
  interrupt(): Promise<void>
  stop(): Promise<void>
}> {
  if (!onServer) {
    const address = await copyOf('demo')
    return {
      address,
      name: 'taken by somebody else for a moment',
      interrupt: async () => {
        // From another process: a connection that waits for this one stops everything here meanwhile.
        const program = `const other = new (require('better-sqlite3'))(process.argv[1], { timeout: 20000 })
          other.exec('begin immediate'); setTimeout(() => other.close(), 300)`
        await promisify(execFile)(process.execPath, ['-e', program, address], { cwd: projectFolder })
      },
      stop: async () => {},
    }
  }
  const server = await startServer({ ownServer: 'yes' })
  const address = withName(server.url, 'toroku_interrupted')
  await asOwner(address, 'create database toroku_interrupted')
  await prepareDemo(address)
  return {
    address,
    name: 'restarted at once, as after a crash',
    interrupt: async () => {
      const pid = Number(readFileSync(join(server.folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGQUIT')
      await gone(pid)
      await server.start()
    },
    stop: server.stop,
  }
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
