/**
 * What is remembered of signing in, beside the audited rows and by every process alike: failures by the name that was
 * typed and by the address it came from, and when and from where a person was last here. Nobody waits for an import to
 * be noted here: it follows when the import is done.
 */
import { createHash } from 'node:crypto'
import { type Failures, oneMore, waitSeconds } from '../domain/sign-in-delay.ts'
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'

/** Somebody's last time here, and the last step of their second factor that was used. */
export type PersonNote = { at: string | null; address: string; agent: string; usedStep: number | null }

/** What somebody is told of their last time, and how many tries under their name failed since. */
export type LastTime = { at: string; address: string; agent: string; failures: number }

type Note = Failures | PersonNote
type Notes = (Note | null)[]

const waitingBehind = new WeakMap<object, Map<string, Note | null>>()
const lines = new WeakMap<object, Promise<unknown>>()

function waitingIn(db: Db): Map<string, Note | null> {
  const known = waitingBehind.get(db) ?? new Map<string, Note | null>()
  waitingBehind.set(db, known)
  return known
}

/** One after another: two tries at once are two tries. */
function inLine<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const mine = (lines.get(db) ?? Promise.resolve()).then(work)
  lines.set(
    db,
    mine.catch(() => {}),
  )
  return mine
}

async function read(db: Db, keys: readonly string[]): Promise<Notes> {
  const rows = await db.selectFrom('sign_in_note').select(['key', 'content']).where('key', 'in', keys).execute()
  return keys.map((key) => JSON.parse(rows.find((row) => row.key === key)?.content ?? 'null'))
}

/** Reads the notes, decides, and writes what was decided, with nobody between. No notes: nothing is written. */
function change<T>(
  db: Db,
  keys: readonly string[],
  now: string,
  decide: (known: Notes) => { notes: Notes | null; outcome: T },
): Promise<T> {
  return inLine(db, async () => {
    const engine = engineOf(db)
    const waiting = waitingIn(db)
    const newest = (written: Notes) =>
      keys.map((key, index) => (waiting.has(key) ? waiting.get(key) : written[index]) ?? null)
    if (!engine.isTaken()) {
      return engine.inTurn('sign-in', async (transaction) => {
        const { notes, outcome } = decide(newest(await read(transaction, keys)))
        if (notes !== null) await write(transaction, keys, notes, now)
        return outcome
      })
    }
    const { notes, outcome } = decide(newest(await read(db, keys)))
    if (notes === null) return outcome
    for (const [index, key] of keys.entries()) waiting.set(key, notes[index] ?? null)
    const settle = () => {
      for (const [index, key] of keys.entries()) if (waiting.get(key) === (notes[index] ?? null)) waiting.delete(key)
    }
    // One that cannot be written is forgotten with this process.
    void engine.inTurn('sign-in', (transaction) => write(transaction, keys, notes, now)).then(settle, settle)
    return outcome
  })
}

type Writer = Parameters<Parameters<ReturnType<typeof engineOf>['inTurn']>[1]>[0]

async function write(transaction: Writer, keys: readonly string[], notes: Notes, now: string): Promise<void> {
  for (const [index, key] of keys.entries()) {
    const note = notes[index] ?? null
    if (note === null) {
      await transaction.deleteFrom('sign_in_note').where('key', '=', key).execute()
      continue
    }
    const changes = { content: JSON.stringify(note), noted_at: now }
    await transaction
      .insertInto('sign_in_note')
      .values({ key, ...changes })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(changes))
      .execute()
  }
}

const isFailures = (note: Note | null | undefined): note is Failures => note != null && 'failures' in note
const failuresIn = (note: Note | null | undefined): Failures | null => (isFailures(note) ? note : null)
const personIn = (note: Note | null | undefined): PersonNote | null => (note == null || isFailures(note) ? null : note)

/** Whose tries are counted: the name as it was typed, and where it came from. */
export type Tried = { username: string; address: string }

/** Names and addresses are kept as digests: what somebody typed into the wrong field stays unread. */
function keysOf({ username, address }: Tried): string[] {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  return [`account ${digest(username.normalize('NFKC').toLowerCase())}`, `address ${digest(address)}`]
}

