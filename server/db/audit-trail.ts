/**
 * The audit trail: one append-only chain per trial, and one named `system` for records that belong to no trial.
 * Each entry's hash covers its content and the hash before it, so a changed, missing or moved entry shows.
 */
import { createHash, hash } from 'node:crypto'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { subjectNumberKey } from '../domain/subject-number.ts'
import type { AuditEntryRow, AuditedTable, Db } from './database.ts'
import { prepared } from './prepared.ts'
import { listMarks, withMarks } from './redaction-marks.ts'
import { committed, inFixedOrder, takenPlaces } from './sealed-texts.ts'

export { inFixedOrder } from './sealed-texts.ts'

export const systemChain = 'system'

/** The hash before the first entry of a chain. */
export const chainStart = '0'.repeat(64)

/** `inFixedOrder` for many rows with the same columns, whose order is then found once. */
export function inOrderOf(columns: readonly string[]): (row: object) => string {
  const parts = [...columns]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((column, index) => ({ column, head: `${index === 0 ? '' : ','}${JSON.stringify(column)}:` }))
  return (row) => {
    let text = '{'
    for (const { column, head } of parts) text += head + JSON.stringify((row as Record<string, unknown>)[column])
    return `${text}}`
  }
}

/**
 * What a row's JSON says, without its empty columns: an entry from before a table had a column says nothing of it, and
 * the row has nothing there. `{"a":1,"b":null,"c":"x"}` says `"a":1,"c":"x",`. In a text that somebody typed every
 * quotation mark is written with a backslash before it, so that nothing in it looks like a column.
 */
export function saidIn(json: string): string {
  return `${json.slice(1, -1)},`.replace(emptyColumn, '')
}
const emptyColumn = /"\w+":null,/g

/** `saidIn` of `inOrderOf`, in one step: what rows with the same columns say. */
export function saidInOrderOf(columns: readonly string[]): (row: object) => string {
  const parts = [...columns]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((column) => ({ column, head: `${JSON.stringify(column)}:` }))
  return (row) => {
    let text = ''
    for (const { column, head } of parts) {
      const value = (row as Record<string, unknown>)[column]
      if (value !== null) text += `${head}${JSON.stringify(value)},`
    }
    return text
  }
}

/** Columns that open an account. The trail, which nobody can clean, recognises their values and does not know them. */
const sealedColumns: Partial<Record<AuditedTable, readonly string[]>> = {
  person: ['password_hash'],
  second_factor: ['secret'],
}

/** A row as the trail keeps it: of what is sealed, a digest in its place. */
export function inTrail(table: AuditedTable, row: object): string {
  const sealed = sealedColumns[table]
  if (sealed === undefined) return inFixedOrder(row)
  const columns = Object.entries(row).map(([name, value]) => {
    const isSealed = sealed.includes(name) && typeof value === 'string' && value !== ''
    return [name, isSealed ? `sha256:${createHash('sha256').update(value).digest('hex')}` : value]
  })
  return inFixedOrder(Object.fromEntries(columns))
}

/** Whether the trail keeps digests of some of a table's columns. */
export function isSealed(table: AuditedTable): boolean {
  return sealedColumns[table] !== undefined
}

/**
 * SHA-256 over an entry's content, in a fixed order, and the hash of the entry before it. With salts it covers commitments
 * to the texts; entries from before there were any hold none and it covers the texts. Empty for one that nobody wrote.
 */
export function entryHash(entry: Omit<AuditEntryRow, 'hash'>): string {
  if (entry.salts === null) return hash('sha256', JSON.stringify(contentOf(entry, entry)))
  const texts = committed(entry, entry.salts)
  return texts === null ? '' : hash('sha256', JSON.stringify([2, ...contentOf(entry, texts)]))
}

function contentOf(
  entry: Omit<AuditEntryRow, 'hash'>,
  texts: Pick<AuditEntryRow, 'before' | 'after' | 'reason'>,
): (string | number | null)[] {
  return [
    entry.chain,
    entry.sequence,
    entry.event,
    entry.record_table,
    entry.record_id,
    texts.before,
    texts.after,
    texts.reason,
    entry.actor_id,
    entry.actor_name,
    entry.actor_role,
    entry.recorded_at,
    entry.request_id,
    entry.previous_hash,
  ]
}

const lastEntry = prepared((db, chain) =>
  db
    .selectFrom('audit_entry')
    .select(['sequence', 'hash'])
    .where('chain', '=', chain)
    .orderBy('sequence', 'desc')
    .limit(1),
)

/** The last entry's place and hash. */
export type ChainHead = { readonly sequence: number; readonly hash: string }

