/**
 * What a dashboard reads instead of the daily counts of every site, so that it costs the same for a few subjects and for
 * many: the sums of each site as they stand, and the counts of each day in all sites together. And up to where each
 * person had seen a trial when they were last there.
 */
import { sql } from 'kysely'
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('site_count')
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('site_id', 'text', (column) => column.notNull().references('site.id'))
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('last_on', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('site_count_step', ['trial_id', 'site_id', 'step'])
    .execute()
  await sql`insert into site_count (trial_id, site_id, step, number, last_on)
    select trial_id, site_id, step, sum(number), max(date) from daily_count where number <> 0
    group by trial_id, site_id, step`.execute(schema)

  await schema.schema
    .createTable('trial_count')
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('date', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('trial_count_day', ['trial_id', 'step', 'date'])
    .execute()
  await sql`insert into trial_count (trial_id, step, date, number)
    select trial_id, step, date, sum(number) from daily_count group by trial_id, step, date`.execute(schema)

  // A month of all sites, without the rows of other months.
  await schema.schema
    .createIndex('daily_count_date')
    .on('daily_count')
    .columns(['trial_id', 'date', 'site_id', 'step', 'number'])
    .execute()

  await schema.schema
    .createTable('last_look')
    .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('looked_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('last_look_person', ['person_id', 'trial_id'])
    .execute()
  // What was recorded since, by its kind, without the entries' contents.
  await schema.schema
    .createIndex('audit_entry_kind')
    .on('audit_entry')
    .columns(['chain', 'sequence', 'event', 'record_table'])
    .execute()
}
