/** Data in a file. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Kysely, sql } from 'kysely'
import type { Tables } from '../database.ts'
import { askApart } from './apart.ts'
import { newWatch, type Opened } from './engine.ts'
import { connectFile, FileDialect, pragmas, snapshotOf } from './file-connection.ts'
import { ReadingDialect } from './file-reader.ts'
import { WritingDialect } from './file-writer.ts'
import { mostCopies, taking } from './trial-copy.ts'
import { trialInMemory } from './trial-in-memory.ts'

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

export async function openFile(path: string): Promise<Opened> {
  const inTurns = taking(mostCopies)
  let turns = 0
  mkdirSync(dirname(path), { recursive: true })
  const { log, watch } = newWatch()
  const writing = new WritingDialect(path)
  const writer = new Kysely<Tables>({ dialect: writing, log })
  // They see the last committed state and never wait for a writer.
  const dialect = new ReadingDialect(connectFile(path), writing.database)
  const reader = new Kysely<Tables>({ dialect, log })
  return {
    reader,
    // Seen from where this process writes: what it wrote itself is told apart there.
    version: writing.database.version,
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
        writing.requireDisk()
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
        try {
          await sql`pragma wal_checkpoint(truncate)`.execute(writer)
        } finally {
          await writer.destroy()
        }
      },
    },
  }
}
