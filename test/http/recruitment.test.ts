/** Recruitment over HTTP: what its pages say of the extension request, and forms that come back as they were typed. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listCountermeasureSettings, listCountermeasures } from '../../server/db/countermeasures.ts'
import { listPoolSettings } from '../../server/db/eligibility-pools.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const here = '/trials/SSC-BMC'
const words = wordsFor('ja')
let manager: Client
let member: Client
let english: Client
let trialId: string
let siteIds: Record<string, string>

beforeAll(async () => {
  const person = (name: string) => demoPeople.find(({ username }) => username === name) ?? demoPeople[0]
  manager = await signedIn(served, person('demo-dm'))
  member = await signedIn(served, person('demo-irb'))
  english = await signedIn(served, person('demo-dm'), 'en')
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
  siteIds = Object.fromEntries((await listSites(served.db, trialId)).map(({ code, id }) => [code, id]))
})

const key = () => ({ submissionKey: randomUUID() })
/** What stands between the tags, on one line. */
const plain = (html: string) =>
  html
    .slice(html.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

/** A post that must change nothing, whatever it is answered with. */
async function unchanged(path: string, fields: Record<string, string>) {
  const before = await everythingIn(served.db)
  const answer = await manager.post(path, fields)
  expect(await everythingIn(served.db)).toEqual(before)
  return answer
}

const measure = {
  category: 'funding',
  titleJa: '費用の説明資料',
  titleEn: '',
  otherSource: '',
  startedOn: 'R8.6.1',
  endedOn: '',
  owner: '研究代表医師',
  evidence: '2026年5月の議事録',
  basis: 'recorded',
}
const pool = {
  placeJa: '近隣の病院',
  placeEn: '',
  departmentJa: '',
  departmentEn: '',
  poolSite: '-',
  partOf: '-',
  countedOn: '2026-06-01',
  size: '１２',
  reviewed: '',
  eligibleLow: '',
  eligibleHigh: '',
  source: '診療録',
  basis: 'recorded',
}

describe('the pages of the extension request', () => {
  it('pools read 242, not 324, and the claim of 1 a year from 1 to 2 eligible needs 50 to 100%', async () => {
    const { text, status } = await member.get(`${here}/pools`)
    expect(status).toBe(200)
    expect(plain(text)).toContain('候補患者 242人')
    expect(plain(text)).not.toContain('324')
    expect(plain(text)).toMatch(/合計（重なりを除く） 242/)
    expect(plain(text)).toContain('50〜100％')
    expect(plain(text)).toContain(words.of('needed_yield', 'within'))
    expect(plain((await english.get(`${here}/pools`)).text)).toContain('50–100%')
  })

  it('a pool counts from the day on which it was counted', async () => {
    const { text } = await member.get(`${here}/pools?asOf=2026-06-23`)
    expect(plain(text)).toContain(words.t('pools.none'))
  })

  it('countermeasures stand with what followed them; a start without anything before has no baseline', async () => {
    const { text, status } = await member.get(`${here}/countermeasures`)
    expect(status).toBe(200)
    expect(plain(text)).toContain('比較の基準なし')
    expect(plain(text)).toContain('データ不足')
    expect(text).not.toMatch(/Infinity|∞|NaN/)
    // Who may not plan is offered nothing.
    expect(text).not.toContain('/countermeasures/new')
  })

  it('sources are counted together, with their intervals', async () => {
    const { text } = await member.get(`${here}/sources`)
    expect(plain(text)).toContain('他の医療機関からの紹介')
    expect(plain(text)).toContain('33.3％（1/3） 6.1〜79.2％')
    expect(plain(text)).toContain(words.of('effort', 'not_enough'))
    // A committee reads counts here, and nobody's number.
    expect(text).not.toMatch(/SSC-BMC-\d\d-\d{3}/)
  })

  it('four screenings with no earlier data answer "no baseline", at a site as by a source', async () => {
    const [version] = await listConsentVersions(served.db, trialId)
    const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const siteId = siteIds['04'] ?? ''
    for (const on of ['2026-02-01', '2026-03-10', '2026-04-10', '2026-05-10']) {
      const consent = { consentedOn: day(on), consentVersionId: version?.id ?? '', referralSource: 'SNS ' }
      await done(
        recordScreening(served.context, actor, { trialId, siteId, number: null, ...consent, basis: 'recorded' }),
      )
    }
    const measures = `${here}/countermeasures`
    const begun = { ...measure, startedOn: '2026-02-01' }
    const ofSource = { ...begun, titleJa: 'SNSでの発信', otherSource: 'ＳＮＳ' }
    const atSite = { ...begun, titleJa: '施設Dの取組', siteIds: siteId }
    for (const one of [ofSource, atSite]) expect((await manager.post(measures, { ...one, ...key() })).status).toBe(303)
    const text = plain((await manager.get(measures)).text)
    expect(text).toMatch(/SNSでの発信 .{0,200} 0／5\.00 4／1\.97 年2\.03件 — 比較の基準なし/)
    expect(text).toMatch(/施設Dの取組 .{0,200} 0／1\.00 4／0\.39 — 比較の基準なし/)
  })
})

describe('a countermeasure', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['no name', { titleJa: '' }, { titleJa: words.of('problem', 'setting_missing') }],
    ['no category', { category: 'luck' }, { category: words.of('problem', 'choice_missing') }],
    ['a site of nowhere', { siteIds: 'nowhere' }, { siteIds: words.of('problem', 'choice_missing') }],
    ['a source that is not offered', { sources: 'nowhere' }, { sources: words.of('problem', 'choice_missing') }],
    [
      'a day that there is not',
      { startedOn: '2026-02-30' },
      { startedOn: words.of('problem', 'date_impossible_day', { month: words.month('2026-02'), lastDay: 28 }) },
    ],
    [
      'an end before its start',
      { endedOn: '2026-05-31' },
      { endedOn: words.of('problem', 'measure_ends_before_start', { startedOn: '2026-06-01' }) },
    ],
    [
      'an end to come',
      { endedOn: '2026-06-25' },
      { endedOn: words.of('problem', 'date_in_future', { today: '2026-06-24' }) },
    ],
    [
      'too much of evidence',
      { evidence: 'あ'.repeat(501) },
      { evidence: words.of('problem', 'text_too_long', { most: 500, length: 501 }) },
    ],
  ])('with %s comes back as it was typed, with the reason at its field', async (_name, change, reasons) => {
    const fields = { ...measure, ...change }
    const { status, text } = await unchanged(`${here}/countermeasures`, { ...fields, ...key() })
    expect(status).toBe(422)
    expect(text).toContain('<title>エラー：')
    for (const [field, reason] of Object.entries(reasons)) {
      expect(text).toContain(`<a href="#${field}">${reason}</a>`)
      expect(text.slice(text.indexOf(`id="${field}-error"`))).toContain(reason)
    }
    for (const typed of [fields.titleJa, fields.owner, fields.evidence, fields.startedOn]) expect(text).toContain(typed)
  })

  it('keeps the boxes that were ticked when it is shown again, and several of them when it is kept', async () => {
    const ticked = new URLSearchParams({ ...measure, titleJa: '' })
    for (const code of ['01', '03']) ticked.append('siteIds', siteIds[code] ?? '')
    ticked.append('sources', '他の医療機関からの紹介')
    const token = /name="csrf" value="([^"]+)"/.exec((await manager.get(`${here}/countermeasures/new`)).text)?.[1] ?? ''
    ticked.append('csrf', token)
    const again = await manager.send(`${here}/countermeasures`, { method: 'POST', body: ticked })
    expect(again.status).toBe(422)
    expect(again.text.match(/type="checkbox" name="\w+" value="[^"]*" checked/g)).toHaveLength(3)

    ticked.set('titleJa', '二つの施設の取組')
    expect((await manager.send(`${here}/countermeasures`, { method: 'POST', body: ticked })).status).toBe(303)
    const kept = (await listCountermeasures(served.db, trialId)).find(({ title }) => title.ja === '二つの施設の取組')
    expect(kept).toMatchObject({ siteIds: [siteIds['01'], siteIds['03']], sources: ['他の医療機関からの紹介'] })
    // A name in one language stands for both; the day was understood.
    expect(kept).toMatchObject({ title: { en: '二つの施設の取組' }, startedOn: '2026-06-01', endedOn: null })
  })

  it('is corrected with a reason; whoever comes second sees what was written meanwhile (409)', async () => {
    await manager.post(`${here}/countermeasures`, { ...measure, titleJa: '二人で直す取組', ...key() })
    const setting = await settingNamed('二人で直す取組')
    const address = `${here}/countermeasures/${setting.id}`
    const change = { ...measure, titleJa: '直した取組', seen: setting.seen }
    expect((await unchanged(address, { ...change, reason: '', ...key() })).status).toBe(422)
    const first = await manager.post(address, { ...change, reason: '名前の誤り', ...key() })
    expect(first.location).toBe(`${here}/countermeasures?done=measure_changed`)
    const second = await unchanged(address, { ...change, owner: '別の担当', reason: '担当の交代', ...key() })
    expect(second.status).toBe(409)
    expect(second.text).toContain('直した取組')
    expect(second.text).toContain('別の担当')
  })

  it('is ended, and stands among those that have; voiding it asks once, and takes it off the list', async () => {
    await manager.post(`${here}/countermeasures`, { ...measure, titleJa: '終える取組', ...key() })
    const setting = await settingNamed('終える取組')
    const address = `${here}/countermeasures/${setting.id}`
    const ended = await manager.post(`${address}/end`, { seen: setting.seen, endedOn: '2026-06-20', ...key() })
    expect(ended.location).toBe(`${here}/countermeasures?done=measure_ended`)
    const list = await manager.get(`${here}/countermeasures`)
    expect(list.text.slice(list.text.indexOf('id="ended"'))).toContain('終える取組')
    expect((await manager.get(`${address}/end/new`)).status).toBe(404)
    const late = { seen: setting.seen, endedOn: '2026-06-21', ...key() }
    expect((await unchanged(`${address}/end`, late)).status).toBe(409)
    const again = { ...late, seen: (await settingNamed('終える取組')).seen, ...key() }
    expect((await unchanged(`${address}/end`, again)).status).toBe(409)

    const asked = await manager.get(`${address}/void/new`)
    expect(plain(asked.text)).toContain(words.t('countermeasures.void_warning'))
    const { seen } = await settingNamed('終える取組')
    expect((await unchanged(`${address}/void`, { seen, reason: '', ...key() })).status).toBe(422)
    expect((await manager.post(`${address}/void`, { seen, reason: '記録の誤り', ...key() })).status).toBe(303)
    expect((await manager.get(`${here}/countermeasures`)).text).not.toContain('終える取組')
    expect((await manager.get(address)).status).toBe(404)
    expect(plain((await manager.get(`${here}/audit`)).text)).toContain('取組の記録を取り消した')
  })

  it('of another trial is not found under this one', async () => {
    await manager.post('/trials/CLTI-MNC/countermeasures', { ...measure, ...key() })
    const other = (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? ''
    const [theirs] = await listCountermeasures(served.db, other)
    expect((await manager.get(`${here}/countermeasures/${theirs?.id}`)).status).toBe(404)
    expect((await unchanged(`${here}/countermeasures/${theirs?.id}/void`, { reason: 'x', ...key() })).status).toBe(404)
  })

  it('is listed twenty to a page', async () => {
    for (let number = 1; number <= 21; number++) {
      await manager.post('/trials/STR01-03/countermeasures', { ...measure, titleJa: `取組${number}番`, ...key() })
    }
    const first = (await manager.get('/trials/STR01-03/countermeasures')).text
    expect(first.match(/取組\d+番<\/b>/g)).toHaveLength(20)
    expect(first).toContain('href="?page&#x3D;2"')
    expect((await manager.get('/trials/STR01-03/countermeasures?page=2')).text.match(/取組\d+番<\/b>/g)).toHaveLength(1)
  })

  async function settingNamed(title: string) {
    const found = (await listCountermeasureSettings(served.db, trialId)).find(({ value }) => value.title.ja === title)
    if (found === undefined) throw new Error(`no countermeasure ${title}`)
    return found
  }
})

