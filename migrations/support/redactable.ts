/** An append-only trail out of which a text may go, and nothing else: only where a redaction names the entry. */
import { PostgresAdapter, sql } from 'kysely'
import type { Schema } from './engine.ts'

/** What an entry is besides its texts: none of it may change. */
const fixed = [
  'chain',
  'sequence',
  'event',
  'record_table',
  'record_id',
  'actor_id',
  'actor_name',
  'actor_role',
  'recorded_at',
  'request_id',
  'previous_hash',
  'hash',
]

/** `entries` of a redaction is `,12,57,`: the places in the chain of the entries out of which it takes a text. */
const isNamed = `exists (select 1 from redaction where redaction.trial_id = old.chain
  and redaction.state = 'confirmed' and redaction.entries like '%,' || old.sequence || ',%')`

/** In place of `appendOnly` for the audit trail: every other update, and every delete, is still refused. */
export async function redactableOnly(schema: Schema): Promise<void> {
  const message = 'audit_entry is append-only'
  if (schema.getExecutor().adapter instanceof PostgresAdapter) {
    const isSame = fixed.map((column) => `new.${column} is not distinct from old.${column}`).join(' and ')
    await sql`drop trigger audit_entry_append_only on audit_entry`.execute(schema)
    await sql`create trigger audit_entry_append_only before delete or truncate on audit_entry
      for each statement execute function audit_entry_refuse_change()`.execute(schema)
    await sql`create function audit_entry_let_redact() returns trigger language plpgsql as
      ${sql.lit(`begin if ${isSame} and ${isNamed} then return new; end if; raise exception '${message}'; end`)}`.execute(
      schema,
    )
    await sql`create trigger audit_entry_redactable before update on audit_entry
      for each row execute function audit_entry_let_redact()`.execute(schema)
    return
  }
  const isSame = fixed.map((column) => `new.${column} is old.${column}`).join(' and ')
  await sql`drop trigger audit_entry_refuse_update`.execute(schema)
  await sql`create trigger audit_entry_refuse_update before update on audit_entry
    when not (${sql.raw(isSame)} and ${sql.raw(isNamed)})
    begin select raise(abort, ${sql.lit(message)}); end`.execute(schema)
}
