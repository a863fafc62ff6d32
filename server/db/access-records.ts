/**
 * Who read what is about single subjects. A record is one insert without a trial's turn: append-only, no change of the
 * trial's data, no part of the audit trail's chain. Those that come while one is written are written together.
 */

import type { Actor, Context } from '../context.ts'
import type { AccessKind, AccessRecord, AccessWay, SubjectsShown } from '../domain/access-record.ts'
import { mustBeRecorded } from '../domain/access-record.ts'
import { roleIn } from '../domain/permission.ts'
import { atEndOfTurn } from '../turns.ts'
import type { AccessRecordRow, Db } from './database.ts'
import { engineOf } from './dialect.ts'
import { findHandleOf } from './sessions.ts'

/** How long a page waits for its record; then it is shown, and the record follows as soon as nobody else writes. */
const patienceMilliseconds = 25
/** How long a file or a print waits; then it is not given. */
const mostMilliseconds = 10_000
const rowsAtOnce = 500
/** So many wait at most while the database cannot be written to; the oldest stay. */
const mostWaiting = 10_000
const againMilliseconds = 1000
/** So many writings are under way at most. */
const mostUnder = 4

type Waiting = { row: AccessRecordRow; written: () => void; failed: (error: unknown) => void; isRequired: boolean }
type Queue = { waiting: Waiting[]; isBegun: boolean; under: Set<Promise<void>> }

const queues = new WeakMap<object, Queue>()

function queueOf(db: Db): Queue {
  const queue = queues.get(db) ?? { waiting: [], isBegun: false, under: new Set<Promise<void>>() }
  queues.set(db, queue)
  return queue
}

/** Says that an answer took too long to be recorded: as with a database that does not answer. */
class NotRecorded extends Error {
  readonly code = 'ETIMEDOUT'
}

export type Reader = { actor: Actor; sessionId: string; address: string; requestId: string | null }

/**
 * Records what somebody is about to be shown. A page waits a moment for it and is shown in any case; a file or a print is
 * only given once its record is written: otherwise this throws what the database said.
 */
export async function keepRead(
  db: Db,
  { now, newId }: Pick<Context, 'now' | 'newId'>,
  trialId: string,
  reader: Reader,
  shown: SubjectsShown,
): Promise<void> {
  const isRequired = mustBeRecorded(shown)
  const row: AccessRecordRow = {
    id: newId(),
    trial_id: trialId,
    person_id: reader.actor.personId,
    read_at: now(),
    address: reader.address,
    role: roleIn(reader.actor.grants, trialId),
    session_handle: findHandleOf(reader.sessionId),
    request_id: reader.requestId,
    subject_id: shown.subjectId,
    asked: shown.asked,
    way: shown.way,
    what: shown.what,
    number: shown.number,
  }
  const queue = queueOf(db)
  if (!isRequired && queue.waiting.length >= mostWaiting) return
  const written = new Promise<void>((resolve, reject) => {
    queue.waiting.push({ row, written: resolve, failed: reject, isRequired })
  })
  begin(db, queue)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), isRequired ? mostMilliseconds : patienceMilliseconds)
  })
  const outcome = await Promise.race([written, late]).finally(() => clearTimeout(timer))
  if (outcome !== 'late' || !isRequired) return
  written.catch(() => {})
  throw new NotRecorded('what was asked for could not be recorded as read in time')
}

/** What many read in one turn of the loop is written at once; the next may be written while that comes to the disk. */
function begin(db: Db, queue: Queue): void {
  if (queue.isBegun || queue.under.size >= mostUnder) return
  queue.isBegun = true
  atEndOfTurn(() => {
    queue.isBegun = false
    const writing = writeSome(db, queue).then((isWritten) => {
      queue.under.delete(writing)
      if (queue.waiting.length === 0) return
      if (isWritten) begin(db, queue)
      else setTimeout(() => begin(db, queue), againMilliseconds).unref()
    })
    queue.under.add(writing)
  })
}

/** Whether what waits was written, together; what could not be waits on, unless somebody's file depends on it. */
async function writeSome(db: Db, queue: Queue): Promise<boolean> {
  const some = queue.waiting.splice(0, rowsAtOnce)
  if (some.length === 0) return true
  try {
    await engineOf(db)
      .writer.insertInto('access_record')
      .values(some.map(({ row }) => row))
      .execute()
  } catch (error) {
    for (const one of some) if (one.isRequired) one.failed(error)
    queue.waiting.unshift(...some.filter(({ isRequired }) => !isRequired))
    return false
  }
  for (const one of some) one.written()
  return true
}

/** Before the database is closed: everything that waits is written, or once more was tried to be. */
export async function settleReads(db: Db): Promise<void> {
  const queue = queueOf(db)
  await Promise.all(queue.under)
  let isWritten = true
  while (isWritten && queue.waiting.length > 0) isWritten = await writeSome(db, queue)
}

export type AccessQuestion = {
  personId: string | null
  subjectId: string | null
  what: string | null
  from: string | null
  before: string | null
}
export const everyRead: AccessQuestion = { personId: null, subjectId: null, what: null, from: null, before: null }

/** A page of a trial's records, the newest first; `before` is the identifier above which nothing is wanted. */
export async function listReads(
  db: Db,
  trialId: string,
  page: { before: string | null; limit: number },
  { personId, subjectId, what, from, before }: AccessQuestion = everyRead,
): Promise<AccessRecord[]> {
  let query = db.selectFrom('access_record').selectAll().where('trial_id', '=', trialId)
  if (page.before !== null) query = query.where('id', '<', page.before)
  if (personId !== null) query = query.where('person_id', '=', personId)
  if (subjectId !== null) query = query.where('subject_id', '=', subjectId)
  if (what !== null) query = query.where('what', '=', what)
  if (from !== null) query = query.where('read_at', '>=', from)
  if (before !== null) query = query.where('read_at', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    readAt: row.read_at,
    address: row.address,
    role: row.role,
    sessionHandle: row.session_handle,
    requestId: row.request_id,
    subjectId: row.subject_id,
    asked: row.asked,
    way: row.way as AccessWay,
    what: row.what as AccessKind,
    number: row.number,
  }))
}

/** Everybody who ever read subjects of a trial: one step of an index for each, however many records there are. */
export async function listReaders(db: Db, trialId: string): Promise<string[]> {
  const found: string[] = []
  for (let last = ''; ; ) {
    const next = await db
      .selectFrom('access_record')
      .select('person_id')
      .where('trial_id', '=', trialId)
      .where('person_id', '>', last)
      .orderBy('person_id')
      .limit(1)
      .executeTakeFirst()
    if (next === undefined) return found
    last = next.person_id
    found.push(last)
  }
}
