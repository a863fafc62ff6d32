/**
 * Every page for everybody: by the rules of WCAG 2.2 AA, on a desk, a tablet and a telephone, with a keyboard alone,
 * and without scripts. A group of roles stands for those who see the same pages.
 */
import axe from 'axe-core'
import { expect, it } from 'vitest'
import type { DemoName } from '../../seeds/demo-people.ts'
import type { Language } from '../../server/i18n/words.ts'
import { browserOfFile, demoOfFile, languageOfRun, type Visitor } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())
const trial = '/trials/SSC-BMC'

/** No page shows which engine is behind it: the run on each sees all of them in one language, the suite in both. */
const language: Language = languageOfRun()
/** So many pages take their time on a busy machine. */
const unhurried = 90_000
const widths = { desk: 1280, tablet: 768, telephone: 390 }
/** Nothing here depends on the height, and a low screen is quickly painted. */
const height = 400

/** An address, or what somebody does to come to a page that has none of its own. */
type Place = string | ((visitor: Visitor) => Promise<unknown>)

/** The first address of a list that fits; the list itself is not looked at. */
async function firstIn({ page }: Visitor, list: string, address: RegExp): Promise<string> {
  const found = address.exec(await (await page.request.get(list)).text())
  if (found === null) throw new Error(`no ${address} in ${list}`)
  return found[0]
}

const subject = /\/trials\/[\w-]+\/subjects\/[\w-]{36}/

async function aSubject(visitor: Visitor): Promise<void> {
  await visitor.open(await firstIn(visitor, `${trial}/subjects?list=registered`, subject))
}

async function aRefusedScreening(visitor: Visitor): Promise<void> {
  await visitor.open(`${trial}/subjects`)
  await visitor.page.getByLabel(visitor.words.t('screening.consented_on')).fill('2026-02-30')
  expect(await visitor.follow(visitor.button('screening.add'))).toBe(422)
}

/** The form for what comes next for somebody in the two-stage trial: a registration. */
async function aRegistration(visitor: Visitor): Promise<void> {
  const waiting = await firstIn(visitor, '/trials/CLTI-MNC/subjects?list=waiting', subject)
  await visitor.open(`${waiting}/events/new`)
}

async function aRefusedEvent(visitor: Visitor): Promise<void> {
  await aRegistration(visitor)
  await visitor.page.getByLabel(visitor.words.t('event.occurred_on')).fill('7/8/26')
  expect(await visitor.follow(visitor.button('event.submit'))).toBe(422)
}

/** Asks for the confirmation, and goes no further. */
async function aConfirmation(visitor: Visitor): Promise<void> {
  await aRegistration(visitor)
  expect(await visitor.follow(visitor.button('event.submit'))).toBe(200)
}

async function aRefusedCorrection(visitor: Visitor): Promise<void> {
  const page = await firstIn(visitor, `${trial}/subjects?list=registered`, subject)
  await visitor.open(await firstIn(visitor, page, /\/trials\/[\w/-]+\/corrections\/new/))
  await visitor.page.getByLabel(visitor.words.t('correction.right_date')).fill('H31.5.1')
  expect(await visitor.follow(visitor.button('correction.submit'))).toBe(422)
}

async function aRefusedSetting(visitor: Visitor): Promise<void> {
  await visitor.open(`${trial}/settings/consents/new`)
  await visitor.page.getByLabel(visitor.words.of('setting_field', 'approvedOn')).fill('2026-02-30')
  expect(await visitor.follow(visitor.button('settings.save'))).toBe(422)
}

async function anEndOfASetting(visitor: Visitor): Promise<void> {
  await visitor.open(await firstIn(visitor, `${trial}/settings/facts`, /\/trials\/[\w/-]+\/retirement/))
}

async function aRefusedCondition(visitor: Visitor): Promise<void> {
  await visitor.open(`${trial}/calendar/conditions/new`)
  await visitor.page.getByLabel(visitor.words.of('setting_field', 'dueOn')).fill('2026-02-30')
  expect(await visitor.follow(visitor.button('calendar.add'))).toBe(422)
}

async function aCalendarAddress(visitor: Visitor): Promise<void> {
  await visitor.open(`${trial}/calendar`)
  expect(await visitor.follow(visitor.button('feed.make_every'))).toBe(201)
}

async function anEndOfAnAddress(visitor: Visitor): Promise<void> {
  await visitor.open(await firstIn(visitor, `${trial}/calendar`, /\/trials\/[\w/-]+\/revocation/))
}

