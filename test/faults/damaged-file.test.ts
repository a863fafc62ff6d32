/** A database file is damaged on its disk, or its companion is gone: that is found, or it changed nothing that is recorded. */
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { anchorHeads, readAnchors } from '../../server/db/anchors.ts'
import { backUp } from '../../server/db/backup.ts'
import { auditedTables, type Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { restore } from '../../server/db/restore.ts'
import { migrate, schemaState } from '../../server/db/schema.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { openSmallTrial, registered, screened } from '../actions/small-trial.ts'
import { folderOfFile, folderOfTest, openFileAt, openNewFile } from '../support/files.ts'
import { sizes } from './sizes.ts'

const folder = folderOfFile()
const whole = () => join(folder(), 'whole.db')
let digest = ''

/** Everything that is recorded, as one digest: what is found in it or not found. */
async function recordedIn(db: Db): Promise<string> {
  const hash = createHash('sha256')
  for (const table of [
    ...auditedTables,
    'audit_entry',
    'daily_count',
    'site_count',
    'trial_count',
    'state_count',
    'month_count',
  ] as const) {
    const rows = await db
      .selectFrom(table as 'site')
      .selectAll()
      .execute()
    hash.update(
      rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n'),
    )
  }
  return hash.digest('hex')
}

beforeAll(async () => {
  const live = await openDatabase({ kind: 'file', path: join(folder(), 'live.db') })
  await migrate(live)
  const world = await openSmallTrial(live)
  for (let index = 0; index < 10; index++) {
    await registered(world)
    await screened(world)
  }
  await backUp(live, whole())
  digest = await recordedIn(live)
  await engineOf(live).close()
})

type Found = 'refused at opening' | 'found by verify' | 'changed nothing' | 'MISSED'

async function lookAt(path: string): Promise<Found> {
  let db: Db | null = null
  try {
    db = await openDatabase({ kind: 'file', path })
    if ((await schemaState(db)).state !== 'current') return 'refused at opening'
    if ((await verifyWhole(db)).finding !== null) return 'found by verify'
    return (await recordedIn(db)) === digest ? 'changed nothing' : 'MISSED'
  } catch {
    return 'refused at opening'
  } finally {
    if (db !== null)
      await engineOf(db)
        .close()
        .catch(() => {})
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  }
}

it(
  `${sizes.flips} bits turned over, one at a time: each is found, or changed nothing that is recorded`,
  async () => {
    const bytes = readFileSync(whole())
    const found: Record<Found, number> = {
      'refused at opening': 0,
      'found by verify': 0,
      'changed nothing': 0,
      MISSED: 0,
    }
    for (let flip = 0; flip < sizes.flips; flip++) {
      const at = Math.floor((bytes.length * (flip + 0.5)) / sizes.flips)
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (flip % 8))
      const path = join(folder(), 'damaged.db')
      writeFileSync(path, damaged)
      found[await lookAt(path)] += 1
    }
    console.log(`${sizes.flips} flips: ${JSON.stringify(found)}`)
    expect(found.MISSED).toBe(0)
    expect(found['found by verify']).toBeGreaterThan(sizes.flips / 10)
  },
  sizes.longest,
)

it('one bit turned over in a backup, wherever it is, is found before it is restored', async () => {
  const bytes = readFileSync(whole())
  for (let flip = 0; flip < 20; flip++) {
    const damaged = Buffer.from(bytes)
    const at = Math.floor((bytes.length * (flip + 0.5)) / 20)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (flip % 8))
    const path = join(folder(), 'damaged-backup.db')
    writeFileSync(path, damaged)
    copyFileSync(`${whole()}.sha256`, `${path}.sha256`)
    expect(await restore(path, join(folder(), 'restored.db'))).toEqual({ problem: { what: 'digest_differs' } })
  }
})

it('a file that was cut short is refused or found', async () => {
  const bytes = readFileSync(whole())
  for (const share of [0.1, 0.5, 0.9, 0.999]) {
    const path = join(folder(), 'short.db')
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * share)))
    expect(['refused at opening', 'found by verify']).toContain(await lookAt(path))
  }
})

it('a row that points to nothing is damage, and nothing else is said, whatever the replay beside it finds', async () => {
  const db = await openNewFile(join(folderOfTest(), 'stray.db'))
  await openSmallTrial(db)
  expect((await verifyWhole(db)).finding).toBeNull()
  const { writer } = engineOf(db)
  await sql`pragma foreign_keys = off`.execute(writer)
  await writer.updateTable('site').set({ trial_id: 'nowhere' }).where('code', '=', '02').execute()
  const finding = { what: 'file_damaged', place: 'a row of site points to no trial' }
  expect(await verifyWhole(db)).toEqual({ entries: 0, rows: 0, subjects: 0, attachments: 0, finding })
})

it('a companion that was removed takes the newest entries with it: the rest agrees, and the anchors name what is missing', async () => {
  const own = folderOfTest()
  const live = await openNewFile(join(own, 'live.db'))
  const world = await openSmallTrial(live)
  await engineOf(live).keepCopy('as-it-was')
  await screened(world)
  await screened(world)
  const anchors = join(own, 'anchors.jsonl')
  await anchorHeads(live, anchors, '', '2026-06-24T03:00:00.000Z')
  expect(statSync(join(own, 'live.db-wal')).size).toBeGreaterThan(0)
  // What a power cut leaves, without the companion.
  copyFileSync(join(own, 'live.db'), join(own, 'cut.db'))
  const cut = await openFileAt(join(own, 'cut.db'))
  expect((await verifyWhole(cut)).finding).toBeNull()
  const known = (await readAnchors(anchors, '')).anchors
  expect((await verifyWhole(cut, known)).finding).toMatchObject({ what: 'tail_missing' })
  expect((await verifyWhole(live, known)).finding).toBeNull()
})
