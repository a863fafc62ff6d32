/** Anchors as a server writes them and `toroku verify` reads them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, it, vi } from 'vitest'
import { BadInput } from '../../server/commands/command.ts'
import { verifyCommand } from '../../server/commands/verify.ts'
import { anchorWhereDue } from '../../server/daily-anchors.ts'
import { anchorsOf } from '../../server/db/anchors.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { openSmallTrial, screened } from '../actions/small-trial.ts'
import { folderOfTest } from '../support/files.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const silent = pino({ level: 'silent' })
const key = 'a key that only the server has, long enough'

/** A database file that was anchored on two days, with something recorded between. */
async function anchoredFile() {
  const path = join(folderOfTest(), 'live.db')
  const db = await openDatabase({ kind: 'file', path })
  await migrate(db)
  const world = await openSmallTrial(db)
  const config = { ...world.context.config, anchors: { folder: null, key } }
  const at = (now: string) => anchorWhereDue({ ...world.context, config, now: () => now }, anchorsOf(path), silent)
  const lines = () => readFileSync(anchorsOf(path), 'utf8').trim().split('\n').length
  await at('2026-06-24T03:00:00.000Z')
  const first = lines()
  await screened(world)
  await at('2026-06-24T23:59:59.999Z')
  expect(lines()).toBe(first)
  await at('2026-06-25T00:00:00.000Z')
  expect(lines()).toBe(first + 1)
  await engineOf(db).close()
  return { path, lines: lines() }
}

async function verify(values: Record<string, string | boolean>) {
  const out: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...said) => void out.push(said.join(' ')))
  try {
    return { code: await verifyCommand.run({ values, positionals: [] }), out: out.join('\n') }
  } catch (error) {
    if (error instanceof BadInput) return { code: 2, out: error.message }
    throw error
  }
}

it('a day’s first look writes the heads down, and verify compares with them', async () => {
  vi.stubEnv('ANCHOR_KEY', key)
  const { path, lines } = await anchoredFile()
  const { code, out } = await verify({ database: path })
  expect([code, out]).toEqual([0, expect.stringContaining(`with ${lines} anchors, the last of 2026-06-25`)])
  expect(JSON.parse((await verify({ database: path, json: true })).out)).toMatchObject({ ok: true, anchors: lines })
})

it('a database that is older than its anchors says what is missing, with exit code 1', async () => {
  vi.stubEnv('ANCHOR_KEY', key)
  const { path } = await anchoredFile()
  const other = join(folderOfTest(), 'older.db')
  const db = await openDatabase({ kind: 'file', path: other })
  await migrate(db)
  await engineOf(db).close()
  const { code, out } = await verify({ database: other, anchors: anchorsOf(path) })
  expect([code, out]).toEqual([1, expect.stringContaining('the end of the audit trail is gone')])
})

it('a line that was changed, or another key, is refused by the line’s number', async () => {
  const { path } = await anchoredFile()
  expect(await verify({ database: path })).toEqual({ code: 2, out: expect.stringMatching(/^line 1 .*ANCHOR_KEY/) })
  vi.stubEnv('ANCHOR_KEY', key)
  const file = anchorsOf(path)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"sequence":', '"sequence":1'))
  expect(await verify({ database: path })).toEqual({ code: 2, out: expect.stringMatching(/^line 1 /) })
  rmSync(file)
  expect((await verify({ database: path })).code).toBe(0)
  expect(existsSync(file)).toBe(false)
  expect((await verify({ database: path, anchors: file })).code).toBe(2)
})
