/** A coordinator at the log: a screening in one form, its mistakes, what follows from the list, and a date mended. */

import { expect, it } from 'vitest'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { browserOfFile, demoOfFile, type Visitor } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())
const log = '/trials/SSC-BMC/subjects'

function quickForm({ page, words }: Visitor) {
  return page.getByRole('form', { name: words.t('screening.quick_title') })
}

function dateField({ page, words }: Visitor) {
  return page.getByLabel(words.t('screening.consented_on'))
}

function numberField({ page }: Visitor) {
  return page.locator('input[type="text"][name="number"]')
}

/** The numbers of the log, as its rows show them. */
function numbersInLog({ page }: Visitor): Promise<string[]> {
  return page.locator('table.log tbody th a').allInnerTexts()
}

function rowOf({ page }: Visitor, number: string) {
  return page.locator('table.log tbody tr').filter({ hasText: number })
}

for (const [title, javaScript] of [
  ['a coordinator adds a screening on one page with four fields and at most 15 keystrokes', true],
  ['the same screening is added in a browser that runs no scripts', false],
] as const) {
  it(title, async () => {
    const crc = await visitAs('demo-crc', { javaScript })
    await crc.open('/')
    await crc.follow(crc.link('SSC-BMC'))
    await crc.follow(crc.navigation('subjects'))
    const before = await numbersInLog(crc)

    const fields = quickForm(crc).locator(':is(input, select, textarea):visible')
    expect(await fields.count()).toBeLessThanOrEqual(4)
    const offered = await numberField(crc).inputValue()
    expect(offered).toMatch(/^SSC-BMC-01-\d{3}$/)
    expect(before).not.toContain(offered)
    expect(await dateField(crc).inputValue()).toBe('2026-06-24')

    // Over the skip link, past site and number, the date over the selected default, and off with it.
    crc.countAnew()
    await crc.press('Tab', 'Enter', 'Tab', 'Tab', 'Tab')
    expect(await dateField(crc).evaluate((field) => field === document.activeElement)).toBe(true)
    await crc.type('20260620')
    expect(await crc.sendWithEnter()).toBe(200)
    expect(crc.keystrokes).toBe(14)
    expect(crc.actions).toBe(1)

    expect(await crc.heading()).toBe(offered)
    const said = crc.words.of('subject_done', 'screening', { number: offered })
    expect(await crc.page.getByRole('status').innerText()).toBe(said)
    expect(await crc.main().locator('time').allInnerTexts()).toEqual(['2026-06-20'])

    await crc.follow(crc.link(crc.words.t('subject.back')))
    expect(await numbersInLog(crc)).toEqual([...before, offered].sort())
    expect(await rowOf(crc, offered).innerText()).toContain('2026-06-20')
  })
}

it('a screening of today at the own site is one click, and a second click makes no second subject', async () => {
  const crc = await visitAs('demo-crc')
  await crc.open(log)
  const before = await numbersInLog(crc)
  const offered = await numberField(crc).inputValue()
  crc.countAnew()
  expect(await crc.clickTwice(crc.button('screening.add'))).toBe(200)
  expect([crc.keystrokes, crc.actions]).toEqual([0, 1])
  expect(await crc.heading()).toBe(offered)
  expect(await crc.main().locator('time').allInnerTexts()).toEqual(['2026-06-24'])
  await crc.follow(crc.link(crc.words.t('subject.back')))
  expect(await numbersInLog(crc)).toEqual([...before, offered].sort())
})

/** The form refused because of its date; the number is one that nobody offered. */
async function refused(visitor: Visitor): Promise<void> {
  await visitor.open(log)
  await numberField(visitor).fill('SSC-BMC-01-777')
  await dateField(visitor).fill('2026-02-30')
  expect(await visitor.follow(visitor.button('screening.add'))).toBe(422)
}

