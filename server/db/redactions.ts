/** What somebody asked to be taken out, and the taking out: of rows, of the trail's entries, of what forms left behind. */
import type { AuditEntry } from '../domain/audit-entry.ts'
import {
  type FoundText,
  isFounded,
  placesIn,
  type RedactedEntry,
  type Redaction,
  textsOf,
} from '../domain/redaction.ts'
import { entryHash, listAuditEntries } from './audit-trail.ts'
import type { AuditEntryRow, AuditedTable, Db, RedactionRow } from './database.ts'
import { engineOf } from './dialect.ts'
import { entriesFrom, markedFrom } from './redaction-marks.ts'
import { takenPlaces, withoutTexts } from './sealed-texts.ts'

export function redactionFrom(row: RedactionRow): Redaction {
  return {
    id: row.id,
    table: row.record_table,
    recordId: row.record_id,
    field: row.field,
    sequence: row.sequence,
    subjectId: row.subject_id,
    words: row.words,
    state: row.state as Redaction['state'],
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    ...markedFrom(row),
    entries: entriesFrom(row.places),
  }
}

export async function findRedaction(db: Db, trialId: string, id: string): Promise<Redaction | null> {
  const row = await db
    .selectFrom('redaction')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : redactionFrom(row)
}

/** A page of them, those that wait for a second person before the others, the newest first. */
export async function listRedactions(
  db: Db,
  trialId: string,
  page: { limit: number; offset: number },
): Promise<Redaction[]> {
  const rows = await db
    .selectFrom('redaction')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy(({ eb }) => eb.case().when('state', '=', 'asked').then(0).else(1).end())
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(redactionFrom)
}

export async function countRedactions(db: Db, trialId: string, state: Redaction['state'] | null): Promise<number> {
  let query = db
    .selectFrom('redaction')
    .select(({ fn }) => fn.countAll().as('number'))
    .where('trial_id', '=', trialId)
  if (state !== null) query = query.where('state', '=', state)
  return Number((await query.executeTakeFirstOrThrow()).number)
}

/** Whether a text is asked for already, and nobody has decided. */
export async function isAskedAlready(db: Db, trialId: string, target: FoundText): Promise<boolean> {
  const row = await db
    .selectFrom('redaction')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('record_table', '=', target.table)
    .where('record_id', '=', target.recordId)
    .where('field', '=', target.field)
    .where('state', '=', 'asked')
    .executeTakeFirst()
  return row !== undefined
}

/** Whether a text is part of what was signed: the comment of a review that has a signature. */
export async function isSigned(db: Db, { table, recordId }: Pick<FoundText, 'table' | 'recordId'>): Promise<boolean> {
  if (table !== 'review_comment') return false
  const row = await db
    .selectFrom('review_comment')
    .innerJoin('review_signature', 'review_signature.review_id', 'review_comment.review_id')
    .select('review_signature.id')
    .where('review_comment.id', '=', recordId)
    .executeTakeFirst()
  return row !== undefined
}

/** The subject whose record it is; null for records of no single subject. */
export async function findSubjectOf(
  db: Db,
  { table, recordId }: Pick<FoundText, 'table' | 'recordId'>,
): Promise<string | null> {
  if (table === 'subject') return recordId
  if (table !== 'subject_event' && table !== 'allocation' && table !== 'redaction') return null
  const row = await db.selectFrom(table).select('subject_id').where('id', '=', recordId).executeTakeFirst()
  return row?.subject_id ?? null
}

/** The entry of a trail at a place; null where there is none. */
export async function findEntry(db: Db, trialId: string, sequence: number): Promise<AuditEntry | null> {
  const [entry] = await listAuditEntries(db, trialId, { before: sequence + 1, limit: 1 })
  return entry?.sequence === sequence ? entry : null
}

/** The text that was pointed at, as it stands in its entry; null where it was taken out meanwhile. */
export async function findTextAsked(
  db: Db,
  trialId: string,
  { sequence, table, field }: Pick<Redaction, 'sequence' | 'table' | 'field'>,
): Promise<string | null> {
  const entry = await findEntry(db, trialId, sequence)
  const texts = entry === null ? [] : textsOf(entry)
  return texts.find((one) => one.table === table && one.field === field)?.text ?? null
}

