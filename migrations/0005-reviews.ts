/** Where a trial's six-monthly reviews are counted from. */
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .alterTable('trial_terms')
    .addColumn('review_anchor', 'text', (column) => column.notNull().defaultTo('registration_start'))
    .execute()
}
