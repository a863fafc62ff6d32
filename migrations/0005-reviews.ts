/** Periodic reviews: where a trial counts them from, the figures that were frozen, what was said and what was signed. */
import { type CreateTableBuilder, sql } from 'kysely'
import { appendOnly, type Schema } from './support/engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const must = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text', (column) => column.notNull()), table)

const ofTrial = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))

const ofReview = (schema: Schema, name: string): Table =>
  ofTrial(schema, name).addColumn('review_id', 'text', (column) => column.notNull().references('review.id'))

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .alterTable('trial_terms')
    .addColumn('review_anchor', 'text', (column) => column.notNull().defaultTo('registration_start'))
    .execute()

  let table = ofTrial(schema, 'review').addColumn('terms_version', 'integer', (column) => column.notNull())
  table = must(table, 'due_on', 'verdict', 'opened_at', 'frozen_at', 'figures', 'figures_hash', 'measure_ids')
  await table
    .addCheckConstraint('verdict_known', sql`verdict in ('below', 'not_below', 'too_early')`)
    .addUniqueConstraint('review_day', ['trial_id', 'due_on'])
    .execute()

  await must(ofReview(schema, 'review_comment'), 'text', 'person_id', 'name_ja', 'name_en', 'written_at').execute()
  await schema.schema.createIndex('review_comment_review').on('review_comment').column('review_id').execute()

  table = must(ofReview(schema, 'review_signature'), 'person_id', 'name_ja', 'name_en', 'role', 'meaning')
  await must(table, 'signed_at', 'content', 'content_hash')
    .addCheckConstraint('meaning_known', sql`meaning in ('agreed', 'with_reservations')`)
    .addUniqueConstraint('signed_once', ['review_id'])
    .execute()
  await appendOnly(schema, 'review_signature')
}
