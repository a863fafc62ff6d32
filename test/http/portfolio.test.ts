/** The portfolio over HTTP: what asks for attention first, how many there are of each sort, and a hundred trials. */
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { openTrial } from '../../server/actions/open-trial.ts'
import { commandLine } from '../../server/context.ts'
import type { Grant } from '../../server/domain/permission.ts'
import { done, trialDraft } from '../actions/small-trial.ts'
import type { Client } from '../support/client.ts'
import { newcomer, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
let client: Client

beforeAll(async () => {
  client = await signedIn(served, demoPeople[2] ?? demoPeople[0])
})

const plain = (html: string) =>
  html
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
const codesIn = (html: string) =>
  [...html.matchAll(/<th scope="row"><a href="\/trials\/([\w-]+)"/g)].map(([, code]) => code)
const rowOf = (html: string, code: string) =>
  plain(new RegExp(`<tr>\\s*<th scope="row"><a href="/trials/${code}"[\\s\\S]*?</tr>`).exec(html)?.[0] ?? '')

describe('the four trials of the demonstration, on the day of the request', () => {
  it('those that are below their projection and owe something stand first', async () => {
    const { text } = await client.get('/')
    const codes = codesIn(text)
    expect(codes).toHaveLength(4)
    expect(codes.indexOf('SSC-BMC')).toBeLessThan(codes.indexOf('STR01-03'))
    expect(codes.indexOf('CLTI-MNC')).toBeLessThan(codes.indexOf('SSC-HSCT'))
    const row = rowOf(text, 'SSC-BMC')
    expect(row).toContain('2／12')
    expect(row).toContain('間近 2件')
    expect(row).toContain('2026-07-19')
    expect(rowOf(text, 'SSC-HSCT')).not.toContain('超過')
  })

  it('what it says of a trial is what the trial’s own pages say', async () => {
    const said = /超過 (\d+)件/.exec(rowOf((await client.get('/')).text, 'CLTI-MNC'))?.[1]
    expect(Number(said)).toBeGreaterThan(0)
    const calendar = (await client.get('/trials/CLTI-MNC/calendar')).text
    const overdue = /<h2 id="overdue">[\s\S]*?<\/section>/.exec(calendar)?.[0] ?? ''
    // The visits are counted beside the obligations.
    expect([...overdue.matchAll(/<li id="(?!visits)/g)]).toHaveLength(Number(said))
  })

  it('each number by phase, design, condition and risk class leads to as many trials', async () => {
    const { text } = await client.get('/')
    const links = [...text.matchAll(/<th scope="row"><a href="(\/\?[^"]+)">[^<]*<\/a><\/th><td class="n">(\d+)<\/td>/g)]
    expect(links.length).toBeGreaterThan(7)
    for (const [, href = '', count] of links) {
      const { text: chosen } = await client.get(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
      expect([href, codesIn(chosen).length]).toEqual([href, Number(count)])
    }
  })

  it('is sorted by each head, and by nothing that there is not', async () => {
    expect(codesIn((await client.get('/?order=code')).text)).toEqual(['CLTI-MNC', 'SSC-BMC', 'SSC-HSCT', 'STR01-03'])
    expect(codesIn((await client.get('/?order=deadline')).text)[0]).toBe('SSC-HSCT')
    const { text } = await client.get('/?order=much')
    expect(codesIn(text)).toEqual(codesIn((await client.get('/')).text))
    expect((await client.get('/?by=phase&is=nothing')).text).toContain('すべての試験を表示する')
  })
})

it('a hundred and twenty trials are read fifty at a time; one is read without counts of its sort', async () => {
  const grants: Grant[] = []
  for (let count = 1; count <= 120; count += 1) {
    const code = `P-${String(count).padStart(3, '0')}`
    const draft = trialDraft()
    const trial = { ...draft.trial, code }
    const { trialId } = await done(openTrial(served.context, commandLine, { ...draft, trial }))
    grants.push({ role: 'committee', trialId, siteId: null })
  }
  const many = await signedIn(served, await newcomer(served, grants))
  const first = await many.get('/?order=code')
  expect(codesIn(first.text)).toHaveLength(50)
  expect(codesIn(first.text)[0]).toBe('P-001')
  expect(first.text).toContain('/?order&#x3D;code&amp;page&#x3D;2')
  // On every page twenty are offered, and the one that is open.
  const offered = (html: string) =>
    (/<details class="switch">[\s\S]*?<\/details>/.exec(html)?.[0] ?? '').match(/\/trials\/P-\d+/g)
  expect(offered(first.text)).toHaveLength(20)
  expect(offered((await many.get('/trials/P-120')).text)?.slice(-2)).toEqual(['/trials/P-020', '/trials/P-120'])
  const last = await many.get('/?order=code&page=3')
  expect(codesIn(last.text).at(-1)).toBe('P-120')
  expect(codesIn((await many.get('/?order=code&page=99')).text)).toEqual(codesIn(last.text))
  const one = await signedIn(served, await newcomer(served, grants.slice(0, 1)))
  const alone = await one.get('/')
  expect(codesIn(alone.text)).toEqual(['P-001'])
  expect(alone.text).not.toContain('class="facets"')
  const none = await signedIn(served, await newcomer(served, []))
  expect((await none.get('/')).text).toContain('まだ役割がありません')
}, 60_000)
