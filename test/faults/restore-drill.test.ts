/**
 * Eight people write a hundred screenings a second through the product as it is installed; beside them another process
 * makes a backup, and a database out of it. Whatever was acknowledged before the backup began is in that database.
 */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backUp } from '../../server/db/backup.ts'
import type { Db } from '../../server/db/database.ts'
import { restore } from '../../server/db/restore.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { prepareDemo } from '../support/engines.ts'
import { folderOfTest, openFileAt } from '../support/files.ts'
import { processesOfFile } from '../support/processes.ts'
import { sizes } from './sizes.ts'
import { expectEachOnce, log, placeIn, screeningForm, signedInAt } from './writers.ts'

const start = processesOfFile()
const writers = 8
const perSecond = 100

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function namesIn(db: Db): Promise<Set<string | null>> {
  const rows = await db.selectFrom('subject').select('referral_source').execute()
  return new Set(rows.map(({ referral_source: name }) => name))
}

it(
  `${sizes.restoreDrills} backups and restores beside ${perSecond} screenings a second: nothing acknowledged before is missing`,
  async () => {
    const folder = folderOfTest()
    const live = join(folder, 'live.db')
    await prepareDemo(live)
    const db = await openFileAt(live)
    const place = await placeIn(db)
    const server = await start(live)
    const client = await signedInAt(server.url)
    const acknowledged: string[] = []
    let isOver = false
    const from = performance.now()
    /** Each at its own beat, so that together they write as many a second; who is late does not wait. */
    const write = async () => {
      for (let beat = 1; !isOver; beat++) {
        const { name, fields } = screeningForm(place)
        const { status } = await client.post(log, fields)
        if (status !== 303) throw new Error(`a screening was answered with ${status}`)
        acknowledged.push(name)
        const due = from + (beat * 1000 * writers) / perSecond
        await pause(Math.max(0, due - performance.now()))
      }
    }
    const writing = Array.from({ length: writers }, write)
    while (acknowledged.length < perSecond) await pause(5)
    for (let drill = 1; drill <= sizes.restoreDrills; drill++) {
      const [backup, restored] = [join(folder, `${drill}.db`), join(folder, `restored-${drill}.db`)]
      const before = [...acknowledged]
      await backUp(db, backup)
      expect(acknowledged.length).toBeGreaterThan(before.length)
      expect(await restore(backup, restored)).toMatchObject({ verification: { finding: null }, hadDigest: true })
      const held = await namesIn(await openFileAt(restored))
      expect(before.filter((name) => !held.has(name))).toEqual([])
    }
    isOver = true
    await Promise.all(writing)
    const rate = acknowledged.length / ((performance.now() - from) / 1000)
    expect(await server.stop()).toBe(0)
    await expectEachOnce(db, place, acknowledged)
    expect((await verifyWhole(db)).finding).toBeNull()
    console.log(`${sizes.restoreDrills} backups and restores beside ${Math.round(rate)} screenings a second, 0 lost`)
  },
  sizes.longest,
)
