/** Signing in by OpenID Connect in a browser that keeps to the policy of our pages: out by the button, and back. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { openIdProvider } from '../../server/openid/provider.ts'
import { browserOfFile, languageOfRun } from '../support/browser.ts'
import { type Running, startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { type RunningProvider, startProvider } from '../support/openid-provider.ts'

const language = languageOfRun()
let db: Db
let running: Running
let provider: RunningProvider

beforeAll(async () => {
  db = await openDatabase(databaseAddress(await copyOf('demo')))
  const context = testContext(db)
  running = await startApp(context)
  provider = await startProvider(`${running.url}/session/oidc/callback`)
  context.openId = openIdProvider(provider.settings, () => context.now())
})
afterAll(async () => {
  await running.stop()
  await provider.stop()
  await engineOf(db).close()
})

const visitAs = browserOfFile(
  () => running.url,
  () => [provider.settings.issuer],
)

it('somebody unknown presses the button and stands before what there is for them: nothing yet, and whom to ask', async () => {
  provider.there = { sub: 'first', name: '来訪 一' }
  const visitor = await visitAs(null, { language, width: 768 })
  await visitor.open('/session/new')
  await visitor.follow(visitor.link(visitor.words.t('sign_in.by_openid', { name: provider.settings.name })))
  expect(new URL(visitor.page.url()).pathname).toBe('/')
  expect(await visitor.heading()).toBe(visitor.words.t('no_role.title'))
  await visitor.follow(visitor.button('frame.sign_out'))
  expect(await visitor.page.getByRole('status').innerText()).toContain(visitor.words.of('sign_in_done', 'openid_over'))
})

it('a coordinator links their account and comes in by it afterwards; without scripts', async () => {
  provider.there = { sub: 'second', name: '連携 花子' }
  const crc = await visitAs('demo-crc', { language, javaScript: false })
  await crc.open('/account')
  await crc.follow(crc.link(crc.words.t('openid.link_button')))
  expect(await crc.main().innerText()).toContain('連携 花子')
  await crc.page.getByLabel(crc.words.t('sign_in.password'), { exact: true }).fill('demo-coordinator-01')
  await crc.follow(crc.button('openid.link_button'))
  expect(await crc.page.getByRole('status').innerText()).toContain(crc.words.of('account_done', 'openid_linked'))
  await crc.follow(crc.button('frame.sign_out'))
  await crc.follow(crc.link(crc.words.t('sign_in.by_openid', { name: provider.settings.name })))
  expect(await crc.main().innerText()).toContain('SSC-BMC')
})
