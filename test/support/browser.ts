/**
 * Chromium for a test file, and people at its screens: each signs in through the form, and what they press and do is
 * counted. A console error, a refused policy, a failed file or a request to another host fails the test.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
  type Request,
  type Route,
} from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { type DemoName, demoPeople } from '../../seeds/demo-people.ts'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { type Language, type Words, wordsFor } from '../../server/i18n/words.ts'
import { chromiumPath } from './chromium.ts'
import { type Running, startApp } from './client.ts'
import { requestDay, testContext } from './context.ts'
import { copyOf } from './databases.ts'

type Session = Awaited<ReturnType<BrowserContext['storageState']>>

const launchArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page that has not done in so many milliseconds what is waited for will not do it. */
const patience = 8000
/** The height of every screen; only its width matters to the layout. */
const screenHeight = 600

/** The demonstration, served for a test file: its clock stands at `at`, and what is written stays in this copy. */
export function demoOfFile(at: string = requestDay): () => string {
  let running: Running
  let db: Db
  beforeAll(async () => {
    db = await openDatabase(databaseAddress(await copyOf('demo')))
    running = await startApp(testContext(db, at))
  })
  afterAll(async () => {
    await running.stop()
    await engineOf(db).close()
  })
  return () => running.url
}

export type Screen = { language?: Language; width?: number; javaScript?: boolean }
export type VisitAs = (who: DemoName | null, screen?: Screen) => Promise<Visitor>

/** A window of the browser, and what has gone wrong in it since its test began. */
type Window = { page: Page; troubles: string[] }

/**
 * One browser for the test file, and visitors to the application at `url`: signed in, or nobody yet. A person signs in
 * through the form once, and finds the same window when they come back later in the file.
 * `elsewhere` are other origins that a page may lead to.
 */
export function browserOfFile(url: () => string, elsewhere: () => readonly string[] = () => []): VisitAs {
  let browser: Browser
  const sessions = new Map<DemoName, Session>()
  const windows = new Map<string, Window>()
  beforeAll(async () => {
    const executablePath = chromiumPath() ?? ''
    browser = await chromium.launch({ executablePath, args: launchArguments })
  })
  afterAll(() => browser.close())

  async function windowOf(who: DemoName | null, javaScript: boolean): Promise<Window> {
    const name = `${who}, scripts: ${javaScript}`
    const open = windows.get(name)
    if (open !== undefined) return open
    const session = who === null ? undefined : sessions.get(who)
    const context = await browser.newContext({
      baseURL: url(),
      locale: 'ja-JP',
      javaScriptEnabled: javaScript,
      ...(session === undefined ? {} : { storageState: session }),
    })
    context.setDefaultTimeout(patience)
    const page = await context.newPage()
    const opened = { page, troubles: watch(context, [url(), ...elsewhere()]) }
    windows.set(name, opened)
    if (who !== null && session === undefined) {
      await new Visitor(page, 'ja').signIn(who)
      sessions.set(who, await context.storageState())
    }
    return opened
  }

  return async (who, { language = 'ja', width = 1280, javaScript = true } = {}) => {
    const { page, troubles } = await windowOf(who, javaScript)
    await page.context().addCookies([{ name: 'language', value: language, url: url() }])
    await page.emulateMedia({ media: null })
    await page.setViewportSize({ width, height: screenHeight })
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') await keepPicture(page, task.name)
      expect(troubles.splice(0)).toEqual([])
    })
    return new Visitor(page, language)
  }
}

