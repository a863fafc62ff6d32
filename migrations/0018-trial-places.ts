/** Where the rows of a trial are, in every table that is asked for them; and a log's counts without its rows. */
import type { Schema } from './support/engine.ts'

const places: readonly [table: string, columns: readonly string[]][] = [
  ['role_grant', ['trial_id']],
  ['trial_identifier', ['trial_id']],
  ['profile_fact', ['trial_id']],
  ['site_status', ['trial_id']],
  ['consent_version', ['trial_id', 'position']],
  ['attestation', ['trial_id', 'month']],
  ['allocation', ['trial_id', 'arm_code']],
  ['request_claim', ['request_id']],
  ['request_attachment', ['request_id']],
]

export async function up(schema: Schema): Promise<void> {
  const create = (name: string, table: string, columns: readonly string[]) =>
    schema.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  for (const [table, columns] of places) await create(`${table}_place`, table, columns)
  // The counts beside the saved lists, and where the screenings of a period stand.
  const standing = ['trial_id', 'state', 'site_id', 'consented_on', 'registration_number']
  await create('subject_standing', 'subject', standing)
  // The last number of a site.
  await create('subject_site_number', 'subject', ['site_id', 'number_key'])
}
