/** "Nothing this month": a site's statement about a month without activity, which is not the same as silence. */
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('attestation')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('site_id', 'text', (column) => column.notNull().references('site.id'))
    .addColumn('month', 'text', (column) => column.notNull())
    .addColumn('attested_on', 'text', (column) => column.notNull())
    .addColumn('attested_at', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addUniqueConstraint('attestation_month', ['site_id', 'month'])
    .execute()
}
