/** Corrections are new versions of an event: the old one stays, with when, why and by which one it was replaced. */
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  for (const name of ['corrects_id', 'withdrawn_at', 'withdrawn_because', 'withdrawn_note']) {
    await schema.schema.alterTable('subject_event').addColumn(name, 'text').execute()
  }
}
