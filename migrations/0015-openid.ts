/** The identities of an OpenID provider that let people in, one at most for each person. */
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .createTable('openid_identity')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('linked_at', 'text', (column) => column.notNull())
    .addColumn('unlinked_at', 'text')
    .addUniqueConstraint('openid_identity_subject', ['issuer', 'subject'])
    .execute()
  await schema.schema.createIndex('openid_identity_person').on('openid_identity').column('person_id').execute()
}
