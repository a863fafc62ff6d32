/** Accounts to the standard of a hospital: links that let somebody in once, second factors, and who failed to sign in. */
import { type CreateTableBuilder, sql } from 'kysely'
import type { Schema } from './support/engine.ts'

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

export async function up(schema: Schema): Promise<void> {
  const create = (name: string): Table =>
    schema.schema.createTable(name).addColumn('id', 'text', (column) => column.primaryKey())
  const ofPerson = (table: Table): Table =>
    table.addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))

  let table = create('access_link').addColumn('person_id', 'text', (column) => column.references('person.id'))
  table = text(oneOf(table, 'kind', ['set_up', 'invitation', 'reset']), 'token_hash', 'issued_at', 'expires_at')
  table = optionalText(table, 'used_at', 'revoked_at')
  await table.addUniqueConstraint('access_link_token', ['token_hash']).execute()
  await schema.schema.createIndex('access_link_person').on('access_link').column('person_id').execute()

  table = optionalText(ofPerson(create('second_factor')), 'secret', 'set_up_at')
  table = text(table, 'recovery_hashes')
  await table.addUniqueConstraint('second_factor_person', ['person_id']).execute()

  table = create('sign_in_rule').addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
  table = oneOf(table, 'second_factor', ['required', 'optional'])
  await table.addUniqueConstraint('sign_in_rule_trial', ['trial_id']).execute()

  table = create('sign_in_lock').addColumn('person_id', 'text', (column) => column.references('person.id'))
  table = oneOf(table, 'lock_of', ['account', 'address'])
  table = text(table, 'address', 'begun_at', 'until').addColumn('failures', 'integer', (column) => column.notNull())
  await table.execute()

  // What is remembered of signing in, beside the audited rows: `content` is JSON, read by the program only.
  await schema.schema
    .createTable('sign_in_note')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('noted_at', 'text', (column) => column.notNull())
    .execute()
  await schema.schema.createIndex('session_person').on('session').column('person_id').execute()
}
