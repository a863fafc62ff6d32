/** Backups made while others write, and databases made out of them: a backup that was not restored is none. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { attachFile } from '../../server/actions/attach-file.ts'
import { withdrawAttachment } from '../../server/actions/withdraw-attachment.ts'
import { listAttachedHashes } from '../../server/db/attached-files.ts'
import { backUp, backupName, lastBackupAt, listBackups, NoFileToBackUp, pruneBackups } from '../../server/db/backup.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { restore } from '../../server/db/restore.ts'
import { migrate } from '../../server/db/schema.ts'
import { keepSession } from '../../server/db/sessions.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { filesIn } from '../../server/files/kept-files.ts'
import { backUpWhereDue, isBackupDue } from '../../server/scheduled-backups.ts'
import { submitted } from '../actions/a-drafted-request.ts'
import { done, expectSound, openSmallTrial, type SmallTrial, screened } from '../actions/small-trial.ts'
import { openCopy } from '../support/databases.ts'
import { folderOfTest, openFileAt, openNewFile } from '../support/files.ts'
import { rawWriter, serverHasItsOwnBackups } from '../support/raw.ts'

const silent = pino({ level: 'silent' })

async function smallWorld(folder: string): Promise<SmallTrial> {
  const world = await openSmallTrial(await openNewFile(join(folder, 'live.db')))
  await screened(world)
  return world
}

const numbersIn = async (db: Db) =>
  (await db.selectFrom('subject').select('id').orderBy('id').execute()).map(({ id }) => id)

describe('a backup', () => {
  it('is a database of its own that agrees with itself, with its digest beside it and nothing else', async () => {
    const folder = folderOfTest()
    const { db } = await smallWorld(folder)
    const path = join(folder, 'kept', 'one.db')
    const { verification, bytes } = await backUp(db, path)
    expect(verification).toMatchObject({ finding: null, subjects: 1 })
    expect(bytes).toBe(statSync(path).size)
    expect(readdirSync(join(folder, 'kept')).sort()).toEqual(['one.db', 'one.db.sha256'])
    expect(readFileSync(`${path}.sha256`, 'utf8')).toMatch(/^[0-9a-f]{64} {2}one\.db\n$/)
    await expectSound(await openFileAt(path))
  })

  it('goes over no file that is there', async () => {
    const folder = folderOfTest()
    const { db } = await smallWorld(folder)
    writeFileSync(join(folder, 'one.db'), 'somebody’s')
    await expect(backUp(db, join(folder, 'one.db'))).rejects.toThrow('there already')
    expect(readFileSync(join(folder, 'one.db'), 'utf8')).toBe('somebody’s')
  })

  it('of a database in which something is wrong is kept under another name', async () => {
    const folder = folderOfTest()
    const { db, siteIds } = await smallWorld(folder)
    await rawWriter(db).updateTable('site').set({ name_en: 'x' }).where('id', '=', siteIds['01']).execute()
    const { path, verification } = await backUp(db, join(folder, 'one.db'))
    expect(verification.finding).toEqual({ what: 'row_changed', place: `site ${siteIds['01']}` })
    expect(path).toBe(join(folder, 'one.db.wrong'))
    expect(existsSync(join(folder, 'one.db'))).toBe(false)
  })

  it('is the server’s own matter where the data are on one', async () => {
    const db = await openCopy('empty')
    const path = join(folderOfTest(), 'one.db')
    const outcome = await backUp(db, path).catch((error) => error)
    expect(outcome instanceof NoFileToBackUp).toBe(serverHasItsOwnBackups)
    expect(existsSync(path)).toBe(!serverHasItsOwnBackups)
  })
})

describe('the attached files', () => {
  const content = (text: string) => new TextEncoder().encode(`%PDF-1.7 ${text}`)

  /** A request with two files, one of them withdrawn, in the folder beside the database. */
  async function withFiles(folder: string) {
    const world = await smallWorld(folder)
    const files = filesIn(join(folder, 'live.db.files'))
    const context = { ...world.context, files }
    const { record } = await submitted(world)
    const attach = (name: string, text: string) =>
      done(attachFile(context, world.manager, world.trialId, record.number, { name, content: content(text) }))
    await attach('minutes.pdf', 'one')
    const { attachmentId } = await attach('draft.pdf', 'two')
    const asked = { attachmentId, reason: 'wrong' }
    await done(withdrawAttachment(context, world.manager, world.trialId, record.number, asked))
    return { ...world, files, hashes: await listAttachedHashes(world.db) }
  }

  it('come with the backup and back with the restore, withdrawn ones too', async () => {
    const folder = folderOfTest()
    const { db, files, hashes } = await withFiles(folder)
    expect(hashes).toHaveLength(2)
    const backup = join(folder, 'one.db')
    expect((await backUp(db, backup, files)).verification).toMatchObject({ finding: null, attachments: 2 })
    expect(readdirSync(`${backup}.files`)).toEqual(hashes)
    const target = join(folder, 'new', 'restored.db')
    expect(await restore(backup, target)).toMatchObject({ verification: { attachments: 2, finding: null } })
    expect(readdirSync(`${target}.files`)).toEqual(hashes)
    const restored = await openFileAt(target)
    expect((await verifyWhole(restored, [], filesIn(`${target}.files`))).finding).toBeNull()
    expect(readFileSync(join(`${target}.files`, hashes[0] ?? ''))).toEqual(
      readFileSync(join(folder, 'live.db.files', hashes[0] ?? '')),
    )
    const elsewhere = join(folder, 'attachments')
    await restore(backup, join(folder, 'other.db'), filesIn(elsewhere))
    expect(readdirSync(elsewhere)).toEqual(hashes)
  })

  it('that are gone or changed are named, and make neither a whole backup nor a database', async () => {
    const folder = folderOfTest()
    const { db, files, hashes } = await withFiles(folder)
    const backup = join(folder, 'one.db')
    await backUp(db, backup, files)
    const [first = '', second = ''] = hashes
    const named = (what: string, hash: string) => ({
      what,
      place: expect.stringMatching(new RegExp(`^".+\\.pdf".*${hash}$`)),
    })
    writeFileSync(join(folder, 'live.db.files', second), 'something else')
    expect((await verifyWhole(db, [], files)).finding).toEqual(named('attachment_changed', second))
    rmSync(join(folder, 'live.db.files', second))
    expect((await verifyWhole(db, [], files)).finding).toEqual(named('attachment_missing', second))
    const wrong = await backUp(db, join(folder, 'two.db'), files)
    expect(wrong).toMatchObject({
      path: join(folder, 'two.db.wrong'),
      verification: { finding: { what: 'attachment_missing' } },
    })
    expect(readdirSync(`${wrong.path}.files`)).toEqual([first])
    writeFileSync(join(`${backup}.files`, first), 'something else')
    const target = join(folder, 'new', 'restored.db')
    const refused = await restore(backup, target)
    expect(refused).toEqual({ problem: { what: 'unsound', finding: named('attachment_changed', first) } })
    expect(readdirSync(join(folder, 'new'))).toEqual([])
  })

  it('go with the backup that is removed', async () => {
    const folder = folderOfTest()
    const { db, files } = await withFiles(folder)
    for (const at of ['2026-06-24T03:00:00.000Z', '2026-06-25T03:00:00.000Z']) {
      await backUp(db, join(folder, 'kept', backupName(at)), files)
    }
    pruneBackups(join(folder, 'kept'), 'whole', 1)
    const name = backupName('2026-06-25T03:00:00.000Z')
    expect(readdirSync(join(folder, 'kept')).sort()).toEqual([name, `${name}.files`, `${name}.sha256`])
  })

  it('are in the backups that the server makes by the clock', async () => {
    const folder = folderOfTest()
    const { db, files, hashes } = await withFiles(folder)
    const now = () => '2026-06-24T03:00:00.000Z'
    await backUpWhereDue({ db, files, now }, { folder: join(folder, 'kept'), everyHours: 24, keep: 2 }, silent)
    expect(readdirSync(join(folder, 'kept', `${backupName(now())}.files`))).toEqual(hashes)
  })
})