export const emptyChain: ChainHead = { sequence: 0, hash: chainStart }

export async function chainHead(db: Db, chain: string): Promise<ChainHead> {
  const [last] = await lastEntry(db, chain)
  return last ?? emptyChain
}

/** The heads of several trials' chains, found from their places and not by reading the chains. */
export async function listChainHeads(db: Db, trialIds: readonly string[]): Promise<Map<string, ChainHead>> {
  if (trialIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('trial')
    .innerJoin('audit_entry', (join) =>
      join.onRef('audit_entry.chain', '=', 'trial.id').on('audit_entry.sequence', '=', ({ selectFrom }) =>
        selectFrom('audit_entry as later')
          .select(({ fn }) => fn.max('later.sequence').as('last'))
          .whereRef('later.chain', '=', 'trial.id'),
      ),
    )
    .select(['trial.id', 'audit_entry.sequence', 'audit_entry.hash'])
    .where('trial.id', 'in', trialIds)
    .execute()
  return new Map(rows.map(({ id, ...head }) => [id, head]))
}

/** Which entries of a chain are asked for; null asks for all. */
export type AuditQuestion = {
  personId: string | null
  event: string | null
  /** Entries about any of these records. */
  recordIds: readonly string[] | null
  /** Instants: recorded at the first or later, and before the second. */
  from: string | null
  before: string | null
}
export const everyEntry: AuditQuestion = { personId: null, event: null, recordIds: null, from: null, before: null }

/** A page of a chain, newest first; `before` is the sequence above which nothing is wanted. */
export async function listAuditEntries(
  db: Db,
  chain: string,
  page: { before: number | null; limit: number },
  { personId, event, recordIds, from, before }: AuditQuestion = everyEntry,
): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit_entry').selectAll().where('chain', '=', chain)
  if (page.before !== null) query = query.where('sequence', '<', page.before)
  if (personId !== null) query = query.where('actor_id', '=', personId)
  if (event !== null) query = query.where('event', '=', event)
  if (recordIds !== null) query = query.where('record_id', 'in', [...recordIds])
  if (from !== null) query = query.where('recorded_at', '>=', from)
  if (before !== null) query = query.where('recorded_at', '<', before)
  const rows = await query.orderBy('sequence', 'desc').limit(page.limit).execute()
  const marks = rows.some((row) => takenPlaces(row).length > 0) ? await listMarks(db, chain) : new Map()
  return rows.map((row) => ({
    sequence: row.sequence,
    event: row.event,
    table: row.record_table,
    recordId: row.record_id,
    before: row.before === null ? null : withMarks('before', JSON.parse(row.before), marks.get(row.sequence)),
    after: withMarks('after', JSON.parse(row.after), marks.get(row.sequence)),
    reason: marks.get(row.sequence)?.reason ?? row.reason,
    actorId: row.actor_id,
    actorName: row.actor_name,
    actorRole: row.actor_role,
    recordedAt: row.recorded_at,
    requestId: row.request_id,
    hash: row.hash,
  }))
}

/** Who ever acted in a chain, or which kinds of entries it has: one step of an index for each, however long the chain. */
export async function listAuditKinds(db: Db, chain: string, column: 'actor_id' | 'event'): Promise<string[]> {
  const found: string[] = []
  for (let last = ''; ; ) {
    const next = await db
      .selectFrom('audit_entry')
      .select(column)
      .where('chain', '=', chain)
      .where(column, '>', last)
      .orderBy(column)
      .limit(1)
      .executeTakeFirst()
    if (next === undefined) return found
    last = next[column]
    found.push(last)
  }
}

/** A subject by its number, however it is spelled; null where there is none. */
export async function findSubjectIdOf(db: Db, trialId: string, number: string): Promise<string | null> {
  const subject = await db
    .selectFrom('subject')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('number_key', '=', subjectNumberKey(number))
    .executeTakeFirst()
  return subject?.id ?? null
}

/** The records of one subject, by its number: itself, its events, its allocation, what was taken out; none where there is no such number. */
export async function listRecordsOfSubject(db: Db, trialId: string, number: string): Promise<string[]> {
  const subjectId = await findSubjectIdOf(db, trialId, number)
  if (subjectId === null) return []
  const of = (table: 'subject_event' | 'allocation' | 'redaction') =>
    db.selectFrom(table).select('id').where('trial_id', '=', trialId).where('subject_id', '=', subjectId).execute()
  const parts = [...(await of('subject_event')), ...(await of('allocation')), ...(await of('redaction'))]
  return [subjectId, ...parts.map(({ id }) => id)]
}
