/** A trial's archive: the same bytes from either engine, everything in it, and nothing of it changed without being found. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attachFile } from '../../server/actions/attach-file.ts'
import { type Manifest, manifestFrom, manifestText } from '../../server/archive/manifest.ts'
import { type ArchiveVerification, verifyArchive } from '../../server/archive/verify-archive.ts'
import { archiveTrial } from '../../server/commands/archive.ts'
import type { Anchor } from '../../server/db/anchors.ts'
import { chainHead } from '../../server/db/audit-trail.ts'
import { textHash } from '../../server/db/canonical-json.ts'
import { copyAll } from '../../server/db/copy.ts'
import type { Db } from '../../server/db/database.ts'
import { listArchivedTables } from '../../server/db/trial-archive.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { filesIn } from '../../server/files/kept-files.ts'
import { openTar, writeTar } from '../../server/files/tar.ts'
import { submitted } from '../actions/a-drafted-request.ts'
import { openSmallTrial, registered, type SmallTrial, screened } from '../actions/small-trial.ts'
import { openCopy } from '../support/databases.ts'
import { folderOfTest, openNewFile } from '../support/files.ts'

const asOf = '2026-06-24T03:00:00.000Z'
const none = () => {}

async function archived(db: Db, code: string, out: string, anchors: readonly Anchor[] = [], folder = out) {
  const trial = await findTrialByCode(db, code)
  if (trial === null) throw new Error(`no trial ${code}`)
  return archiveTrial({ db, files: filesIn(`${folder}.files`) }, trial, anchors, out, asOf)
}

/** One registered, one screened, and a request with a file; in a folder of its own. */
async function smallWorld(): Promise<{ world: SmallTrial; out: string; anchors: Anchor[] }> {
  const out = join(folderOfTest(), 'small.tar')
  const opened = await openSmallTrial(await openCopy('empty'))
  const world = { ...opened, context: { ...opened.context, files: filesIn(`${out}.files`) } }
  await registered(world)
  await screened(world)
  const { record } = await submitted(world)
  const content = new TextEncoder().encode('%PDF-1.7 the protocol')
  await attachFile(world.context, world.manager, world.trialId, record.number, { name: '計画書.pdf', content })
  const head = await chainHead(world.db, world.trialId)
  return { world, out, anchors: [{ at: asOf, chain: world.trialId, ...head }] }
}

/** What an archive holds, by path. */
async function contentsOf(path: string): Promise<Map<string, Buffer>> {
  const tar = await openTar(path)
  if ('damaged' in tar) throw new Error(tar.damaged)
  const contents = new Map<string, Buffer>()
  for (const member of tar.members) {
    const parts: Buffer[] = []
    for await (const part of tar.read(member.path)) parts.push(part)
    contents.set(member.path, Buffer.concat(parts))
  }
  await tar.close()
  return contents
}

/** The same archive with other contents, and a manifest that fits them: as somebody would write who owns the file. */
async function forged(
  path: string,
  change: (contents: Map<string, Buffer>, manifest: Manifest) => void,
): Promise<ArchiveVerification> {
  const contents = await contentsOf(path)
  const manifest = manifestFrom(contents.get('manifest.json')?.toString() ?? '')
  if (manifest === null) throw new Error('no manifest')
  for (const own of ['manifest.json', 'manifest.sha256']) contents.delete(own)
  change(contents, manifest)
  const other = join(folderOfTest(), 'forged.tar')
  const tar = await writeTar(other)
  manifest.files = []
  for (const [name, content] of contents) manifest.files.push(await tar.add(name, [content]))
  const text = manifestText(manifest)
  await tar.add('manifest.json', [text])
  await tar.add('manifest.sha256', [`${textHash(text)}  manifest.json\n`])
  await tar.finish()
  return verifyArchive(other, none)
}

const replaced = (contents: Map<string, Buffer>, path: string, from: string | RegExp, to: string) => {
  const before = contents.get(path)?.toString() ?? ''
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  contents.set(path, Buffer.from(after))
}

describe('an archive', () => {
  it('agrees with itself, and says what it is of', async () => {
    const { world, out, anchors } = await smallWorld()
    const written = await archived(world.db, world.code, out, anchors)
    const { finding, manifest, digest, ...checked } = await verifyArchive(out, none)
    expect(finding).toBeNull()
    expect(digest).toBe(written.digest)
    expect(checked).toMatchObject({ rows: written.rows, entries: written.entries })
    expect(manifest).toMatchObject({ asOf, trial: { id: world.trialId, code: world.code }, holdsArms: 'yes', lost: [] })
    expect(manifest?.chain).toEqual({
      entries: written.entries,
      head: (await chainHead(world.db, world.trialId)).hash,
    })
    const contents = await contentsOf(out)
    expect(contents.get('data/subject.ndjson')?.toString().trim().split('\n')).toHaveLength(2)
    expect(contents.get('subjects.ja.csv')?.toString()).toContain(`${world.code}-01-001`)
    expect(contents.get('README.en.txt')?.toString()).toContain('allocated arms')
    expect([...contents.keys()].filter((path) => path.startsWith('attachments/'))).toHaveLength(1)
    expect([...contents].filter(([, content]) => content.includes('trial_secret'))).toEqual([])
  })

  it('of the demonstration is the same bytes from either engine, twice', async () => {
    const folder = folderOfTest()
    const from = await openCopy('demo')
    const [there, back] = [await openNewFile(join(folder, 'there.db')), await openCopy('empty')]
    await copyAll(from, there)
    await copyAll(there, back)
    const files = await Promise.all(
      [from, there, back, from].map(async (db, index) => {
        const out = join(folder, `${index}.tar`)
        await archived(db, 'SSC-BMC', out, [], join(folder, 'same'))
        return readFileSync(out)
      }),
    )
    const [first] = files
    expect(files.map((file) => file.equals(first ?? Buffer.of()))).toEqual([true, true, true, true])
    const { finding, manifest } = await verifyArchive(join(folder, '0.tar'), none)
    expect(finding).toBeNull()
    expect(manifest?.files.filter(({ path }) => path.startsWith('reviews/')).length).toBeGreaterThan(0)
  })

  it('holds every table that belongs to a trial; a new one is a decision', async () => {
    const tables = await listArchivedTables(await openCopy('empty'))
    expect(tables.filter(({ replay }) => replay === 'none').map(({ name }) => name)).toEqual([
      'access_record',
      'daily_count',
      'month_count',
      'site_count',
      'state_count',
      'trial_count',
    ])
    const names = tables.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['allocation', 'review_signature', 'subject', 'trial', 'trial_lock']))
    for (const secret of ['trial_secret', 'session', 'second_factor', 'submission', 'person']) {
      expect(names).not.toContain(secret)
    }
  })

  it('says which attached files were lost before', async () => {
    const { world, out } = await smallWorld()
    const { lost } = await archived(world.db, world.code, out, [], `${out}-elsewhere`)
    expect(lost).toEqual([textHash('%PDF-1.7 the protocol')])
    const { finding, manifest } = await verifyArchive(out, none)
    expect([finding, manifest?.lost]).toEqual([null, lost])
  })
})

