/**
 * What a trial settles beforehand (reasons, caps, a secret for candidate keys), who was allocated to which arm, what was
 * imported, and timelines that are known by their days only.
 */
import { type CreateTableBuilder, sql } from 'kysely'
import type { Schema } from './support/engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const must = (table: Table, type: 'text' | 'integer', ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, type, (column) => column.notNull()), table)

const may = (table: Table, type: 'text' | 'integer', ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, type), table)

const ofTrial = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('trial_secret')
    .addColumn('trial_id', 'text', (column) => column.primaryKey().references('trial.id'))
    .addColumn('secret', 'text', (column) => column.notNull())
    .execute()

  let table = must(ofTrial(schema, 'exit_reason'), 'text', 'exit', 'code', 'label_ja', 'label_en')
  table = may(must(table, 'integer', 'position'), 'text', 'retired_at')
  await table.addUniqueConstraint('exit_reason_code', ['trial_id', 'exit', 'code']).execute()

  table = ofTrial(schema, 'cap').addColumn('site_id', 'text', (column) => column.references('site.id'))
  table = may(may(table, 'text', 'arm_code'), 'integer', 'hard_number', 'soft_number')
  await table.execute()
  await schema.schema.createIndex('cap_trial').on('cap').column('trial_id').execute()

  table = ofTrial(schema, 'allocation').addColumn('subject_id', 'text', (column) =>
    column.notNull().references('subject.id'),
  )
  table = may(must(table, 'text', 'event_id', 'arm_code'), 'text', 'stratum')
  await table.addUniqueConstraint('allocation_subject', ['subject_id']).execute()

  table = must(ofTrial(schema, 'import_batch'), 'text', 'file_name', 'file_hash', 'imported_at', 'person_id')
  table = must(table, 'integer', 'new_number', 'changed_number', 'unchanged_number')
  await table.execute()
  await schema.schema.createIndex('import_batch_trial').on('import_batch').column('trial_id').execute()

  table = must(ofTrial(schema, 'import_header'), 'text', 'header', 'meaning')
  await table.addUniqueConstraint('import_header_of_trial', ['trial_id', 'header']).execute()

  table = must(ofTrial(schema, 'day_timeline'), 'text', 'number', 'anchor_code', 'days')
  table = table
    .addColumn('basis', 'text', (column) => column.notNull())
    .addCheckConstraint('basis_known', sql`basis in ('recorded', 'assumed')`)
  await table.addUniqueConstraint('day_timeline_number', ['trial_id', 'number']).execute()
}
