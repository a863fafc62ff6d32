/** Brings a database to the schema that this code needs, one migration at a time, each whole or not at all. */
import { type Migration, Migrator } from 'kysely'
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

/** From this one on more is counted than the daily counts tell: what only the events know is counted once, with it. */
const countingWhole = '0008-dashboard'

function withCounting({ up }: Migration): Migration {
  return {
    async up(transaction) {
      await up(transaction)
      await fillWholeCounts(transaction)
    },
  }
}

async function migrationsInFull(): Promise<Record<string, Migration>> {
  const counting = migrations[countingWhole]
  return counting === undefined ? migrations : { ...migrations, [countingWhole]: withCounting(counting) }
}

/**
 * Runs the waiting migrations and returns the names of those that it ran itself: another process may be at it, and then
 * this one waits for it. Throws where the schema is newer than this code.
 */
export async function migrate(db: Db): Promise<string[]> {
  const { state, waiting, unknown } = await schemaState(db)
  if (state === 'ahead') throw new SchemaAhead(unknown)
  if (state === 'current') return []
  const engine = engineOf(db)
  if (waiting.length < Object.keys(migrations).length) await engine.keepCopy(`before-${waiting[0]}`)
  const migrator = new Migrator({ db: engine.writer, provider: { getMigrations: migrationsInFull } })
  const done: string[] = []
  for (const name of waiting) {
    const { error, results = [] } = await migrator.migrateTo(name)
    if (error !== undefined) throw error
    // Where another process is ahead, this would be the way back, which no migration has.
    if (results.some(({ direction, status }) => direction === 'Up' && status === 'Success')) done.push(name)
  }
  return done
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