it('a day that does not exist is shown again with its reason, a link and a suggestion', async () => {
  const crc = await visitAs('demo-crc')
  await refused(crc)
  const { page, words } = crc
  const summary = page.getByRole('alert')
  const link = summary.getByRole('link')
  const reason = await link.innerText()
  expect(reason).toContain('28')

  expect(await page.title()).toMatch(/^エラー：/)
  expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await summary.getByRole('heading').innerText()).toBe(words.t('form.to_mend', { count: 1 }))
  expect(await page.locator('#consentedOn-error').innerText()).toContain(reason)
  expect(await dateField(crc).inputValue()).toBe('2026-02-30')
  expect(await numberField(crc).inputValue()).toBe('SSC-BMC-01-777')
  expect(await dateField(crc).getAttribute('aria-invalid')).toBe('true')

  await crc.click(link)
  expect(await dateField(crc).evaluate((field) => field === document.activeElement)).toBe(true)

  expect(await crc.follow(page.getByRole('button', { name: '2026-02-28' }))).toBe(200)
  expect(await dateField(crc).inputValue()).toBe('2026-02-28')
  expect(await numberField(crc).inputValue()).toBe('SSC-BMC-01-777')
  expect(await page.getByRole('alert').count()).toBe(0)

  expect(await crc.follow(crc.button('screening.record'))).toBe(200)
  expect(await crc.heading()).toBe('SSC-BMC-01-777')
})

it('Enter in any field sends the form, and never takes the suggestion', async () => {
  const crc = await visitAs('demo-crc')
  await refused(crc)
  const { page } = crc
  const controls = page.locator('.form-page form :is(input[type="text"], input[type="radio"]:checked)')
  const ids = await controls.evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).name))
  expect(ids).toEqual(['number', 'consentedOn', 'consentVersionId', 'referralSource', 'candidateKey'])
  for (const name of ids) {
    await page.locator(`[name="${name}"]:is([type="text"], :checked)`).focus()
    expect(await crc.sendWithEnter(), name).toBe(422)
    expect(await dateField(crc).inputValue(), name).toBe('2026-02-30')
  }
})

/** The first step of a row of the list: its button. */
function nextStep(visitor: Visitor, step: string) {
  const name = new RegExp(`^${visitor.words.t('subjects.record_step', { step })}`)
  return visitor.main().getByRole('link', { name }).first()
}

it('eligibility, and a registration however impatiently confirmed, take at most three actions from the list', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open(log)
  expect(await crc.main().innerText()).toContain(words.t('subjects.of_target', { count: 2, target: 12 }))

  crc.countAnew()
  await crc.follow(nextStep(crc, '適格判定'))
  const number = await page.locator('.phrase').innerText()
  expect(await page.getByLabel(words.t('event.occurred_on')).inputValue()).toBe('2026-06-24')
  expect(await page.getByRole('radio', { name: '適格判定' }).isChecked()).toBe(true)
  expect(await crc.follow(crc.button('event.submit'))).toBe(200)
  expect([crc.keystrokes, crc.actions]).toEqual([0, 2])
  expect(await crc.heading()).toBe(number)
  expect(await page.getByRole('status').innerText()).toBe(words.of('subject_done', 'event', { number }))

  await crc.follow(crc.link(words.t('subject.back')))
  crc.countAnew()
  await crc.follow(nextStep(crc, '登録'))
  expect(await page.locator('.phrase').innerText()).toBe(number)
  expect(await page.getByLabel(words.t('event.occurred_on')).inputValue()).toBe('2026-06-24')
  await crc.follow(page.getByRole('button', { name: words.t('event.submit'), exact: true }))
  expect(await crc.heading()).toBe(words.t('confirm.question', { number, step: '登録' }))
  expect(await crc.main().innerText()).toContain('2026-06-24（令和8年6月24日・水）')
  expect(await crc.main().innerText()).toContain(words.t('confirm.counts', { next: 3, target: 12 }))
  const confirm = page.getByRole('button', { name: words.t('confirm.button', { step: '登録' }) })
  expect(await crc.clickTwice(confirm)).toBe(200)
  expect([crc.keystrokes, crc.actions]).toEqual([0, 3])

  expect(await crc.heading()).toBe(number)
  const registered = page.locator('.facts > div').filter({ hasText: words.t('subject.registration_number') })
  expect(await registered.locator('dd').innerText()).toBe('3')
  const history = await crc.main().locator('.history .mark').allInnerTexts()
  expect(history.filter((event) => event === '登録')).toHaveLength(1)
  await crc.open(log)
  expect(await crc.main().innerText()).toContain(words.t('subjects.of_target', { count: 3, target: 12 }))
})

