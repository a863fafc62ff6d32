/** The sites fit the screen: whole tables on a desk, a card for each site on a telephone. */
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())

for (const [language, width] of [
  ['ja', 1280],
  ['en', 1280],
  ['ja', 390],
  ['en', 390],
] as const) {
  it(`at ${width} px in ${language} no table of the sites is cut, and no name is broken where there is room`, async () => {
    const manager = await visitAs('demo-dm', { language, width })
    const { page } = manager
    for (const place of ['/trials/SSC-BMC/sites', '/trials/SSC-BMC/sites/01']) {
      await manager.open(place)
      const cut = await page
        .locator('main .table-wrap, main table')
        .evaluateAll((tables) =>
          tables
            .filter(
              (table) => table.scrollWidth > table.clientWidth + 1 || table.getBoundingClientRect().right > innerWidth,
            )
            .map((table) => `${table.className}: ${table.scrollWidth} in ${table.clientWidth}`),
        )
      expect(cut, place).toEqual([])
    }
    await manager.open('/trials/SSC-BMC/sites')
    const heads = await page.locator('main thead:visible').count()
    expect(heads).toBe(width < 640 ? 0 : 3)
    if (heads === 0) return
    const heights = await page
      .locator('.site-name')
      .evaluateAll((names) => names.map((name) => Math.round(name.getBoundingClientRect().height)))
    expect(heights).toHaveLength(10)
    expect(new Set(heights)).toEqual(new Set([24]))
  })
}
