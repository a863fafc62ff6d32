/** A copy of one trial of a file, in memory. */
import Sqlite from 'better-sqlite3'
import { pragmas } from './file-connection.ts'
import { copied } from './trial-copy.ts'

const rowsAtOnce = 2000

/** One trial of a file, in memory: every table, index and trigger as in the file, and the trial's rows as they are now. */
export async function trialInMemory(path: string, trialId: string): Promise<Sqlite.Database> {
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
