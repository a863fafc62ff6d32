/** `verify` reads in pages: what is wrong at the end of one or at the beginning of the next is found, and by its own name. */
import { type Kysely, sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Tables } from '../../server/db/database.ts'
import { verify } from '../../server/db/verification.ts'
import { transact } from '../../server/db/write.ts'
import { done, openSmallTrial, screened, sharedDatabase } from '../actions/small-trial.ts'
import { openLongTrail } from '../bench/long-trail.ts'
import { openCopy } from '../support/databases.ts'
import { afterTampering } from '../support/raw.ts'

type Rows = Kysely<Tables>

/** Of `verify`, in entries, rows of a table, or subjects. */
const page = 500
const subjects = 2 * page + 20

describe('in a long trial', () => {
  const shared = sharedDatabase()
  let trialId = ''
  beforeAll(async () => {
    trialId = await openLongTrail(shared(), 6 * subjects)
  })
  const findingAfter = (tamper: (rows: Rows) => Promise<unknown>) =>
    afterTampering(shared(), tamper, async (rows) => (await verify(rows)).finding)
  const subjectAt = (rows: Rows, place: number) =>
    rows.selectFrom('subject').select(['id', 'number']).orderBy('id').offset(place).limit(1).executeTakeFirstOrThrow()

  it('all is read and agrees, the last page too', async () => {
    const { finding, ...seen } = await verify(shared())
    expect(finding).toBeNull()
    expect(seen.subjects).toBeGreaterThan(2 * page)
    expect(seen.entries).toBeGreaterThan(6 * (subjects - 5))
    expect(seen.rows).toBeGreaterThan(4 * (subjects - 5))
  })

  it.each([page, page + 1, 2 * page, 2 * page + 1])('entry %i is missing, or another', async (sequence) => {
    const place = `${trialId} ${sequence}`
    const gone = await findingAfter((rows) =>
      rows.deleteFrom('audit_entry').where('chain', '=', trialId).where('sequence', '=', sequence).execute(),
    )
    expect(gone).toEqual({ what: 'chain_gap', place })
    const other = await findingAfter((rows) =>
      rows
        .updateTable('audit_entry')
        .set({ actor_name: 'x' })
        .where('chain', '=', trialId)
        .where('sequence', '=', sequence)
        .execute(),
    )
    expect(other).toEqual({ what: 'entry_changed', place })
  })

  it.each([page - 1, page, 2 * page - 1, 2 * page])('row %i is another, or gone', async (place) => {
    let id = ''
    const changed = await findingAfter(async (rows) => {
      id = (await subjectAt(rows, place)).id
      await rows.updateTable('subject').set({ state: 'treated' }).where('id', '=', id).execute()
    })
    expect(changed).toEqual({ what: 'row_changed', place: `subject ${id}` })
    const gone = await findingAfter((rows) => rows.deleteFrom('subject').where('id', '=', id).execute())
    expect(gone).toEqual({ what: 'row_missing', place: `subject ${id}` })
  })

  it('a count is one too many on the last day of the last site', async () => {
    const finding = await findingAfter((rows) =>
      sql`update daily_count set number = number + 1
        where date = (select max(date) from daily_count where step = 'consent') and step = 'consent'`.execute(rows),
    )
    expect(finding?.what).toBe('count_wrong')
  })

  it('whoever asked may say after any page that it is to stop', async () => {
    const stop = new AbortController()
    let told = 0
    const stopped = verify(
      shared(),
      () => {
        told += 1
        if (told === 3) stop.abort(new Error('enough'))
      },
      stop.signal,
    )
    await expect(stopped).rejects.toThrow('enough')
    expect(told).toBe(3)
  })
})

it('of several subjects with a wrong state, the one that was entered first is named, whatever their numbers', async () => {
  const world = await openSmallTrial(await openCopy('empty'))
  const earlier = await screened(world, { siteId: world.siteIds['02'] })
  const later = await screened(world, { siteId: world.siteIds['01'] })
  expect(earlier < later).toBe(true)
  for (const id of [earlier, later]) {
    const wrong = transact(world.context, world.manager, world.trialId, async (write) => {
      await write.revise('subject', id, { state: 'treated' }, 'state_corrected', 'by hand')
      return { value: null }
    })
    await done(wrong)
  }
  expect((await verify(world.db)).finding).toEqual({
    what: 'state_wrong',
    place: `${world.code} ${world.code}-02-001`,
  })
})
