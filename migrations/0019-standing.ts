/**
 * How many subjects of each site stand in each state, and how many events each site had in each month: what a log and the
 * page of the sites say without the rows of subjects and of days.
 */
import { sql } from 'kysely'
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('state_count')
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('site_id', 'text', (column) => column.notNull().references('site.id'))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('registered', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('state_count_site', ['trial_id', 'site_id', 'state'])
    .execute()
  await sql`insert into state_count (trial_id, site_id, state, number, registered)
    select trial_id, site_id, state, count(*), count(registration_number) from subject
    group by trial_id, site_id, state`.execute(schema)

  await schema.schema
    .createTable('month_count')
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('site_id', 'text', (column) => column.notNull().references('site.id'))
    .addColumn('month', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('month_count_site', ['trial_id', 'site_id', 'month'])
    .execute()
  await sql`insert into month_count (trial_id, site_id, month, number)
    select trial_id, site_id, substr(date, 1, 7), sum(number) from daily_count where step not like 'unaccounted@%'
    group by trial_id, site_id, substr(date, 1, 7)`.execute(schema)

  // The rest is asked for by a period of consents: where the screenings of that period stand, site by site.
  await schema.schema.dropIndex('subject_standing').execute()
  await schema.schema
    .createIndex('subject_standing')
    .on('subject')
    .columns(['trial_id', 'site_id', 'state', 'consented_on', 'registration_number'])
    .execute()
}
