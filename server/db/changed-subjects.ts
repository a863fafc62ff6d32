/** What the chain of a trial says happened between two readings of it, so that only that is read again. */
import type { Db } from './database.ts'

export type Head = { sequence: number; hash: string }

/** More changes than that are read as if anybody had changed. */
const mostChanges = 1000

/** What is read of a subject may differ after these without an entry that names the subject. */
const ofEverybody = ['milestone', 'redaction']

/** The subjects that entries between two heads are about; `anybody` where the pathway changed, or too much. */
export async function changedSince(
  db: Db,
  trialId: string,
  before: Head,
  head: Head,
): Promise<ReadonlySet<string> | 'anybody'> {
  const changed = new Set<string>()
  if (head.hash === before.hash) return changed
  const entries = await listBetween(db, trialId, before, head)
  if (entries === null) return 'anybody'
  for (const { record_table: table, record_id: id, after } of entries) {
    if (ofEverybody.includes(table)) return 'anybody'
    if (table === 'subject') changed.add(id)
    if (table === 'subject_event') changed.add(JSON.parse(after).subject_id)
  }
  return changed
}

/** Whether nothing but subjects and what happened to them changed between two heads. */
export async function onlySubjectsChanged(db: Db, trialId: string, before: Head, head: Head): Promise<boolean> {
  if (head.hash === before.hash) return true
  const entries = await listBetween(db, trialId, before, head)
  return entries?.every(({ record_table: table }) => table === 'subject' || table === 'subject_event') ?? false
}

/** The entries after one head, up to another; null where they are too many to be worth it. */
async function listBetween(db: Db, trialId: string, before: Head, head: Head) {
  if (head.sequence <= before.sequence || head.sequence - before.sequence > mostChanges) return null
  return db
    .selectFrom('audit_entry')
    .select(['record_table', 'record_id', 'after'])
    .where('chain', '=', trialId)
    .where('sequence', '>', before.sequence)
    .where('sequence', '<=', head.sequence)
    .execute()
}
