/** The projection over HTTP: the numbers of the extension request, claims and scenarios in the address, what is refused. */
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import type { Client } from '../support/client.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { everythingIn, serveForFile, signedIn, withEach } from './served.ts'

const served = serveForFile('demo')
const here = '/trials/SSC-BMC/projection'
const ja = wordsFor('ja')
const member = demoPeople.find(({ username }) => username === 'demo-irb') ?? demoPeople[0]
let client: Client
let english: Client

beforeAll(async () => {
  client = await signedIn(served, member)
  english = await signedIn(served, member, 'en')
})

const plain = (html: string) =>
  html
    .replace(/<script type="application\/json"[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x3D;', '=')
    .replace(/\s+/g, ' ')

/** The cells of each row of the table under a caption. */
function rowsUnder(html: string, caption: string): string[][] {
  const table = html.slice(html.indexOf(caption))
  const body = table.slice(table.indexOf('<tbody>'), table.indexOf('</tbody>'))
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd]\b[^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => plain(cell).trim()),
  )
}

const typedIn = (html: string, id: string) => new RegExp(`id="${id}"[^>]* value="([^"]*)"`).exec(html)?.[1]

describe('the demonstration’s extension request, without a question in the address', () => {
  it('is looked at as of its own day, and shows the numbers that were worked out apart', async () => {
    const { status, text } = await client.get(here)
    expect(status).toBe(200)
    const said = plain(text)
    expect(said).toContain('2026-06-24（令和8年6月24日・水）')
    expect(said).toContain('これまでの8.0倍の速度が必要です')
    expect(said).toContain('0.41例／年')
    const answers = rowsUnder(text, 'answers-caption').map((row) => row.slice(-3))
    expect(answers.map(([held]) => held)).toEqual(['68％', '41％', '48％', '0.1％', '0.1％', '0.1％', '8.0％'])
    expect(answers[3]).toEqual(['0.1％', '0.3％', '0.6％'])
    const required = rowsUnder(text, 'required-caption').map(([, rate, multiple]) => `${rate} ${multiple}`)
    expect(required).toEqual(['3.26 8.0倍', '3.15 7.8倍', '4.08 10.1倍', '4.63 11.4倍'])
    const checks = rowsUnder(text, 'check-caption').map((row) => row.slice(1))
    expect(checks.map(([claimed, observed, , count, p, verdict]) => [claimed, observed, count, p, verdict])).toEqual([
      ['3.00', '0.41', '2', '＜0.0001', '矛盾'],
      ['2.00', '0.41', '2', '0.0031', '矛盾'],
      ['1.00', '—', '0', '0.0072', '矛盾'],
    ])
    expect(said).toContain('2034-09-21')
    expect(said.match(/20年以内には届かない/g)?.length).toBeGreaterThanOrEqual(2)
  })

  it('says it in English too, and makes the text to copy in both languages', async () => {
    const { text } = await english.get(here)
    expect(plain(text)).toContain('8.0 times the rate so far')
    expect(text).toMatch(/<textarea[^>]*readonly lang="ja">2026年6月24日時点の登録は2例（目標12例）/)
    expect(text).toMatch(/<textarea[^>]*readonly lang="en">As of 2026-06-24, 2 of 12 subjects/)
  })
})

