/** How many subjects of each site stand in each state: what a log says beside its lists, without their rows. */
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

  // The rest is asked for by a period of consents: where the screenings of that period stand.
  await schema.schema.dropIndex('subject_standing').execute()
  await schema.schema
    .createIndex('subject_standing')
    .on('subject')
    .columns(['trial_id', 'consented_on', 'site_id', 'state', 'registration_number'])
    .execute()
}
