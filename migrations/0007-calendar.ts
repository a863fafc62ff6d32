/** The calendar: what people write into it, which reports a trial owes, who subscribes to it; and a trial's phase. */
import { type CreateTableBuilder, sql } from 'kysely'
import type { Schema } from './support/engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const must = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text', (column) => column.notNull()), table)

const may = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text'), table)

const oneOf = (table: Table, name: string, values: readonly string[]): Table =>
  must(table, name).addCheckConstraint(
    `${name}_known`,
    sql`${sql.ref(name)} in (${sql.join(values.map((value) => sql.lit(value)))})`,
  )

const ofTrial = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .alterTable('trial')
    .addColumn('phase', 'text', (column) =>
      column.check(sql`phase in ('phase_1', 'phase_1_2', 'phase_2', 'phase_2_3', 'phase_3', 'not_applicable')`),
    )
    .execute()

  let table = oneOf(ofTrial(schema, 'calendar_entry'), 'kind', ['committee_meeting', 'condition'])
  table = must(table, 'title_ja', 'title_en', 'body_ja', 'body_en', 'due_on')
  table = table.addColumn('meeting_id', 'text', (column) => column.references('calendar_entry.id'))
  table = may(table, 'met_on', 'evidence')
  table = may(oneOf(must(table, 'source_ja', 'source_en'), 'basis', ['recorded', 'assumed']), 'voided_at')
  await table.execute()
  await schema.schema.createIndex('calendar_entry_trial').on('calendar_entry').column('trial_id').execute()

  table = oneOf(ofTrial(schema, 'reporting_scheme'), 'scheme', ['advanced_care', 'regenerative'])
  table = may(oneOf(must(table, 'starts_on'), 'basis', ['recorded', 'assumed']), 'retired_at')
  await table.execute()
  await schema.schema.createIndex('reporting_scheme_trial').on('reporting_scheme').column('trial_id').execute()

  table = oneOf(ofTrial(schema, 'periodic_report'), 'scheme', ['advanced_care', 'regenerative'])
  table = may(must(table, 'from_on'), 'submitted_on', 'document')
  table = oneOf(table, 'basis', ['recorded', 'assumed'])
  await table.addUniqueConstraint('periodic_report_year', ['trial_id', 'scheme', 'from_on']).execute()

  table = schema.schema
    .createTable('calendar_feed')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
    .addColumn('trial_id', 'text', (column) => column.references('trial.id'))
  table = may(must(table, 'language', 'token_hash', 'created_at'), 'revoked_at')
  await table.addUniqueConstraint('calendar_feed_token', ['token_hash']).execute()
  await schema.schema.createIndex('calendar_feed_person').on('calendar_feed').column('person_id').execute()

  await schema.schema
    .createTable('calendar_feed_use')
    .addColumn('feed_id', 'text', (column) => column.primaryKey().references('calendar_feed.id'))
    .addColumn('used_at', 'text', (column) => column.notNull())
    .execute()
}
