/** The log leaves the screen as files and on paper, is read as of a past day, and moved through by keys. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { browserOfFile, demoOfFile, type Visitor } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())
const log = '/trials/SSC-BMC/subjects'

async function savedBy({ page }: Visitor, link: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).click()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

it('a coordinator saves what they see: their own rows, on the list that is open, under a name that says what it is', async () => {
  const coordinator = await visitAs('demo-crc')
  const { page, words } = coordinator
  await coordinator.open(log)
  await coordinator.follow(
    page
      .getByRole('navigation', { name: words.t('subjects.lists') })
      .getByRole('link')
      .nth(2),
  )
  const shown = await page.locator('table.log tbody th').allInnerTexts()
  expect(shown.length).toBeGreaterThan(0)
  const csv = await savedBy(coordinator, words.t('lists.as_csv'))
  expect(csv.name).toBe(`SSC-BMC_${words.t('file.name')}_2026-06-24.csv`)
  const rows = parse<Record<string, string>>(csv.bytes, { columns: true, bom: true })
  const numbers = rows.map((row) => row[words.t('subjects.number')])
  expect(shown.map((text) => text.split('\n')[0])).toEqual(numbers)
  const xlsx = await savedBy(coordinator, words.t('lists.as_xlsx'))
  expect(xlsx.name).toMatch(/\.xlsx$/)
  expect(xlsx.bytes.subarray(0, 2).toString()).toBe('PK')
})

it('the log as it was known on a day says so, offers nothing to record, and leads back with the list kept', async () => {
  const manager = await visitAs('demo-dm')
  const { page, words } = manager
  await manager.open(`${log}?list=waiting`)
  const summary = page.getByText(words.t('clocks.open'))
  await manager.click(summary)
  await page.getByLabel(words.t('frame.as_of_field')).fill('R8.1.31')
  await page.getByLabel(words.t('clocks.known_field')).fill('2026/2/28')
  expect(await manager.sendWithEnter()).toBe(200)
  const bar = page.getByRole('complementary', { name: words.t('frame.as_of_label') })
  expect(await bar.innerText()).toContain('2026-01-31（令和8年1月31日・土）')
  expect(await bar.innerText()).toContain('2026-02-28（令和8年2月28日・土）')
  expect(await page.locator('form.quick').count()).toBe(0)
  expect(await page.locator('table.log .button').count()).toBe(0)
  expect(await page.getByLabel(words.t('clocks.known_field')).inputValue()).toBe('2026-02-28')
  await manager.follow(bar.getByRole('link'))
  expect(new URL(page.url()).search).toBe('?list=waiting')
  expect(await page.locator('form.quick').count()).toBe(1)
})

/** In points, as a PDF measures. */
const a4 = [(210 / 25.4) * 72, (297 / 25.4) * 72] as const
/** Between the margins of A4 on its side, and upright, in CSS pixels. */
const paper = { wide: Math.round((267 / 25.4) * 96), upright: Math.round((180 / 25.4) * 96) }
const smallestPoints = 7

describe.each(['ja', 'en'] as const)('on paper, in %s', (language) => {
  it.each([
    ['screening_log', 'wide'],
    ['registration_log', 'wide'],
    ['identification_codes', 'upright'],
  ] as const)('the %s is A4 %s, whole, in ink, with its head and a line to sign', async (list, way) => {
    const manager = await visitAs('demo-dm', { language })
    const { page, words } = manager
    await manager.open(log)
    await manager.follow(page.getByRole('link', { name: words.t(`lists.${list}`), exact: true }))
    expect(await manager.heading()).toBe(words.of('print_list', list))
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: false })).toString('latin1')
    const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, x, y]) => [Number(x), Number(y)])
    // Codes belong to a site each: three of them have subjects.
    expect(sheets).toHaveLength(list === 'identification_codes' ? 3 : 1)
    const [width, height] = way === 'wide' ? [a4[1], a4[0]] : a4
    for (const [x = 0, y = 0] of sheets) expect(Math.max(Math.abs(x - width), Math.abs(y - height))).toBeLessThan(1)

    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: paper[way], height: 700 })
    for (const gone of ['header', 'nav', 'main form', 'main button', '.skip', 'main h1']) {
      expect(await page.locator(`${gone}:visible`).count(), gone).toBe(0)
    }
    const read = await page.locator('.paper-list').first().innerText()
    for (const said of ['SSC-BMC', '2026-06-24', words.of('print_list', list), words.t('print.signed_by')]) {
      expect(read).toContain(said)
    }
    expect(read).toMatch(language === 'ja' ? /n＝\d+例/ : /n = \d+/)
    expect(
      await page
        .locator('thead')
        .first()
        .evaluate((head) => getComputedStyle(head).display),
    ).toBe('table-header-group')
    const { cut, tooSmall, hues } = await manager.main().evaluate((main, smallest) => {
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
      const tooSmall: string[] = []
      const hues = new Set<string>()
      while (walker.nextNode()) {
        const words = walker.currentNode.nodeValue?.trim() ?? ''
        const parent = walker.currentNode.parentElement
        if (words === '' || parent?.checkVisibility() !== true) continue
        const style = getComputedStyle(parent)
        if ((Number.parseFloat(style.fontSize) / 96) * 72 < smallest - 0.01) tooSmall.push(words)
        const [r, g, b] = style.color.match(/\d+/g) ?? []
        if (r !== g || g !== b) hues.add(style.color)
      }
      const cut = [...main.querySelectorAll('table, dl, p, caption')]
        .filter((element) => Math.round(element.getBoundingClientRect().right) > innerWidth)
        .map(({ tagName, className }) => `${tagName} ${className}`)
      return { cut, tooSmall, hues: [...hues] }
    }, smallestPoints)
    expect({ cut, tooSmall, hues }).toEqual({ cut: [], tooSmall: [], hues: [] })
    // The frame round the banner is whole, and every sheet says which it is.
    const banner = await page.locator('.notice.demo').boundingBox()
    expect((banner?.x ?? 0) + (banner?.width ?? 0)).toBeLessThan(paper[way])
    const sheet = await page.evaluate(() => {
      const name = getComputedStyle(document.body).getPropertyValue('page')
      const rules = [...document.styleSheets].flatMap((styles) => [...styles.cssRules])
      return rules.find((rule) => rule.cssText.startsWith(`@page ${name} `))?.cssText ?? ''
    })
    expect(sheet).toContain('counter(page) " / " counter(pages)')
  })
})

