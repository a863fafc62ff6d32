/** An investigator changes a rate and an end date, and sees both scenarios side by side: with scripts at once, without them by a button. */
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile, type Visitor } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())
const here = '/trials/SSC-BMC/projection'

/** The values of A and B in a row of the results. */
function resultsOf({ page }: Visitor, name: string): Promise<string[]> {
  const row = page.locator('#what-if-results tr').filter({ hasText: name })
  return row.locator('td').allInnerTexts()
}

const labelOf = ({ words }: Visitor, field: string, scenario: 'A' | 'B') =>
  words.t('what_if.field_of', { field: words.of('scenario', field), scenario })

it('with scripts: the results follow the fields, the address follows, the focus stays', async () => {
  const investigator = await visitAs('demo-pi')
  const { page, words } = investigator
  await investigator.open(here)
  const chance = words.t('what_if.chance', { target: 12 })
  expect(await resultsOf(investigator, chance)).toEqual(['0.3％', '42％'])

  const rate = page.getByRole('textbox', { name: labelOf(investigator, 'rate', 'B'), exact: true })
  await page.getByRole('combobox', { name: labelOf(investigator, 'drift', 'B') }).selectOption('off')
  await page.getByRole('textbox', { name: labelOf(investigator, 'until', 'B') }).fill('R13.7.18')
  await rate.fill('2')
  await page.waitForFunction(() => document.querySelector('#what-if-results')?.textContent?.includes('56％'))
  expect(await resultsOf(investigator, chance)).toEqual(['0.3％', '56％'])
  expect(await resultsOf(investigator, words.t('what_if.expected'))).toEqual(['1.6', '10.1'])
  expect(new URL(page.url()).searchParams.get('rateB')).toBe('2')
  expect(await rate.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await page.locator('#text-ja').inputValue()).toContain('年2例の登録が得られるとした場合')
  expect(await page.locator('#what-if-results').getAttribute('aria-live')).toBe('polite')

  // The link alone says the same, and in the other language.
  const shared = page.url()
  await investigator.open(shared)
  expect(await resultsOf(investigator, chance)).toEqual(['0.3％', '56％'])
})

it('with scripts: the curve gets the deadline of the scenario, and the text is copied by a button', async () => {
  const investigator = await visitAs('demo-pi')
  const { page, words } = investigator
  await investigator.open(here)
  const name = words.t('chart.asked_by', { name: 'B' })
  const deadlines = () => page.locator('#cumulative').evaluate((json) => JSON.parse(json.textContent ?? '').deadlines)
  expect(await deadlines()).not.toContainEqual(expect.objectContaining({ name }))
  await page.getByRole('textbox', { name: labelOf(investigator, 'until', 'B') }).fill('2031-07-18')
  await page.waitForURL(/untilB=2031-07-18/)
  expect(await deadlines()).toContainEqual(expect.objectContaining({ name, date: '2031-07-18', inForce: false }))
  expect(await page.locator('#cumulative-rows').textContent()).toContain(name)

  // The button stands there after the texts were replaced, too.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const [button, said] = [page.locator('#text-en + p button'), page.locator('#text-en + p [role="status"]')]
  expect(await button.innerText()).toBe(words.t('what_if.copy'))
  await button.click()
  await page.waitForFunction(() => document.querySelector('#text-en + p [role="status"]')?.textContent !== '')
  expect(await said.innerText()).toBe(words.t('what_if.copied'))
  const text = await page.locator('#text-en').inputValue()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text)
  expect(text).toContain('2031')

  // Where the clipboard may not be reached, it is selected.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await button.click()
  await page.waitForFunction(
    (copied) => document.querySelector('#text-en + p [role="status"]')?.textContent !== copied,
    words.t('what_if.copied'),
  )
  expect(await said.innerText()).toBe(words.t('what_if.selected'))
})

it('with scripts: the slider beside a number does the same, by keys', async () => {
  const investigator = await visitAs('demo-pi')
  const { page } = investigator
  await investigator.open(`${here}?addedA=0`)
  const slider = page.getByRole('slider', { name: labelOf(investigator, 'added', 'A'), exact: true })
  await slider.focus()
  await investigator.press('ArrowRight', 'ArrowRight')
  await page.waitForURL((url) => url.searchParams.get('addedA') === '2')
  expect(await page.getByRole('textbox', { name: labelOf(investigator, 'added', 'A') }).inputValue()).toBe('2')
  expect(await slider.evaluate((element) => element === document.activeElement)).toBe(true)
})

it('without scripts: the same fields, one button, the same results', async () => {
  const investigator = await visitAs('demo-pi', { javaScript: false })
  const { page, words } = investigator
  await investigator.open(here)
  await page.getByRole('textbox', { name: labelOf(investigator, 'rate', 'B'), exact: true }).fill('2')
  await page.getByRole('textbox', { name: labelOf(investigator, 'until', 'B') }).fill('2031-07-18')
  await page.getByRole('combobox', { name: labelOf(investigator, 'drift', 'B') }).selectOption('off')
  expect(await page.getByRole('slider').count()).toBe(0)
  expect(await page.locator('textarea[readonly] + *').count()).toBe(0)
  await Promise.all([page.waitForURL(/rateB=2/), investigator.button('what_if.submit').click()])
  expect(await resultsOf(investigator, words.t('what_if.chance', { target: 12 }))).toEqual(['0.3％', '56％'])
})

it('without scripts: a claim is changed, said to differ from the request’s, and put back', async () => {
  const investigator = await visitAs('demo-pi', { javaScript: false })
  const { page, words } = investigator
  await investigator.open(here)
  await page.getByText(words.t('claims_form.open'), { exact: true }).first().click()
  const field = words.of('claim_field', 'amount')
  await page.getByRole('textbox', { name: words.t('claims_form.field_of', { place: 3, field }) }).fill('2')
  await Promise.all([page.waitForURL(/claims=own/), investigator.button('claims_form.submit').click()])
  expect(await page.locator('table.sum tfoot .total').innerText()).toBe('19')
  expect(await investigator.main().innerText()).toContain(words.t('claims_form.different'))
  await investigator.click(page.getByRole('button', { name: words.t('claims_form.remove', { place: 2 }) }))
  await page.waitForURL(/remove=2/)
  expect(await page.locator('table.sum tfoot .total').innerText()).toBe('17')
  await investigator.click(investigator.link(words.t('claims_form.reset')))
  expect(await page.locator('table.sum tfoot .total').innerText()).toBe('13')
})

it('Enter in a claim’s field computes with it, and takes no claim away', async () => {
  const investigator = await visitAs('demo-pi')
  const { page } = investigator
  await investigator.open(`${here}?claims=own&claim1=registered&number1=2&claim2=pipeline&number2=2&amount2=100#claims`)
  const number = page.locator('.claims-form input[type="text"][name="number2"]')
  await number.fill('3')
  await number.press('Enter')
  await page.waitForURL((url) => url.searchParams.get('number2') === '3')
  const asked = new URL(page.url()).searchParams
  expect([asked.get('claim1'), asked.get('number1'), asked.has('remove')]).toEqual(['registered', '2', false])
})