async function aRefusedSignIn(visitor: Visitor): Promise<void> {
  await visitor.open('/session/new')
  await visitor.follow(visitor.button('sign_in.submit'))
}

async function aRefusedInvitation(visitor: Visitor): Promise<void> {
  await visitor.open('/invitations/new')
  expect(await visitor.follow(visitor.button('people.invite_button'))).toBe(422)
}

async function aLinkToHandOver(visitor: Visitor): Promise<void> {
  await visitor.open('/people/demo-irb/steps/reset')
  expect(await visitor.follow(visitor.page.locator('main button[type=submit]'))).toBe(200)
}

/** The review that waits, with the refusal of a comment that says nothing, then the page that asks for the signature. */
async function aReviewToSign(visitor: Visitor): Promise<void> {
  await visitor.open(`${trial}/reviews/current`)
  await visitor.open(new URL(visitor.page.url()).pathname.replace(/\/report$/, ''))
  expect(await visitor.follow(visitor.button('review.comment_button'))).toBe(422)
}

type Group = { who: DemoName | null; places: readonly Place[] }

/** Each page with those who see most of it; and once more with those for whom it differs. */
const groups: readonly Group[] = [
  { who: null, places: ['/session/new', aRefusedSignIn, '/access?token=over'] },
  {
    who: 'demo-admin',
    places: [
      '/people',
      '/people?search=nobody-like-this',
      '/people/demo-crc',
      '/people/demo-crc/roles/new',
      '/people/demo-crc/steps/end',
      '/sign-in-rules',
      aRefusedInvitation,
      aLinkToHandOver,
      '/account',
      '/account/password',
      '/account/second-factor',
    ],
  },
  {
    // Those who write the log.
    who: 'demo-dm',
    places: [
      `${trial}/subjects`,
      '/trials/STR01-03/subjects?search=01-00',
      `${trial}/subjects?search=nobody`,
      `${trial}/subjects/nobody`,
      aSubject,
      aRefusedScreening,
      aRefusedEvent,
      aConfirmation,
      aRefusedCorrection,
      `${trial}/sites`,
      `${trial}/sites/01`,
      `${trial}/countermeasures`,
      `${trial}/countermeasures/new`,
      `${trial}/pools`,
      `${trial}/pools/new`,
      `${trial}/settings`,
      `${trial}/settings/pathway`,
      `${trial}/settings/reasons`,
      aRefusedSetting,
      anEndOfASetting,
    ],
  },
  {
    // Those who read the log.
    who: 'demo-pi',
    places: [
      `${trial}?asOf=7/8/26`,
      `${trial}/subjects`,
      aSubject,
      `${trial}/timelines?by=treatment`,
      `${trial}/audit?before=12`,
      `${trial}/calendar?past=yes`,
      `${trial}/reviews`,
      aReviewToSign,
      aRefusedCondition,
      aCalendarAddress,
      anEndOfAnAddress,
    ],
  },
  {
    // Those who see counts alone.
    who: 'demo-irb',
    places: [
      '/',
      '/?by=phase&is=phase_2',
      `${trial}/calendar`,
      trial,
      '/trials/CLTI-MNC?asOf=2025-06-30',
      `${trial}/sites`,
      `${trial}/sites/02`,
      `${trial}/projection`,
      `${trial}/projection/sheet`,
      `${trial}/requests`,
      `${trial}/requests/1`,
      `${trial}/requests/1/document`,
      `${trial}/requests/1/replay`,
      `${trial}/projection/sheet?asOf=2021-07-19`,
      `${trial}/projection?asOf=2026-02-30&claims=own&claim1=siteRate&number1=two&rateB=much`,
      '/trials/CLTI-MNC/projection',
      `${trial}/countermeasures?asOf=2025-06-30`,
      `${trial}/reviews`,
      `${trial}/reviews/current`,
      '/trials/STR01-03/countermeasures',
      `${trial}/pools`,
      `${trial}/sources`,
      `${trial}/profile`,
      `${trial}/subjects`,
    ],
  },
]

/** Comes to a place; the answer is what to call it. */
async function arriveAt(visitor: Visitor, place: Place): Promise<string> {
  if (typeof place !== 'string') {
    await place(visitor)
    return place.name
  }
  await visitor.open(place)
  return place
}

/** Resizes the screen; the chart follows its frame a picture later. */
async function resize({ page }: Visitor, width: number): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.waitForFunction(() =>
    [...document.querySelectorAll('canvas')].every(
      ({ clientWidth, parentElement }) => Math.abs(clientWidth - (parentElement?.clientWidth ?? 0)) <= 1,
    ),
  )
}