export type Counted = { waitSeconds: number } | { failures: Failures }

/**
 * Counts a try of a name as failed before its password is looked at, so that many at once cannot be more than many in a
 * row; or says how long the name or the address still waits, and counts nothing.
 */
export function countTry(db: Db, tried: Tried, now: string): Promise<Counted> {
  return change<Counted>(db, keysOf(tried), now, ([account, address]) => {
    const wait = Math.max(...[account, address].map((note) => waitSeconds(failuresIn(note), now)))
    if (wait > 0) return { notes: null, outcome: { waitSeconds: wait } }
    const failures = oneMore(failuresIn(account), now, 'account')
    return { notes: [failures, address ?? null], outcome: { failures } }
  })
}

/**
 * What came of a try, for the address: a whole hospital may sign in behind one at once, so only what failed is counted.
 * Where the address has to wait by now, because others failed meanwhile, nobody is told what came of this one.
 */
export function settleTry(
  db: Db,
  tried: Tried,
  is: 'right' | 'wrong',
  now: string,
): Promise<{ waitSeconds: number } | { failures: Failures | null }> {
  const [, address = ''] = keysOf(tried)
  return change<{ waitSeconds: number } | { failures: Failures | null }>(db, [address], now, ([note]) => {
    const wait = waitSeconds(failuresIn(note), now)
    if (wait > 0) return { notes: null, outcome: { waitSeconds: wait } }
    if (is === 'right') return { notes: null, outcome: { failures: null } }
    const failures = oneMore(failuresIn(note), now, 'address')
    return { notes: [failures], outcome: { failures } }
  })
}

/** A name whose try went well is forgiven all. Says how many tries there were since the last time, this one included. */
export function forgiveTry(db: Db, tried: Tried, now: string): Promise<number> {
  const [account = ''] = keysOf(tried)
  return change(db, [account], now, ([note]) => ({ notes: [null], outcome: failuresIn(note)?.total ?? 0 }))
}

const personKey = (personId: string) => `person ${personId}`

/** Notes that somebody is here, and says when and from where they were last; null at the first time. */
export function noteSignIn(
  db: Db,
  personId: string,
  here: { address: string; agent: string },
  failures: number,
  now: string,
): Promise<LastTime | null> {
  return change(db, [personKey(personId)], now, ([note]) => {
    const last = personIn(note)
    const { address = '', agent = '', at = null } = last ?? {}
    return {
      notes: [{ ...here, at: now, usedStep: last?.usedStep ?? null }],
      outcome: at === null ? null : { at, address, agent, failures },
    }
  })
}

/** Uses up a step of somebody's second factor, as `stepOf` finds it behind the last one used; false where it finds none. */
export function useStep(
  db: Db,
  personId: string,
  stepOf: (usedStep: number | null) => number | null,
  now: string,
): Promise<boolean> {
  return change(db, [personKey(personId)], now, ([note]) => {
    const known = personIn(note)
    const usedStep = stepOf(known?.usedStep ?? null)
    if (usedStep === null) return { notes: null, outcome: false }
    return { notes: [{ ...(known ?? { at: null, address: '', agent: '' }), usedStep }], outcome: true }
  })
}

/** When people were last here, by their identifiers; who never was is left out. */
export async function listLastSignIns(db: Db, personIds: readonly string[]): Promise<Map<string, string>> {
  if (personIds.length === 0) return new Map()
  const notes = await read(db, personIds.map(personKey))
  return new Map(
    personIds.flatMap((id, index): [string, string][] => {
      const at = personIn(notes[index])?.at ?? null
      return at === null ? [] : [[id, at]]
    }),
  )
}

const keptDays = 90

/** Failures of long ago are forgotten; when somebody was last here is not. */
export async function forgetOldFailures(db: Db, now: string): Promise<void> {
  const before = new Date(Date.parse(now) - keptDays * 86_400_000).toISOString()
  await engineOf(db)
    .writer.deleteFrom('sign_in_note')
    .where('noted_at', '<', before)
    .where('key', 'not like', 'person %')
    .execute()
}
