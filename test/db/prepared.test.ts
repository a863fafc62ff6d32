/** A statement that was put into words once says the same as one that is put into words each time. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import type { Db, Tables } from '../../server/db/database.ts'
import { engineOf, openDatabase, versionOf } from '../../server/db/dialect.ts'
import { prepared } from '../../server/db/prepared.ts'
import { openSmallTrial, sharedDatabase } from '../actions/small-trial.ts'
import { copyOf } from '../support/databases.ts'

const shared = sharedDatabase()

it('is made once for each number of what is asked, and asks for that, in a transaction as well', async () => {
  const world = await openSmallTrial(shared())
  let made = 0
  const sitesOf = prepared((db, trialId, ...codes) => {
    made += 1
    return db
      .selectFrom('site')
      .select('code')
      .where('trial_id', '=', trialId ?? '')
      .where('code', 'in', codes)
      .orderBy('code')
  })
  const codes = async (db: Db, ...asked: string[]) =>
    (await sitesOf(db, world.trialId, ...asked)).map(({ code }) => code)
  expect(await codes(world.db, '01')).toEqual(['01'])
  expect(await codes(world.db, '02')).toEqual(['02'])
  expect(await codes(world.db, '99')).toEqual([])
  expect(made).toBe(1)
  expect(await codes(world.db, '02', '01')).toEqual(['01', '02'])
  expect(await codes(world.db, '\u00010', '01')).toEqual(['01'])
  expect(made).toBe(2)
  const within = await engineOf(world.db).inTurn(world.trialId, async (transaction) => codes(transaction, '01'))
  const reading: Db = { selectFrom: world.db.selectFrom.bind(world.db) as Db['selectFrom'] }
  expect([within, await codes(reading, '02')]).toEqual([['01'], ['02']])
})

it('says what was written since it was asked, by whichever connection, in whatever order', async () => {
  const address = databaseAddress(await copyOf('empty'))
  const [here, elsewhere] = [await openDatabase(address), await openDatabase(address)]
  onTestFinished(async () => {
    for (const db of [here, elsewhere]) await engineOf(db).close()
  })
  const world = await openSmallTrial(here)
  const read = (db: Db) => db.selectFrom('trial').select('name_en').where('id', '=', world.trialId)
  const nameOf = prepared((db, trialId) =>
    db
      .selectFrom('trial')
      .select('name_en')
      .where('id', '=', trialId ?? ''),
  )
  const rename = (db: Kysely<Tables>, name: string) =>
    db.updateTable('trial').set({ name_en: name }).where('id', '=', world.trialId).execute()
  const steps = ['writer', 'reader', 'elsewhere', 'together', 'nothing'] as const
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 12 }), async (chosen) => {
      for (const [place, step] of chosen.entries()) {
        const name = `${step} ${place} ${randomUUID()}`
        if (step === 'writer') await rename(engineOf(here).writer, name)
        if (step === 'reader') await rename(here as Kysely<Tables>, name)
        if (step === 'elsewhere') await rename(engineOf(elsewhere).writer, name)
        // Asked while it is written: whatever this one is told, the next one is told what stands.
        if (step === 'together') {
          await Promise.all([
            nameOf(here, world.trialId),
            rename(engineOf(here).writer, name),
            nameOf(here, world.trialId),
          ])
        }
        for (const db of [here, elsewhere]) {
          expect(await nameOf(db, world.trialId)).toEqual(await read(db).execute())
          expect(await nameOf(db, world.trialId)).toEqual(await read(db).execute())
        }
      }
    }),
    { numRuns: 40 },
  )
})

it('asks again of a file only after somebody has written to it', async () => {
  const db = shared()
  const world = await openSmallTrial(db)
  let asked = 0
  engineOf(db).watch(() => {
    asked += 1
  })
  const sites = prepared((reader, trialId) =>
    reader
      .selectFrom('site')
      .select('code')
      .where('trial_id', '=', trialId ?? ''),
  )
  const first = await sites(db, world.trialId)
  expect(first).toHaveLength(2)
  expect(await sites(db, world.trialId)).toEqual(first)
  const isKept = versionOf(db, ['site']) !== null
  expect(asked).toBe(isKept ? 1 : 2)
  await engineOf(db).writer.updateTable('site').set({ name_en: 'Another' }).where('id', '=', '').execute()
  asked = 0
  const several = await Promise.all([1, 2, 3, 4].map(() => sites(db, world.trialId)))
  expect(several).toEqual([first, first, first, first])
  expect(asked).toBe(isKept ? 1 : 4)
})

it('asks again for what could not be read', async () => {
  const db = shared()
  const world = await openSmallTrial(db)
  const sites = prepared((reader, trialId) =>
    reader
      .selectFrom('site')
      .select('code')
      .where('trial_id', '=', trialId ?? ''),
  )
  const reading = vi.spyOn(db as Kysely<Tables>, 'executeQuery').mockRejectedValueOnce(new Error('disk I/O error'))
  onTestFinished(() => reading.mockRestore())
  await expect(sites(db, world.trialId)).rejects.toThrow('disk I/O error')
  expect(await sites(db, world.trialId)).toHaveLength(2)
})

it('stands where only what somebody read was recorded: nobody is answered from that', async () => {
  const { db, trialId } = await openSmallTrial(shared())
  const ids = { id: randomUUID(), trial_id: trialId, person_id: randomUUID(), subject_id: null }
  const where = { read_at: '2026-07-18T00:00:00.000Z', address: '', role: null, session_handle: null, request_id: null }
  const record = { ...ids, ...where, asked: null, way: 'page', what: 'log', number: 1 } as const
  const askedAllTheTime = ['session', 'person', 'role_grant', 'trial', 'trial_lock', 'sign_in_rule', 'audit_entry']
  const before = versionOf(db, askedAllTheTime)
  await engineOf(db).writer.insertInto('access_record').values(record).execute()
  expect(versionOf(db, askedAllTheTime)).toBe(before)
})

it('stands while other tables change, while its own do, and where that was taken back, until it is done', async () => {
  const { db, trialId } = await openSmallTrial(shared())
  const before = versionOf(db, ['trial'])
  const rename = (transaction: Kysely<Tables>) =>
    transaction.updateTable('trial').set({ name_en: 'Another' }).where('id', '=', trialId).execute()
  await engineOf(db).writer.updateTable('site').set({ name_en: 'Another' }).where('trial_id', '=', trialId).execute()
  expect(versionOf(db, ['trial'])).toBe(before)
  const takenBack = engineOf(db).inTurn(trialId, async (transaction) => {
    await rename(transaction)
    throw new Error('no')
  })
  await expect(takenBack).rejects.toThrow('no')
  expect(versionOf(db, ['trial'])).toBe(before)
  const within = await engineOf(db).inTurn(trialId, async (transaction) => {
    await rename(transaction)
    return versionOf(db, ['trial'])
  })
  expect(within).toBe(before)
  if (before === null) return
  expect(versionOf(db, ['trial'])).not.toBe(before)
  expect(versionOf(db, ['site', 'trial'])).not.toBe(before)
})

it('stands no longer where a statement does not say what it changes', async () => {
  const { db, trialId } = await openSmallTrial(shared())
  const before = versionOf(db, ['trial'])
  const text = `with "other" as (select 1) update "trial" set "name_en" = 'Another' where "id" = '${trialId}'`
  await sql.raw(text).execute(engineOf(db).writer)
  if (before !== null) expect(versionOf(db, ['trial'])).not.toBe(before)
})