/** The entries of a record and, of a subject's, of everything that is the same subject's. */
async function listEntriesAround(
  db: Db,
  trialId: string,
  { table, recordId, subjectId }: Pick<Redaction, 'table' | 'recordId' | 'subjectId'>,
): Promise<AuditEntryRow[]> {
  const ids = new Set([recordId])
  if (table === 'audit_entry') {
    const entry = await db
      .selectFrom('audit_entry')
      .select('record_id')
      .where('chain', '=', trialId)
      .where('sequence', '=', Number(recordId))
      .executeTakeFirstOrThrow()
    ids.add(entry.record_id)
  }
  if (subjectId !== null) {
    ids.add(subjectId)
    for (const name of ['subject_event', 'allocation', 'redaction'] as const) {
      const rows = await db.selectFrom(name).select('id').where('subject_id', '=', subjectId).execute()
      for (const { id } of rows) ids.add(id)
    }
  }
  return db
    .selectFrom('audit_entry')
    .selectAll()
    .where('chain', '=', trialId)
    .where('record_id', 'in', [...ids])
    .orderBy('sequence')
    .execute()
}

/** Everything that goes with a text: the columns of rows, and the entries of the trail, as they would be without it. */
export type Redacting = {
  rows: { table: AuditedTable; id: string; fields: string[] }[]
  entries: (RedactedEntry & { left: Pick<AuditEntryRow, 'before' | 'after' | 'reason' | 'salts'> })[]
  /** Who recorded those entries, and when: their forms' digests go, too. */
  recorded: { personId: string; at: string }[]
}

/** Finds a text in the rows and entries around the place where it was pointed at: whole, and nothing that merely holds it. */
export async function findRedacting(
  db: Db,
  trialId: string,
  redaction: Pick<Redaction, 'table' | 'recordId' | 'subjectId'>,
  text: string,
): Promise<Redacting> {
  const rows = new Map<string, Redacting['rows'][number]>()
  const found: Redacting = { rows: [], entries: [], recorded: [] }
  for (const entry of await listEntriesAround(db, trialId, redaction)) {
    const taken = takenPlaces(entry)
    const read = {
      table: entry.record_table,
      before: entry.before === null ? null : JSON.parse(entry.before),
      after: JSON.parse(entry.after),
      reason: taken.includes('reason') ? null : entry.reason,
    }
    const places = placesIn(read, text)
    if (places.length === 0) continue
    const left = withoutTexts(entry, places)
    const { hash: _, ...rest } = entry
    const remains = entry.salts === null ? entryHash({ ...rest, ...left }) : null
    found.entries.push({ sequence: entry.sequence, places, remains, left })
    found.recorded.push({ personId: entry.actor_id, at: entry.recorded_at })
    // What stands in the row is what its last entry says.
    const fields = places.filter((place) => place.startsWith('after.')).map((place) => place.slice('after.'.length))
    rows.set(entry.record_id, { table: entry.record_table as AuditedTable, id: entry.record_id, fields })
  }
  found.rows = [...rows.values()].filter(({ fields }) => fields.length > 0)
  return found
}

/** A redaction to which a second person agreed in the trail itself. */
export type Founded = Pick<Redaction, 'entries' | 'decidedOn' | 'kind'>

const agreement = 'redaction_confirmed'

/** The redactions of a chain to which a second person agreed, in the order in which they did. */
export async function listFounded(db: Db, chain: string): Promise<Founded[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['sequence', 'before', 'after', 'actor_id'])
    .where('chain', '=', chain)
    .where('event', '=', agreement)
    .where('record_table', '=', 'redaction')
    .orderBy('sequence')
    .execute()
  return rows.flatMap(foundedBy)
}

/** What an entry of the trail gives its right to: none, or one redaction. */
export function foundedIn(entry: AuditEntryRow): Founded[] {
  return entry.event === agreement && entry.record_table === 'redaction' ? foundedBy(entry) : []
}

function foundedBy(row: Parameters<typeof readEntry>[0]): Founded[] {
  const entry = readEntry(row)
  return entry !== null && isFounded(entry)
    ? [{ ...markedFrom(entry.after as RedactionRow), entries: entriesFrom(String(entry.after.places)) }]
    : []
}

function readEntry(
  row: Pick<AuditEntryRow, 'sequence' | 'before' | 'after' | 'actor_id'>,
): (Pick<AuditEntry, 'sequence' | 'before' | 'actorId'> & { after: Record<string, unknown> }) | null {
  try {
    const after = JSON.parse(row.after)
    if (!areEntries(JSON.parse(String(after.places)))) return null
    return { sequence: row.sequence, before: JSON.parse(row.before ?? 'null'), after, actorId: row.actor_id }
  } catch {
    return null
  }
}

function areEntries(value: unknown): value is RedactedEntry[] {
  const isEntry = (one: Partial<RedactedEntry> | null) =>
    typeof one?.sequence === 'number' &&
    Array.isArray(one.places) &&
    one.places.every((place) => /^[\w.]+$/.test(place))
  return Array.isArray(value) && value.every(isEntry)
}

/** After a text went: what the file still holds of it from before goes, too, as soon as nobody reads an older state. */
export async function forgetOldPages(db: Db): Promise<void> {
  await engineOf(db).forgetOldPages()
}
