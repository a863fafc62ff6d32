/**
 * Somebody who owns the database changes it, past every trigger and key: a value here and there, a row gone, entries out
 * of order, the end of the trail cut off, a history written anew. `verify` finds each; where only the anchors can, they do.
 */
import { appendFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { askRedaction } from '../../server/actions/ask-redaction.ts'
import { confirmRedaction } from '../../server/actions/confirm-redaction.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { anchorHeads, anchorLine, readAnchors } from '../../server/db/anchors.ts'
import { chainStart, entryHash, listAuditEntries } from '../../server/db/audit-trail.ts'
import { auditedTables, type Db, type Tables } from '../../server/db/database.ts'
import { verify } from '../../server/db/verification.ts'
import { findAgainst } from '../../server/db/whole-verification.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import {
  actor,
  done,
  expectSound,
  openSmallTrial,
  registered,
  type SmallTrial,
  screened,
  sharedDatabase,
} from '../actions/small-trial.ts'
import { folderOfTest } from '../support/files.ts'
import { afterTampering } from '../support/raw.ts'
import { sizes } from './sizes.ts'

type Rows = Kysely<Tables>
type Row = Record<string, string | number | null>

const shared = sharedDatabase()
let world: SmallTrial

beforeAll(async () => {
  world = await openSmallTrial(shared())
  for (let index = 0; index < 3; index++) {
    await registered(world)
    await screened(world)
  }
  await redacted()
  await rememberCounts()
  await screened(world)
  await expectSound(world.db)
})

/** A note with a name, which two people took out; what is left is tampered with as well. */
async function redacted(): Promise<void> {
  const { context, trialId, manager } = world
  const subjectId = await screened(world)
  const exit = { trialId, subjectId, exit: 'screen_failed', occurredOn: calendarDate('2026-02-20') } as const
  const said = { reasons: [], measuredValue: null, scope: [], note: 'a name', basis: 'recorded' } as const
  await done(recordExit(context, manager, { ...exit, ...said, seenEventId: null }))
  const entries = await listAuditEntries(world.db, trialId, { before: null, limit: 10 })
  const sequence = entries.find(({ after }) => after.note === 'a name')?.sequence ?? 0
  const asked = { trialId, sequence, place: 'subject_event.note', kind: 'person_name', words: 'in a note' } as const
  const { redactionId } = await done(askRedaction(context, manager, asked))
  const investigator = actor('investigator', 'principal_investigator', trialId)
  const seen = `${sequence}:after.note`
  await done(confirmRedaction(context, investigator, { trialId, redactionId, seen }))
}

/** The counts before the last screening. */
const countsBefore = new Map<string, Row[]>()
async function rememberCounts(): Promise<void> {
  for (const table of rollUps) {
    countsBefore.set(table, await rowsIn(world.db, table))
  }
}

