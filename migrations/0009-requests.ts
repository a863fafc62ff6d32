/**
 * Change requests as records: their life, what changes, the terms they ask for, who decides, what was asked and answered,
 * what was decided, what was demanded, and the files that belong to them.
 */
import { type CreateTableBuilder, sql } from 'kysely'
import type { Schema } from './support/engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const must = (table: Table, type: 'text' | 'integer', ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, type, (column) => column.notNull()), table)

const may = (table: Table, type: 'text' | 'integer', ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, type), table)

const oneOf = (table: Table, name: string, values: readonly string[]): Table =>
  must(table, 'text', name).addCheckConstraint(
    `${name}_known`,
    sql`${sql.ref(name)} in (${sql.join(values.map((value) => sql.lit(value)))})`,
  )

const basis = (table: Table): Table => oneOf(table, 'basis', ['recorded', 'assumed'])

const ofRequest = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('request_id', 'text', (column) => column.notNull().references('change_request.id'))

const ofBody = (schema: Schema, name: string): Table =>
  ofRequest(schema, name).addColumn('body_id', 'text', (column) => column.notNull().references('request_body.id'))

export async function up(schema: Schema): Promise<void> {
  const added = (table: string, name: string, type: 'text' | 'integer', usual: string | null) =>
    schema.schema
      .alterTable(table)
      .addColumn(name, type, (column) => (usual === null ? column : column.notNull().defaultTo(usual)))
      .execute()
  await added('change_request', 'state', 'text', 'submitted')
  await added('change_request', 'items', 'text', '[]')
  await added('change_request', 'told', 'text', '[]')
  for (const name of ['written_on', 'submitted_on', 'terms_asked', 'screenings_from', 'ended_because']) {
    await added('change_request', name, 'text', null)
  }
  for (const name of ['stated_sites', 'follow_up_days', 'adopted_version']) {
    await added('change_request', name, 'integer', null)
  }
  await added('request_claim', 'standing', 'text', 'counted')
  await added('request_claim', 'withdrawn_at', 'text', null)

  let table = must(
    must(ofRequest(schema, 'request_body'), 'integer', 'position'),
    'text',
    'name_ja',
    'name_en',
    'items',
  )
  table = may(oneOf(table, 'necessity', ['needed', 'informed']), 'text', 'withdrawn_at')
  await basis(table).addUniqueConstraint('request_body_place', ['request_id', 'position']).execute()

  table = must(must(ofBody(schema, 'request_decision'), 'integer', 'position'), 'text', 'items')
  table = oneOf(table, 'outcome', ['approved', 'approved_with_conditions', 'refused'])
  table = may(must(table, 'text', 'decided_on'), 'text', 'met_on', 'notified_on', 'text_ja', 'text_en')
  table = basis(must(table, 'text', 'source_ja', 'source_en'))
  await table.addUniqueConstraint('request_decision_place', ['request_id', 'position']).execute()

  table = must(ofBody(schema, 'request_inquiry'), 'integer', 'round', 'item')
  table = must(table, 'text', 'asked_on', 'question_ja', 'question_en')
  table = may(table, 'text', 'due_on', 'answered_on', 'answer_ja', 'answer_en')
  table = table.addColumn('same_as_id', 'text', (column) => column.references('request_inquiry.id'))
  await basis(table).addUniqueConstraint('request_inquiry_number', ['request_id', 'body_id', 'round', 'item']).execute()

  table = must(must(ofBody(schema, 'request_condition'), 'integer', 'position'), 'text', 'text_ja', 'text_en', 'due_on')
  table = may(table, 'text', 'meeting_ja', 'meeting_en', 'met_on', 'met_note')
  table = basis(must(table, 'text', 'source_ja', 'source_en'))
  await table.addUniqueConstraint('request_condition_place', ['request_id', 'position']).execute()

  table = must(must(ofRequest(schema, 'request_attachment'), 'integer', 'size_bytes'), 'text', 'name', 'kind', 'sha256')
  await may(must(table, 'text', 'attached_at', 'person_id'), 'text', 'withdrawn_at').execute()
}
