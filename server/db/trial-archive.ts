/** Everything that belongs to one trial, table by table, in an order that no engine chooses: what an archive holds. */
import { inOrderOf, listAuditKinds } from './audit-trail.ts'
import { auditedTables, type Db } from './database.ts'
import { engineOf, type TableShape } from './dialect.ts'
import { entriesInPages } from './verification.ts'

/** Rows of a trial that are no records of it: a secret, forms that were sent, how far somebody has read. */
const leftOut = ['trial_secret', 'submission', 'last_look']

export type ArchivedTable = {
  name: string
  columns: string[]
  /** Whether every row must be what the last audit entry of it says. */
  replay: 'chain' | 'none'
}

/** The tables whose rows belong to a trial, by name. */
export async function listArchivedTables(db: Db): Promise<ArchivedTable[]> {
  const shapes = await engineOf(db).shapes()
  return shapes
    .filter(({ name, columns }) => (name === 'trial' || columns.includes('trial_id')) && !leftOut.includes(name))
    .map(({ name, columns }: TableShape) => ({
      name,
      columns: [...columns].sort(),
      replay: (auditedTables as readonly string[]).includes(name) ? ('chain' as const) : ('none' as const),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const pageSize = 1000

/** A table's rows of a trial, each as one line of JSON with its keys sorted, a page at a time. */
export async function* listRowLines(db: Db, trialId: string, table: ArchivedTable): AsyncGenerator<string[]> {
  const lineOf = inOrderOf(table.columns)
  // The table's name is a value here, which the query builder's types cannot follow.
  const ofTrial = db
    .selectFrom(table.name as 'site')
    .selectAll()
    .where(table.name === 'trial' ? 'id' : 'trial_id', '=', trialId)
  if (!table.columns.includes('id')) {
    // Counts have no identifier, and are few: their lines are sorted here.
    const rows = await ofTrial.execute()
    yield rows.map(lineOf).sort()
    return
  }
  const inOrder = ofTrial.orderBy('id').limit(pageSize)
  let rows = await inOrder.execute()
  while (rows.length > 0) {
    yield rows.map(lineOf)
    rows = await inOrder.where('id', '>', rows.at(-1)?.id ?? '').execute()
  }
}

/** The entries of a trial's chain as lines of JSON, a page at a time. */
export async function* listEntryLines(db: Db, trialId: string): AsyncGenerator<string[]> {
  for await (const entries of entriesInPages(db, trialId)) {
    yield entries.map(inOrderOf(Object.keys(entries[0] ?? {})))
  }
}

/** How many rows and entries an archive will hold, about. */
export async function countArchived(db: Db, trialId: string, tables: readonly ArchivedTable[]): Promise<number> {
  let sum = 0
  for (const { name } of tables) {
    const found = await db
      .selectFrom(name as 'site')
      .select(({ fn }) => fn.countAll().as('size'))
      .where(name === 'trial' ? 'id' : 'trial_id', '=', trialId)
      .executeTakeFirstOrThrow()
    sum += Number(found.size)
  }
  const entries = await db
    .selectFrom('audit_entry')
    .select(({ fn }) => fn.countAll().as('size'))
    .where('chain', '=', trialId)
    .executeTakeFirstOrThrow()
  return sum + Number(entries.size)
}

export type ArchivedPerson = { id: string; username: string; name_ja: string; name_en: string }

/** Who ever did something in the trial or held a role there, by identifier; nothing that opens an account. */
export async function listArchivedPeople(db: Db, trialId: string): Promise<ArchivedPerson[]> {
  const holders = await db.selectFrom('role_grant').select('person_id').where('trial_id', '=', trialId).execute()
  const ids = new Set([...holders.map(({ person_id: id }) => id), ...(await listAuditKinds(db, trialId, 'actor_id'))])
  if (ids.size === 0) return []
  const rows = await db
    .selectFrom('person')
    .select(['id', 'username', 'name_ja', 'name_en'])
    .where('id', 'in', [...ids])
    .execute()
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The signed texts of a trial's reviews, byte by byte as they were signed, by the day that they are of. */
export async function listSignedTexts(db: Db, trialId: string) {
  const rows = await db
    .selectFrom('review_signature')
    .innerJoin('review', 'review.id', 'review_signature.review_id')
    .select(['review.id', 'due_on', 'content'])
    .where('review_signature.trial_id', '=', trialId)
    .execute()
  return rows
    .map((row) => ({ reviewId: row.id, dueOn: row.due_on, content: row.content }))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
}

/** The digests of the files that a trial's requests have, each once, in order. */
export async function listAttachedDigests(db: Db, trialId: string): Promise<string[]> {
  const rows = await db.selectFrom('request_attachment').select('sha256').where('trial_id', '=', trialId).execute()
  return [...new Set(rows.map(({ sha256 }) => sha256))].sort()
}

/** The numbers of a trial's requests, in order. */
export async function listRequestNumbers(db: Db, trialId: string): Promise<number[]> {
  const rows = await db.selectFrom('change_request').select('number').where('trial_id', '=', trialId).execute()
  return rows.map(({ number }) => number).sort((a, b) => a - b)
}

/** The subjects of a trial by number, in an order that no engine chooses. */
export async function listArchivedSubjects(db: Db, trialId: string): Promise<string[]> {
  const rows = await db.selectFrom('subject').select(['id', 'number_key']).where('trial_id', '=', trialId).execute()
  return rows.sort((a, b) => (a.number_key < b.number_key ? -1 : 1)).map(({ id }) => id)
}
