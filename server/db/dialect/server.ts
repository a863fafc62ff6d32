/** Data on a server. */
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { ServerLimits } from '../../config.ts'
import type { Tables } from '../database.ts'
import { newWatch, type Opened } from './engine.ts'
import { copied, mostCopies, taking } from './trial-copy.ts'

/** Whole numbers of 64 bits arrive as numbers; dates and instants are text and need no parser. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

export function openServer(url: string, { connections, statementSeconds }: ServerLimits): Opened {
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
