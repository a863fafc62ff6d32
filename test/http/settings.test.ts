/** The settings over HTTP: forms that come back as typed, confirmations, and two people at one setting. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listReasonSettings } from '../../server/db/exit-reason-settings.ts'
import { listMilestoneSettings } from '../../server/db/pathway-settings.ts'
import { listCaps } from '../../server/db/settings.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { sectionNames } from '../../server/pages/settings/settings-page.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, serveForFile, signedIn, withEach } from './served.ts'

const served = serveForFile('demo')
const settings = '/trials/SSC-BMC/settings'
const words = wordsFor('ja')
let manager: Client
let trialId: string

beforeAll(async () => {
  const person = demoPeople.find(({ username }) => username === 'demo-dm')
  if (person === undefined) throw new Error('there is a data manager')
  manager = await signedIn(served, person)
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
})

const key = () => ({ submissionKey: randomUUID() })

/** A post that must change nothing, whatever it is answered with. */
async function unchanged(path: string, fields: Record<string, string>) {
  const before = await everythingIn(served.db)
  const answer = await manager.post(path, fields)
  expect(await everythingIn(served.db)).toEqual(before)
  return answer
}

const visit = {
  labelJa: '4週',
  labelEn: 'Week 4',
  code: 'week_4',
  milestoneKind: 'visit',
  place: 'treatment',
  necessity: 'optional',
  repetition: 'once',
  counting: 'none',
  anchorCode: 'treatment',
  offsetDays: '28',
  windowBeforeDays: '７',
  windowAfterDays: '7',
}

