/** A statement that was put into words once says the same as one that is put into words each time. */
import { expect, it } from 'vitest'
import type { Db } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { prepared } from '../../server/db/prepared.ts'
import { openSmallTrial, sharedDatabase } from '../actions/small-trial.ts'

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
