/** `toroku backup` and `toroku restore`: what they say and return. What they do with the data is tested where they do it. */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { backupCommand } from '../../server/commands/backup.ts'
import { BadInput, type Command } from '../../server/commands/command.ts'
import { progressInWords } from '../../server/commands/progress.ts'
import { restoreCommand } from '../../server/commands/restore.ts'
import { openSmallTrial, screened } from '../actions/small-trial.ts'
import { aServersAddress } from '../support/addresses.ts'
import { folderOfTest, openNewFile } from '../support/files.ts'

afterEach(() => vi.restoreAllMocks())

async function run(command: Command, values: Record<string, string | boolean>, positionals: string[] = []) {
  const out: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...said) => void out.push(said.join(' ')))
  vi.spyOn(console, 'error').mockImplementation(() => {})
  try {
    return { code: await command.run({ values, positionals }), out: out.join('\n') }
  } catch (error) {
    if (error instanceof BadInput) return { code: 2, out: error.message }
    throw error
  }
}

async function liveFile() {
  const folder = folderOfTest()
  const database = join(folder, 'live.db')
  const world = await openSmallTrial(await openNewFile(database))
  await screened(world)
  return { folder, database }
}

it('a backup goes beside the database unless it is told where, and the newest are kept', async () => {
  const { folder, database } = await liveFile()
  for (const _ of [1, 2, 3]) {
    const { code, out } = await run(backupCommand, { database, keep: '2' })
    expect([code, out]).toEqual([0, expect.stringMatching(/^backed up and verified: .*toroku-\d{8}T\d{9}Z\.db/)])
  }
  expect(readdirSync(join(folder, 'backups')).filter((name) => name.endsWith('.db'))).toHaveLength(2)
  const to = join(folder, 'one.db')
  const said = JSON.parse((await run(backupCommand, { database, to, json: true })).out)
  expect(said).toMatchObject({ ok: true, path: to, subjects: 1, finding: null, removed: [] })
  expect(await run(backupCommand, { database, to })).toEqual({ code: 2, out: `${to} is there already` })
})

it('a backup is restored and says so; a second one over it is refused', async () => {
  const { folder, database } = await liveFile()
  const to = join(folder, 'one.db')
  await run(backupCommand, { database, to })
  const target = join(folder, 'restored.db')
  const said = JSON.parse((await run(restoreCommand, { database: target, json: true }, [to])).out)
  expect(said).toMatchObject({ restored: target, subjects: 1, migrated: [], digest: 'agrees' })
  const again = await run(restoreCommand, { database: target }, [to])
  expect(again).toEqual({ code: 2, out: expect.stringContaining('empty place only') })
  writeFileSync(`${to}.sha256`, `${'0'.repeat(64)}  one.db\n`)
  const other = join(folder, 'other.db')
  const damaged = await run(restoreCommand, { database: other }, [to])
  expect([damaged.code, existsSync(other)]).toEqual([2, false])
  expect(damaged.out).toContain('SHA-256 differs')
})

it.each([['0'], ['-1'], ['two'], ['1.5']])('--keep %s is no number of backups', async (keep) => {
  const { database } = await liveFile()
  expect(await run(backupCommand, { database, keep })).toMatchObject({
    code: 2,
    out: expect.stringContaining('--keep'),
  })
})

it('there is nothing to back up where there is no database, and none is made', async () => {
  const database = join(folderOfTest(), `${randomUUID()}.db`)
  expect((await run(backupCommand, { database })).code).toBe(2)
  expect(existsSync(database)).toBe(false)
})

it('a server has its own way, and is told it', async () => {
  const backup = await run(backupCommand, { database: aServersAddress })
  expect([backup.code, backup.out]).toEqual([2, expect.stringContaining('pg_dump')])
  const restored = await run(restoreCommand, { database: aServersAddress }, ['one.db'])
  expect([restored.code, restored.out]).toEqual([2, expect.stringContaining('toroku copy')])
})

it('progress says how much is done and how long the rest takes', () => {
  expect(progressInWords('copied', 0, 400, 0)).toBe('copied 0%')
  expect(progressInWords('copied', 100, 400, 10)).toBe('copied 25%, 30 s left')
  expect(progressInWords('copied', 400, 400, 40)).toBe('copied 100%, 0 s left')
  expect(progressInWords('copied', 0, 0, 0)).toBe('copied 100%, 0 s left')
})