describe('a restore', () => {
  it('gives back all that was backed up, and nobody is signed in', async () => {
    const folder = folderOfTest()
    const world = await smallWorld(folder)
    await keepSession(world.db, 'somebody’s session', { personId: null, content: '{}' }, world.context.now())
    const backup = join(folder, 'one.db')
    const target = join(folder, 'new', 'restored.db')
    const made = await backUp(world.db, backup)
    expect(await restore(backup, target)).toEqual({ verification: made.verification, migrated: [], hadDigest: true })
    expect(readdirSync(join(folder, 'new'))).toEqual(['restored.db'])
    const restored = await openFileAt(target)
    expect(await numbersIn(restored)).toEqual(await numbersIn(world.db))
    expect(await restored.selectFrom('session').selectAll().execute()).toEqual([])
  })

  it.each(['', '-wal', '-shm'])('goes to an empty place only: target%s is there', async (suffix) => {
    const folder = folderOfTest()
    const backup = join(folder, 'one.db')
    await backUp((await smallWorld(folder)).db, backup)
    writeFileSync(join(folder, `target.db${suffix}`), '')
    const before = readdirSync(folder)
    expect(await restore(backup, join(folder, 'target.db'))).toEqual({ problem: { what: 'target_taken' } })
    expect(readdirSync(folder)).toEqual(before)
  })

  it('refuses what is no backup, and leaves nothing', async () => {
    const folder = folderOfTest()
    const target = join(folder, 'target.db')
    const live = join(folder, 'live.db')
    const { db } = await smallWorld(folder)
    expect(await restore(join(folder, 'nothing.db'), target)).toEqual({ problem: { what: 'no_file' } })
    expect(await restore(live, target)).toEqual({ problem: { what: 'not_closed' } })
    writeFileSync(join(folder, 'words.db'), 'words, not a database'.repeat(500))
    expect(await restore(join(folder, 'words.db'), target)).toMatchObject({ problem: { what: 'no_database' } })
    writeFileSync(join(folder, 'empty.db'), '')
    expect(await restore(join(folder, 'empty.db'), target)).toMatchObject({ problem: { what: 'no_database' } })
    await backUp(db, join(folder, 'short.db'))
    const whole = readFileSync(join(folder, 'short.db'))
    writeFileSync(join(folder, 'cut.db'), whole.subarray(0, whole.length / 2))
    expect(await restore(join(folder, 'cut.db'), target)).toMatchObject({ problem: { what: expect.any(String) } })
    expect(readdirSync(folder).filter((name) => name.startsWith('target'))).toEqual([])
  })

  it('refuses a backup of which one byte is another, by its digest', async () => {
    const folder = folderOfTest()
    const backup = join(folder, 'one.db')
    await backUp((await smallWorld(folder)).db, backup)
    appendFileSync(backup, '\0')
    expect(await restore(backup, join(folder, 'target.db'))).toEqual({ problem: { what: 'digest_differs' } })
  })

  it('refuses a backup whose rows were changed, digest or not', async () => {
    const folder = folderOfTest()
    const backup = join(folder, 'one.db')
    const { db, siteIds } = await smallWorld(folder)
    await backUp(db, backup)
    copyFileSync(backup, join(folder, 'changed.db'))
    const changed = await openDatabase({ kind: 'file', path: join(folder, 'changed.db') })
    await rawWriter(changed).updateTable('site').set({ name_en: 'x' }).where('id', '=', siteIds['01']).execute()
    await engineOf(changed).close()
    expect(await restore(join(folder, 'changed.db'), join(folder, 'target.db'))).toEqual({
      problem: { what: 'unsound', finding: { what: 'row_changed', place: `site ${siteIds['01']}` } },
    })
  })

  it('refuses a backup of a newer program, and brings one of an older program up to date', async () => {
    const folder = folderOfTest()
    const { db } = await smallWorld(folder)
    await backUp(db, join(folder, 'older.db'))
    migrations['9999-next'] = {
      up: async (schema) => void (await schema.schema.createTable('of_next').addColumn('id', 'text').execute()),
    }
    try {
      const outcome = await restore(join(folder, 'older.db'), join(folder, 'migrated.db'))
      expect(outcome).toMatchObject({ migrated: ['9999-next'], verification: { finding: null } })
      expect(readdirSync(folder).filter((name) => name.includes('before'))).toEqual([])
      await migrate(db)
      await backUp(db, join(folder, 'newer.db'))
    } finally {
      delete migrations['9999-next']
    }
    const refused = await restore(join(folder, 'newer.db'), join(folder, 'target.db'))
    expect(refused).toMatchObject({ problem: { what: 'newer', unknown: expect.stringContaining('9999-next') } })
  })
})

