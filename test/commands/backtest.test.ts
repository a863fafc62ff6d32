/** `toroku backtest`: folders of small histories, what it says of them, and what it refuses. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { backtestCommand } from '../../server/commands/backtest.ts'
import { BadInput } from '../../server/commands/command.ts'
import { addDays, calendarDate } from '../../server/domain/calendar-date.ts'

const base = mkdtempSync(join(tmpdir(), 'toroku-backtest-'))
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** A folder with these files, by their paths below it. */
function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(base, 'case-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** A subject every so many days, from 2020-01-01, at the site 01. */
function steady(count: number, everyDays: number): string {
  const first = calendarDate('2020-01-01')
  const rows = Array.from({ length: count }, (_, place) => `${addDays(first, place * everyDays)},01`)
  return `date,site\n${rows.join('\n')}\n`
}

async function run(folder: string, values: Record<string, string | boolean> = {}) {
  const out: string[] = []
  const err: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
  vi.spyOn(console, 'error').mockImplementation((text) => void err.push(text))
  try {
    const code = await backtestCommand.run({ values, positionals: [folder] })
    return { code, out: out.join('\n'), err: err.join('\n') }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return { code: 2, out: out.join('\n'), err: error.message }
  } finally {
    vi.restoreAllMocks()
  }
}

describe('what it says', () => {
  it('one row for each folder, the numbers under their headings', async () => {
    const folder = folderWith({ 'long/a.csv': steady(41, 10), 'long/b.csv': steady(81, 5), 'c.csv': steady(17, 10) })
    const { code, out, err } = await run(folder, { method: 'pooledPoisson' })
    expect([code, err]).toEqual([0, ''])
    const lines = out.split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'Method: pooledPoisson, 80% and 95% intervals of the day of completion',
      '',
      'folder  cases  median error  in 80%  in 95%  IS80',
    ])
    expect(lines.slice(3).map((line) => line.slice(0, 13))).toEqual(['.           3', 'long        6'])
    expect(new Set(lines.slice(2).map((line) => line.length))).toEqual(new Set([lines[2]?.length]))
    expect(lines[4]).toMatch(/ 100% +100% +\d\.\d\d$/)
  })

  it('in Japanese, as wide', async () => {
    const { out } = await run(folderWith({ 'a.csv': steady(41, 10) }), { language: 'ja' })
    expect(out.split('\n')[2]).toBe('フォルダー  件数  中央誤差  80%区間内  95%区間内  IS80')
    expect(out.split('\n')[3]).toMatch(/^\. {9} {2} {3}3 {2} {3}\d\d?\.\d%/)
  })

  it('with --json, every case with its quantiles, and the scores of each folder', async () => {
    const folder = folderWith({ 'trials/a.csv': steady(41, 10) })
    const { code, out } = await run(folder, { json: true, method: 'driftRule' })
    expect(code).toBe(0)
    const { cases, summary } = JSON.parse(out)
    expect(cases).toHaveLength(3)
    // 41 subjects: the 21st comes on day 200, 2020-07-19; 20 are to come, the last on day 400.
    expect(cases[1]).toEqual({
      trial: 'a',
      fraction: 0.5,
      asOf: '2020-07-20',
      remaining: 20,
      truth: 200,
      q025: expect.any(Number),
      q10: expect.any(Number),
      q50: expect.any(Number),
      q90: expect.any(Number),
      q975: expect.any(Number),
    })
    expect(cases[1].q50).toBeGreaterThan(180)
    expect(cases[1].q50).toBeLessThan(220)
    expect(summary).toEqual([
      {
        folder: 'trials',
        n: 3,
        medianErrorPercent: expect.any(Number),
        cover80: 100,
        cover95: 100,
        is80: expect.any(Number),
      },
    ])
  })

  it('without --method, the default', async () => {
    const folder = folderWith({ 'a.csv': steady(41, 10) })
    expect((await run(folder)).out).toContain('Method: slowingDrift')
    expect((await run(folder, { json: true })).out).toBe(
      (await run(folder, { json: true, method: 'slowingDrift' })).out,
    )
  })

  it('reads the columns in any order and further ones, dates as people write them, rows in any order, CP932', async () => {
    const plain = folderWith({ 'a.csv': steady(41, 10) })
    const rows = steady(41, 10).trim().split('\n').slice(1).toReversed()
    const other = rows.map((row) => `x,${row.split(',')[1]},${row.split(',')[0]?.replaceAll('-', '/')}`)
    const marked = folderWith({ 'a.csv': `\uFEFFnote, Site ,DATE\r\n${other.join('\r\n')}\r\n\r\n` })
    // 0x8E 0x7B 0x90 0xDD is a word in CP932, and no UTF-8.
    const japanese = Buffer.concat([
      Buffer.from('note,site,date\n'),
      ...other.map((row) => Buffer.concat([Buffer.from([0x8e, 0x7b, 0x90, 0xdd]), Buffer.from(`${row.slice(1)}\n`)])),
    ])
    const expected = (await run(plain, { json: true })).out
    expect((await run(marked, { json: true })).out).toBe(expected)
    expect((await run(folderWith({ 'a.csv': japanese }), { json: true })).out).toBe(expected)
  })

  it('reads more subjects than may be imported', async () => {
    const rows = Array.from(
      { length: 21_100 },
      (_, place) => `${addDays(calendarDate('2001-01-01'), Math.floor(place / 3))},1`,
    )
    const { out } = await run(folderWith({ 'a.csv': `date,site\n${rows.join('\n')}\n` }), { json: true })
    expect(JSON.parse(out).cases[0]).toMatchObject({ remaining: 21_100 - 5277, truth: 7034 - 1759 })
  })

  it('a history too short to be cut is said, and left out', async () => {
    const folder = folderWith({ 'a.csv': steady(41, 10), 'short.csv': steady(3, 1) })
    const { code, out, err } = await run(folder, { json: true })
    expect(code).toBe(0)
    expect(err).toBe(`${join(folder, 'short.csv')}: too short to be cut, left out`)
    expect(JSON.parse(out).cases).toHaveLength(3)
    const alone = await run(folderWith({ 'short.csv': steady(3, 1) }), { json: true })
    expect(JSON.parse(alone.out).summary).toEqual([
      { folder: '.', n: 0, medianErrorPercent: null, cover80: null, cover95: null, is80: null },
    ])
    expect((await run(folderWith({ 'short.csv': steady(3, 1) }))).out).toMatch(/^\. +0 +— +— +— +—$/m)
  })
})

