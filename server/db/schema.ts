/** Brings a database to the schema that this code needs, one migration at a time, each whole or not at all. */
import { Migrator } from 'kysely'
import { migrations } from '../../migrations/index.ts'
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'
import { fillWholeCounts } from './whole-counts.ts'

/** `current`: nothing to do; `behind`: migrations wait; `ahead`: made by newer code, which must not be served. */
export type SchemaState = { state: 'current' | 'behind' | 'ahead'; waiting: string[]; unknown: string[] }

export async function schemaState(db: Db): Promise<SchemaState> {
  const { writer } = engineOf(db)
  const tables = await writer.introspection.getTables({ withInternalKyselyTables: true })
  const done = tables.some(({ name }) => name === 'kysely_migration')
    ? (
        await writer
          .selectFrom('kysely_migration' as never)
          .selectAll()
          .execute()
      ).map((row) => String((row as { name: string }).name))
    : []
  const waiting = Object.keys(migrations).filter((name) => !done.includes(name))
  const unknown = done.filter((name) => !Object.hasOwn(migrations, name))
  const state = unknown.length > 0 ? 'ahead' : waiting.length > 0 ? 'behind' : 'current'
  return { state, waiting, unknown }
}

/** From this one on more is counted than the daily counts tell: what only the events know is counted once, after it. */
const countingWhole = '0008-dashboard'

/** Runs the waiting migrations and returns their names; throws where the schema is newer than this code. */
export async function migrate(db: Db): Promise<string[]> {
  const { state, waiting, unknown } = await schemaState(db)
  if (state === 'ahead') throw new SchemaAhead(unknown)
  if (state === 'current') return []
  const engine = engineOf(db)
  if (waiting.length < Object.keys(migrations).length) await engine.keepCopy(`before-${waiting[0]}`)
  const migrator = new Migrator({ db: engine.writer, provider: { getMigrations: async () => migrations } })
  for (const name of waiting) {
    const { error } = await migrator.migrateTo(name)
    if (error !== undefined) throw error
    if (name === countingWhole) await fillWholeCounts(engine.writer)
  }
  return waiting
}

/** The database was written by a newer version of the product. */
export class SchemaAhead extends Error {
  constructor(unknown: readonly string[]) {
    super(`the database is newer than this program: it holds ${unknown.join(', ')}`)
    this.name = 'SchemaAhead'
  }
}

/** The names of the migrations that make this program's schema, in order. */
export function listSchema(): string[] {
  return Object.keys(migrations)
}
