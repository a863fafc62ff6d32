/** Subjects' ways through a trial over HTTP, as the people of the demonstration walk them: every verb, and who sees what. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { findTrialByCode } from '../../server/db/trials.ts'
import { Client } from '../support/client.ts'
import { everythingIn, serveForFile } from './served.ts'

const served = serveForFile('demo')
type Who = 'crc' | 'manager' | 'investigator' | 'statistician' | 'auditor'
const people = {} as Record<Who, Client>
const names = {
  crc: 'demo-crc',
  manager: 'demo-dm',
  investigator: 'demo-pi',
  statistician: 'demo-stat',
  auditor: 'demo-audit',
} as const
const sites: Record<string, string> = {}
const versions: Record<string, string> = {}

beforeAll(async () => {
  for (const [who, name] of Object.entries(names) as [Who, (typeof names)[Who]][]) {
    people[who] = await new Client(served.url).signIn(name)
  }
  for (const code of ['SSC-BMC', 'CLTI-MNC']) {
    const trialId = (await findTrialByCode(served.db, code))?.id ?? ''
    const found = await served.db.selectFrom('site').select(['id', 'code']).where('trial_id', '=', trialId).execute()
    sites[code] = found.find((site) => site.code === '01')?.id ?? ''
    const rows = await served.db.selectFrom('consent_version').select('id').where('trial_id', '=', trialId).execute()
    versions[code] = rows[0]?.id ?? ''
  }
})

const log = (trial: string) => `/trials/${trial}/subjects`
const key = () => ({ submissionKey: randomUUID() })

async function opened(trial: string, fields: Record<string, string> = {}): Promise<string> {
  const number = `W-${randomUUID().slice(0, 8)}`
  const answer = await people.crc.post(log(trial), {
    opening: 'consent',
    siteId: sites[trial] ?? '',
    number,
    offeredNumber: '',
    consentedOn: '2026-06-01',
    consentVersionId: versions[trial] ?? '',
    referralSource: '',
    ...key(),
    ...fields,
  })
  expect([answer.status, answer.text.match(/error-words[^<]*<[^>]*>[^<]*/g)]).toEqual([303, null])
  const row = await served.db.selectFrom('subject').select('id').where('number', '=', number).executeTakeFirstOrThrow()
  return `${log(trial)}/${row.id}`
}

/** What the page of a subject says of the newest event, as the hidden field of its forms does. */
const seenOn = async (who: Client, form: string): Promise<string> =>
  /name="seenEventId" value="([^"]*)"/.exec((await who.get(form)).text)?.[1] ?? ''

async function recorded(subject: string, what: string, occurredOn: string, more: Record<string, string> = {}) {
  const seenEventId = await seenOn(people.crc, `${subject}/events/new?what=any`)
  const sent = { what, occurredOn, note: '', seenEventId, ...key(), ...more }
  const answer = await people.crc.post(`${subject}/events`, sent)
  return answer
}

const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const stateOf = async (subject: string) =>
  (
    await served.db
      .selectFrom('subject')
      .select('state')
      .where('id', '=', subject.split('/').at(-1) ?? '')
      .executeTakeFirstOrThrow()
  ).state

describe('a candidate', () => {
  it('is written down without a consent, and consents under the same number', async () => {
    const subject = await opened('SSC-BMC', {
      opening: 'prescreening',
      consentVersionId: '',
      referralSource: '近隣の病院',
    })
    expect(await stateOf(subject)).toBe('prescreened')
    const answer = await recorded(subject, 'consent', '2026-06-10', { consentVersionId: versions['SSC-BMC'] ?? '' })
    expect([answer.status, await stateOf(subject)]).toEqual([303, 'screening'])
  })
})

