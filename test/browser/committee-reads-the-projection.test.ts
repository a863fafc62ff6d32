/** A committee member checks the sum of a change request, and never meets a subject. */
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile } from '../support/browser.ts'
import { Client } from '../support/client.ts'

const demo = demoOfFile()
const visitAs = browserOfFile(demo)

const expected = {
  ja: { sum: '2 ＋ 2 ＋ 6 ＋ 3', chances: ['68％', '0.3％'], target: '12例', margin: '1例' },
  en: { sum: '2 + 2 + 6 + 3', chances: ['68%', '0.3%'], target: 'Target 12', margin: 'margin 1' },
}

for (const language of ['ja', 'en'] as const) {
  it(`the sum 2 + 2 + 6 + 3 = 13 beside the chance of reaching 12, in ${language}`, async () => {
    const member = await visitAs('demo-irb', { language })
    const { page, words } = member
    await member.open('/')
    await member.follow(member.link('SSC-BMC'))
    await member.follow(member.navigation('projection'))

    const claims = page.locator('table.sum')
    const numbers = await claims.locator('tbody td.n').allInnerTexts()
    expect(numbers).toEqual(['2', '2', '6', '3'])
    expect(numbers.reduce((sum, number) => sum + Number(number), 0)).toBe(13)
    const foot = claims.locator('tfoot')
    expect(await foot.locator('td').first().innerText()).toBe(expected[language].sum)
    expect(await foot.locator('.total').innerText()).toBe('13')
    const result = await foot.innerText()
    for (const said of [expected[language].target, expected[language].margin, expected[language].chances[0] ?? '']) {
      expect(result).toContain(said)
    }
    const verdict = await page.locator('.verdict').innerText()
    for (const chance of expected[language].chances) expect(verdict).toContain(chance)
    expect(await claims.innerText()).toContain(words.t('projection.claims_note'))
    expect(await member.main().innerText()).toContain(words.t('projection.stated_agrees', { total: 13 }))
  })
}

it('no page that a committee member can reach shows a subject', async () => {
  const manager = await new Client(demo()).signIn('demo-dm')
  const list = (await manager.get('/trials/SSC-BMC/subjects')).text
  const links = list.matchAll(/<th scope="row"><a href="([^"]+)">([^<]+)</g)
  const subjects = [...links].map(([, href = '', number = '']) => ({ href, number }))
  expect(subjects.length).toBeGreaterThanOrEqual(6)

  const member = await visitAs('demo-irb')
  const { page, words } = member
  await member.open('/trials/SSC-BMC')
  expect(await member.navigation('projection').count()).toBe(1)
  expect(await member.navigation('subjects').count()).toBe(0)
  expect(await member.navigation('audit').count()).toBe(0)

  const first = subjects[0]?.href ?? ''
  for (const closed of ['/trials/SSC-BMC/subjects', first, `${first}/events/new`, '/trials/SSC-BMC/audit']) {
    expect(await member.open(closed), closed).toBe(403)
    expect(await member.heading()).toBe(words.of('error_title', 'forbidden'))
  }

  const open = ['/']
  for (const address of open) {
    const answer = await page.request.get(address)
    expect(answer.status(), address).toBe(200)
    const source = await answer.text()
    for (const { number, href } of subjects) {
      expect(source, address).not.toContain(number)
      expect(source, address).not.toContain(href)
    }
    for (const [, href = ''] of source.matchAll(/href="(\/trials\/SSC-BMC(?:\/[^"#]*)?)["#]/g)) {
      if (!open.includes(href)) open.push(href)
    }
  }
  expect(open.length).toBeGreaterThanOrEqual(5)
})
