/**
 * Who read what of subjects; and texts that must go although nothing is ever deleted: the audit trail covers each text by
 * a salted commitment from here on, and lets it be taken out where two people said so.
 */
import { type CreateTableBuilder, sql } from 'kysely'
import { appendOnly, type Schema } from './support/engine.ts'
import { redactableOnly } from './support/redactable.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const text = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text', (column) => column.notNull()), table)

const optionalText = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text'), table)

const oneOf = (table: Table, name: string, values: readonly string[]): Table =>
  table
    .addColumn(name, 'text', (column) => column.notNull())
    .addCheckConstraint(`${name}_known`, sql`${sql.ref(name)} in (${sql.join(values.map((value) => sql.lit(value)))})`)

const ofTrial = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))

export async function up(schema: Schema): Promise<void> {
  // JSON: the salts of an entry's texts by their places; null for entries whose hash covers the texts themselves.
  await schema.schema.alterTable('audit_entry').addColumn('salts', 'text').execute()

  let table = text(ofTrial(schema, 'redaction'), 'record_table', 'record_id', 'field')
  table = table.addColumn('sequence', 'integer', (column) => column.notNull())
  table = optionalText(table, 'subject_id', 'words')
  table = oneOf(table, 'kind', ['person_name', 'record_number', 'contact', 'birth_date', 'other_person', 'other'])
  table = oneOf(table, 'state', ['asked', 'confirmed', 'refused'])
  table = optionalText(text(table, 'asked_by', 'asked_at'), 'decided_by', 'decided_at', 'decided_on')
  await optionalText(table, 'entries', 'places').execute()
  await schema.schema.createIndex('redaction_trial').on('redaction').columns(['trial_id', 'id']).execute()
  await redactableOnly(schema)

  table = text(ofTrial(schema, 'access_record'), 'person_id', 'read_at', 'address')
  table = optionalText(table, 'role', 'session_handle', 'request_id', 'subject_id', 'asked')
  table = text(oneOf(table, 'way', ['page', 'form', 'file', 'print']), 'what')
  await table.addColumn('number', 'integer', (column) => column.notNull()).execute()
  for (const column of ['id', 'person_id', 'subject_id', 'what', 'read_at']) {
    const columns = column === 'id' ? ['trial_id', 'id'] : ['trial_id', column, 'id']
    await schema.schema.createIndex(`access_record_${column}`).on('access_record').columns(columns).execute()
  }
  await appendOnly(schema, 'access_record')
}