/** A generator of its own, so that a failure can be told again by its number. */
function chanceOf(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const rollUps = ['daily_count', 'site_count', 'trial_count', 'state_count', 'month_count'] as const
const everyTable = [...auditedTables, 'audit_entry', ...rollUps] as const

async function rowsIn(rows: Db, table: string): Promise<Row[]> {
  return (await rows
    .selectFrom(table as 'site')
    .selectAll()
    .execute()) as Row[]
}

const thisRow = (row: Row) =>
  sql.join(
    Object.entries(row).map(([column, value]) =>
      value === null ? sql`${sql.ref(column)} is null` : sql`${sql.ref(column)} = ${value}`,
    ),
    sql` and `,
  )

/** One sign of a value becomes another, or a number the next. */
function changed(value: string | number | null, chance: (below: number) => number): string | number {
  if (value === null) return 'x'
  if (typeof value === 'number') return value + 1
  if (value === '') return 'x'
  const at = chance(value.length)
  return `${value.slice(0, at)}${value[at] === 'x' ? 'y' : 'x'}${value.slice(at + 1)}`
}

/** Which of the engine's own checks could refuse it: such a change was not made, and another is. */
const isRefusedByEngine = (error: unknown) =>
  error instanceof Error && 'code' in error && /CONSTRAINT|MISMATCH|^23|^22/.test(String(error.code))

async function tamper(rows: Rows, chance: (below: number) => number): Promise<string> {
  for (;;) {
    const table = everyTable[chance(everyTable.length)] ?? 'site'
    const all = await rowsIn(rows, table)
    const row = all[chance(all.length)]
    if (row === undefined) continue
    const columns = Object.keys(row).filter((column) => typeof row[column] !== 'number' || table !== 'site')
    const column = columns[chance(columns.length)] ?? 'id'
    const other = all[chance(all.length)] ?? row
    const ways: (() => [string, ReturnType<typeof sql>])[] = [
      () => [
        `${table}.${column} changed`,
        sql`update ${sql.table(table)} set ${sql.ref(column)} = ${changed(row[column] ?? null, chance)} where ${thisRow(row)}`,
      ],
      () => [`${table}: a row deleted`, sql`delete from ${sql.table(table)} where ${thisRow(row)}`],
      () => [
        `${table}.${column} taken from another row`,
        sql`update ${sql.table(table)} set ${sql.ref(column)} = ${other[column] ?? null} where ${thisRow(row)}`,
      ],
      () => ['the last entries cut off', sql`delete from audit_entry where sequence > ${1 + chance(20)}`],
    ]
    const [name, statement] = ways[chance(ways.length)]?.() ?? ['', sql``]
    if (name.includes('taken') && other[column] === row[column]) continue
    await sql`savepoint tampering`.execute(rows)
    try {
      const { numAffectedRows } = await statement.execute(rows)
      if ((numAffectedRows ?? 0n) > 0n) return name
    } catch (error) {
      if (!isRefusedByEngine(error)) throw error
      await sql`rollback to savepoint tampering`.execute(rows)
    }
  }
}

describe('tampering', () => {
  it(
    `of ${sizes.tamperings} kinds and places is found, every one`,
    async () => {
      const missed: string[] = []
      for (let seed = 1; seed <= sizes.tamperings; seed++) {
        let what = ''
        const finding = await afterTampering(
          world.db,
          async (rows) => {
            what = await tamper(rows, chanceOf(seed))
          },
          async (rows) => (await verify(rows)).finding,
        )
        if (finding === null) missed.push(`${seed}: ${what}`)
      }
      expect(missed).toEqual([])
      await expectSound(world.db)
    },
    sizes.longest,
  )
})

/** Removes the last registration with all that belongs to it, so that what is left agrees with itself. */
async function cutOffLast(rows: Rows): Promise<void> {
  const entries = await rows
    .selectFrom('audit_entry')
    .selectAll()
    .where('chain', '=', world.trialId)
    .orderBy('sequence', 'desc')
    .execute()
  const gone: string[] = []
  for (const entry of entries) {
    await rows
      .deleteFrom('audit_entry')
      .where('chain', '=', entry.chain)
      .where('sequence', '=', entry.sequence)
      .execute()
    const table = entry.record_table as 'site'
    if (entry.before !== null) {
      await rows.updateTable(table).set(JSON.parse(entry.before)).where('id', '=', entry.record_id).execute()
      continue
    }
    await rows.deleteFrom(table).where('id', '=', entry.record_id).execute()
    gone.push(entry.record_table)
    if (entry.record_table === 'subject') break
  }
  expect(gone).toContain('subject')
  for (const [table, counts] of countsBefore) {
    await sql`delete from ${sql.table(table)}`.execute(rows)
    await rows
      .insertInto(table as 'site')
      .values(counts as never)
      .execute()
  }
}

/** Another reason for a change, with every hash made to fit. */
async function writeAnew(rows: Rows): Promise<void> {
  const entries = await rows
    .selectFrom('audit_entry')
    .selectAll()
    .where('chain', '=', world.trialId)
    .orderBy('sequence')
    .execute()
  let previous_hash = chainStart
  for (const { hash: _, ...entry } of entries) {
    const forged = { ...entry, actor_name: entry.sequence === 3 ? 'somebody else' : entry.actor_name, previous_hash }
    const hash = entryHash(forged)
    await rows
      .updateTable('audit_entry')
      .set({ actor_name: forged.actor_name, previous_hash, hash })
      .where('chain', '=', entry.chain)
      .where('sequence', '=', entry.sequence)
      .execute()
    previous_hash = hash
  }
}

describe('what agrees with itself, and is not what was', () => {
  const key = 'a key that only the server has, long enough'
  async function anchored() {
    const path = `${folderOfTest()}/anchors/small.jsonl`
    const heads = await anchorHeads(world.db, path, key, '2026-06-24T03:00:00.000Z')
    return { path, heads, ...(await readAnchors(path, key)) }
  }
  const look = async (rows: Db, anchors: Awaited<ReturnType<typeof anchored>>['anchors']) => ({
    alone: (await verify(rows)).finding,
    withAnchors: (await findAgainst(rows, anchors))?.what ?? null,
  })

  it('an end cut off with its rows is found by the anchors only', async () => {
    const { anchors } = await anchored()
    expect(await look(world.db, anchors)).toEqual({ alone: null, withAnchors: null })
    const found = await afterTampering(world.db, cutOffLast, (rows) => look(rows, anchors))
    expect(found).toEqual({ alone: null, withAnchors: 'tail_missing' })
  })

  it('a history written anew is found by the anchors only', async () => {
    const { anchors } = await anchored()
    const found = await afterTampering(world.db, writeAnew, (rows) => look(rows, anchors))
    expect(found).toEqual({ alone: null, withAnchors: 'history_rewritten' })
  })

  it('is anchored again only where a chain went on', async () => {
    const { path, heads } = await anchored()
    expect(heads).toBe(1)
    expect(await anchorHeads(world.db, path, key, '2026-06-25T03:00:00.000Z')).toBe(0)
    await screened(world)
    expect(await anchorHeads(world.db, path, key, '2026-06-26T03:00:00.000Z')).toBe(1)
    expect((await readAnchors(path, key)).anchors).toHaveLength(heads + 1)
  })

  it('cannot be covered by an anchor that somebody without the key wrote', async () => {
    const { path, anchors } = await anchored()
    const [first] = anchors
    if (first === undefined) throw new Error('there is an anchor')
    appendFileSync(path, anchorLine({ ...first, sequence: 1 }, 'another key, which is as long as the first'))
    expect((await readAnchors(path, key)).wrongLine).toBe(anchors.length + 1)
    expect((await readAnchors(path, 'no key')).wrongLine).toBe(1)
  })
})
