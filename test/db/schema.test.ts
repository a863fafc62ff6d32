import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { databaseAddress } from '../../server/config.ts'
import { auditedTables, type Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate, SchemaAhead, schemaState } from '../../server/db/schema.ts'
import { verify } from '../../server/db/verification.ts'
import { expectSound, openSmallTrial, screened } from '../actions/small-trial.ts'
import { copyOf, openCopy } from '../support/databases.ts'
import { addressOfNothing, keptCopies } from '../support/raw.ts'

async function openAt(address: string): Promise<Db> {
  const db = await openDatabase(databaseAddress(address))
  onTestFinished(() => engineOf(db).close())
  return db
}

const openNothing = async () => openAt(await addressOfNothing(await copyOf('empty'), `nothing_${randomUUID()}`))

/** The product's next version has a migration more. */
const next = '9999-next'
afterEach(() => {
  delete migrations[next]
})
function addNext(up: (typeof migrations)[string]['up']): void {
  migrations[next] = { up }
}
const withTableOfNext = () =>
  addNext((schema) => schema.schema.createTable('of_next').addColumn('id', 'text').execute())

async function tablesOf(db: Db): Promise<string[]> {
  return (await engineOf(db).writer.introspection.getTables()).map(({ name }) => name).sort()
}

describe('a database of nothing', () => {
  it('is behind by every migration, in order; one run makes all of its tables', async () => {
    const db = await openNothing()
    const names = Object.keys(migrations)
    expect(await schemaState(db)).toEqual({ state: 'behind', waiting: names, unknown: [] })
    expect(await migrate(db)).toEqual(names)
    expect(await schemaState(db)).toEqual({ state: 'current', waiting: [], unknown: [] })
    const others = [
      'session',
      'submission',
      'audit_entry',
      'daily_count',
      'site_count',
      'trial_count',
      'state_count',
      'month_count',
      'last_look',
      'trial_secret',
      'sign_in_note',
      'calendar_feed_use',
      'access_record',
      'guest_link_view',
    ]
    expect(await tablesOf(db)).toEqual([...auditedTables, ...others].sort())
  })

  it('can be worked with as soon as it is migrated', async () => {
    const db = await openNothing()
    await migrate(db)
    await screened(await openSmallTrial(db))
    await expectSound(db)
  })
})

describe('migrating again', () => {
  it('does nothing, and loses nothing', async () => {
    const world = await openSmallTrial(await openCopy('empty'))
    const before = await verify(world.db)
    expect(await migrate(world.db)).toEqual([])
    expect(await migrate(world.db)).toEqual([])
    expect(await verify(world.db)).toEqual(before)
  })
})

describe('a database of the version before', () => {
  it('is brought up by what is missing only, with all its data', async () => {
    const world = await openSmallTrial(await openCopy('empty'))
    const before = await verify(world.db)
    withTableOfNext()
    expect(await schemaState(world.db)).toEqual({ state: 'behind', waiting: [next], unknown: [] })
    expect(await migrate(world.db)).toEqual([next])
    expect(await tablesOf(world.db)).toContain('of_next')
    expect(await verify(world.db)).toEqual(before)
  })

  it('is kept as a copy before it is changed, unless the server has backups of its own', async () => {
    const address = await copyOf('empty')
    const db = await openAt(address)
    const world = await openSmallTrial(db)
    await screened(world)
    const before = await verify(db)
    withTableOfNext()
    await migrate(db)
    const { expected, addresses } = keptCopies(address, `before-${next}`)
    expect(addresses).toHaveLength(expected)
    delete migrations[next]
    for (const copy of addresses) {
      const kept = await openAt(copy)
      expect((await schemaState(kept)).state).toBe('current')
      expect(await tablesOf(kept)).not.toContain('of_next')
      expect(await verify(kept)).toEqual(before)
    }
  })

  it('is unchanged where the migration fails half-way: whole or not at all', async () => {
    const world = await openSmallTrial(await openCopy('empty'))
    const before = await tablesOf(world.db)
    addNext(async (schema) => {
      await schema.schema.createTable('of_next').addColumn('id', 'text').execute()
      await sql`update site set name_en = 'changed by the migration'`.execute(schema)
      throw new Error('the power failed')
    })
    await expect(migrate(world.db)).rejects.toThrow('the power failed')
    expect(await tablesOf(world.db)).toEqual(before)
    expect((await schemaState(world.db)).waiting).toEqual([next])
    await expectSound(world.db)
    withTableOfNext()
    expect(await migrate(world.db)).toEqual([next])
  })
})

describe('a database of a newer version', () => {
  it('is refused by its unknown migrations’ names, and nothing in it is changed', async () => {
    const world = await openSmallTrial(await openCopy('empty'))
    withTableOfNext()
    await migrate(world.db)
    delete migrations[next]
    const before = await tablesOf(world.db)
    expect(await schemaState(world.db)).toEqual({ state: 'ahead', waiting: [], unknown: [next] })
    await expect(migrate(world.db)).rejects.toThrow(SchemaAhead)
    await expect(migrate(world.db)).rejects.toThrow(next)
    expect(await tablesOf(world.db)).toEqual(before)
  })

  it('is refused even where it lacks a migration of this version', async () => {
    const db = await openCopy('empty')
    withTableOfNext()
    await migrate(db)
    delete migrations[next]
    const other = '9998-other'
    migrations[other] = { up: async () => {} }
    try {
      expect(await schemaState(db)).toEqual({ state: 'ahead', waiting: [other], unknown: [next] })
      await expect(migrate(db)).rejects.toThrow(SchemaAhead)
    } finally {
      delete migrations[other]
    }
  })
})
