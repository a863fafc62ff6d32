/** What migrations need to know of the engine beneath them. Frozen with the first release. */
import { type Kysely, PostgresAdapter, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration works on whatever schema it finds
export type Schema = Kysely<any>

/** Refuses every update and delete of a table's rows, whoever asks. */
export async function appendOnly(schema: Schema, table: string): Promise<void> {
  const message = `${table} is append-only`
  if (schema.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`create function ${sql.raw(`${table}_refuse_change`)}() returns trigger language plpgsql as
      ${sql.lit(`begin raise exception '${message}'; end`)}`.execute(schema)
    await sql`create trigger ${sql.raw(`${table}_append_only`)} before update or delete or truncate on ${sql.table(table)}
      for each statement execute function ${sql.raw(`${table}_refuse_change`)}()`.execute(schema)
    return
  }
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`${table}_refuse_${change}`)} before ${sql.raw(change)} on ${sql.table(table)}
      begin select raise(abort, ${sql.lit(message)}); end`.execute(schema)
  }
}