describe('what it refuses, with exit code 2', () => {
  it('a method that there is not', async () => {
    const { code, err } = await run(folderWith({ 'a.csv': steady(41, 10) }), { method: 'guess' })
    expect([code, err]).toEqual([2, 'no method guess; there are slowingDrift, driftRule, pooledPoisson, poissonGamma'])
    expect((await run(base, { method: 'constructor' })).code).toBe(2)
  })

  it('a language that there is not', async () => {
    expect(await run(base, { language: 'fr' })).toMatchObject({ code: 2, err: '--language is one of ja, en' })
  })

  it('a folder that is missing, that is a file, or that holds no *.csv', async () => {
    expect(await run(join(base, 'nowhere'))).toMatchObject({ code: 2, err: expect.stringContaining('nowhere') })
    const folder = folderWith({ 'a.csv': steady(41, 10) })
    expect(await run(join(folder, 'a.csv'))).toMatchObject({ code: 2 })
    const empty = folderWith({ 'readme.txt': 'date,site\n' })
    expect(await run(empty)).toMatchObject({ code: 2, out: '', err: `no *.csv below ${empty}` })
  })

  it('rows that cannot be read, each by its file and its line, all of them at once', async () => {
    const folder = folderWith({
      'a.csv': 'date,site\n2020-01-01,01\n2020-02-30,01\n\n,01\n2020-03-01,\n2020-03-02,01,extra\n43891,01\n',
      'b/b.csv': 'day,site\n2020-01-01,01\n',
      'c.csv': 'date,site\n',
      'd.csv': '',
      'e.csv': steady(41, 10),
      'f.csv': 'date,site\n2020-01-01,"01\n',
    })
    const { code, out, err } = await run(folder)
    expect([code, out]).toEqual([2, ''])
    const places = err.split('\n').map((line) => line.replace(folder, '').replace(/^(\S+:\d+): .+$/, '$1'))
    expect(places).toEqual([
      '/a.csv:3',
      '/a.csv:5',
      '/a.csv:6',
      '/a.csv:7',
      '/a.csv:8',
      '/b/b.csv:1',
      '/c.csv:1',
      '/d.csv:1',
      '/d.csv:1',
      expect.stringMatching(/^\/f\.csv:\d$/),
    ])
    expect(err).toContain('a.csv:3: There is no such day: 2020-02 ends on day 29')
    expect(err).toContain('b/b.csv:1: There is no column “date”')
  })

  it('a file that is no text', async () => {
    const folder = folderWith({ 'a.csv': Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0x00, 0xff]) })
    const { code, err } = await run(folder)
    expect(code).toBe(2)
    expect(err.split('\n')).toHaveLength(1)
    expect(err).toMatch(/a\.csv:1: /)
  })
})