describe('by keys', () => {
  const focused = ({ page }: Visitor) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  const focusedId = ({ page }: Visitor) => page.evaluate(() => document.activeElement?.id ?? '')

  it('one moves along the rows and acts, reaches the search and the form, and sees the list of the keys', async () => {
    const coordinator = await visitAs('demo-crc')
    const { page, words } = coordinator
    await coordinator.open(log)
    const numbers = (await page.locator('table.log tbody th a').allInnerTexts()).map((text) => text.trim())
    await coordinator.press('ArrowDown')
    expect(numbers).not.toContain(await focused(coordinator))
    await coordinator.press('j')
    expect(await focused(coordinator)).toBe(numbers[0])
    await coordinator.press('j')
    expect(await focused(coordinator)).toBe(numbers[1])
    await coordinator.press('ArrowDown', 'ArrowUp', 'k', 'k', 'k')
    expect(await focused(coordinator)).toBe(numbers[0])
    // Along the row stand its dates; down a column, what stands nearest to it.
    await coordinator.press('j', 'ArrowRight')
    expect(await focused(coordinator)).toContain('2025-06-12')
    await coordinator.press('j')
    expect(await focused(coordinator)).toContain('2026-01-22')
    await coordinator.press('k', 'ArrowRight', 'ArrowRight')
    expect(await focused(coordinator)).toContain(words.t('subjects.record_outcome'))
    await coordinator.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft')
    await Promise.all([page.waitForURL(/\/subjects\/[\w-]+$/), coordinator.press('Enter')])

    await coordinator.open(log)
    await coordinator.press('/')
    expect(await focusedId(coordinator)).toBe('search')
    await coordinator.type('jn?/')
    expect(await page.locator('#search').inputValue()).toBe('jn?/')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await coordinator.press('n')
    expect(await focusedId(coordinator)).toBe('siteId')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await coordinator.press('?')
    expect(await page.locator('#keys dl').isVisible()).toBe(true)
  })

  it('whoever turns them off has none, and can turn them on again', async () => {
    const coordinator = await visitAs('demo-crc')
    const { page, words } = coordinator
    await coordinator.open(log)
    await coordinator.click(page.getByText(words.t('keys.title'), { exact: true }))
    await coordinator.click(page.getByRole('button', { name: words.t('keys.turn_off'), exact: true }))
    await coordinator.open(log)
    await coordinator.press('/')
    expect(await focusedId(coordinator)).not.toBe('search')
    await coordinator.click(page.getByText(words.t('keys.title'), { exact: true }))
    await coordinator.click(page.getByRole('button', { name: words.t('keys.turn_on'), exact: true }))
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await coordinator.press('/')
    expect(await focusedId(coordinator)).toBe('search')
  })

  it('without scripts the list of the keys says nothing that is not there to press', async () => {
    const coordinator = await visitAs('demo-crc', { javaScript: false })
    const { page } = coordinator
    await coordinator.open(log)
    expect(await page.locator('#keys button:visible').count()).toBe(0)
    expect(await page.locator('#keys').isVisible()).toBe(true)
  })
})
