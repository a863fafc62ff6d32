/** A data manager settles a new trial: two stages from a template, a visit with a window, a cap, and a site on hold. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { grantRole } from '../../server/actions/grant-role.ts'
import { openTrial } from '../../server/actions/open-trial.ts'
import { databaseAddress } from '../../server/config.ts'
import { commandLine } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { findPersonId } from '../../server/db/people.ts'
import { done, trialDraft } from '../actions/small-trial.ts'
import { browserOfFile, type Visitor } from '../support/browser.ts'
import { type Running, startApp } from '../support/client.ts'
import { requestDay, testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

let running: Running
let db: Db
beforeAll(async () => {
  db = await openDatabase(databaseAddress(await copyOf('demo')))
  const context = testContext(db, requestDay)
  const draft = trialDraft()
  const { trialId } = await done(openTrial(context, commandLine, { ...draft, trial: { ...draft.trial, code: 'NEW' } }))
  const personId = (await findPersonId(db, 'demo-dm')) ?? ''
  await done(grantRole(context, commandLine, personId, { role: 'data_manager', trialId, siteId: null }))
  running = await startApp(context)
})
afterAll(async () => {
  await running.stop()
  await engineOf(db).close()
})
const visitAs = browserOfFile(() => running.url)

async function section(visitor: Visitor, name: string): Promise<void> {
  await visitor.follow(visitor.navigation('settings'))
  const row = visitor
    .main()
    .locator('.settings > div')
    .filter({ hasText: visitor.words.of('setting_section', name) })
  await visitor.follow(row.first().getByRole('link'))
}

const field = ({ page, words }: Visitor, id: string) => page.getByLabel(words.of('setting_field', id))

async function add(visitor: Visitor, name: string, texts: Record<string, string>, choices: Record<string, string>) {
  await section(visitor, name)
  await visitor.follow(visitor.link(visitor.words.of('setting_add', name)))
  for (const [id, text] of Object.entries(texts)) await field(visitor, id).fill(text)
  for (const [id, label] of Object.entries(choices)) await field(visitor, id).selectOption({ label })
  return visitor.follow(visitor.button('settings.save'))
}

const rows = (visitor: Visitor) => visitor.main().locator('tbody tr').allInnerTexts()

it('a pathway of two stages from a template, with a visit that has a window and another place', async () => {
  const manager = await visitAs('demo-dm')
  const { page, words } = manager
  await manager.open('/trials/NEW')
  await section(manager, 'pathway')
  const template = page.getByRole('button', { name: words.of('pathway_template', 'two_stage_numbered') })
  await manager.follow(template)
  expect(await manager.main().innerText()).toContain(words.t('settings.template_warning'))
  expect(await manager.follow(manager.button('settings.template_take'))).toBe(200)
  expect(await page.getByRole('status').innerText()).toBe(words.of('setting_done', 'taken'))
  const names = () => manager.main().locator('tbody th').allInnerTexts()
  expect(await names()).toEqual(['同意取得', '適格判定', '一次登録', '二次登録', '治療'])
  expect((await rows(manager))[3]).toContain(words.of('counting', 'target'))

  const texts = { labelJa: '12週', labelEn: 'Week 12', code: 'week_12', offsetDays: '84' }
  const windows = { windowBeforeDays: 'しち', windowAfterDays: '14' }
  const choices = { milestoneKind: words.of('milestone_kind', 'visit'), anchorCode: '治療' }
  expect(await add(manager, 'pathway', { ...texts, ...windows }, choices)).toBe(422)
  const summary = page.getByRole('alert')
  await manager.click(summary.getByRole('link'))
  const before = field(manager, 'windowBeforeDays')
  expect(await before.evaluate((input) => input === document.activeElement)).toBe(true)
  expect(await field(manager, 'labelJa').inputValue()).toBe('12週')
  await before.fill('７')
  expect(await manager.follow(manager.button('settings.save'))).toBe(200)
  expect((await rows(manager)).at(-1)).toContain('治療から84日（−7〜+14日）')

  await manager.follow(page.getByRole('button', { name: new RegExp(`^${words.t('settings.up')}\\s*12週$`) }))
  // A visit cannot stand before what it is counted from: said on the list, and nothing moved.
  expect(await page.getByRole('alert').innerText()).toContain('12週')
  expect((await names()).at(-1)).toBe('12週')
})

it('a cap for the whole trial, and one that is lifted again', async () => {
  const manager = await visitAs('demo-dm')
  const { page, words } = manager
  await manager.open('/trials/NEW')
  const caps = { hardNumber: '10', softNumber: '8' }
  expect(await add(manager, 'caps', caps, { capOf: words.t('settings.cap_trial') })).toBe(200)
  const site = { capOf: words.t('settings.cap_site', { site: '02 site 02' }) }
  expect(await add(manager, 'caps', { hardNumber: '3' }, site)).toBe(200)
  expect(await rows(manager)).toHaveLength(2)
  const lift = page
    .getByRole('row', { name: '02 site 02' })
    .getByRole('link', { name: words.of('setting_retire', 'caps') })
  await manager.follow(lift)
  expect(await manager.heading()).toContain('02 site 02')
  expect(await manager.follow(page.getByRole('button', { name: words.of('setting_retire', 'caps') }))).toBe(200)
  expect(await rows(manager)).toHaveLength(1)
})

it('a site on hold from a day, which the sites page then shows', async () => {
  const manager = await visitAs('demo-dm')
  const { page, words } = manager
  await manager.open('/trials/NEW')
  const choices = { siteId: '02 site 02', status: words.of('site_status', 'on_hold') }
  expect(await add(manager, 'statuses', { fromOn: 'R8.6.20' }, choices)).toBe(200)
  expect((await rows(manager)).at(-1)).toContain('2026-06-20')
  await manager.follow(manager.navigation('sites'))
  expect(await page.locator('#site-02').innerText()).toContain(words.of('site_status', 'on_hold'))
})
