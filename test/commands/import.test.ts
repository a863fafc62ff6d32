/** `toroku import`: the same as the page, from the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { addPerson } from '../../server/actions/add-person.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { databaseAddress } from '../../server/config.ts'
import { commandLine } from '../../server/context.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { openScreeningTrial, referenceFile, referenceLogs } from '../actions/imported.ts'
import { chainLength, done, type SmallTrial } from '../actions/small-trial.ts'
import { copyOf } from '../support/databases.ts'

let importCommand: typeof import('../../server/commands/import.ts').importCommand
let address = ''
let world: SmallTrial
const folder = mkdtempSync(join(tmpdir(), 'toroku-import-'))

beforeAll(async () => {
  ;({ importCommand } = await import('../../server/commands/import.ts'))
  address = await copyOf('empty')
  world = await openScreeningTrial(await openDatabase(databaseAddress(address)))
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await engineOf(world.db).close()
  rmSync(folder, { recursive: true, force: true })
})

async function run(file: string, options: Record<string, string | boolean> = {}) {
  const out: string[] = []
  const err: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...said) => void out.push(said.join(' ')))
  vi.spyOn(console, 'error').mockImplementation((...said) => void err.push(said.join(' ')))
  vi.spyOn(process.stderr, 'write').mockImplementation((said) => err.push(String(said)) > 0)
  const values = { trial: world.code, database: address, ...options }
  try {
    return { code: await importCommand.run({ values, positionals: [file] }), out: out.join('\n'), err: err.join('\n') }
  } catch (error) {
    return { code: 2, out: out.join('\n'), err: (error as Error).message }
  } finally {
    vi.restoreAllMocks()
  }
}

function written(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('toroku import', () => {
  const expected = JSON.parse(readFileSync(referenceFile('screening-log-expected.json'), 'utf8'))
  const mended = () =>
    written(
      'mended.tsv',
      readFileSync(referenceFile('screening_log_excel_paste.tsv'), 'utf8').replace('11/31', '11/30'),
    )

  it.each(referenceLogs)('%s gives what is expected, and changes nothing while one cell is wrong', async (name) => {
    const before = await chainLength(world.db, world.trialId)
    const ran = await run(referenceFile(name), { json: true })
    expect(ran.code).toBe(1)
    expect(JSON.parse(ran.out)).toEqual({ new: 6, changed: 0, unchanged: 0, wrong: 1, rows: expected })
    expect(await chainLength(world.db, world.trialId)).toBe(before)
  })

  it('says the wrong cell by its row and its column', async () => {
    const { code, out } = await run(referenceFile('screening_log_cp932.csv'), { 'dry-run': true })
    expect(code).toBe(1)
    expect(out).toBe(
      'row 6, 同意取得日: "2025/11/31": There is no such day: 2025-11 ends on day 30\nnothing was kept: new 6, changed 0, unchanged 0, wrong 1',
    )
  })

  it('mended, a dry run keeps nothing, the import does, and the same again changes nothing', async () => {
    expect(await run(mended(), { 'dry-run': true })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/nothing was kept/),
    })
    expect(await run(mended())).toMatchObject({ code: 0, out: 'recorded: new 7, changed 0, unchanged 0, wrong 0' })
    const after = await chainLength(world.db, world.trialId)
    expect(await run(mended())).toMatchObject({ code: 0, out: 'no change: new 0, changed 0, unchanged 7, wrong 0' })
    expect(await chainLength(world.db, world.trialId)).toBe(after)
    const [last] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 1 })
    expect(last).toMatchObject({ event: 'rows_imported', actorId: 'command-line', actorRole: 'data_manager' })
    expect(last?.after).toMatchObject({ file_name: 'mended.tsv' })
  })

  it('acts as a person where one is named, with their rights and no others', async () => {
    const { context, trialId, siteIds } = world
    const name = { ja: '人', en: 'Person' }
    const username = 'site-two'
    const { personId } = await done(
      addPerson(context, commandLine, { username, name, password: 'long enough for one' }),
    )
    const file = written('one.csv', '施設,症例番号,同意取得日\n01,P-1,2026-02-10\n')
    expect(await run(file, { as: username })).toMatchObject({ code: 2, err: expect.stringMatching(/may not record/) })
    await done(grantRole(context, commandLine, personId, { role: 'coordinator', trialId, siteId: siteIds['02'] }))
    expect(await run(file, { as: username })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^row 2, 施設: "01"/),
    })
    expect(await run(file, { as: username, 'add-sites': true })).toMatchObject({ code: 2 })
    const own = written('two.csv', '施設,症例番号,同意取得日\n02,P-1,2026-02-10\n')
    expect(await run(own, { as: username })).toMatchObject({ code: 0 })
    const [last] = await listAuditEntries(world.db, trialId, { before: null, limit: 1 })
    expect(last?.actorId).toBe(personId)
  })

  it('tells how far it is, where there is something to wait for', async () => {
    const rows = Array.from({ length: 240 }, (_, index) => `02,Q-${index},2026-02-10`)
    const { code, err } = await run(written('many.csv', ['施設,症例番号,同意取得日', ...rows].join('\n')))
    expect([code, err]).toEqual([0, '100 of 240 rows\n\n200 of 240 rows\n\n240 of 240 rows\n'])
  })

  it.each([
    ['a file that is not there', join(folder, 'nothing.csv'), {}, /ENOENT/],
    ['a trial that is not there', referenceFile('screening_log_cp932.csv'), { trial: 'NONE' }, /no trial NONE/],
    ['nobody of that name', referenceFile('screening_log_cp932.csv'), { as: 'nobody' }, /nobody is named/],
    ['only headings', written('heads.csv', '施設,症例番号,同意取得日\n'), {}, /only headings/],
    ['a picture', written('image.csv', '\x89PNG\r\n\x1a\n\0'), {}, /cannot be read as a table/],
  ])('%s is said, with exit code 2', async (_, file, options, words) => {
    const ran = await run(file, options)
    expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(words)])
  })
})