const flips = 300

describe('what was changed in an archive is found:', () => {
  it(`a bit of any of ${flips} bytes, wherever it stands, and every cut end`, async () => {
    const { world, out, anchors } = await smallWorld()
    await archived(world.db, world.code, out, anchors)
    const whole = readFileSync(out)
    const missed: number[] = []
    for (let flip = 0; flip < flips; flip++) {
      // Fixed steps that have no common measure with the file: headers, contents, padding and the end all come up.
      const at = flip < 20 ? whole.length - 1 - flip * 97 : Math.floor(((flip * 0.618034) % 1) * whole.length)
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8))
      writeFileSync(out, bytes)
      if ((await verifyArchive(out, none)).finding === null) missed.push(at)
    }
    for (const left of [0, 1, 512, whole.length - 1, whole.length - 1024]) {
      writeFileSync(out, whole.subarray(0, left))
      if ((await verifyArchive(out, none)).finding === null) missed.push(left)
    }
    writeFileSync(out, Buffer.concat([whole, Buffer.alloc(512)]))
    if ((await verifyArchive(out, none)).finding === null) missed.push(whole.length)
    expect(missed).toEqual([])
    writeFileSync(out, whole)
    expect((await verifyArchive(out, none)).finding).toBeNull()
  }, 300_000)

  const forgeries: Record<string, [what: string, change: (all: Map<string, Buffer>, manifest: Manifest) => void]> = {
    'a row that its last entry does not say': [
      'row_changed',
      (all) => replaced(all, 'data/subject.ndjson', '"state":"registered"', '"state":"treated"'),
    ],
    'a row that is gone, with the number that the manifest says': [
      'row_missing',
      (all, manifest) => {
        replaced(all, 'data/site.ndjson', /[^\n]*\n$/, '')
        for (const table of manifest.tables) if (table.name === 'site') table.rows -= 1
      },
    ],
    'a row that is gone': ['number_wrong', (all) => replaced(all, 'data/site.ndjson', /[^\n]*\n$/, '')],
    'a row that was put in': [
      'row_unaudited',
      (all) => replaced(all, 'data/site.ndjson', /\n$/, '\n{"code":"99","id":"slipped-in"}\n'),
    ],
    'a changed entry of the trail': [
      'entry_changed',
      (all) => replaced(all, 'audit.ndjson', '"event":"trial_opened"', '"event":"trial_closed"'),
    ],
    'a missing entry of the trail': ['chain_gap', (all) => replaced(all, 'audit.ndjson', /^[^\n]*\n/, '')],
    'a trail that was cut off': ['history_rewritten', (all) => replaced(all, 'audit.ndjson', /[^\n]*\n$/, '')],
    'an attached file that is another one': [
      'attachment_wrong',
      (all) => {
        const path = [...all.keys()].find((name) => name.startsWith('attachments/')) ?? ''
        all.set(path, Buffer.from('%PDF-1.7 another protocol'))
      },
    ],
    'an attached file that is gone': [
      'attachment_wrong',
      (all) => all.delete([...all.keys()].find((name) => name.startsWith('attachments/')) ?? ''),
    ],
  }

  it.each(Object.entries(forgeries))('%s, with every digest made to fit', async (_name, [what, change]) => {
    const { world, out, anchors } = await smallWorld()
    await archived(world.db, world.code, out, anchors)
    expect((await forged(out, () => {})).finding).toBeNull()
    expect((await forged(out, change)).finding?.what).toBe(what)
  })

  it('a signed review that is another one, or was signed for another review', async () => {
    const folder = folderOfTest()
    const out = join(folder, 'demo.tar')
    await archived(await openCopy('demo'), 'SSC-BMC', out)
    const pathsOf = (all: Map<string, Buffer>) => [...all.keys()].filter((name) => name.startsWith('reviews/'))
    const changed = await forged(out, (all) => replaced(all, pathsOf(all)[0] ?? '', '"signedAt":"2', '"signedAt":"3'))
    expect(changed.finding?.what).toBe('signature_wrong')
    const moved = await forged(out, (all) => {
      const [first = '', second = ''] = pathsOf(all)
      const [one = Buffer.of(), other = Buffer.of()] = [all.get(first), all.get(second)]
      all.set(first, other)
      all.set(second, one)
    })
    expect(moved.finding?.what).toBe('signature_wrong')
  })
})
