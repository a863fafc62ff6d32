/** What was imported from spreadsheets: the batches, what a trial's columns meant, and the subjects a table is about. */
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Subject, SubjectEvent } from '../domain/subject.ts'
import { subjectNumberKey } from '../domain/subject-number.ts'
import type { Db } from './database.ts'
import { listEventsOf } from './subject-events.ts'
import { subjectFrom } from './subjects.ts'
import type { Write } from './write.ts'

/** What heads of columns meant in the trial's last import, by the folded head. */
export async function listImportHeaders(db: Db, trialId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('import_header')
    .select(['header', 'meaning'])
    .where('trial_id', '=', trialId)
    .execute()
  return new Map(rows.map(({ header, meaning }) => [header, meaning]))
}

/** Remembers what a head means in this trial; the same again changes nothing. */
export async function rememberHeader(
  write: Write,
  context: Context,
  trialId: string,
  header: string,
  meaning: string,
): Promise<void> {
  const known = await write
    .selectFrom('import_header')
    .select(['id', 'meaning'])
    .where('trial_id', '=', trialId)
    .where('header', '=', header)
    .executeTakeFirst()
  if (known?.meaning === meaning) return
  if (known !== undefined) return write.revise('import_header', known.id, { meaning }, 'import_column_chosen', null)
  await write.insert(
    'import_header',
    { id: context.newId(), trial_id: trialId, header, meaning },
    'import_column_chosen',
  )
}

export type ImportBatch = {
  fileName: string
  /** SHA-256 of the file's bytes, or of the pasted text. */
  fileHash: string
  newNumber: number
  changedNumber: number
  unchangedNumber: number
}

export async function insertImportBatch(
  write: Write,
  context: Context,
  trialId: string,
  batch: ImportBatch,
): Promise<void> {
  await write.insert(
    'import_batch',
    {
      id: context.newId(),
      trial_id: trialId,
      file_name: batch.fileName,
      file_hash: batch.fileHash,
      imported_at: context.now(),
      person_id: write.personId,
      new_number: batch.newNumber,
      changed_number: batch.changedNumber,
      unchanged_number: batch.unchangedNumber,
    },
    'rows_imported',
  )
}

export type ImportDone = ImportBatch & { importedAt: string; personId: string }

/** The last imports of a trial, the newest first; of one person, where their reach is not the whole trial. */
export async function listImportBatches(db: Db, trialId: string, personId: string | null): Promise<ImportDone[]> {
  let query = db.selectFrom('import_batch').selectAll().where('trial_id', '=', trialId)
  if (personId !== null) query = query.where('person_id', '=', personId)
  const rows = await query.orderBy('imported_at', 'desc').orderBy('id', 'desc').limit(10).execute()
  return rows.map((row) => ({
    fileName: row.file_name,
    fileHash: row.file_hash,
    newNumber: row.new_number,
    changedNumber: row.changed_number,
    unchangedNumber: row.unchanged_number,
    importedAt: row.imported_at,
    personId: row.person_id,
  }))
}

export type NumberedSubject = {
  subject: Subject
  /** In the order of their days. */
  events: SubjectEvent[]
  /** What was noted with the first entry. */
  note: string | null
  consentVersionId: string | null
}

/** So many are asked for at once: an engine takes no endless list of values. */
const atOnce = 500

/** The subjects of a trial that have one of these numbers, by the key of the number, with their events. */
export async function listNumbered(
  db: Db,
  trialId: string,
  numbers: readonly string[],
): Promise<Map<string, NumberedSubject>> {
  const found = new Map<string, NumberedSubject>()
  for (let start = 0; start < numbers.length; start += atOnce) {
    const rows = await db
      .selectFrom('subject')
      .selectAll()
      .where('trial_id', '=', trialId)
      .where('number_key', 'in', numbers.slice(start, start + atOnce).map(subjectNumberKey))
      .execute()
    const events = await listEventsOf(
      db,
      rows.map(({ id }) => id),
    )
    for (const row of rows) {
      const own = events.get(row.id) ?? []
      const opening = own.reduce<SubjectEvent | null>(
        (first, event) => (first === null || event.originId < first.originId ? event : first),
        null,
      )
      const said = { note: opening?.note ?? null, consentVersionId: row.consent_version_id }
      found.set(row.number_key, { subject: subjectFrom(row), events: own, ...said })
    }
  }
  return found
}

/** A digest of what the log says of some subjects: another one where anybody recorded, corrected or took back anything. */
export function digestOf(known: ReadonlyMap<string, { subject: Subject; events: readonly SubjectEvent[] }>): string {
  const said = [...known.values()].map(({ subject: { id, siteId, state }, events }) =>
    [id, siteId, state, ...events.map((event) => event.id)].join(' '),
  )
  return createHash('sha256').update(said.sort().join('\n')).digest('hex')
}
