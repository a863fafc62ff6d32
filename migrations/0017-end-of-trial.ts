/** The end of a trial: how long its records are kept, and the times in which nothing of it may be changed. */
import { sql } from 'kysely'
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('trial_retention')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().unique().references('trial.id'))
    .addColumn('years', 'integer', (column) => column.notNull())
    .addColumn('rule_ja', 'text', (column) => column.notNull())
    .addColumn('rule_en', 'text', (column) => column.notNull())
    .addColumn('ended_on', 'text')
    .addColumn('basis', 'text', (column) => column.notNull())
    .addCheckConstraint('years_of_retention', sql`years between 1 and 100`)
    .execute()

  await schema.schema
    .createTable('trial_lock')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('name_ja', 'text', (column) => column.notNull())
    .addColumn('name_en', 'text', (column) => column.notNull())
    .addColumn('because', 'text', (column) => column.notNull())
    .addColumn('locked_at', 'text', (column) => column.notNull())
    .addColumn('ended_person_id', 'text')
    .addColumn('ended_name_ja', 'text')
    .addColumn('ended_name_en', 'text')
    .addColumn('ended_because', 'text')
    .addColumn('ended_at', 'text')
    .execute()
  // A trial is locked once at a time, whoever asks for it meanwhile.
  await schema.schema
    .createIndex('trial_lock_open')
    .unique()
    .on('trial_lock')
    .column('trial_id')
    .where(sql.ref('ended_at'), 'is', null)
    .execute()
}