describe('claims in the address', () => {
  const own =
    'claims=own&claim1=registered&number1=2&claim2=siteRate&number2=5&amount2=1&years2=3&sites2=01+02+03+04+05'

  it('take the place of the request’s, are said to differ from them, and write nothing', async () => {
    const before = await everythingIn(served.db)
    const { status, text } = await client.get(`${here}?${own}`)
    expect(status).toBe(200)
    expect(plain(text)).toContain(ja.t('claims_form.different'))
    expect(rowsUnder(text, 'claims-caption').map((row) => row[2])).toEqual(['2', '15'])
    expect(plain(text)).toContain('施設×年間の登録数（施設 01 02 03 04 05）')
    expect(typedIn(text, 'amount2')).toBe('1')
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('can be removed, to the last one; the rest moves up', async () => {
    const { text } = await client.get(`${here}?${own}&remove=1`)
    expect(rowsUnder(text, 'claims-caption')).toHaveLength(1)
    expect(typedIn(text, 'number1')).toBe('5')
    const none = await client.get(`${here}?claims=own`)
    expect(none.status).toBe(200)
    expect(none.text).not.toContain('claims-caption')
  })

  it('that are the request’s own are said to be the same', async () => {
    const fields = [
      'claim1=registered&number1=2',
      'claim2=pipeline&number2=2&amount2=100&sites2=01+02',
      'claim3=siteRate&number3=2&amount3=1&years3=3&sites3=01+02',
      'claim4=siteMinimum&number4=3&amount4=1&sites4=03+04+05',
    ]
    const { text } = await client.get(`${here}?claims=own&${fields.join('&')}`)
    expect(plain(text)).toContain(ja.t('claims_form.same'))
    expect(plain(text)).toContain('治療実績のある施設')
  })

  it('of the same sites that cannot both hold are pointed out', async () => {
    const rates = [1, 2].map(
      (place) => `claim${place}=siteRate&number${place}=2&amount${place}=${place}&years${place}=3&sites${place}=01+02`,
    )
    const { text } = await client.get(`${here}?claims=own&${rates.join('&')}`)
    expect(plain(text)).toContain(ja.of('conflict', 'disagrees'))
  })
})

describe('scenarios in the address', () => {
  it('stand beside each other: 1 a year, and 2 a year until 2031-07-18', async () => {
    const { status, text } = await client.get(`${here}?rateA=1&driftA=off&rateB=2&untilB=R13.7.18&driftB=off`)
    expect(status).toBe(200)
    const results = rowsUnder(text.slice(text.indexOf('id="what-if-results"')), '<table')
    const row = (name: string) => results.find(([head]) => head === name)?.slice(1)
    expect(row(ja.t('what_if.until'))).toEqual(['2029-07-18', '2031-07-18'])
    expect(row(ja.t('what_if.expected'))).toEqual(['3.1', '10.1'])
    expect(row(ja.t('what_if.chance', { target: 12 }))).toEqual(['0.1％', '56％'])
    expect(text).toContain('登録期間を2031年7月18日までとし、年2例の登録が得られるとした場合')
  })

  it('keep the claims and the day that are in the address with them', async () => {
    const { text } = await client.get(`${here}?asOf=2025-01-01&claims=own&claim1=registered&number1=3&rateA=1`)
    const form = text.slice(text.indexOf('data-what-if'))
    expect(form).toContain('<input type="hidden" name="asOf" value="2025-01-01">')
    expect(form).toContain('<input type="hidden" name="number1" value="3">')
  })
})

describe('what is refused', () => {
  it.each([
    ['asOf=2026-02-30', 'asOf', 'その日は暦にありません'],
    ['asOf=2999-01-01', 'asOf', '未来'],
    ['rateA=much', 'rateA', '数値として読めません'],
    ['conversionB=250', 'conversionB', '0から100まで'],
    ['untilA=7%2F8%2F29', 'untilA', '年から順に'],
    ['claims=own&claim1=siteRate&number1=2&amount1=1&years1=3&sites1=77', 'sites1', '施設の番号「77」はありません'],
  ])('%s: 422, in words, at its field, with what was typed still there', async (query, field, words) => {
    const { status, text } = await client.get(`${here}?${query}`)
    expect(status).toBe(422)
    expect(text).toContain('<title>エラー：')
    expect(text).toMatch(/<section class="error-summary"[^>]*role="alert"/)
    expect(text).toContain(`href="#${field}"`)
    expect(plain(text)).toContain(words)
    const typed = new URLSearchParams(query).get(field) ?? ''
    expect(typedIn(text, field)).toBe(typed)
  })

  it('is computed with by nobody: a wrong scenario has no result and no sentence, wrong claims leave the request’s', async () => {
    const { text } = await client.get(`${here}?rateA=1&rateB=-3`)
    expect(text).toContain('条件A：')
    expect(text).not.toContain('条件B：')
    const wrong = 'claims=own&claim1=siteRate&number1=1000000&amount1=1&years1=3'
    const claims = await client.get(`${here}?${wrong}`)
    expect(claims.status).toBe(422)
    expect(plain(claims.text)).toMatch(/2\D{1,5}2\D{1,5}6\D{1,5}3 /)
  })

  it('is what no trial could hold: one address cannot keep the server busy', async () => {
    const most = 'claims=own&claim1=siteRate&number1=1000&amount1=100&years1=50'
    expect((await client.get(`${here}?${most}&rateA=1000&untilA=2076-01-01&addedA=100`)).status).toBe(200)
  })

  it('a hundred strings that have broken programs, in every kind of field', async () => {
    const before = await everythingIn(served.db)
    const names = ['asOf', 'claim1', 'number1', 'sites1', 'remove', 'untilA', 'rateB', 'conversionA', 'driftB']
    await withEach(naughtyStrings, async (naughty) => {
      const sent = encodeURIComponent([...naughty.replace(/\p{Cs}/gu, '')].slice(0, 70).join(''))
      const query = ['claims=own', ...names.map((name) => `${name}=${sent}`)].join('&')
      const { status, text } = await client.get(`${here}?${query}`)
      expect([naughty, [200, 422].includes(status)]).toEqual([naughty, true])
      expect(text).not.toMatch(/<script>|onerror=alert\(1\)>|function Object|\[native code\]/)
    })
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('a parameter that the page does not have is named', async () => {
    const { status, text } = await client.get(`${here}?colour=red`)
    expect(status).toBe(422)
    expect(plain(text)).toContain('colour')
  })
})

describe('other trials and days', () => {
  it('a trial without a request has a projection, and says where its claims can be typed', async () => {
    const { status, text } = await client.get('/trials/CLTI-MNC/projection')
    expect(status).toBe(200)
    expect(plain(text)).toContain(ja.t('claims_form.none'))
    expect(text).toContain('answers-caption')
  })

  it('before the request was made there is none, and before the terms there is nothing', async () => {
    const before = await client.get(`${here}?asOf=2025-01-01`)
    expect(before.status).toBe(200)
    expect(plain(before.text)).toContain(ja.t('claims_form.none'))
    const none = await client.get(`${here}?asOf=2004-01-01`)
    expect(none.status).toBe(200)
    expect(plain(none.text)).toContain(ja.t('overview.none_yet'))
  })
})