const standards: axe.RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
  preload: false,
}
/** Colours do not depend on the width. */
const besidesColours: axe.RunOptions = { ...standards, rules: { 'color-contrast': { enabled: false } } }

async function violationsOf({ page }: Visitor, options: axe.RunOptions): Promise<string[]> {
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    options,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.replace(/\s+/g, ' ').slice(0, 160)}`),
  )
}

/** What is too small to hit or to read, or wider than the screen. A link in running text may be as small as its line. */
function misfitsOf({ page }: Visitor): Promise<string[]> {
  return page.evaluate(() => {
    const misfits: string[] = []
    const told = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160)
    const isInText = (link: Element) => {
      if (getComputedStyle(link).display !== 'inline') return false
      const line = link.closest('p, li, td, th, dd, dt, small, caption')
      return line !== null && line.textContent?.trim() !== link.textContent?.trim()
    }
    for (const target of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
      const { width, height } = target.getBoundingClientRect()
      if (!target.checkVisibility() || target.matches('.hidden-words, .skip') || isInText(target)) continue
      if (Math.min(width, height) < 24) misfits.push(`${width.toFixed(1)} × ${height.toFixed(1)} px: ${told(target)}`)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement
      if (!/\S/.test(walker.currentNode.nodeValue ?? '') || parent?.checkVisibility() !== true) continue
      const size = Number.parseFloat(getComputedStyle(parent).fontSize)
      if (size < 12) misfits.push(`letters of ${size.toFixed(1)} px: ${told(parent)}`)
    }
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) misfits.push(`the page scrolls sideways: ${scrollWidth} in ${clientWidth} px`)
    return misfits
  })
}

/** What Tab does not come to, or comes to without showing it. */
async function missedByTab({ page }: Visitor): Promise<string[]> {
  const stops = await page.evaluate(() => {
    const isStop = (element: HTMLElement) => {
      if (element.tabIndex < 0 || !element.checkVisibility() || element.matches(':disabled')) return false
      if (!(element instanceof HTMLInputElement) || element.type !== 'radio' || element.checked) return true
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[type="radio"][name="${element.name}"]`)]
      return group[0] === element && !group.some(({ checked }) => checked)
    }
    const controls = 'a[href], button, input, select, textarea, summary, [tabindex]'
    const expected = [...document.querySelectorAll<HTMLElement>(controls)].filter(isStop)
    const invisible = new Set<HTMLElement>()
    const reached = new Set<HTMLElement>()
    document.addEventListener('focusin', ({ target }) => {
      const element = target as HTMLElement
      reached.add(element)
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2) invisible.add(element)
    })
    Object.assign(globalThis, { tabWalk: { expected, invisible, reached } })
    return expected.length
  })
  // One more for leaving the page and coming back to its start.
  await Promise.all(Array.from({ length: stops + 1 }, () => page.keyboard.press('Tab')))
  return page.evaluate(() => {
    type Walk = { expected: HTMLElement[]; invisible: Set<HTMLElement>; reached: Set<HTMLElement> }
    const { expected, invisible, reached } = (globalThis as unknown as { tabWalk: Walk }).tabWalk
    const told = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160)
    return [
      ...expected.filter((element) => !reached.has(element)).map((element) => `Tab never comes to ${told(element)}`),
      ...[...invisible].map((element) => `focus is not shown on ${told(element)}`),
    ]
  })
}

/** Everything that is wrong with the pages for one visitor. */
async function faultsOf(visitor: Visitor, { who, places }: Group): Promise<string[]> {
  const { page } = visitor
  const faults: string[] = []
  await page.addInitScript(axe.source)
  for (const place of places) {
    await page.setViewportSize({ width: widths.desk, height })
    const where = await arriveAt(visitor, place)
    const note = (width: number, found: readonly string[]) => {
      for (const each of found) faults.push(`${who}, ${where}, ${width} px: ${each}`)
    }
    note(widths.desk, await missedByTab(visitor))
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('main details')) details.setAttribute('open', '')
    })
    note(widths.desk, await misfitsOf(visitor))
    note(widths.desk, await violationsOf(visitor, standards))
    await resize(visitor, widths.tablet)
    note(widths.tablet, await misfitsOf(visitor))
    await resize(visitor, widths.telephone)
    note(widths.telephone, await misfitsOf(visitor))
    note(widths.telephone, await violationsOf(visitor, besidesColours))
  }
  return faults
}

