/** The feasibility sheet and the figures over HTTP: the demonstration's request, claims in the address, what is refused. */
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const projection = '/trials/SSC-BMC/projection'
const member = demoPeople.find(({ username }) => username === 'demo-irb') ?? demoPeople[0]
let client: Client
let english: Client

beforeAll(async () => {
  client = await signedIn(served, member)
  english = await signedIn(served, member, 'en')
})

const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x3D;', '=')
    .replace(/\s+/g, ' ')

async function figuresAt(address: string, reader = client) {
  const { status, text, headers } = await reader.get(address)
  return { status, type: headers.get('content-type'), figures: JSON.parse(text) }
}

describe('the sheet', () => {
  it('shows the extension request as of its own day, with who asks, its numbers, method and hash', async () => {
    const { status, text } = await client.get(`${projection}/sheet`)
    expect(status).toBe(200)
    const said = plain(text)
    for (const part of [
      '評価時点 2026-06-24（令和8年6月24日・水）',
      '申請：登録期間を2029-07-18まで延長する変更申請',
      '0.049〜1.465',
      '0.676',
      '0.413',
      '0.478',
      '0.0010',
      '0.0033',
      '0.080',
      '0.0031',
      '20年以内には届かない',
      'これより前の変更申請：なし',
      '計算方式 toroku-1',
      '1／1',
    ]) {
      expect(said).toContain(part)
    }
    const { figures } = await figuresAt(`${projection}.json`)
    expect(said.replaceAll(' ', '')).toContain(figures.inputHash.slice(0, 12))
  })

  it('names both calendars in English too', async () => {
    const { text } = await english.get(`${projection}/sheet`)
    expect(plain(text)).toContain('As of 2026-06-24 (Wed), Reiwa 8')
    expect(plain(text)).toContain('No earlier change request.')
  })

  it('is linked from the projection, with what was asked there, and leads back to it', async () => {
    const asked = '?asOf=2025-01-01&claims=own&claim1=registered&number1=3'
    const { text } = await client.get(projection + asked)
    const [, link = ''] = /href="([^"]*\/sheet[^"]*)"/.exec(text) ?? []
    const href = link.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')
    expect(href).toBe(`${projection}/sheet${asked}`)
    const sheet = await client.get(href)
    expect(sheet.text.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')).toContain(`href="${projection}${asked}"`)
    expect(plain(sheet.text)).toContain('評価時点 2025-01-01')
  })

  it('compares scenarios only where they were asked for', async () => {
    expect((await client.get(`${projection}/sheet`)).text).not.toContain('scenarios-caption')
    const { text } = await client.get(`${projection}/sheet?rateA=1&driftA=off&rateB=2&untilB=R13.7.18&driftB=off`)
    const table = plain(text.slice(text.indexOf('scenarios-caption')))
    expect(table).toContain('2031-07-18')
    expect(table).toContain('0.559')
  })

  it('prints nothing of a question that cannot be read: the projection says what is wrong', async () => {
    const { status, location } = await client.get(`${projection}/sheet?asOf=2026-02-30`)
    expect([status, location]).toEqual([303, `${projection}?asOf=2026-02-30`])
    expect((await client.get(location ?? '')).status).toBe(422)
  })
})

describe('the figures', () => {
  it('are the numbers in full, with ISO dates, under one hash wherever they are read', async () => {
    const before = await everythingIn(served.db)
    const { status, type, figures } = await figuresAt(`${projection}.json`)
    expect(status).toBe(200)
    expect(type).toMatch(/^application\/json/)
    expect(figures).toMatchObject({
      trial: 'SSC-BMC',
      asOf: '2026-06-24',
      deadline: '2029-07-18',
      target: 12,
      registered: 2,
      methodVersion: 'toroku-1',
      states: ['few_subjects'],
      claims: { from: 'request', total: 13, margin: 1 },
      scenarios: null,
    })
    expect(figures.inputHash).toMatch(/^[0-9a-f]{64}$/)
    expect(figures.probability.claimed.screeningCertain.rateHeld).toBeCloseTo(0.676, 3)
    expect(figures.probability.observed.withDrift).toBeCloseTo(0.0033, 4)
    expect(figures.completion.map(({ date }: { date: string | null }) => date)).toEqual(['2034-09-21', null, null])
    expect(figures.earlierPromises.map(({ promised }: { promised: number }) => Math.round(promised))).toEqual([12, 12])
    expect((await figuresAt(`${projection}.json`, english)).figures).toEqual(figures)
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('of other claims have another hash, and say where the claims are from', async () => {
    const own = 'claims=own&claim1=registered&number1=2'
    const { figures } = await figuresAt(`${projection}.json?${own}`)
    expect(figures.claims).toMatchObject({ from: 'address', total: 2, margin: -10 })
    expect(figures.inputHash).not.toBe((await figuresAt(`${projection}.json`)).figures.inputHash)
  })

  it('are null where nothing can be said, and say why', async () => {
    const before = (await figuresAt(`${projection}.json?asOf=2021-07-19`)).figures
    expect(before.states).toContain('no_exposure')
    expect([before.observed.perYear, before.completion, before.claims, before.oneMore]).toEqual([
      null,
      null,
      null,
      null,
    ])
    const none = (await figuresAt(`${projection}.json?asOf=2004-01-01`)).figures
    expect([none.states, none.inputHash]).toEqual([['no_terms'], null])
    const reached = (await figuresAt('/trials/STR01-03/projection.json')).figures
    expect(reached.states).toContain('reached')
    expect(reached.remaining).toBe(0)
  })

  it('of a wrong question are a list of problems: field, code and words in the reader’s language', async () => {
    const { status, figures } = await figuresAt(`${projection}.json?asOf=2026-02-30&rateA=much`, english)
    expect(status).toBe(422)
    expect(figures.problems.map(({ field, code }: { field: string; code: string }) => [field, code])).toEqual([
      ['asOf', 'date_impossible_day'],
      ['rateA', 'figure_unreadable'],
    ])
    for (const { message } of figures.problems) expect(message).toMatch(/^[A-Z“].{10,}/)
  })
})
