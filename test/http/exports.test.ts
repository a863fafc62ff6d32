/** The log as files: scope, order, headers, and that nothing typed is taken for a formula. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { day, done } from '../../seeds/story.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { safeText } from '../../server/http/spreadsheet.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client } from '../support/client.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const log = '/trials/SSC-BMC/subjects'
const dangerous = ['=1+1', '+81 3', '-5', '@SUM(A1)', '＝1+1', '"=1"']

beforeAll(async () => {
  const { db, context } = served
  const trial = await findTrialByCode(db, 'SSC-BMC')
  if (trial === null) throw new Error('the demonstration has SSC-BMC')
  const sites = await listSites(db, trial.id)
  const consentVersionId = (await listConsentVersions(db, trial.id))[0]?.id ?? ''
  const grants: Actor['grants'] = [{ role: 'data_manager', trialId: trial.id, siteId: null }]
  for (const [index, referralSource] of dangerous.entries()) {
    const siteId = sites.find(({ code }) => code === (index % 2 === 0 ? '01' : '02'))?.id ?? ''
    const consent = { consentedOn: day('2026-06-01'), consentVersionId, referralSource, basis: 'recorded' as const }
    await done(
      recordScreening(context, { ...commandLine, grants }, { trialId: trial.id, siteId, number: null, ...consent }),
    )
  }
})

const signedInAs = (who: 'demo-crc' | 'demo-dm' | 'demo-irb', language: 'ja' | 'en' = 'ja') =>
  new Client(served.url).signIn(who, language)

async function csvAs(client: Client, query = ''): Promise<{ rows: Record<string, string>[]; text: string }> {
  const answer = await client.get(`${log}.csv${query}`)
  expect(answer.status).toBe(200)
  return { rows: parse(answer.text, { columns: true, bom: true }), text: answer.text }
}

describe('the CSV file', () => {
  it('is an attachment with both spellings of its name, not sniffed, not stored', async () => {
    const manager = await signedInAs('demo-dm')
    const { headers } = await manager.get(`${log}.csv`)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''SSC-BMC_[%\w]+_2026-06-24\.csv$/,
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('begins with a byte order mark, ends its lines with CRLF, and has one column per milestone', async () => {
    const manager = await signedInAs('demo-dm', 'en')
    const bytes = await (
      await fetch(`${served.url}${log}.csv`, { headers: { cookie: manager.cookies() } })
    ).arrayBuffer()
    expect([...new Uint8Array(bytes.slice(0, 3))]).toEqual([0xef, 0xbb, 0xbf])
    const { rows, text } = await csvAs(manager)
    expect(text.split('\r\n').length - 1).toBe(rows.length + 1)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const words = wordsFor('en')
    expect(Object.keys(rows[0] ?? {})).toEqual(
      expect.arrayContaining([
        words.t('subjects.number'),
        words.t('file.registration_number'),
        words.t('file.reasons'),
      ]),
    )
    const numbers = rows.map((row) => row[words.t('subjects.number')])
    expect(numbers.length).toBeGreaterThan(10)
    expect(numbers).toEqual([...numbers].sort())
    expect(rows.every((row) => /^\d{4}-\d{2}-\d{2}$/.test(row[words.t('file.entered_on')] ?? ''))).toBe(true)
    expect(new Set(rows.map((row) => row[words.t('file.basis')]))).toEqual(new Set(['assumed', 'recorded']))
  })

  it('holds nothing that a spreadsheet would compute', async () => {
    const { rows } = await csvAs(await signedInAs('demo-dm', 'en'))
    const sources = rows.map((row) => row['Referral source'] ?? '')
    expect(sources).toEqual(expect.arrayContaining(["'=1+1", "'+81 3", "'-5", "'@SUM(A1)", "'＝1+1", '"=1"']))
    const all = rows.flatMap((row) => Object.values(row))
    expect(all.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
  })

  it('holds a coordinator’s own sites only, and for the committee there is no file', async () => {
    const { rows } = await csvAs(await signedInAs('demo-crc', 'en'))
    expect(new Set(rows.map((row) => row['Site code']))).toEqual(new Set(['01']))
    const { rows: asked } = await csvAs(await signedInAs('demo-crc', 'en'), '?site=02')
    expect(new Set(asked.map((row) => row['Site code']))).toEqual(new Set(['01']))
    const committee = await signedInAs('demo-irb')
    for (const ending of ['csv', 'xlsx']) expect((await committee.get(`${log}.${ending}`)).status).toBe(403)
  })

  it('holds what the page was asked for, all of its pages', async () => {
    const manager = await signedInAs('demo-dm', 'en')
    const { rows } = await csvAs(manager, '?site=02&order=number&direction=desc&page=9')
    const numbers = rows.map((row) => row['Subject number'] ?? '')
    expect(numbers.length).toBeGreaterThan(2)
    expect(numbers.every((number) => number.includes('-02-'))).toBe(true)
    expect(numbers).toEqual([...numbers].sort().reverse())
    const { rows: found } = await csvAs(manager, '?list=registered')
    expect(found.map((row) => row['Registration number'])).toEqual(expect.arrayContaining(['1', '2']))
    expect(found.every((row) => row['Registration number'] !== '')).toBe(true)
  })

  it('is of the day that was asked for; a day that cannot be read leads back to the log, which says so', async () => {
    const manager = await signedInAs('demo-dm', 'en')
    const then = await csvAs(manager, '?asOf=2026-05-31')
    expect(then.rows.map((row) => row['Referral source'])).not.toContain("'=1+1")
    const known = await csvAs(manager, '?knownAt=2026-06-23')
    expect(known.rows.map((row) => row['Referral source'])).not.toContain("'=1+1")
    const answer = await manager.get(`${log}.csv?asOf=7%2F8%2F26`)
    expect([answer.status, answer.location]).toEqual([303, `${log}?asOf=7%2F8%2F26`])
    expect((await manager.get(answer.location ?? '')).status).toBe(422)
  })
})

describe('the workbook', () => {
  async function partsOf(client: Client): Promise<(part: string) => string> {
    const response = await fetch(`${served.url}${log}.xlsx`, { headers: { cookie: client.cookies() } })
    expect(response.headers.get('content-type')).toContain('spreadsheetml')
    const file = join(mkdtempSync(join(tmpdir(), 'toroku-xlsx-')), 'log.xlsx')
    writeFileSync(file, Buffer.from(await response.arrayBuffer()))
    return (part) => execFileSync('unzip', ['-p', file, part]).toString()
  }

  it('has a bold head that stays, dates as dates, and no formula', async () => {
    const read = await partsOf(await signedInAs('demo-dm'))
    const sheet = read('xl/worksheets/sheet1.xml')
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
    expect(sheet).not.toContain('<f>')
    const [, style] = /<c r="G2" s="(\d+)"[^>]*><v>\d{5}<\/v>/.exec(sheet) ?? []
    expect(style).toBeDefined()
    const styles = read('xl/styles.xml')
    expect(styles).toContain('yyyy-mm-dd')
    expect(styles).toContain('<b/>')
    expect(read('xl/sharedStrings.xml')).toContain('=1+1')
  })
})

describe('a text made safe', () => {
  it.each([
    ['=A1', "'=A1"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['\n=x', "'\n=x"],
    ['plain', 'plain'],
    ['SPP 42', 'SPP 42'],
  ])('%j is written %j', (text, written) => {
    expect(safeText(text)).toBe(written)
  })

  it('leaves numbers and dates as they are', () => {
    expect([safeText(-3), safeText({ date: day('2026-06-24') }), safeText(null)]).toEqual(['-3', '2026-06-24', ''])
  })
})
