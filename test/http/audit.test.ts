/** The audit trail as it is read: of a person, a kind, a record, a period; as sentences and as a file. */
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { Client } from '../support/client.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const trail = '/trials/SSC-BMC/audit'
let auditor: Client
beforeAll(async () => {
  auditor = await new Client(served.url).signIn('demo-audit', 'en')
})

type Row = Record<string, string>
async function fileOf(query: string, client = auditor): Promise<Row[]> {
  const { status, text } = await client.get(`${trail}.csv${query}`)
  expect(status).toBe(200)
  return parse(text, { columns: true, bom: true })
}

describe('a file of the trail', () => {
  it('holds every entry, newest first, with what proves it', async () => {
    const rows = await fileOf('')
    const numbers = rows.map((row) => Number(row['No.']))
    expect(numbers).toEqual(Array.from({ length: rows.length }, (_, index) => rows.length - index))
    expect(new Set(rows.map(({ Hash }) => Hash)).size).toBe(rows.length)
    expect(rows.every(({ Hash = '' }) => /^[0-9a-f]{64}$/.test(Hash))).toBe(true)
  })

  it('has the whole history of one subject: itself and its events', async () => {
    const rows = await fileOf('?record=SSC-BMC-02-001')
    expect(rows.toReversed().map(({ Event }) => Event)).toEqual([
      'Screening recorded',
      ...rows
        .toReversed()
        .slice(1)
        .map(({ Event }) => Event),
    ])
    expect(rows.some(({ Event }) => Event === 'Corrected a date')).toBe(true)
    expect(rows.every(({ Record = '' }) => Record.startsWith('SSC-BMC-02-001'))).toBe(true)
    const spelled = await fileOf(`?record=${encodeURIComponent('ｓｓｃ－ｂｍｃ－02－001')}`)
    expect(spelled).toEqual(rows)
  })

  it('is narrowed by person, event and period, and by all of them', async () => {
    const all = await fileOf('')
    const adopted = await fileOf('?event=terms_adopted')
    expect(adopted.map(({ Record }) => Record)).toEqual(['Version 3', 'Version 2', 'Version 1'])
    const options = (await auditor.get(trail)).text
    const [, coordinator = ''] = /<option value="([^"]+)">Megumi Tanaka</.exec(options) ?? []
    const theirs = await fileOf(`?person=${coordinator}`)
    const name = theirs[0]?.By
    expect(theirs).toEqual(all.filter(({ By }) => By === name))
    expect(theirs.length).toBeGreaterThan(0)
    const period = '?from=2024-10-01&until=2024-12-31'
    const within = all.filter((row) => {
      const instant = row['Instant (UTC)'] ?? ''
      return instant >= '2024-09-30T15:00:00.000Z' && instant < '2024-12-31T15:00:00.000Z'
    })
    expect(within.length).toBeGreaterThan(0)
    expect(await fileOf(period)).toEqual(within)
    expect(await fileOf(`${period}&person=${coordinator}`)).toEqual(within.filter(({ By }) => By === name))
  })

  it('never tells an arm to those who may not know it', async () => {
    const before = await fileOf('')
    expect(JSON.stringify(before)).not.toMatch(/\bArm: [A-Z]/)
  })
})

describe('the page of the trail', () => {
  it('tells a subject’s history as sentences, the first thing first, with the old date beside the new one', async () => {
    const { text } = await auditor.get(`${trail}?record=SSC-BMC-02-001`)
    const history = /<ol class="sentences">([\s\S]*?)<\/ol>/.exec(text)?.[1] ?? ''
    const sentences = history.split('<li>').slice(1)
    expect(sentences[0]).toContain('Screening recorded')
    expect(history).toContain('Happened on: 2024-10-24')
    expect(text).toContain('History of SSC-BMC-02-001')
  })

  it('names fields in words: no column of a table', async () => {
    for (const language of ['ja', 'en'] as const) {
      const client = await new Client(served.url).signIn('demo-audit', language)
      for (const query of [
        '',
        '?before=60',
        '?event=terms_adopted',
        '?event=milestone_configured',
        '?event=claim_recorded',
      ]) {
        const { text } = await client.get(trail + query)
        const main = text.slice(text.indexOf('<main'))
        expect(main.replace(/<(select|option|input|a|form|label)[^>]*>/g, '')).not.toMatch(
          /\b[a-z]+_(on|at|ja|en|number|code|days)\b/,
        )
      }
    }
  })

  it('keeps what was asked, and pages within it', async () => {
    const { text } = await auditor.get(`${trail}?event=milestone_configured&from=2020-01-01`)
    expect(text).toContain('<option value="milestone_configured" selected>')
    expect(text).toContain('value="2020-01-01"')
    expect(text.replaceAll('&#x3D;', '=')).toContain(
      '/trials/SSC-BMC/audit.csv?event=milestone_configured&amp;from=2020-01-01',
    )
  })

  it('says what is wrong with a day, and shows all', async () => {
    const { status, text } = await auditor.get(`${trail}?from=2026-02-30&until=2026-01-01`)
    expect(status).toBe(422)
    expect(text).toContain('2026-02-30')
    expect((await auditor.get(`${trail}?from=2026-02-01&until=2026-01-01`)).status).toBe(422)
    expect((await auditor.get(`${trail}.csv?from=2026-02-30`)).headers.get('location')).toBe(`${trail}?from=2026-02-30`)
  })

  it('says that nothing is like what was asked', async () => {
    for (const query of ['?record=nobody', '?person=nobody', '?event=nothing', '?until=1999-01-01']) {
      const { status, text } = await auditor.get(trail + query)
      expect([query, status]).toEqual([query, 200])
      expect(text).toContain('No entry is like this.')
    }
  })
})