it('a cell in which a record is awaited is the way to it, as the button of its row is', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open(log)
  const cell = page.locator('table.log td.is-wait a').first()
  const number = await page.locator('table.log tr:has(td.is-wait) th a').first().innerText()
  expect(await cell.innerText()).toContain(words.t('subjects.waiting'))
  expect(await cell.evaluate((link) => link.textContent)).toContain(number)
  crc.countAnew()
  await crc.follow(cell)
  expect(await page.locator('.phrase').innerText()).toBe(number)
  expect(await crc.follow(crc.button('event.submit'))).toBe(200)
  expect([crc.keystrokes, crc.actions]).toEqual([0, 2])
})

for (const [who, language, width] of [
  ['demo-crc', 'en', 1280],
  ['demo-dm', 'ja', 1280],
  ['demo-crc', 'ja', 768],
] as const) {
  it(`whose row it is and what to do next stay in sight at ${width} px for ${who} in ${language}, however far the dates move`, async () => {
    const visitor = await visitAs(who, { language, width })
    const { page } = visitor
    await visitor.open(log)
    const wrap = page.locator('.log-wrap')
    for (const to of [0, 120, 10_000]) {
      await wrap.evaluate((element, left) => element.scrollTo({ left }), to)
      const outside = await page.evaluate(() => {
        const frame = document.querySelector('.log-wrap')?.getBoundingClientRect()
        const edges = [...document.querySelectorAll('table.log tbody :is(th a, td.next .button, td.next .outcome)')]
        return edges
          .map((element) => ({ text: element.textContent, box: element.getBoundingClientRect() }))
          .filter(({ box }) => frame === undefined || box.left < frame.left - 1 || box.right > frame.right + 1)
          .map(({ text }) => text)
      })
      expect(outside, `scrolled to ${to}`).toEqual([])
    }
    // Whatever takes the focus between them is not hidden behind them.
    const hidden = await page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLElement>('table.log td a.act')].filter((link) => {
          link.focus()
          const { left, top, width, height } = link.getBoundingClientRect()
          const middle = document.elementFromPoint(left + width / 2, Math.min(top + height / 2, innerHeight - 1))
          return middle?.closest('td')?.classList.contains('next') === true || middle?.closest('th') !== null
        }).length,
    )
    expect(hidden).toBe(0)
  })
}

it('an event without a reason is sent back, and its link leads to the reason', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open(log)
  await crc.follow(nextStep(crc, '適格判定'))
  await crc.click(page.getByRole('radio', { name: words.of('state', 'died') }))
  expect(await crc.follow(crc.button('event.submit'))).toBe(422)
  const summary = page.getByRole('alert')
  expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await page.getByRole('radio', { name: words.of('state', 'died') }).isChecked()).toBe(true)
  await crc.click(summary.getByRole('link', { name: words.of('problem', 'note_missing') }))
  expect(await page.getByLabel(words.t('event.note')).evaluate((field) => field === document.activeElement)).toBe(true)
})

