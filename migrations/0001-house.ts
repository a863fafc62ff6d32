/** The first tables: people, the audit trail, trials with their terms, sites and pathway, subjects and their events. */
import { type CreateTableBuilder, sql } from 'kysely'
import { appendOnly, type Schema } from './support/engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every column
type Table = CreateTableBuilder<any, any>

const text = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text', (column) => column.notNull()), table)

const optionalText = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'text'), table)

const whole = (table: Table, ...names: string[]): Table =>
  names.reduce((sofar, name) => sofar.addColumn(name, 'integer', (column) => column.notNull()), table)

const oneOf = (table: Table, name: string, values: readonly string[]): Table =>
  table
    .addColumn(name, 'text', (column) => column.notNull())
    .addCheckConstraint(`${name}_known`, sql`${sql.ref(name)} in (${sql.join(values.map((value) => sql.lit(value)))})`)

const basis = (table: Table): Table => oneOf(table, 'basis', ['recorded', 'assumed'])

/** A table of records: `id` first, and the trial it belongs to. */
const ofTrial = (schema: Schema, name: string): Table =>
  schema.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))

export async function up(schema: Schema): Promise<void> {
  const create = (name: string) => schema.schema.createTable(name)
  const id = (table: Table): Table => table.addColumn('id', 'text', (column) => column.primaryKey())

  let table = id(create('person'))
  table = optionalText(text(table, 'username', 'name_ja', 'name_en', 'password_hash', 'created_at'), 'disabled_at')
  await table.addUniqueConstraint('person_username', ['username']).execute()

  table = id(create('trial'))
  table = text(table, 'code', 'name_ja', 'name_en', 'title_ja', 'title_en', 'condition_ja', 'condition_en')
  table = oneOf(table, 'design', ['single_arm', 'randomised'])
  table = oneOf(table, 'risk_class', ['class_1', 'class_2', 'class_3', 'none'])
  table = text(table, 'time_zone').addColumn('retention_years', 'integer')
  await text(table, 'created_at').addUniqueConstraint('trial_code', ['code']).execute()

  table = text(ofTrial(schema, 'site'), 'code', 'name_ja', 'name_en').addColumn('planned_per_year', 'double precision')
  await table.addUniqueConstraint('site_code', ['trial_id', 'code']).execute()

  table = id(create('role_grant')).addColumn('person_id', 'text', (column) => column.notNull().references('person.id'))
  table = oneOf(table, 'role', [
    'coordinator',
    'investigator',
    'data_manager',
    'principal_investigator',
    'unblinded_statistician',
    'committee',
    'auditor',
    'administrator',
  ])
  table = table
    .addColumn('trial_id', 'text', (column) => column.references('trial.id'))
    .addColumn('site_id', 'text', (column) => column.references('site.id'))
  await optionalText(text(table, 'granted_at'), 'revoked_at').execute()
  await schema.schema.createIndex('role_grant_person').on('role_grant').column('person_id').execute()

  table = create('session').addColumn('id_hash', 'text', (column) => column.primaryKey())
  table = table.addColumn('person_id', 'text', (column) => column.references('person.id'))
  await text(table, 'content', 'created_at', 'seen_at').execute()
  await schema.schema.createIndex('session_seen').on('session').column('seen_at').execute()

  table = create('submission').addColumn('key', 'text', (column) => column.primaryKey())
  await text(table, 'person_id', 'trial_id', 'result', 'sent_at').execute()

  table = whole(text(create('audit_entry'), 'chain'), 'sequence')
  table = optionalText(text(table, 'event', 'record_table', 'record_id', 'after'), 'before', 'reason')
  table = optionalText(text(table, 'actor_id', 'actor_name', 'recorded_at'), 'actor_role', 'request_id')
  table = text(table, 'previous_hash', 'hash')
  await table.addPrimaryKeyConstraint('audit_entry_place', ['chain', 'sequence']).execute()
  await appendOnly(schema, 'audit_entry')

  table = text(oneOf(ofTrial(schema, 'trial_identifier'), 'kind', ['registry', 'announcement']), 'value')
  await text(optionalText(table, 'valid_from', 'valid_until'), 'source_ja', 'source_en').execute()

  table = text(whole(ofTrial(schema, 'trial_arm'), 'position'), 'code', 'label_ja', 'label_en')
  table = optionalText(whole(table, 'ratio'), 'retired_at')
  await table.addUniqueConstraint('trial_arm_code', ['trial_id', 'code']).execute()

  table = oneOf(ofTrial(schema, 'profile_fact'), 'kind', ['product', 'cost', 'pool', 'measure', 'method', 'result'])
  table = text(whole(table, 'position'), 'label_ja', 'label_en', 'value_ja', 'value_en', 'source_ja', 'source_en')
  await optionalText(basis(table), 'replaces_id', 'replaced_at').execute()

  table = whole(ofTrial(schema, 'trial_terms'), 'version', 'target_number')
  table = optionalText(text(table, 'registration_from', 'registration_until'), 'study_until')
  table = oneOf(table, 'cost_bearer', ['research_funds', 'patient', 'insurer'])
  table = text(whole(table, 'review_interval_months'), 'plan_starts_on')
  table = text(whole(table, 'plan_starts_at_number', 'plan_reaches_number'), 'effective_from')
  table = optionalText(table, 'approved_on', 'approval_body_ja', 'approval_body_en')
  table = basis(optionalText(table, 'approval_document_ja', 'approval_document_en'))
  table = optionalText(table, 'assumption_ja', 'assumption_en')
  await table.addUniqueConstraint('trial_terms_version', ['trial_id', 'version']).execute()

  table = ofTrial(schema, 'site_status').addColumn('site_id', 'text', (column) =>
    column.notNull().references('site.id'),
  )
  table = text(oneOf(table, 'status', ['pending', 'open', 'on_hold', 'closed']), 'from_on')
  await basis(table).addUniqueConstraint('site_status_day', ['site_id', 'from_on']).execute()

  table = text(whole(ofTrial(schema, 'milestone'), 'position'), 'code', 'label_ja', 'label_en')
  table = oneOf(table, 'kind', [
    'screening',
    'eligibility',
    'registration_stage',
    'allocation',
    'treatment',
    'procedure',
    'visit',
  ])
  table = oneOf(table, 'necessity', ['required', 'optional'])
  table = oneOf(table, 'counting', ['target', 'none'])
  table = optionalText(oneOf(table, 'repetition', ['once', 'repeatable']), 'anchor_code')
  table = table
    .addColumn('offset_days', 'integer')
    .addColumn('window_before_days', 'integer')
    .addColumn('window_after_days', 'integer')
    .addColumn('retired_at', 'text')
  await table.addUniqueConstraint('milestone_code', ['trial_id', 'code']).execute()

  table = text(whole(ofTrial(schema, 'consent_version'), 'position'), 'label_ja', 'label_en')
  await basis(optionalText(table, 'approved_on')).execute()

  table = ofTrial(schema, 'subject').addColumn('site_id', 'text', (column) => column.notNull().references('site.id'))
  table = whole(text(table, 'number', 'number_key'), 'site_sequence').addColumn('registration_number', 'integer')
  table = optionalText(text(table, 'entered_on'), 'consented_on').addColumn('consent_version_id', 'text', (column) =>
    column.references('consent_version.id'),
  )
  table = text(basis(optionalText(table, 'referral_source', 'candidate_hash')), 'state', 'last_event_on')
  table = whole(table, 'attempt').addColumn('earlier_attempt_id', 'text', (column) => column.references('subject.id'))
  await table
    .addUniqueConstraint('subject_number', ['trial_id', 'number_key'])
    .addUniqueConstraint('subject_site_sequence', ['site_id', 'site_sequence'])
    .addUniqueConstraint('subject_registration_number', ['trial_id', 'registration_number'])
    .execute()
  await schema.schema
    .createIndex('subject_state')
    .on('subject')
    .columns(['trial_id', 'state', 'last_event_on'])
    .execute()
  await schema.schema.createIndex('subject_earlier_attempt').on('subject').column('earlier_attempt_id').execute()
  await schema.schema
    .createIndex('subject_candidate')
    .on('subject')
    .columns(['trial_id', 'candidate_hash'])
    .where(sql.ref('candidate_hash'), 'is not', null)
    .execute()

  table = ofTrial(schema, 'subject_event').addColumn('subject_id', 'text', (column) =>
    column.notNull().references('subject.id'),
  )
  table = oneOf(table, 'kind', ['prescreening', 'milestone', 'exit'])
  table = text(table, 'step', 'occurred_on', 'recorded_at', 'recorded_by')
  await basis(optionalText(table, 'reasons', 'measured_value', 'scope', 'note', 'override_reason')).execute()
  await schema.schema.createIndex('subject_event_subject').on('subject_event').column('subject_id').execute()
  await schema.schema
    .createIndex('subject_event_override')
    .on('subject_event')
    .column('trial_id')
    .where(sql.ref('override_reason'), 'is not', null)
    .execute()

  table = create('daily_count')
    .addColumn('trial_id', 'text', (column) => column.notNull().references('trial.id'))
    .addColumn('site_id', 'text', (column) => column.notNull().references('site.id'))
  await whole(text(table, 'step', 'date'), 'number')
    .addPrimaryKeyConstraint('daily_count_day', ['trial_id', 'site_id', 'step', 'date'])
    .execute()

  table = text(whole(ofTrial(schema, 'change_request'), 'number'), 'title_ja', 'title_en')
  table = whole(text(table, 'as_of', 'registration_until'), 'target_number', 'stated_total', 'registered_number')
  table = basis(text(table, 'method_version', 'input_hash'))
  await table.addUniqueConstraint('change_request_number', ['trial_id', 'number']).execute()

  table = ofTrial(schema, 'request_claim').addColumn('request_id', 'text', (column) =>
    column.notNull().references('change_request.id'),
  )
  table = text(whole(table, 'position'), 'claim', 'site_ids', 'label_ja', 'label_en', 'source_ja', 'source_en')
  await table.execute()
}
