/** A condition of a change request names the meeting of the calendar at which it is due; a file is withdrawn for a reason. */
import type { Schema } from './support/engine.ts'

export async function up(schema: Schema): Promise<void> {
  await schema.schema
    .alterTable('request_condition')
    .addColumn('meeting_id', 'text', (column) => column.references('calendar_entry.id'))
    .execute()
  await schema.schema.alterTable('request_attachment').addColumn('withdrawn_because', 'text').execute()
  await schema.schema.createIndex('request_condition_meeting').on('request_condition').column('meeting_id').execute()
}