describe('an outcome', () => {
  it('has several coded reasons, and can be taken back with a reason: the entry stays, struck through', async () => {
    const subject = await opened('SSC-BMC')
    const form = (await people.crc.get(`${subject}/events/new?what=exit`)).text
    const boxes = [...form.matchAll(/type="checkbox"[^>]*name="([^"]+)"[^>]*value="([^"]+)"/g)]
    expect(boxes.length).toBeGreaterThan(3)
    const seenEventId = /name="seenEventId" value="([^"]*)"/.exec(form)?.[1] ?? ''
    const [first, second] = boxes
    const body = new URLSearchParams({
      csrf: /name="csrf" value="([^"]+)"/.exec(form)?.[1] ?? '',
      what: 'exit:screen_failed',
      occurredOn: '2026-06-20',
      note: '',
      seenEventId,
      ...key(),
    })
    for (const [, name = '', value = ''] of [first, second].filter((box) => box !== undefined)) body.append(name, value)
    const sent = await people.crc.send(`${subject}/events`, { method: 'POST', body })
    expect([sent.status, await stateOf(subject)]).toEqual([303, 'screen_failed'])
    const page = textOf((await people.crc.get(subject)).text)
    expect(page).toContain('選択基準に合わない')
    expect(page).toContain('除外基準に該当')

    const event = /events\/([0-9a-f-]{36})\/taking-back\/new/.exec((await people.crc.get(subject)).text)?.[1] ?? ''
    const back = `${subject}/events/${event}/taking-back`
    const seen = await seenOn(people.crc, `${back}/new`)
    const unsaid = await people.crc.post(back, { reason: '', note: '', seenEventId: seen, ...key() })
    expect([unsaid.status, await stateOf(subject)]).toEqual([422, 'screen_failed'])
    const done = await people.crc.post(back, {
      reason: 'transcription',
      note: '別の症例だった',
      seenEventId: seen,
      ...key(),
    })
    expect([done.status, await stateOf(subject)]).toEqual([303, 'screening'])
    expect((await people.crc.get(subject)).text).toMatch(/<del>[^<]*2026-06-20|<del[^>]*>/)
  })

  it('sent twice is one; of two people, the second meets what the first recorded', async () => {
    const subject = await opened('SSC-BMC')
    const seenEventId = await seenOn(people.crc, `${subject}/events/new?what=any`)
    const sent = { what: 'eligibility', occurredOn: '2026-06-05', note: '', seenEventId, ...key() }
    const twice = await Promise.all([1, 2].map(() => people.crc.post(`${subject}/events`, sent)))
    expect(twice.map(({ status }) => status)).toEqual([303, 303])
    const before = await everythingIn(served.db)
    const late = await people.manager.post(`${subject}/events`, { ...sent, ...key() })
    expect(late.status).toBe(409)
    expect(late.text).toContain('2026-06-05')
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

describe('an entry that should not be', () => {
  it('is voided by the data manager with a reason, is in no count, and its number is not used again', async () => {
    const subject = await opened('SSC-BMC')
    expect((await people.crc.get(`${subject}/void/new`)).status).toBe(403)
    const countOf = async () => /結果待ち\s*<b>(\d+)/.exec((await people.manager.get(log('SSC-BMC'))).text)?.[1]
    const before = Number(await countOf())
    const seenEventId = await seenOn(people.manager, `${subject}/void/new`)
    const sent = { reason: 'transcription', note: '二重に入力された', seenEventId, ...key() }
    const answer = await people.manager.post(`${subject}/void`, sent)
    expect([answer.status, await stateOf(subject)]).toEqual([303, 'void'])
    expect(Number(await countOf())).toBe(before - 1)
    const number = textOf(/<h1>([\s\S]*?)<\/h1>/.exec((await people.manager.get(subject)).text)?.[1] ?? '').trim()
    const again = await people.crc.post(log('SSC-BMC'), {
      opening: 'consent',
      siteId: sites['SSC-BMC'] ?? '',
      number,
      offeredNumber: '',
      consentedOn: '2026-06-01',
      consentVersionId: versions['SSC-BMC'] ?? '',
      referralSource: '',
      ...key(),
    })
    expect([again.status, again.text.includes('使われて') || again.text.includes(number)]).toEqual([422, true])
  })
})

describe('an allocation', () => {
  it('is written down by who may see it; everybody else reads that it was done, and no arm', async () => {
    const subject = await opened('CLTI-MNC')
    for (const [what, on] of [
      ['provisional', '2026-06-05'],
      ['final', '2026-06-10'],
    ] as const) {
      const answer = await recorded(subject, what, on, { confirmed: 'yes' })
      expect([what, answer.status]).toEqual([what, 303])
    }
    expect((await people.crc.get(`${subject}/allocation/new`)).status).toBe(403)
    const number = textOf(/<h1>([\s\S]*?)<\/h1>/.exec((await people.crc.get(subject)).text)?.[1] ?? '').trim()
    const waiting = `${log('CLTI-MNC')}?list=to_allocate`
    for (const who of ['crc', 'statistician'] as const) expect((await people[who].get(waiting)).text).toContain(number)
    const seenEventId = await seenOn(people.statistician, `${subject}/allocation/new`)
    const sent = { armCode: 'B', stratum: 'St-7', occurredOn: '2026-06-12', seenEventId, ...key() }
    const asked = await people.statistician.post(`${subject}/allocation`, sent)
    expect([asked.status, asked.text.includes('name="confirmed" value="yes"')]).toEqual([200, true])
    const done = await people.statistician.post(`${subject}/allocation`, { ...sent, confirmed: 'yes', ...key() })
    expect([done.status, await stateOf(subject)]).toEqual([303, 'allocated'])
    expect((await people.statistician.get(waiting)).text).not.toContain(number)

    const own = textOf((await people.statistician.get(subject)).text)
    expect(own).toContain('St-7')
    for (const who of ['crc', 'manager', 'investigator', 'auditor'] as const) {
      for (const page of [subject, log('CLTI-MNC'), `${log('CLTI-MNC')}.csv`, '/trials/CLTI-MNC/audit']) {
        const { status, text } = await people[who].get(page)
        if (status !== 200) continue
        expect([who, page, text.includes('St-7')]).toEqual([who, page, false])
      }
    }
    const blinded = textOf((await people.crc.get(subject)).text)
    expect(blinded).toContain('割付')
    // It never changes.
    const seen = await seenOn(people.statistician, subject)
    const change = { ...sent, armCode: 'A', seenEventId: seen, confirmed: 'yes', ...key() }
    expect((await people.statistician.post(`${subject}/allocation`, change)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('what was typed', () => {
  it('comes back from the page that asks once', async () => {
    const subject = await opened('CLTI-MNC', { consentedOn: '2026-06-01' })
    const sent = { what: 'provisional', occurredOn: 'R8.6.5', note: '大事なメモ', seenEventId: '', ...key() }
    const asked = await people.crc.post(`${subject}/events`, sent)
    expect(asked.text).toContain('name="edit" value="yes"')
    const again = await people.crc.post(`${subject}/events`, { ...sent, confirmed: 'yes', edit: 'yes' })
    expect([again.status, await stateOf(subject)]).toEqual([200, 'screening'])
    for (const typed of ['value="R8.6.5"', '大事なメモ']) expect(again.text).toContain(typed)
  })
})

describe('two stages', () => {
  it('read 76.5％（13/17）with the interval of Wilson', async () => {
    const { text } = await people.investigator.get('/trials/STR01-03')
    expect(textOf(text)).toMatch(/76\.5％（13\/17） 、95%区間 52\.7％〜90\.4％/)
  })
})

describe('a registration after the period', () => {
  it('is refused to the coordinator, and recorded by the investigator with a reason that the dashboard lists', async () => {
    served.now = '2029-08-01T03:00:00.000Z'
    for (const who of ['crc', 'investigator'] as const) people[who] = await new Client(served.url).signIn(names[who])
    const subject = await opened('SSC-BMC', { consentedOn: '2029-07-01' })
    expect((await recorded(subject, 'eligibility', '2029-07-10')).status).toBe(303)
    const refused = await recorded(subject, 'registration', '2029-07-25')
    expect([refused.status, await stateOf(subject)]).toEqual([422, 'eligible'])
    expect((await people.crc.get(`${subject}/override/new`)).status).toBe(403)

    const seenEventId = await seenOn(people.investigator, `${subject}/override/new`)
    const sent = { occurredOn: '2029-07-25', reason: '', seenEventId, ...key() }
    expect((await people.investigator.post(`${subject}/override`, sent)).status).toBe(422)
    const reason = '委員会の了承による（7月20日）'
    const done = await people.investigator.post(`${subject}/override`, { ...sent, reason, ...key() })
    expect([done.status, await stateOf(subject)]).toEqual([303, 'registered'])
    expect((await people.investigator.get('/trials/SSC-BMC')).text).toContain(reason)
  })
})

describe('what people write', () => {
  it('may begin with a bracket: the trail shows it as it stands', async () => {
    for (const who of ['crc', 'auditor'] as const) people[who] = await new Client(served.url).signIn(names[who])
    await opened('SSC-BMC', { consentedOn: '2029-07-30', referralSource: '[ward 3] clinic {a' })
    const { status, text } = await people.auditor.get('/trials/SSC-BMC/audit')
    expect([status, text.includes('[ward 3] clinic {a')]).toEqual([200, true])
  })

  it('to one subject is not taken for what was written to another, whatever its key', async () => {
    const [one, other] = [
      await opened('SSC-BMC', { consentedOn: '2029-07-29' }),
      await opened('SSC-BMC', { consentedOn: '2029-07-29' }),
    ]
    const sent = { what: 'eligibility', occurredOn: '2029-07-30', note: '', seenEventId: '', ...key() }
    expect((await people.crc.post(`${one}/events`, sent)).status).toBe(303)
    const second = await people.crc.post(`${other}/events`, sent)
    expect([second.status, await stateOf(other)]).toEqual([422, 'screening'])
  })
})
