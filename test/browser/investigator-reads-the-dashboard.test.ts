/** A principal investigator reads the dashboard: from the portfolio to the rows behind a number, and onto paper. */
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile, type Visitor } from '../support/browser.ts'

/** Three months after the request's day: the dashboard has to be asked for the day itself. */
const autumn = '2026-09-24T03:00:00.000Z'
const visitAs = browserOfFile(demoOfFile(autumn))
const dashboard = '/trials/SSC-BMC'

async function atTheRequestsDay(): Promise<Visitor> {
  const pi = await visitAs('demo-pi')
  await pi.open(`${dashboard}?asOf=2026-06-24`)
  return pi
}

/** A figure under the verdict: its value, and its notes. */
function stat({ page, words }: Visitor, key: 'observed_rate' | 'required_rate' | 'required_multiple' | 'by_deadline') {
  return page.locator('.stats > div').filter({ hasText: words.t(`overview.${key}`) })
}

/** What the chart's canvas shows: how many colours, and how far the one furthest from grey is from it, of 255. */
function inksOf({ page }: Visitor): Promise<{ colours: number; hue: number }> {
  return page.locator('canvas[data-chart]').evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })
    copy?.drawImage(canvas, 0, 0)
    const pixels = copy?.getImageData(0, 0, canvas.width, canvas.height).data
    const colours = [...new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0)))]
    const hues = colours.map((colour) => {
      const [alpha, ...channels] = [colour >>> 24, colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255]
      return ((Math.max(...channels) - Math.min(...channels)) * alpha) / 255
    })
    return { colours: colours.length, hue: Math.max(0, ...hues) }
  })
}

const isDrawn = async (visitor: Visitor) => (await inksOf(visitor)).colours > 8

it('the trial of the portfolio, as of the day of the request, with its chart and its numbers', async () => {
  const pi = await visitAs('demo-pi')
  const { page, words } = pi
  await pi.open('/')
  await pi.follow(pi.link('SSC-BMC'))
  expect(new URL(page.url()).pathname).toBe(dashboard)
  expect(await pi.main().innerText()).toContain('2026-09-24')

  await page.getByLabel(words.t('frame.as_of_field')).fill('R8.6.24')
  expect(await pi.sendWithEnter()).toBe(200)
  expect(await page.getByLabel(words.t('frame.as_of_field')).inputValue()).toBe('2026-06-24')
  const bar = page.getByRole('complementary', { name: words.t('frame.as_of_label') })
  expect(await bar.innerText()).toContain('2026-06-24（令和8年6月24日・水）')

  const verdict = page.locator('.verdict')
  expect(await verdict.getByRole('heading').innerText()).toBe(words.of('headline', 'below').replace('//', '\n'))
  expect(await verdict.locator('.kicker').innerText()).toContain(words.of('verdict', 'below'))
  const sentence = (await verdict.innerText()).replace(/\s+/g, '')
  expect(sentence).toContain('2029-07-18までに12例に届く確率は0.3％。')
  expect(sentence).toContain('速度がこのまま変わらなければ、0.1％です。')
  expect(await stat(pi, 'observed_rate').innerText()).toMatch(/\n0\.41 例／年/)
  expect(await stat(pi, 'required_rate').innerText()).toMatch(/\n3\.26 例／年/)
  expect(await stat(pi, 'required_multiple').innerText()).toMatch(/\n8\.0 倍/)
  expect(await stat(pi, 'by_deadline').innerText()).toMatch(/\n2〜6 例/)

  await expect.poll(() => isDrawn(pi)).toBe(true)
  const rows = page.locator('figure tbody tr')
  expect(await rows.first().isVisible()).toBe(false)
  await pi.click(page.getByText(words.t('overview.chart_table')))
  expect(await rows.first().isVisible()).toBe(true)
  const table = await page.locator('figure table').innerText()
  for (const said of ['2026-06-24', '2029-07-18', words.t('chart.row_forecast', { low: 2, high: 6, median: 3 })]) {
    expect(table).toContain(said)
  }
  await pi.follow(bar.getByRole('link'))
  expect(page.url()).not.toContain('2026-06-24')
})

