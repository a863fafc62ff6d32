/**
 * Moves everything from one database to another one, whichever engines hold them: table by table in the order in which
 * they point to each other, row by row in the order of their keys. Stopped half-way it goes on where it was, because
 * what the target holds is then the beginning of what the source does; a target that holds anything else is refused.
 */
import { createHash } from 'node:crypto'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Db, Tables } from './database.ts'
import { engineOf, type Progress, type TableShape } from './dialect.ts'
import { inFixedOrder } from './write.ts'

/** Sessions stay behind: everybody signs in again at the new place. */
const leftBehind = ['session']

/** So many rows are read and written at once; no engine takes more than some 32,000 values in a statement. */
const rowsAtOnce = 500

export type CopyOutcome = { rows: number; tables: number; wasThere: number }

/** Why nothing, or nothing more, was copied. */
export type CopyProblem =
  | { what: 'target_holds_other'; table: string }
  | { what: 'differs_afterwards'; table: string }
  | { what: 'source_went_on'; table: string }

type Row = Record<string, unknown>

/**
 * Copies all rows, then reads both sides again and compares every table's number of rows and digest of their content.
 * Both must have this program's schema; the source is read as it was at the beginning.
 */
export async function copyAll(
  from: Db,
  to: Db,
  progress: Progress = () => {},
): Promise<CopyOutcome | { problem: CopyProblem }> {
  const tables = inOrder(await engineOf(from).shapes()).filter(({ name }) => !leftBehind.includes(name))
  return engineOf(from).onSnapshot(async (source) => {
    const sizes = new Map<string, number>()
    const there = new Map<string, number>()
    for (const { name } of tables) {
      sizes.set(name, await countRows(source, name))
      there.set(name, await countRows(to, name))
    }
    const stray = await firstStray(source, to, tables, sizes, there)
    if (stray !== null) return { problem: { what: 'target_holds_other', table: stray } }
    const of = sum(sizes)
    let done = sum(there)
    const wasThere = done
    for (const table of tables) {
      await copyTable(source, to, table, there.get(table.name) ?? 0, (number) => {
        done += number
        progress(done, of)
      })
    }
    for (const table of tables) {
      const differs = (await digestOf(source, table)) !== (await digestOf(to, table))
      if (differs) return { problem: { what: 'differs_afterwards', table: table.name } }
    }
    // Whatever is recorded leaves an entry.
    if ((await countRows(from, 'audit_entry')) !== sizes.get('audit_entry')) {
      return { problem: { what: 'source_went_on', table: 'audit_entry' } }
    }
    return { rows: of, tables: tables.length, wasThere }
  })
}

const sum = (numbers: Map<string, number>) => [...numbers.values()].reduce((a, b) => a + b, 0)

/** Tables so that none points to a later one: a trial before its sites, those before their subjects. */
export function inOrder<T extends Pick<TableShape, 'name' | 'pointsTo'>>(shapes: readonly T[]): T[] {
  const ordered: T[] = []
  const rest = [...shapes].sort((a, b) => (a.name < b.name ? -1 : 1))
  while (rest.length > 0) {
    const at = rest.findIndex(({ pointsTo }) => !pointsTo.some((name) => rest.some((other) => other.name === name)))
    if (at < 0) throw new Error(`tables point to each other in a circle: ${rest.map(({ name }) => name)}`)
    ordered.push(...rest.splice(at, 1))
  }
  return ordered
}

/** The first table of the target that holds anything but the beginning of what the source will give it. */
async function firstStray(
  source: Db,
  target: Db,
  tables: readonly TableShape[],
  sizes: ReadonlyMap<string, number>,
  there: ReadonlyMap<string, number>,
): Promise<string | null> {
  let isCutOff = false
  for (const table of tables) {
    const held = there.get(table.name) ?? 0
    const wanted = sizes.get(table.name) ?? 0
    if (held > wanted || (isCutOff && held > 0)) return table.name
    if (held > 0 && (await digestOf(source, table, held)) !== (await digestOf(target, table))) return table.name
    if (held < wanted) isCutOff = true
  }
  return null
}

async function countRows(db: Db, table: string): Promise<number> {
  const { size } = await db
    .selectFrom(table as 'site')
    .select((build) => build.fn.countAll().as('size'))
    .executeTakeFirstOrThrow()
  return Number(size)
}

/** The rows of a table in the order of its key, a few hundred at a time, from a place on. */
async function* rowsOf(db: Db, { name, key }: TableShape, from = 0): AsyncGenerator<Row[]> {
  const columns = key.map((column) => sql.ref(column))
  // The table's name is a value here, which the query builder's types cannot follow.
  const inKeyOrder = () =>
    key.reduce((query, column) => query.orderBy(column as 'id'), db.selectFrom(name as 'site').selectAll())
  let rows: Row[] = await inKeyOrder().limit(rowsAtOnce).offset(from).execute()
  while (rows.length > 0) {
    yield rows
    const last = rows.at(-1) ?? {}
    const after = sql<SqlBool>`(${sql.join(columns)}) > (${sql.join(key.map((column) => last[column]))})`
    rows = await inKeyOrder().where(after).limit(rowsAtOnce).execute()
  }
}

async function copyTable(
  source: Db,
  target: Db,
  table: TableShape,
  from: number,
  copied: (number: number) => void,
): Promise<void> {
  const { writer } = engineOf(target)
  for await (const rows of rowsOf(source, table, from)) {
    // One statement is one change: it is there whole, or it will be copied again.
    await insertRows(writer, table.name, rows)
    copied(rows.length)
  }
}

async function insertRows(writer: Kysely<Tables>, table: string, rows: Row[]): Promise<void> {
  await writer
    .insertInto(table as 'site')
    .values(rows as never)
    .execute()
}

/** 2^256: digests are added up under it, so that the order in which an engine gives rows does not matter. */
const modulus = 2n ** 256n

/** A digest of a table's rows, or of its first few in the source's order: the same rows, the same digest, on any engine. */
async function digestOf(db: Db, table: TableShape, most = Number.POSITIVE_INFINITY): Promise<string> {
  let total = 0n
  let count = 0
  for await (const rows of rowsOf(db, table)) {
    for (const row of rows.slice(0, most - count)) {
      total = (total + BigInt(`0x${createHash('sha256').update(inFixedOrder(row)).digest('hex')}`)) % modulus
      count += 1
    }
    if (count >= most) break
  }
  return `${count} ${total.toString(16)}`
}