describe('a pool', () => {
  const counted = async () => (await listPoolSettings(served.db, trialId)).map(({ value }) => value)
  const bySize = async (size: number) => {
    const found = (await listPoolSettings(served.db, trialId)).find(({ value }) => value.size === size)
    if (found === undefined) throw new Error(`no pool of ${size}`)
    return found
  }

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['no size', { size: '' }, { size: words.of('problem', 'setting_missing') }],
    ['half a patient', { size: '1.5' }, { size: words.of('problem', 'number_whole', { least: 0, most: 10_000_000 }) }],
    [
      'more reviewed than there are',
      { reviewed: '13' },
      { reviewed: words.of('problem', 'reviewed_above_size', { size: 12 }) },
    ],
    [
      'a range upside down',
      { eligibleLow: '3', eligibleHigh: '2' },
      { eligibleHigh: words.of('problem', 'eligible_reversed', { low: 3 }) },
    ],
    ['half a range', { eligibleLow: '3' }, { eligibleHigh: words.of('problem', 'eligible_half') }],
    [
      'a count to come',
      { countedOn: '2026-06-25' },
      { countedOn: words.of('problem', 'date_in_future', { today: '2026-06-24' }) },
    ],
    ['a whole of nowhere', { partOf: 'nowhere' }, { partOf: words.of('problem', 'choice_missing') }],
  ])('with %s comes back as it was typed, with the reason at its field', async (_name, change, reasons) => {
    const fields = { ...pool, ...change }
    const { status, text } = await unchanged(`${here}/pools`, { ...fields, ...key() })
    expect(status).toBe(422)
    for (const [field, reason] of Object.entries(reasons)) {
      expect(text).toContain(`<a href="#${field}">${reason}</a>`)
      expect(text.slice(text.indexOf(`id="${field}-error"`))).toContain(reason)
    }
    for (const typed of [fields.placeJa, fields.source, fields.countedOn]) expect(text).toContain(typed)
  })

  it('is not larger than its whole, and a whole not smaller than its part', async () => {
    const lead = (await bySize(187)).value
    const part = { ...pool, partOf: lead.poolId, countedOn: '2026-06-24', size: '188', ...key() }
    const refused = await unchanged(`${here}/pools`, part)
    expect(refused.text).toContain(words.of('problem', 'part_above_whole', { size: 187, day: '2026-06-24' }))
    const { id, seen } = await bySize(187)
    const smaller = { ...pool, countedOn: '2026-06-24', size: '81', seen, reason: '誤り', ...key() }
    const other = await unchanged(`${here}/pools/${lead.poolId}/counts/${id}`, smaller)
    expect(other.text).toContain(words.of('problem', 'whole_below_part', { size: 82, day: '2026-06-24' }))
  })

  it('does not lie within its own part', async () => {
    const [lead, part] = [await bySize(187), await bySize(82)]
    const circle = { ...pool, countedOn: '2026-06-24', partOf: part.value.poolId, size: '82', seen: lead.seen }
    const address = `${here}/pools/${lead.value.poolId}/counts/${lead.id}`
    const { text, status } = await unchanged(address, { ...circle, reason: '誤り', ...key() })
    expect([status, text.includes(words.of('problem', 'pool_in_circle'))]).toEqual([422, true])
  })

  it('is counted again: the new count holds from its day on, the old one before', async () => {
    expect((await manager.post(`${here}/pools`, { ...pool, ...key() })).location).toBe(`${here}/pools?done=pool_added`)
    const first = await bySize(12)
    const again = { ...pool, size: '15', countedOn: '2026-06-20', ...key() }
    const address = `${here}/pools/${first.value.poolId}/counts`
    expect((await manager.post(address, again)).location).toBe(`${here}/pools?done=pool_counted`)
    const sums = async (on: string) =>
      /候補患者 (\d+)人/.exec(plain((await manager.get(`${here}/pools?asOf=${on}`)).text))?.[1]
    expect([await sums('2026-06-19'), await sums('2026-06-20'), await sums('2026-06-24')]).toEqual(['12', '15', '257'])
    const twice = await unchanged(address, { ...again, size: '16', ...key() })
    expect(twice.text).toContain(words.of('problem', 'pool_counted_that_day', { day: '2026-06-20' }))
    expect((await manager.get(`${here}/pools`)).text).toContain(
      words.t('pools.earlier_count', { day: '2026-06-01', count: 12 }),
    )

    const later = await bySize(15)
    const voided = { seen: later.seen, reason: '別の病院の数だった', ...key() }
    expect((await manager.post(`${address}/${later.id}/void`, voided)).status).toBe(303)
    expect(await sums('2026-06-24')).toBe('254')
    const void12 = { seen: (await bySize(12)).seen, reason: '別の病院の数だった', ...key() }
    await manager.post(`${address}/${first.id}/void`, void12)
    expect((await counted()).map(({ size }) => size).sort()).toEqual([187, 55, 82])
  })

  it('with a claim that needs more than are eligible says so', async () => {
    const { id, seen, value } = await bySize(187)
    const address = `${here}/pools/${value.poolId}/counts/${id}`
    const { ja: placeJa, en: placeEn } = value.place
    const same = { ...pool, placeJa, placeEn, poolSite: value.siteId ?? '-', size: '187', countedOn: '2026-06-24' }
    const fewer = { ...same, eligibleLow: '0', eligibleHigh: '0', seen, reason: '再評価', ...key() }
    expect((await manager.post(address, fewer)).status).toBe(303)
    const { text } = await member.get(`${here}/pools`)
    expect(plain(text)).toContain(words.of('needed_yield', 'beyond'))
    expect(text).not.toMatch(/Infinity|∞|NaN/)
    const back = {
      ...same,
      eligibleLow: '1',
      eligibleHigh: '2',
      seen: (await bySize(187)).seen,
      reason: '戻す',
      ...key(),
    }
    expect((await manager.post(address, back)).status).toBe(303)
  })
})
