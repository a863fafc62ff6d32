/** How an engine would answer a statement: which tables it would read from end to end. */
import { CompiledQuery, type Kysely, sql } from 'kysely'
import type { Db, Tables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'

type ServerPlan = {
  'Node Type': string
  'Relation Name'?: string
  'Index Cond'?: string
  Plans?: ServerPlan[]
}

/** The tables of which a statement reads everything, whatever the trial; none where an index leads to all that it reads. */
export async function readInFull(db: Db, statement: CompiledQuery): Promise<string[]> {
  if (process.env.TEST_ENGINE === 'server') return onServer(engineOf(db).writer, statement)
  const plan = CompiledQuery.raw(`explain query plan ${statement.sql}`, [...statement.parameters])
  const { rows } = await engineOf(db).writer.executeQuery<{ detail: string }>(plan)
  return rows.flatMap(({ detail }) => /^SCAN (\w+)/.exec(detail)?.[1] ?? [])
}

/** Small tables are read in full by choice: without that choice, only where there is no other way. */
async function onServer(writer: Kysely<Tables>, statement: CompiledQuery): Promise<string[]> {
  return writer.connection().execute(async (connection) => {
    await sql`set enable_seqscan = off`.execute(connection)
    const asked = CompiledQuery.raw(`explain (format json) ${statement.sql}`, [...statement.parameters])
    const { rows } = await connection.executeQuery<{ 'QUERY PLAN': { Plan: ServerPlan }[] }>(asked)
    await sql`reset enable_seqscan`.execute(connection)
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => scansIn(Plan)))
  })
}

function scansIn(plan: ServerPlan): string[] {
  const { 'Node Type': kind, 'Relation Name': table, 'Index Cond': condition, Plans: below = [] } = plan
  const isFull = table !== undefined && kind !== 'Bitmap Heap Scan' && condition === undefined
  return [...(isFull ? [table] : []), ...below.flatMap(scansIn)]
}