describe('backups by the clock', () => {
  it('are due when the newest is as old as was said, or where there is none', () => {
    expect(isBackupDue(null, 24, '2026-06-24T03:00:00.000Z')).toBe(true)
    expect(isBackupDue('2026-06-23T03:00:00.000Z', 24, '2026-06-24T03:00:00.000Z')).toBe(true)
    expect(isBackupDue('2026-06-23T03:00:00.001Z', 24, '2026-06-24T03:00:00.000Z')).toBe(false)
  })

  it('are made when due, and the newest few are kept', async () => {
    const folder = folderOfTest()
    const kept = join(folder, 'kept')
    const world = await smallWorld(folder)
    const at = (now: string) =>
      backUpWhereDue({ ...world.context, now: () => now }, { folder: kept, everyHours: 1, keep: 2 }, silent)
    await at('2026-06-24T03:00:00.000Z')
    await at('2026-06-24T03:59:00.000Z')
    expect(readdirSync(kept)).toHaveLength(2)
    writeFileSync(join(kept, 'toroku.db'), 'by hand')
    await at('2026-06-24T04:00:00.000Z')
    await at('2026-06-24T05:00:00.000Z')
    expect(readdirSync(kept).sort()).toEqual([
      'toroku-20260624T040000000Z.db',
      'toroku-20260624T040000000Z.db.sha256',
      'toroku-20260624T050000000Z.db',
      'toroku-20260624T050000000Z.db.sha256',
      'toroku.db',
    ])
    expect(lastBackupAt(kept, 'whole')).toBe('2026-06-24T05:00:00.000Z')
  })

  it('never push out a whole one for one in which something is wrong', async () => {
    const folder = folderOfTest()
    const world = await smallWorld(folder)
    const at = (now: string) =>
      backUpWhereDue({ ...world.context, now: () => now }, { folder, everyHours: 1, keep: 1 }, silent)
    await at('2026-06-24T03:00:00.000Z')
    await rawWriter(world.db).updateTable('site').set({ name_en: 'x' }).execute()
    for (const now of ['2026-06-24T04:00:00.000Z', '2026-06-24T04:01:00.000Z', '2026-06-24T05:00:00.000Z'])
      await at(now)
    expect(listBackups(folder, 'whole')).toEqual([join(folder, backupName('2026-06-24T03:00:00.000Z'))])
    expect(listBackups(folder, 'wrong')).toEqual([join(folder, `${backupName('2026-06-24T05:00:00.000Z')}.wrong`)])
    expect(pruneBackups(folder, 'whole', 1)).toEqual([])
  })
})
