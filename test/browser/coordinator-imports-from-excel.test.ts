/** A coordinator brings 30 rows from Excel: paste, each wrong cell, mend, confirm; with scripts and without. */
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile, type Visitor } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())

/** 30 rows as they are copied out of Excel; the fourth has a day that does not exist, the seventh no outcome one can read. */
function thirtyRows(prefix: string): string {
  const rows = Array.from({ length: 30 }, (_, index) => {
    const [number, day] = [`${prefix}-${String(index + 1).padStart(3, '0')}`, `2026/2/${(index % 28) + 1}`]
    const [outcome, reason] = index % 3 === 0 ? ['不適格', '除外基準④'] : ['', '']
    if (index === 3) return ['01', number, '2025/11/31', outcome, reason, '佐藤']
    if (index === 6) return ['01', number, day, 'まあまあ', reason, '佐藤']
    return ['01', number, day, outcome, reason, '佐藤']
  })
  return [['施設', 'スクリーニング番号', '同意取得日', '適格性', '不適格・辞退理由', '担当'], ...rows]
    .map((cells) => cells.join('\t'))
    .join('\n')
}

function cell({ page, words }: Visitor, line: number, column: string) {
  return page.getByRole('textbox', { name: words.t('import.cell', { line, column }), exact: true })
}

for (const [title, prefix, javaScript] of [
  ['30 rows are pasted, checked, mended on the page and recorded', 'JS', true],
  ['the same in a browser that runs no scripts', 'PLAIN', false],
] as const) {
  it(title, async () => {
    const crc = await visitAs('demo-crc', { javaScript })
    const { page, words } = crc
    await crc.open('/trials/SSC-BMC/subjects')
    await crc.follow(crc.link(words.t('import.link')))
    await page.getByLabel(words.t('import.paste')).fill(thirtyRows(prefix))
    expect(await crc.follow(crc.button('import.check'))).toBe(422)

    expect(await crc.main().getByRole('alert').getByRole('link').count()).toBe(2)
    expect(await crc.main().innerText()).toContain(words.t('import.ignored', { heads: '担当' }))
    expect(await crc.button('import.check_again').count()).toBe(1)
    const wrongDay = cell(crc, 5, '同意取得日')
    expect(await wrongDay.inputValue()).toBe('2025/11/31')
    await crc.click(crc.main().getByRole('alert').getByRole('link').first())
    expect(page.url()).toMatch(/#cell-5-2$/)

    await wrongDay.fill('2025/11/30')
    await cell(crc, 8, '適格性').fill('不適格')
    expect(await crc.follow(crc.button('import.check_again'))).toBe(200)
    const confirm = page.getByRole('button', { name: words.t('import.confirm', { count: 30 }), exact: true })
    // Above the rows as well as below the columns: whoever has nothing to mend need not look for it.
    expect(await confirm.count()).toBe(2)
    expect(await crc.follow(confirm.first())).toBe(200)
    expect(await page.getByRole('status').innerText()).toContain(
      words.t('import.done', { new: 30, changed: 0, unchanged: 0 }),
    )

    await crc.open(`/trials/SSC-BMC/subjects?search=${prefix}-004`)
    const row = page.locator('table.log tbody tr').filter({ hasText: `${prefix}-004` })
    expect(await row.innerText()).toContain('2025-11-30')
    expect(await row.innerText()).toContain(words.of('state', 'screen_failed'))
  })
}

it('a cell beside the wrong one can be mended on the page too', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open('/trials/SSC-BMC/import')
  const rows = ['施設', 'スクリーニング番号', '同意取得日', '転帰', '登録日', '備考'].join('\t')
  await page.getByLabel(words.t('import.paste')).fill(`${rows}\n01\tREST-1\t2026-02-10\t登録\t\t"一行目\n二行目"`)
  expect(await crc.follow(crc.button('import.check'))).toBe(422)
  await crc.click(page.getByText(words.t('import.rest_of_row', { line: 2 })))
  await cell(crc, 2, '登録日').fill('46091')
  expect(await crc.follow(crc.button('import.check_again'))).toBe(200)
  const preview = await page.locator('table.import-rows').innerText()
  expect(preview).toContain('46091 → 2026-03-10')
  expect(preview).toContain('一行目')
})

it('the page holds its width on a telephone, and what scrolls can be reached by keyboard', async () => {
  const crc = await visitAs('demo-crc', { width: 390 })
  const { page, words } = crc
  await crc.open('/trials/SSC-BMC/import')
  await page.getByLabel(words.t('import.paste')).fill(thirtyRows('NARROW'))
  expect(await crc.follow(crc.button('import.check'))).toBe(422)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
