/** A migration that is stopped at any of its statements leaves the database as it was, and runs through the next time. */
import { randomUUID } from 'node:crypto'
import { type KyselyPlugin, sql } from 'kysely'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate, schemaState } from '../../server/db/schema.ts'
import { verify } from '../../server/db/verification.ts'
import { openSmallTrial, screened } from '../actions/small-trial.ts'
import { copyOf } from '../support/databases.ts'
import { processesOfFile } from '../support/processes.ts'
import { addressOfNothing } from '../support/raw.ts'

const start = processesOfFile()
const originals = { ...migrations }
afterEach(() => {
  Object.assign(migrations, originals)
})

/** Lets a migration fail at its k-th statement; how many it came to. */
function failing(name: string, k: number): () => number {
  const original = originals[name]
  let count = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count += 1
      if (count === k) throw new Error('the power failed')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  migrations[name] = { up: async (schema) => original?.up(schema.withPlugin(counting)) }
  return () => count
}

async function tablesOf(db: Db): Promise<string[]> {
  return (await engineOf(db).writer.introspection.getTables()).map(({ name }) => name).sort()
}

it('stopped at every statement of every migration: unchanged each time, and complete in the end', async () => {
  const address = await addressOfNothing(await copyOf('empty'), `nothing_${randomUUID()}`)
  const db = await openDatabase(databaseAddress(address))
  onTestFinished(() => engineOf(db).close())
  let stops = 0
  for (const name of Object.keys(originals)) {
    for (let k = 1; ; k++) {
      const before = { tables: await tablesOf(db), state: (await schemaState(db)).waiting }
      const statements = failing(name, k)
      const error = await migrate(db).catch((thrown: Error) => thrown)
      if (!(error instanceof Error)) {
        // It had fewer statements than that: it is complete, and so are the ones after it.
        expect(statements()).toBe(k - 1)
        break
      }
      expect(error.message).toBe('the power failed')
      const after = { tables: await tablesOf(db), state: (await schemaState(db)).waiting }
      const isFirst = before.state.length === Object.keys(originals).length
      // Of several that wait, those before it are done, each whole.
      expect(after.state[0]).toBe(name)
      if (!isFirst || k > 1) expect(after).toEqual(before)
      stops += 1
    }
    Object.assign(migrations, originals)
    if ((await schemaState(db)).state === 'current') break
  }
  expect(stops).toBeGreaterThan(20)
  expect((await schemaState(db)).state).toBe('current')
  await screened(await openSmallTrial(db))
}, 120_000)

describe('what is counted once, with a migration', () => {
  const counting = '0008-dashboard'

  /** The demonstration as it was before; the tables of later migrations are in nobody's way. */
  async function demoBefore(): Promise<{ address: string; db: Db; counts: unknown }> {
    const address = await copyOf('demo')
    const db = await openDatabase(databaseAddress(address))
    onTestFinished(() => engineOf(db).close())
    const counts = await countsIn(db)
    const { writer } = engineOf(db)
    for (const table of ['site_count', 'trial_count', 'last_look']) await writer.schema.dropTable(table).execute()
    for (const index of ['daily_count_date', 'audit_entry_kind']) await writer.schema.dropIndex(index).execute()
    await sql`delete from kysely_migration where name >= ${counting}`.execute(writer)
    for (const name of Object.keys(migrations)) if (name > counting) Reflect.deleteProperty(migrations, name)
    expect((await schemaState(db)).waiting).toEqual([counting])
    return { address, db, counts }
  }

  const countsIn = (db: Db) =>
    db
      .selectFrom('trial_count')
      .selectAll()
      .where('number', '!=', 0)
      .orderBy('trial_id')
      .orderBy('step')
      .orderBy('date')
      .execute()

  // On a file two of one process are in each other's way: the second is refused, where another process would wait.
  it('is counted once by two who migrate at once, and one of them says that it did', async () => {
    const { address, db, counts } = await demoBefore()
    const other = await openDatabase(databaseAddress(address))
    onTestFinished(() => engineOf(other).close())
    const done = await Promise.allSettled([migrate(db), migrate(other)])
    expect(done.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))).toEqual([counting])
    expect(await countsIn(db)).toEqual(counts)
  })

  it('that cannot be counted is not there, and whole the next time', async () => {
    const { db, counts } = await demoBefore()
    const rename = (from: string, to: string) =>
      sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(engineOf(db).writer)
    await rename('subject_event', 'unreadable')
    await expect(migrate(db)).rejects.toThrow('subject_event')
    expect((await schemaState(db)).waiting).toEqual([counting])
    expect(await tablesOf(db)).not.toContain('trial_count')
    await rename('unreadable', 'subject_event')
    await migrate(db)
    expect(await countsIn(db)).toEqual(counts)
  })
})

it('what was never counted before is counted with its migration, of a trial that has a past', async () => {
  const db = await openDatabase(databaseAddress(await copyOf('demo')))
  onTestFinished(() => engineOf(db).close())
  const { writer } = engineOf(db)
  for (const table of ['state_count', 'month_count']) await writer.schema.dropTable(table).execute()
  await sql`delete from kysely_migration where name = '0019-standing'`.execute(writer)
  expect(await migrate(db)).toEqual(['0019-standing'])
  expect((await verify(db)).finding).toBeNull()
  const { number } = await db
    .selectFrom('month_count')
    .select(({ fn }) => fn.countAll<number>().as('number'))
    .executeTakeFirstOrThrow()
  expect(Number(number)).toBeGreaterThan(10)
})

it('asked for by four processes at once, is done once, and all of them serve', async () => {
  const address = await addressOfNothing(await copyOf('empty'), `nothing_${randomUUID()}`)
  const servers = await Promise.all(Array.from({ length: 4 }, () => start(address)))
  for (const { url } of servers) expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([0, 0, 0, 0])
  const db = await openDatabase(databaseAddress(address))
  onTestFinished(() => engineOf(db).close())
  expect((await schemaState(db)).state).toBe('current')
  await screened(await openSmallTrial(db))
}, 120_000)
