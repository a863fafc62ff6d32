/** The feasibility sheet on paper: one page of A4, whatever the trial and the language, with nothing cut off. */
import { describe, expect, it } from 'vitest'
import { browserOfFile, demoOfFile } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())
const trials = ['SSC-BMC', 'CLTI-MNC', 'STR01-03', 'SSC-HSCT']

/** In points, as a PDF measures. */
const a4 = { width: (210 / 25.4) * 72, height: (297 / 25.4) * 72 }
/** Between the margins of 10 and 15 mm, in CSS pixels. */
const paper = { width: Math.floor((180 / 25.4) * 96), height: Math.floor((277 / 25.4) * 96) }
const smallestPoints = 7

describe.each(['ja', 'en'] as const)('in %s', (language) => {
  it.each(trials)('%s is one page of A4, upright, with its foot on it', async (trial) => {
    const member = await visitAs('demo-irb', { language, javaScript: false })
    const { page, words } = member
    await member.open(`/trials/${trial}/projection`)
    await member.follow(member.link(words.t('sheet.link')))
    expect(await member.heading()).toBe(words.t('sheet.title'))
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: false })).toString('latin1')
    const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, x, y]) => [Number(x), Number(y)])
    expect(sheets).toHaveLength(1)
    const [[width = 0, height = 0] = []] = sheets
    expect(Math.abs(width - a4.width) + Math.abs(height - a4.height)).toBeLessThan(2)

    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize(paper)
    const printed = await page.locator('.a4').evaluate((sheet) => {
      const words = [...sheet.querySelectorAll('*')].filter((element) =>
        [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim() !== ''),
      )
      const cut = [...sheet.querySelectorAll('.table-wrap')].filter((each) => each.scrollWidth > each.clientWidth + 1)
      return {
        bottom: sheet.getBoundingClientRect().bottom,
        across: document.documentElement.scrollWidth,
        smallest: Math.min(...words.map((element) => Number.parseFloat(getComputedStyle(element).fontSize))),
        cut: cut.map((each) => each.getAttribute('aria-labelledby')),
      }
    })
    expect(printed.bottom).toBeLessThanOrEqual(paper.height)
    expect(printed.across).toBeLessThanOrEqual(paper.width)
    expect(printed.cut).toEqual([])
    expect((printed.smallest / 96) * 72).toBeGreaterThanOrEqual(smallestPoints - 0.01)
    await page.emulateMedia({ media: null })
  })
})

/** Twelve claims as somebody may type them, about sites by their codes, which sites stand in several. */
const twelve = new URLSearchParams([
  ['claims', 'own'],
  ...Array.from({ length: 12 }, (_, place): [string, string][] => [
    [`claim${place + 1}`, 'siteMinimum'],
    [`number${place + 1}`, '2'],
    [`amount${place + 1}`, '1'],
    [`sites${place + 1}`, `01 0${2 + (place % 4)}`],
  ]).flat(),
])

describe.each(['ja', 'en'] as const)('twelve typed claims in %s', (language) => {
  it.each(['', '&rateA=1&driftA=off&rateB=2&untilB=2031-07-18&addedB=2&conversionB=50'])(
    'take a second page, which the first names, and nothing is cut off: %s',
    async (scenarios) => {
      const member = await visitAs('demo-irb', { language, javaScript: false })
      const { page, words } = member
      await member.open(`/trials/SSC-BMC/projection/sheet?${twelve}${scenarios}`)
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: false })).toString('latin1')
      expect(pdf.match(/\/MediaBox /g)).toHaveLength(2)
      const [first, second] = await page.locator('.a4').all()
      expect(await first!.innerText()).toContain(
        words.t(scenarios === '' ? 'sheet.further' : 'sheet.further_compared', { claims: 10, groups: 11 }),
      )
      expect(await first!.innerText()).toContain(words.t('sheet.page', { page: 1, pages: 2 }))
      expect(await second!.innerText()).toContain(words.t('sheet.page', { page: 2, pages: 2 }))
      expect(await second!.locator('.summed tbody tr').count()).toBe(10)
      expect(await second!.locator('.groups tbody tr').count()).toBe(11)
      expect(await second!.locator('.summed tfoot').innerText()).toContain('24')

      await page.emulateMedia({ media: 'print' })
      await page.setViewportSize(paper)
      expect(await first!.evaluate((sheet) => sheet.getBoundingClientRect().bottom)).toBeLessThanOrEqual(paper.height)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(paper.width)
      await page.emulateMedia({ media: null })
    },
  )
})

it.each(['ja', 'en'] as const)(
  'two scenarios beside each other still leave it on one page, in %s',
  async (language) => {
    const member = await visitAs('demo-irb', { language })
    await member.open('/trials/SSC-BMC/projection/sheet?rateA=1&driftA=off&rateB=2&untilB=2031-07-18')
    const pdf = (await member.page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/MediaBox /g)).toHaveLength(1)
  },
)
