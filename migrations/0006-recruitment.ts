/** Measures taken for recruitment, and dated counts of the patients among whom candidates are looked for. */
import { type CreateTableBuilder, sql } from 'kysely'
import type { Schema } from './support/engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const ofTrial = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))

const must = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text', (column) => column.notNull()), table)

const may = (table: Table, type: 'text' | 'integer', ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, type), table)

const basis = (table: Table): Table =>
  table
    .addColumn('basis', 'text', (column) => column.notNull())
    .addCheckConstraint('basis_known', sql`basis in ('recorded', 'assumed')`)

export async function up(schema: Schema): Promise<void> {
  let table = must(ofTrial(schema, 'countermeasure'), 'category', 'title_ja', 'title_en', 'site_ids', 'sources')
  table = may(must(table, 'started_on', 'owner', 'evidence'), 'text', 'ended_on', 'voided_on')
  await basis(table)
    .addCheckConstraint(
      'category_known',
      sql`category in ('liaison_institutions', 'liaison_departments', 'information', 'more_sites',
        'protocol_amendment', 'funding', 'other')`,
    )
    .execute()
  await schema.schema.createIndex('countermeasure_trial').on('countermeasure').column('trial_id').execute()

  table = must(ofTrial(schema, 'eligibility_pool'), 'pool_id', 'place_ja', 'place_en', 'department_ja', 'department_en')
  table = table.addColumn('site_id', 'text', (column) => column.references('site.id'))
  table = must(may(table, 'text', 'part_of_pool_id', 'voided_on'), 'counted_on', 'source')
  table = table.addColumn('size', 'integer', (column) => column.notNull())
  await basis(may(table, 'integer', 'reviewed', 'eligible_low', 'eligible_high')).execute()
  await schema.schema.createIndex('eligibility_pool_trial').on('eligibility_pool').column('trial_id').execute()
}