it('a screen failure with its coded reason takes at most three actions from the list', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open(`${log}?list=waiting`)
  crc.countAnew()
  await crc.follow(
    crc
      .main()
      .getByRole('link', { name: words.t('subjects.other_outcome') })
      .first(),
  )
  const number = await page.locator('.phrase').innerText()
  const failed = page.locator('.with-details', {
    has: page.getByRole('radio', { name: words.of('state', 'screen_failed') }),
  })
  const reason = failed.getByRole('checkbox').first()
  const said = await failed.locator('.details .choice').first().innerText()
  await crc.click(reason)
  expect(await page.getByLabel(words.t('event.occurred_on')).inputValue()).toBe('2026-06-24')
  expect(await crc.follow(crc.button('event.submit'))).toBe(200)
  expect([crc.keystrokes, crc.actions]).toEqual([0, 3])
  expect(await crc.heading()).toBe(number)
  expect(await crc.main().innerText()).toContain(words.of('state', 'screen_failed'))
  expect(await crc.main().locator('.history').innerText()).toContain(said)

  // A mistake: taken back with a reason, the failure stays in sight, struck through.
  const back = words.t('taking_back.link_reopen', { what: words.of('state', 'screen_failed') })
  await crc.follow(crc.link(back))
  await crc.click(page.getByRole('radio', { name: words.of('correction_reason', 'wrong_subject') }))
  await page.getByLabel(words.t('taking_back.note')).fill('別の症例の結果だった')
  expect(await crc.follow(page.getByRole('button', { name: words.t('taking_back.button') }))).toBe(200)
  const struck = (await crc.main().locator('.history del').allInnerTexts()).join(' ')
  expect(struck).toContain(words.of('state', 'screen_failed'))
  expect(struck).toContain(said)
})

it('a wrong date is mended in three actions, with its reason, and the old one stays in sight', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  const number = 'SSC-BMC-01-003'
  await crc.open(log)
  crc.countAnew()
  await crc.follow(crc.link(number))
  const consent = crc.main().locator('.history li').first()
  const wrong = await consent.locator('time').innerText()
  await crc.follow(consent.getByRole('link', { name: words.t('correction.link') }))
  await page.getByLabel(words.t('correction.right_date')).focus()
  await crc.press('Control+A')
  await crc.type('R8.1.29')
  const reason = page.getByRole('radio', { name: words.of('correction_reason', 'transcription') })
  expect(await reason.isChecked()).toBe(true)
  expect(await crc.follow(crc.button('correction.submit'))).toBe(200)
  expect(crc.actions).toBeLessThanOrEqual(4)
  expect([crc.keystrokes, crc.actions]).toEqual([9, 3])

  expect(await consent.locator('time').innerText()).toBe('2026-01-29')
  expect(await consent.locator('del').innerText()).toBe(wrong)
  expect(await consent.innerText()).toContain(words.of('correction_reason', 'transcription'))
  await crc.open(log)
  expect(await rowOf(crc, number).innerText()).toContain('2026-01-29')
  expect(await rowOf(crc, number).locator('del').innerText()).toBe(wrong)
})

it('that nothing happened in a month is said with one click', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open('/trials/CLTI-MNC/subjects')
  const buttons = page.getByRole('region', { name: words.t('report.ask_title') }).getByRole('button')
  const months = await buttons.allInnerTexts()
  expect(months.length).toBeGreaterThan(0)

  crc.countAnew()
  expect(await crc.follow(buttons.first())).toBe(200)
  expect([crc.keystrokes, crc.actions]).toEqual([0, 1])
  expect(await buttons.allInnerTexts()).toEqual(months.slice(1))
  const [, month = ''] = /(\d{4}年\d+月)/.exec(months[0] ?? '') ?? []
  expect(await page.getByRole('status').innerText()).toBe(words.t('report.said', { month }))
})

it('a date is read back while it is typed, as the form would read it', async () => {
  const crc = await visitAs('demo-crc')
  const { page, words } = crc
  await crc.open(log)
  const field = page.locator('#consentedOn')
  const echo = page.locator('.quick .echo')
  await field.fill('R8.6.18')
  await echo.filter({ hasText: words.date(calendarDate('2026-06-18')) }).waitFor()
  await field.fill('2026-02-30')
  await echo.filter({ hasText: /28/ }).waitFor()
  await field.fill('')
  await expect.poll(() => echo.innerText()).toBe('')
})