it(
  `every page keeps the rules, fits every width and answers to Tab, in ${language}`,
  async () => {
    const visits = groups.map(async (group) => faultsOf(await visitAs(group.who, { language }), group))
    // Everybody leaves before anything is said: the windows are wanted again.
    const faults = (await Promise.allSettled(visits)).map((visit) =>
      visit.status === 'fulfilled' ? visit.value : [String(visit.reason)],
    )
    expect(faults.flat()).toEqual([])
  },
  unhurried,
)

it('the first Tab is the way past the header, and the next one is in the content', async () => {
  const visitor = await visitAs('demo-pi')
  const { page, words } = visitor
  await visitor.open(trial)
  await visitor.press('Tab')
  const skip = visitor.link(words.t('frame.skip'))
  expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true)
  expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0)
  await visitor.press('Enter')
  expect(await visitor.main().evaluate((main) => main === document.activeElement)).toBe(true)
  await visitor.press('Tab')
  expect(await visitor.main().evaluate((main) => main.contains(document.activeElement))).toBe(true)
  expect(
    await page.getByLabel(words.t('frame.as_of_field')).evaluate((field) => field === document.activeElement),
  ).toBe(true)
})

for (const javaScript of [true, false]) {
  it(`a telephone's menu opens and closes ${javaScript ? 'with' : 'without'} scripts, and its entries lead on`, async () => {
    const visitor = await visitAs('demo-pi', { width: widths.telephone, javaScript })
    const { page, words } = visitor
    await visitor.open(trial)
    const menu = page.getByRole('button', { name: words.t('frame.menu', { page: words.t('nav.overview') }) })
    const entry = visitor.navigation('sites')
    expect(await entry.isVisible()).toBe(false)
    await menu.focus()
    await visitor.press('Enter')
    expect(await entry.isVisible()).toBe(true)
    if (javaScript) {
      await page.evaluate(axe.source)
      expect(await violationsOf(visitor, standards)).toEqual([])
    }
    await visitor.press('Escape')
    expect(await entry.isVisible()).toBe(false)
    await visitor.click(menu)
    expect(await visitor.follow(entry)).toBe(200)
    expect(await visitor.heading()).toBe(words.t('sites.title'))
  })
}

it('without scripts the pages with charts say the same, and a chart is its table', async () => {
  const withScripts = await visitAs('demo-pi')
  const without = await visitAs('demo-pi', { javaScript: false })
  for (const place of [trial, `${trial}/timelines`, `${trial}/projection`, `${trial}/subjects`]) {
    await withScripts.open(place)
    await without.open(place)
    // Sliders, which scripts add beside fields, make lines of their own.
    const wordsOf = async (visitor: Visitor) => {
      // A button that copies is only there where a script can.
      await visitor.page.evaluate(() => {
        for (const line of document.querySelectorAll('.copy-line')) line.remove()
      })
      return (await visitor.main().innerText()).replace(/\s+/g, ' ')
    }
    const said = await wordsOf(without)
    expect(said.length, place).toBeGreaterThan(100)
    expect(said, place).toBe(await wordsOf(withScripts))
  }
  for (const place of ['/', 'sites', 'profile', 'audit']) {
    const answer = await withScripts.page.request.get(place === '/' ? place : `${trial}/${place}`)
    expect(await answer.text(), place).not.toContain('<script')
  }
  // The log has two, for its keys and for the dates typed on it.
  const log = await (await withScripts.page.request.get(`${trial}/subjects`)).text()
  expect(log.match(/<script[^>]*>/g)).toEqual([
    '<script src="/js/log-keys.js" type="module">',
    '<script src="/js/date-echo.js" type="module">',
  ])

  const { page, words } = without
  await without.open(trial)
  expect(await page.locator('canvas').isVisible()).toBe(false)
  const row = page.locator('figure tbody').getByRole('row', { name: '2026-06-24' })
  expect(await row.isVisible()).toBe(false)
  await without.click(page.getByText(words.t('overview.chart_table'), { exact: true }))
  expect(await row.isVisible()).toBe(true)
  expect(await row.innerText()).toMatch(/2$/)

  await without.click(page.locator('.switch summary'))
  await without.follow(page.getByRole('link', { name: /^CLTI-MNC/ }))
  expect(new URL(page.url()).pathname).toBe('/trials/CLTI-MNC')
  await without.follow(page.getByRole('button', { name: 'English' }))
  expect(await without.main().innerText()).toContain('Cumulative')
})
