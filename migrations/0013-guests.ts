/** Links under which a guest reads a change request as it stood, how often each was opened, and a trial's small numbers. */
import { sql } from 'kysely'
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('guest_link')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('request_id', 'text', (column) => column.notNull().references('change_request.id'))
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull())
    .addColumn('valid_until', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('name_ja', 'text', (column) => column.notNull())
    .addColumn('name_en', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('content_hash', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'text')
    .addUniqueConstraint('guest_link_token', ['token_hash'])
    .execute()
  await schema.schema.createIndex('guest_link_request').on('guest_link').column('request_id').execute()

  await schema.schema
    .createTable('guest_link_view')
    .addColumn('link_id', 'text', (column) => column.primaryKey().references('guest_link.id'))
    .addColumn('views', 'integer', (column) => column.notNull())
    .addColumn('viewed_at', 'text', (column) => column.notNull())
    .execute()

  // Null: every number is shown.
  await schema.schema
    .alterTable('trial')
    .addColumn('least_shown', 'integer', (column) => column.check(sql`least_shown between 2 and 20`))
    .execute()
}