it('a number with a link leads to the rows that it counts, of the day that is shown; who may not see them has none', async () => {
  const pi = await visitAs('demo-pi')
  const { page, words } = pi
  await pi.open(dashboard)
  const links = await pi
    .main()
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  const toSites = links.filter((href) => /\/sites\/\d\d$/.test(href))
  expect(toSites).toHaveLength(5)
  const within = links.filter((href) => href.startsWith('#'))
  for (const href of within) expect(await page.locator(href).isVisible(), href).toBe(true)
  for (const href of toSites) {
    await pi.open(href)
    expect(await pi.heading(), href).toContain(href.slice(-2))
  }
  const others = new Set(links.filter((href) => href.startsWith('/') && !toSites.includes(href)))
  for (const href of others) expect((await page.request.get(href)).status(), href).toBe(200)

  const counted = [words.t('overview.n_registered', { count: 2 }), words.t('flow.unaccounted_open', { count: 2 })]
  for (const said of counted) {
    await pi.open(dashboard)
    await pi.follow(pi.main().getByRole('link', { name: said }))
    expect(await page.locator('table.log tbody tr').count(), said).toBe(2)
  }

  // On a past day it leads to the rows of that day.
  for (const said of counted) {
    await pi.open(`${dashboard}?asOf=2024-10-23`)
    const link = pi.main().getByRole('link', { name: words.t('overview.n_registered', { count: 1 }) })
    if (said === counted[0]) {
      await pi.follow(link)
      expect(await page.locator('table.log tbody tr').count()).toBe(1)
      expect(page.url()).toContain('asOf=2024-10-23')
    } else expect(await pi.main().getByRole('link', { name: said }).count(), said).toBe(0)
  }

  // Whoever sees no subjects, or only those of one site, finds no way to the rows of all.
  const committee = await visitAs('demo-irb')
  await committee.open(dashboard)
  expect(await committee.main().locator('a[href*="/subjects"]').count()).toBe(0)
})

it('the other language shows the same page at the same address', async () => {
  const pi = await atTheRequestsDay()
  const { page } = pi
  const address = page.url()
  await pi.follow(page.getByRole('button', { name: 'English' }))
  expect(page.url()).toBe(address)
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  const main = (await pi.main().innerText()).replace(/\s+/g, ' ')
  for (const figure of ['0.3%', '0.1%', '0.41', '3.26', '8.0']) expect(main).toContain(figure)
  expect(main).not.toMatch(/[ぁ-んァ-ヶ一-龠]/)
  await pi.follow(page.getByRole('button', { name: '日本語' }))
  expect(page.url()).toBe(address)
  expect(await page.locator('html').getAttribute('lang')).toBe('ja')
})

/** In points, as a PDF measures. */
const a4 = { width: (210 / 25.4) * 72, height: (297 / 25.4) * 72 }
const mostSheets = 3
/** 180 mm between the margins of A4, in CSS pixels. */
const paperWidth = Math.round((180 / 25.4) * 96)
const smallestPoints = 7

it('on A4 stands what is read: no header, no navigation, no form, nothing cut off, nothing too small', async () => {
  const pi = await atTheRequestsDay()
  const { page, words } = pi
  await expect.poll(() => isDrawn(pi)).toBe(true)
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: false })).toString('latin1')
  const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)]
  expect(sheets.length).toBeGreaterThan(0)
  expect(sheets.length).toBeLessThanOrEqual(mostSheets)
  for (const [, width, height] of sheets) {
    expect(Math.abs(Number(width) - a4.width)).toBeLessThan(1)
    expect(Math.abs(Number(height) - a4.height)).toBeLessThan(1)
  }

  // Announced, the chart is drawn anew in ink: no pixel has a hue.
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  expect(await isDrawn(pi)).toBe(true)
  expect((await inksOf(pi)).hue).toBeLessThanOrEqual(3)
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  expect((await inksOf(pi)).hue).toBeGreaterThan(30)

  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: paperWidth, height: 1009 })
  for (const gone of ['header', 'nav', 'main form', 'main button', 'details', '.skip']) {
    expect(await page.locator(`${gone}:visible`).count(), gone).toBe(0)
  }
  expect(await page.locator('.verdict').isVisible()).toBe(true)
  expect(await page.locator('canvas').isVisible()).toBe(true)
  expect((await pi.main().innerText()).replace(/\s+/g, '')).toContain('届く確率は0.3％。')
  expect(await pi.main().innerText()).toContain(words.t('overview.sites_title'))
  const { cut, tooSmall } = await pi.main().evaluate((main, smallest) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
    const tooSmall: string[] = []
    while (walker.nextNode()) {
      const words = walker.currentNode.nodeValue?.trim() ?? ''
      const parent = walker.currentNode.parentElement
      if (words === '' || parent?.checkVisibility() !== true) continue
      const points = (Number.parseFloat(getComputedStyle(parent).fontSize) / 96) * 72
      if (points < smallest - 0.01) tooSmall.push(`${points.toFixed(1)} pt: ${words}`)
    }
    const cut = [...main.querySelectorAll('table, figure, dl, p, h2')]
      .map((element) => ({ element, right: Math.round(element.getBoundingClientRect().right) }))
      .filter(({ right }) => right > innerWidth)
      .map(({ element, right }) => `${right} px: ${element.tagName} ${element.className}`)
    return { cut, tooSmall }
  }, smallestPoints)
  expect(cut).toEqual([])
  expect(tooSmall).toEqual([])
  const picture = await page.screenshot({ fullPage: true })
  expect(picture.length).toBeGreaterThan(20_000)
})
