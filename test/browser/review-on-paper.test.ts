/** The periodic review on paper: two clicks from the dashboard, one page of A4, with its figures on it, in both languages. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())

/** In points, as a PDF measures. */
const a4 = { width: (210 / 25.4) * 72, height: (297 / 25.4) * 72 }

type Paper = { pdf(options: object): Promise<Buffer>; innerText(selector: string): Promise<string> }

async function sheetsOf(page: Paper): Promise<{ sizes: number[][]; text: string }> {
  const file = await page.pdf({ preferCSSPageSize: true, printBackground: false })
  const sizes = [...file.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)]
  return { sizes: sizes.map(([, x, y]) => [Number(x), Number(y)]), text: await textOf(file, page) }
}

/** The words of the PDF itself where a reader of PDFs is installed; otherwise those of the page that it was made from. */
async function textOf(file: Buffer, page: Paper): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'review-')), 'report.pdf')
  writeFileSync(path, file)
  try {
    return execFileSync('pdftotext', ['-layout', path, '-']).toString()
  } catch {
    return page.innerText('article')
  }
}

/** Letters as people read them: a PDF may part them, or write a radical of Chinese characters for the character. */
const squeezed = (text: string) => text.normalize('NFKC').replace(/\s+/g, '')

it.each(['ja', 'en'] as const)('opens and prints with two clicks from the dashboard, in %s', async (language) => {
  const investigator = await visitAs('demo-pi', { language })
  const { page, words } = investigator
  await page.addInitScript('window.print = () => { document.documentElement.dataset.printed = "yes" }')
  await investigator.open('/trials/SSC-BMC')
  let clicks = 0
  const click = async (name: string, role: 'link' | 'button') => {
    clicks += 1
    await page.getByRole(role, { name, exact: true }).click()
  }
  await click(words.t('overview.review_link'), 'link')
  await page.waitForURL(/\/reviews\/[\w-]+\/report$/)
  await click(words.t('review.print'), 'button')
  expect(await page.getAttribute('html', 'data-printed')).toBe('yes')
  expect(clicks).toBe(2)
})

const figures = {
  ja: ['6か月評価', '2026-07-19', '11.0', '0.0002', '3.33', '0.40', '129日', '633日', '2/6', '12/30', '0.3%', '0.1578'],
  en: [
    '6-month review',
    '2026-07-19',
    '11.0',
    '0.0002',
    '3.33',
    '0.40',
    '129 days',
    '633 days',
    '2 / 6',
    '12 / 30',
    '0.3%',
  ],
}

it.each(['ja', 'en'] as const)(
  'the open review is exactly one page of A4 with its figures on it, in %s',
  async (language) => {
    const member = await visitAs('demo-irb', { language })
    await member.open('/trials/SSC-BMC/reviews/current')
    const { sizes, text } = await sheetsOf(member.page)
    expect(sizes).toHaveLength(1)
    const [[width = 0, height = 0] = []] = sizes
    expect(Math.abs(width - a4.width) + Math.abs(height - a4.height)).toBeLessThan(2)
    for (const figure of figures[language]) expect(squeezed(text)).toContain(squeezed(figure))
  },
)

it.each(['ja', 'en'] as const)('a signed review is one page too, and says who signed, in %s', async (language) => {
  const member = await visitAs('demo-irb', { language })
  await member.open('/trials/SSC-BMC/reviews')
  await member.page.locator('a[href$="/report"]').nth(1).click()
  await member.page.waitForURL(/\/report$/)
  const { sizes, text } = await sheetsOf(member.page)
  expect(sizes).toHaveLength(1)
  expect(squeezed(text)).toContain(squeezed(language === 'ja' ? '佐藤 由美' : 'Yumi Sato'))
  expect(squeezed(text)).toContain('2026-01-2710:00')
})

it('everything that may be said to a review still leaves it on one page, without a script and in grey', async () => {
  const investigator = await visitAs('demo-pi', { language: 'ja' })
  const { page } = investigator
  await investigator.open('/trials/SSC-BMC/reviews/current')
  const review = page.url().replace(/\/report$/, '')
  await page.goto(review)
  for (const box of await page.locator('input[name=measures]').all()) await box.check()
  await page.locator('form[action$="/measures"] button').click()
  for (let count = 0; count < 2; count++) {
    await page.fill(
      '#text',
      '登録が進まない理由と、次の評価までに確かめることを、委員会に説明する。'.repeat(9).slice(0, 140),
    )
    await page.locator('form[action$="/comments"] button').click()
  }
  for (const language of ['ja', 'en'] as const) {
    const member = await visitAs('demo-irb', { language })
    await member.open(`${new URL(review).pathname}/report`)
    const { sizes } = await sheetsOf(member.page)
    expect([language, sizes.length]).toEqual([language, 1])
    await member.page.emulateMedia({ media: 'print' })
    const smallest = await member.page.locator('.a4').evaluate((sheet) => {
      const words = [...sheet.querySelectorAll('*')].filter((element) =>
        [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim() !== ''),
      )
      return Math.min(...words.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)))
    })
    expect((smallest / 96) * 72).toBeGreaterThanOrEqual(6.99)
    await member.page.emulateMedia({ media: null })
  }
})