describe('a form of the settings', () => {
  it.each<[string, string, Record<string, string>, Record<string, string>]>([
    ['no label', 'pathway', { ...visit, labelJa: '' }, { labelJa: words.of('problem', 'setting_missing') }],
    ['a code in Japanese', 'pathway', { ...visit, code: '四週' }, { code: words.of('problem', 'code_malformed') }],
    [
      'a code that is there',
      'pathway',
      { ...visit, code: 'week_12' },
      { code: words.of('problem', 'pathway_code_twice', { taken: '12週' }) },
    ],
    [
      'half a day',
      'pathway',
      { ...visit, offsetDays: '1.5' },
      { offsetDays: words.of('problem', 'number_whole', { least: -3650, most: 3650 }) },
    ],
    [
      'days from nowhere',
      'pathway',
      { ...visit, anchorCode: '-' },
      { anchorCode: words.of('problem', 'anchor_missing') },
    ],
    [
      'an anchor without days',
      'pathway',
      { ...visit, offsetDays: '' },
      { offsetDays: words.of('problem', 'setting_missing') },
    ],
    [
      'an anchor of no pathway',
      'pathway',
      { ...visit, anchorCode: 'nothing' },
      { anchorCode: words.of('problem', 'choice_missing') },
    ],
    [
      'a place before the registration',
      'pathway',
      { ...visit, place: 'consent' },
      { place: words.of('problem', 'pathway_before_registration', { milestone: 'week_4' }) },
    ],
    [
      'a ratio of nothing',
      'arms',
      { labelJa: '群', labelEn: 'Arm', code: 'A', ratio: '0' },
      { ratio: words.of('problem', 'number_whole', { least: 1, most: 100 }) },
    ],
    [
      'no cap',
      'caps',
      { capOf: 'trial', hardNumber: '', softNumber: '' },
      { hardNumber: words.of('problem', 'cap_empty') },
    ],
    [
      'a warning too late',
      'caps',
      { capOf: 'trial', hardNumber: '5', softNumber: '6' },
      { softNumber: words.of('problem', 'cap_soft_above_hard', { hard: 5 }) },
    ],
    [
      'a cap of no site',
      'caps',
      { capOf: `site:${randomUUID()}`, hardNumber: '5', softNumber: '' },
      { capOf: words.of('problem', 'choice_missing') },
    ],
    [
      'a site that is there',
      'sites',
      { code: '01', nameJa: '施設', nameEn: 'Site', plannedPerYear: '' },
      { code: words.of('problem', 'code_taken', { taken: '01' }) },
    ],
    [
      'three decimals',
      'sites',
      { code: '09', nameJa: '施設', nameEn: 'Site', plannedPerYear: '0.125' },
      { plannedPerYear: words.of('problem', 'number_decimal', { least: 0, most: 10000 }) },
    ],
    [
      'a day that there is not',
      'consents',
      { labelJa: '版', labelEn: 'Version', approvedOn: '2026-02-30' },
      { approvedOn: words.of('problem', 'date_impossible_day', { month: words.month('2026-02'), lastDay: 28 }) },
    ],
    [
      'a label too long',
      'facts',
      {
        factKind: 'cost',
        labelJa: 'あ'.repeat(201),
        labelEn: 'a',
        valueJa: 'a',
        valueEn: 'a',
        sourceJa: 'a',
        sourceEn: 'a',
        basis: 'recorded',
      },
      { labelJa: words.of('problem', 'text_too_long', { most: 200, length: 201 }) },
    ],
  ])('with %s comes back as it was typed, with the reason at its field', async (_name, section, fields, reasons) => {
    const { status, text } = await unchanged(`${settings}/${section}`, { ...fields, seen: '', ...key() })
    expect(status).toBe(422)
    expect(text).toContain('<title>エラー：')
    for (const [field, reason] of Object.entries(reasons)) {
      expect(text).toContain(`<a href="#${field}">${reason}</a>`)
      expect(text.slice(text.indexOf(`id="${field}-error"`))).toContain(reason)
    }
    for (const value of Object.values(fields).filter(
      (typed) => typed.length > 3 && !typed.includes('nothing') && !typed.startsWith('site:'),
    )) {
      expect(text).toContain(value)
    }
  })

  it('with a field that it does not have is refused', async () => {
    const answer = await unchanged(`${settings}/caps`, { capOf: 'trial', hardNumber: '5', softNumber: '', more: 'x' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(words.of('problem', 'field_unknown', { name: 'more' }))
  })

  it('offers the day that was meant, and puts it into its field', async () => {
    const fields = { labelJa: '第9版', labelEn: 'Version 9', approvedOn: '2026-02-30', ...key() }
    const answer = await unchanged(`${settings}/consents`, { ...fields, suggested: 'approvedOn=2026-02-28' })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('value="2026-02-28"')
    expect(answer.text).toContain('第9版')
  })
})

it('a visit is added, changed by one person, and shown to the other who changed it too (409)', async () => {
  expect((await manager.post(`${settings}/pathway`, { ...visit, seen: '', ...key() })).location).toBe(
    `${settings}/pathway?done=added`,
  )
  const setting = (await listMilestoneSettings(served.db, trialId)).find(({ value }) => value.code === 'week_4')
  expect(setting?.value.schedule).toEqual({
    anchorCode: 'treatment',
    offsetDays: 28,
    windowBeforeDays: 7,
    windowAfterDays: 7,
  })
  const here = `${settings}/pathway/entries/${setting?.id}`
  const { code: _, ...change } = visit
  const seen = setting?.seen ?? ''
  expect((await manager.post(here, { ...change, windowAfterDays: '10', seen, ...key() })).status).toBe(303)
  const second = await unchanged(here, { ...change, windowAfterDays: '14', seen, ...key() })
  expect(second.status).toBe(409)
  expect(second.text).toContain(words.of('problem', 'setting_changed_meanwhile'))
  // What the other one set stands there, and what this one typed is still in the form.
  expect(second.text).toContain(words.t('settings.now'))
  expect(second.text).toContain('−7〜+10日')
  expect(second.text).toMatch(/name="windowAfterDays" value="14"/)
  const [, fresh = ''] = /name="seen" value="(\w+)"/.exec(second.text) ?? []
  expect((await manager.post(here, { ...change, windowAfterDays: '14', seen: fresh, ...key() })).status).toBe(303)
})

it('what is taken out is asked about once, and is gone then; what somebody reached stays', async () => {
  const [consent] = await listMilestoneSettings(served.db, trialId)
  const page = await manager.get(`${settings}/pathway/entries/${consent?.id}/retirement`)
  expect(page.text).toContain(words.of('setting_retire_question', 'pathway', { what: '同意取得' }))
  const refusedNow = await unchanged(`${settings}/pathway/entries/${consent?.id}/retirement`, {
    seen: consent?.seen ?? '',
  })
  expect(refusedNow.status).toBe(422)

  await manager.post(`${settings}/caps`, { capOf: 'trial', hardNumber: '1', softNumber: '', seen: '', ...key() })
  const [cap] = await listCaps(served.db, trialId)
  const list = await manager.get(`${settings}/caps`)
  // Two are registered: that is allowed, and said.
  expect(list.text).toContain(words.t('settings.cap_over', { number: 2 }))
  const [, seen = ''] =
    /name="seen" value="(\w+)"/.exec((await manager.get(`${settings}/caps/entries/${cap?.id}/retirement`)).text) ?? []
  expect((await manager.post(`${settings}/caps/entries/${cap?.id}/retirement`, { seen })).status).toBe(303)
  expect(await listCaps(served.db, trialId)).toEqual([{ ...cap, hardNumber: null, softNumber: null }])
  expect((await manager.get(`${settings}/caps/entries/${cap?.id}`)).status).toBe(404)
})

it('the usual reasons of an exit are added with one button, once', async () => {
  const take = () => manager.post(`${settings}/reasons/offers`, { offer: 'lost', seen: '' })
  expect((await take()).location).toBe(`${settings}/reasons?done=taken`)
  await take()
  const lost = (await listReasonSettings(served.db, trialId)).filter(({ value }) => value.exit === 'lost')
  expect(lost.map(({ value }) => value.code)).toEqual(['moved', 'no_contact', 'other'])
  expect(lost[0]?.value.label).toEqual({ ja: '転居・転院', en: 'Moved away or to another hospital' })
  expect((await unchanged(`${settings}/reasons/offers`, { offer: 'constructor', seen: '' })).status).toBe(422)
})

it('no template is offered, or taken, once somebody is in the log', async () => {
  expect((await manager.get(`${settings}/pathway`)).text).not.toContain('name="offer"')
  const answer = await unchanged(`${settings}/pathway/offers`, { offer: 'two_stage', seen: '' })
  expect(answer.status).toBe(409)
})

it('a fact stated anew shows what was said before on the profile', async () => {
  const { text } = await manager.get(`${settings}/facts`)
  const [, href = ''] = /href="([^"]+\/facts\/entries\/[\w-]{36})"/.exec(text) ?? []
  const form = await manager.get(href)
  const [, seen = ''] = /name="seen" value="(\w+)"/.exec(form.text) ?? []
  const fields = {
    labelJa: '事項',
    labelEn: 'Fact',
    valueJa: '新しい内容',
    valueEn: 'New value',
    sourceJa: '文書',
    sourceEn: 'Document',
    basis: 'recorded',
  }
  expect((await manager.post(href, { ...fields, seen, ...key() })).status).toBe(303)
  const profile = (await manager.get('/trials/SSC-BMC/profile')).text
  expect(profile).toContain('新しい内容')
  expect(profile).toContain(words.t('profile.earlier', { count: 1 }))
  const [last] = await listAuditEntries(served.db, trialId, { before: null, limit: 1 })
  expect(last?.event).toBe('profile_fact_added')
})

it('there is no other section, no entry of another one, and nothing that a section cannot do', async () => {
  const [milestone] = await listMilestoneSettings(served.db, trialId)
  const missing = [
    'nothing',
    'constructor',
    '__proto__',
    `arms/entries/${milestone?.id}`,
    `pathway/entries/${randomUUID()}`,
    `consents/entries/${randomUUID()}`,
    `sites/entries/${milestone?.id}/retirement`,
  ]
  const answers = await withEach(missing, (path) => manager.get(`${settings}/${path}`))
  expect(answers.map(({ status }) => status)).toEqual(missing.map(() => 404))
  for (const path of missing) {
    expect([path, (await unchanged(`${settings}/${path}`, { seen: '' })).status]).toEqual([path, 404])
  }
  expect(
    (await unchanged(`${settings}/pathway/entries/${milestone?.id}/place`, { direction: 'sideways' })).status,
  ).toBe(422)
  for (const section of sectionNames) {
    const answer = await unchanged(`${settings}/${section}`, {})
    expect([section, answer.status]).toEqual([section, 422])
  }
})
