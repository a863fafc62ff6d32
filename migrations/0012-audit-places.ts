/** Where in a trail the entries of a person, of a kind, of a record and of a day are. */
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  for (const column of ['actor_id', 'event', 'record_id', 'recorded_at']) {
    await schema.schema
      .createIndex(`audit_entry_${column}`)
      .on('audit_entry')
      .columns(['chain', column, 'sequence'])
      .execute()
  }
}