/** What no page may do, as it happens. A page of its own that answers 403 or 422 is no trouble. */
function watch(context: BrowserContext, urls: readonly string[]): string[] {
  const troubles: string[] = []
  const hosts = urls.map((url) => new URL(url).host)
  context.on('console', (message) => {
    const isAboutStatus = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isAboutStatus) troubles.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => troubles.push(`script: ${error.error().message}`))
  context.on('request', (request) => {
    if (!hosts.includes(new URL(request.url()).host)) troubles.push(`another host: ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 500) troubles.push(`${response.status()}: ${response.url()}`)
    const isDocument = response.request().resourceType() === 'document'
    if (response.status() >= 400 && !isDocument) troubles.push(`${response.status()}: ${response.url()}`)
  })
  return troubles
}

async function keepPicture(page: Page, test: string): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'toroku-browser-')), 'page.png')
  await page.screenshot({ path, fullPage: true }).then(
    () => console.log(`${test}: ${path}`),
    (error: Error) => console.log(`${test}: no picture, ${error.message}`),
  )
}

/** Somebody at a screen. An action is a click, or an Enter that sends a form; every key that goes down is a keystroke. */
export class Visitor {
  readonly page: Page
  readonly words: Words
  keystrokes = 0
  actions = 0

  constructor(page: Page, language: Language) {
    this.page = page
    this.words = wordsFor(language)
  }

  async signIn(who: DemoName): Promise<void> {
    const password = demoPeople.find(({ username }) => username === who)?.password ?? ''
    await this.open('/session/new')
    await this.page.getByLabel(this.words.t('sign_in.username'), { exact: true }).fill(who)
    await this.page.getByLabel(this.words.t('sign_in.password'), { exact: true }).fill(password)
    await this.follow(this.button('sign_in.submit'))
    expect(new URL(this.page.url()).pathname).toBe('/')
  }

  countAnew(): void {
    this.keystrokes = 0
    this.actions = 0
  }

  /** Opens an address; the answer is its status. */
  async open(path: string): Promise<number> {
    const response = await this.page.goto(path)
    return response?.status() ?? 0
  }

  /** Clicks what leads to another page, and waits for it; the answer is its status. */
  async follow(target: Locator): Promise<number> {
    return this.#toNextPage(() => this.click(target))
  }

  async click(target: Locator): Promise<void> {
    this.actions += 1
    await target.click()
  }

  /**
   * What an impatient person does to a button, meaning it once: the form is sent, its answer does not come, and it is
   * sent again. Two clicks in the same instant would not show that: the browser sends only the second.
   */
  async clickTwice(target: Locator): Promise<number> {
    const { page } = this
    this.actions += 1
    const isForm = (request: Request) => request.method() === 'POST'
    const loseTheAnswer = async (route: Route) => {
      // What the page itself still asks for is not what was sent.
      if (!isForm(route.request())) return route.fallback()
      await route.fetch({ maxRedirects: 0 })
      await route.abort('aborted')
    }
    await page.route('**', loseTheAnswer)
    await Promise.all([page.waitForEvent('requestfailed', isForm), target.click({ noWaitAfter: true })])
    await page.unroute('**', loseTheAnswer)
    return this.#toNextPage(() => target.click())
  }

  /** Presses keys one after the other; `Control+A` is two keystrokes. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.keystrokes += key.split('+').length
      await this.page.keyboard.press(key)
    }
  }

  async type(text: string): Promise<void> {
    this.keystrokes += [...text].length
    await this.page.keyboard.type(text)
  }

  /** Enter in a field sends its form; the answer is the status of the next page. */
  async sendWithEnter(): Promise<number> {
    this.actions += 1
    return this.#toNextPage(() => this.press('Enter'))
  }

  async #toNextPage(act: () => Promise<void>): Promise<number> {
    await Promise.all([this.page.waitForEvent('load'), act()])
    return this.page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
      return navigation?.responseStatus ?? 0
    })
  }

  button(key: Parameters<Words['t']>[0]): Locator {
    return this.page.getByRole('button', { name: this.words.t(key), exact: true })
  }

  link(name: string): Locator {
    return this.page.getByRole('link', { name, exact: true })
  }

  /** A page of the trial in the navigation. */
  navigation(entry: string): Locator {
    const navigation = this.page.getByRole('navigation', { name: this.words.t('frame.pages') })
    return navigation.getByRole('link', { name: this.words.of('nav', entry), exact: true })
  }

  main(): Locator {
    return this.page.getByRole('main')
  }

  heading(): Promise<string> {
    return this.main().getByRole('heading', { level: 1 }).innerText()
  }
}

/** The language in which a run sees every page: the run on a file one, the run on a server the other. */
export function languageOfRun(): Language {
  return process.env.TEST_ENGINE === 'server' ? 'en' : 'ja'
}
