/**
 * Whatever is sent, it is answered: with the right status, in the reader's language, with everything typed still in
 * the form, and with nothing written. Nothing that comes in ever makes the server fail.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { done } from '../../seeds/story.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { routes } from '../../server/http/routes.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { problemsInWords } from '../../server/pages/page.ts'
import type { Answer, Client } from '../support/client.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { everythingIn, raw, serveForFile, signedIn, visitor } from './served.ts'

const served = serveForFile('demo')
const languages = ['ja', 'en'] as const
type Language = (typeof languages)[number]
const members = {} as Record<Language, Client>
const world = { trialId: '', ownSite: '', otherSite: '', consentVersionId: '' }

const crc = demoPeople[0]
const here = '/trials/SSC-BMC'
const log = `${here}/subjects`

beforeAll(async () => {
  const trial = await findTrialByCode(served.db, 'SSC-BMC')
  world.trialId = trial?.id ?? ''
  const sites = await listSites(served.db, world.trialId)
  world.ownSite = sites.find(({ code }) => code === '01')?.id ?? ''
  world.otherSite = sites.find(({ code }) => code === '02')?.id ?? ''
  world.consentVersionId = (await listConsentVersions(served.db, world.trialId))[0]?.id ?? ''
  for (const language of languages) members[language] = await signedIn(served, crc, language)
})

/** A subject at one's own site, in screening since 1 June. */
async function newSubject(): Promise<string> {
  const { trialId, ownSite, consentVersionId } = world
  const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const consent = { consentedOn: calendarDate('2026-06-01'), consentVersionId, referralSource: null }
  const draft = { trialId, siteId: ownSite, number: null, ...consent, basis: 'recorded' as const }
  return (await done(recordScreening(served.context, actor, draft))).subjectId
}

type Fields = Record<string, string>
const screening = (): Fields => ({
  siteId: world.ownSite,
  number: '',
  offeredNumber: '',
  consentedOn: '2026-06-24',
  consentVersionId: world.consentVersionId,
  referralSource: '紹介元の病院',
  submissionKey: randomUUID(),
})
const judgement = (): Fields => ({
  what: 'eligibility',
  occurredOn: '2026-06-24',
  note: '検査の結果による',
  submissionKey: randomUUID(),
})

function plain(text: string): string {
  const entities: Fields = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#x3D': '=', '#x60': '`' }
  return text.replace(/&(amp|lt|gt|quot|#x27|#x3D|#x60);/g, (_, name) => entities[name] ?? '')
}

/** What stands in the fields of a page's main form. */
function fieldsIn(html: string): Fields {
  const main = html.slice(html.indexOf('<main'))
  const fields: Fields = {}
  const attribute = (tag: string, name: string) => plain(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
  for (const [tag] of main.matchAll(/<input\b[^>]*>/g)) {
    if (attribute(tag, 'type') === 'radio' && !/\bchecked\b/.test(tag)) continue
    fields[attribute(tag, 'name')] = attribute(tag, 'value')
  }
  for (const [, tag = '', options = ''] of main.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    fields[attribute(tag, 'name')] = plain(/<option value="([^"]*)" selected/.exec(options)?.[1] ?? '')
  }
  for (const [, tag = '', content = ''] of main.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)) {
    fields[attribute(tag, 'name')] = plain(content)
  }
  return fields
}

const errorPrefix = { ja: '<title>エラー：', en: '<title>Error: ' }

/** Does something that must be refused, and looks that nothing at all was written. */
async function refused<T>(act: () => Promise<T>): Promise<T> {
  const before = await everythingIn(served.db)
  const answer = await act()
  expect(await everythingIn(served.db)).toEqual(before)
  return answer
}

/** The form stands there again: in the reader's language, marked as an error, with everything that was typed. */
function expectFormAgain(answer: Answer, language: Language, typed: Fields, status = 422): void {
  expect(answer.status).toBe(status)
  expect(answer.text).toContain(`<html lang="${language}">`)
  expect(answer.text).toContain(errorPrefix[language])
  expect(answer.text).toMatch(/<section class="error-summary"[^>]*role="alert"/)
  const { csrf: _, suggested: __, ...shown } = fieldsIn(answer.text)
  expect(shown).toMatchObject(typed)
}

/** What a screening's form can show again: what is not on offer cannot stay chosen, and a line holds no second one. */
function stillThere(typed: Fields): Fields {
  const { siteId, consentVersionId, number, ...always } = typed
  return {
    ...always,
    ...(siteId === world.ownSite || siteId === '' ? { siteId } : {}),
    ...(consentVersionId === world.consentVersionId ? { consentVersionId } : {}),
    ...(number === undefined || number.includes('\n') ? {} : { number }),
  }
}

/** What is changed in a form that would be accepted, and the refusal that must follow, in words of the reader. */
type Case = [name: string, change: Fields, code: string, values?: Record<string, string | number>]

const badDates: readonly [string, string, string, Record<string, string | number>][] = [
  ['a day that the month has not', '2026-02-30', 'date_impossible_day', { month: '2026-02', lastDay: 28 }],
  ['a month that there is not', '2026-13-01', 'date_impossible_month', { month: '2026-13' }],
  ['a day after the era ended', 'H31.5.1', 'date_eraMismatch_ended', { lastDay: '2019-04-30' }],
  ['a day before the era began', '令和元年4月30日', 'date_eraMismatch_notBegun', { firstDay: '2019-05-01' }],
  ['no year', '6/24', 'date_ambiguous_year', {}],
  ['two readings', '7/8/2026', 'date_ambiguous_order', { monthFirst: '2026-07-08', dayFirst: '2026-08-07' }],
  ['another day’s weekday', '2026-06-24(土)', 'date_ambiguous_weekday', {}],
  ['a date of the future', '2026-06-25', 'date_in_future', { today: '2026-06-24' }],
  ['no date at all', '', 'date_missing', {}],
  ['words', 'きのう', 'date_unreadable', {}],
]

const screeningCases = (): Case[] => [
  ...badDates.map(([name, consentedOn, code, values]): Case => [name, { consentedOn }, code, values]),
  ['a date before the site opened', { consentedOn: '2021-07-18' }, 'before_site_opened', { opens: '2021-07-19' }],
  ['no site', { siteId: '' }, 'site_missing'],
  ['an unknown site', { siteId: randomUUID() }, 'site_unknown'],
  ['another site', { siteId: world.otherSite }, 'site_unknown'],
  ['a site’s code for its id', { siteId: '01' }, 'site_unknown'],
  ['no consent version', { consentVersionId: '' }, 'consent_version_missing'],
  ['an unknown consent version', { consentVersionId: randomUUID() }, 'consent_version_unknown'],
  ['a number that is taken', { number: 'SSC-BMC-01-001' }, 'number_taken', { number: 'SSC-BMC-01-001' }],
  ['a number on two lines', { number: 'A\nB' }, 'number_malformed', { most: 64 }],
  ['a number too long in plain letters', { number: 'ﷺ'.repeat(10) }, 'number_malformed', { most: 64 }],
  ['a source that is too long', { referralSource: 'あ'.repeat(201) }, 'text_too_long', { most: 200, length: 201 }],
]

const judgementCases = (language: Language): Case[] => [
  ...badDates.map(([name, occurredOn, code, values]): Case => [name, { occurredOn }, code, values]),
  ['a date before the consent', { occurredOn: '2026-05-31' }, 'before_previous_step', { previous: '2026-06-01' }],
  ['no event', { what: '' }, 'what_missing'],
  ['an event of no pathway', { what: 'week_13' }, 'step_unknown'],
  ['an exit that there is not', { what: 'exit:vanished' }, 'step_unknown'],
  [
    'an event whose turn it is not',
    { what: 'treatment' },
    'stage_missing',
    { milestone: language === 'ja' ? '適格判定' : 'Eligibility' },
  ],
  ['an event that has happened', { what: 'consent' }, 'already_recorded', { on: '2026-06-01' }],
  ['an exit not possible from here', { what: 'exit:completed' }, 'not_possible_from_state', { state: 'screening' }],
  ['an exit without its reason', { what: 'exit:declined', note: '' }, 'note_missing'],
  ['a note that is too long', { note: 'あ'.repeat(1001) }, 'text_too_long', { most: 1000, length: 1001 }],
]

describe.each(languages)('in %s', (language) => {
  const words = wordsFor(language)
  const sentence = (code: string, values: Record<string, string | number> = {}) =>
    problemsInWords([{ field: '', code, values }], words)[0]?.text ?? ''

  /** Whether people read a sentence on a page. */
  function says(html: string, said: string): boolean {
    expect(said).not.toBe('')
    const read = plain(html.slice(html.indexOf('<main')).replace(/<[^>]*>/g, ''))
    return read.includes(said)
  }

  it('every screening that may not be recorded is shown again with its reason, and not recorded', async () => {
    for (const [name, change, code, values] of screeningCases()) {
      const typed = { ...screening(), ...change }
      const answer = await refused(() => members[language].post(log, typed))
      expect([name, code, says(answer.text, sentence(code, values))]).toEqual([name, code, true])
      expectFormAgain(answer, language, stillThere(typed))
    }
  })

  it('everything that is missing from a screening is said at once', async () => {
    const typed = { ...screening(), siteId: '', consentedOn: '', consentVersionId: '' }
    const { text } = await refused(() => members[language].post(log, typed))
    for (const code of ['site_missing', 'date_missing', 'consent_version_missing']) {
      expect([code, says(text, sentence(code))]).toEqual([code, true])
    }
    expect(says(text, words.t('form.to_mend', { count: 3 }))).toBe(true)
  })

  it('every event that may not be recorded is shown again with its reason, and not recorded', async () => {
    const events = `${log}/${await newSubject()}/events`
    for (const [name, change, code, values] of judgementCases(language)) {
      const typed = { ...judgement(), ...change }
      const answer = await refused(() => members[language].post(events, typed))
      expect([name, code, says(answer.text, sentence(code, values))]).toEqual([name, code, true])
      const { what, ...always } = typed
      expectFormAgain(answer, language, ['eligibility', 'exit:declined'].includes(what ?? '') ? typed : always)
    }
  })

  it('every problem in the summary leads to its field, and stands at the field in the same words', async () => {
    const { text } = await refused(() => members[language].post(log, { submissionKey: randomUUID() }))
    const links = [...text.matchAll(/<li><a href="#(\w+)">([^<]+)<\/a>/g)].map(([, id, said]) => [id, said])
    expect(links.map(([id]) => id)).toEqual(['siteId', 'consentedOn', 'consentVersionId'])
    for (const [id, said] of links) {
      expect(text).toMatch(new RegExp(`id="${id}"`))
      expect(text.slice(text.indexOf(`id="${id}-error"`))).toContain(`<span>${said}</span>`)
    }
  })

  it('a page asked for as of a day that cannot be is shown as of today, with the reason', async () => {
    const days: readonly [string, string][] = [
      ['2026-02-30', sentence('date_impossible_day', { month: '2026-02', lastDay: 28 })],
      ['2026-06-25', sentence('as_of_future', { today: '2026-06-24' })],
      ['never', sentence('date_unreadable')],
    ]
    for (const page of ['', '/sites']) {
      for (const [day, reason] of days) {
        const answer = await members[language].get(`${here}${page}?asOf=${day}`)
        expect([page, day, answer.status]).toEqual([page, day, 422])
        expect([day, says(answer.text, reason)]).toEqual([day, true])
        expect(fieldsIn(answer.text).asOf).toBe(day)
      }
    }
  })

  it('a page asked for as of a day that cannot be says so in its title', async () => {
    for (const page of ['', '/sites']) {
      const answer = await members[language].get(`${here}${page}?asOf=2026-02-30`)
      expect([page, answer.text.includes(errorPrefix[language])]).toEqual([page, true])
    }
  })

  it('a form without its token, or with another’s, is shown again as typed with 403 and not accepted', async () => {
    const events = `${log}/${await newSubject()}/events`
    const stranger = /name="csrf" value="([^"]+)"/.exec((await (await visitor(served)).get('/session/new')).text)?.[1]
    for (const token of ['', 'forged', 'ab'.repeat(64), stranger ?? '']) {
      const fields = screening()
      expectFormAgain(await refused(() => members[language].post(log, fields, token)), language, fields, 403)
      const event = judgement()
      const answer = await refused(() => members[language].post(events, event, token))
      expectFormAgain(answer, language, event, 403)
      expect(says(answer.text, sentence('form_expired'))).toBe(true)
    }
  })

  it('a form that another site sends is not accepted, even with the token', async () => {
    const member = members[language]
    const token = /name="csrf" value="([^"]+)"/.exec((await member.get(log)).text)?.[1] ?? ''
    for (const site of ['cross-site', 'same-site', 'unheard-of']) {
      const fields = screening()
      const body = new URLSearchParams({ csrf: token, ...fields })
      const headers = { 'sec-fetch-site': site }
      const answer = await refused(() => member.send(log, { method: 'POST', headers, body }))
      expectFormAgain(answer, language, fields, 403)
    }
    for (const site of ['same-origin', 'none']) {
      const body = new URLSearchParams({ csrf: token, ...screening() })
      expect((await member.send(log, { method: 'POST', headers: { 'sec-fetch-site': site }, body })).status).toBe(303)
    }
  })

  it('the suggestion beside a refused date puts it into the field and records nothing', async () => {
    const first = await refused(() => members[language].post(log, { ...screening(), consentedOn: '2026-02-30' }))
    const suggested = plain(/name="suggested" value="([^"]+)"/.exec(first.text)?.[1] ?? '')
    expect(suggested).toBe('consentedOn=2026-02-28')
    const typed = { ...screening(), consentedOn: '2026-02-30' }
    const answer = await refused(() => members[language].post(log, { ...typed, suggested }))
    expect(answer.status).toBe(200)
    expect(fieldsIn(answer.text)).toMatchObject({ ...typed, consentedOn: '2026-02-28' })
  })
})

describe('a method that an address does not know', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
  const addresses = [...new Set(routes.map(({ path }) => path))]

  it.each(addresses)('is answered with 405 and the methods that it does: %s', async (path) => {
    const known = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase())
    const address = path.replace(':trial', 'SSC-BMC').replace(':subject', await newSubject())
    const cookie = members.ja.cookies()
    for (const method of methods.filter((one) => !known.includes(one))) {
      const answer = await refused(() => raw(served, method, address, { cookie }))
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, known.join(', ')])
      expect(answer.text).toContain('このページでは、その操作はできません')
    }
  })

  it('is answered without looking who asks', async () => {
    const answer = await raw(served, 'DELETE', '/trials/NO-SUCH-TRIAL')
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET'])
  })
})

describe('a body that is no form of ours', () => {
  async function send(headers: Record<string, string>, body: string | Buffer, path = log) {
    return refused(() => raw(served, 'POST', path, { cookie: members.ja.cookies(), ...headers }, body))
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it('of ten megabytes is too large, at every address that takes a form', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024, 'a')
    const subject = await newSubject()
    for (const { path } of routes.filter(({ method }) => method === 'post')) {
      const address = path.replace(':trial', 'SSC-BMC').replace(':subject', subject)
      const answer = await send({ ...form, 'content-length': String(body.length) }, body, address)
      expect([path, answer.status]).toEqual([path, 413])
    }
  })

  it('of too many fields, or of little that unpacks to much, is too large', async () => {
    expect((await send(form, 'a=1&'.repeat(1000))).status).toBe(413)
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(5 * 1024 * 1024, 'a'))
    expect((await send({ ...form, 'content-encoding': 'gzip' }, bomb)).status).toBe(413)
  })

  it('of another content type is no form of ours: 403, and nothing is read from it', async () => {
    const token = /name="csrf" value="([^"]+)"/.exec((await members.ja.get(log)).text)?.[1] ?? ''
    const fields = { csrf: token, ...screening() }
    const multipart = Object.entries(fields)
      .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')
    const bodies: readonly [string, string][] = [
      ['application/json', JSON.stringify(fields)],
      ['application/json', '{"siteId":'],
      ['multipart/form-data; boundary=x', `${multipart}--x--`],
      ['multipart/form-data', 'no boundary'],
      ['text/plain', new URLSearchParams(fields).toString()],
      ['text/xml', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'],
      ['', new URLSearchParams(fields).toString()],
      ['nonsense', 'x'],
    ]
    for (const [type, body] of bodies) {
      const answer = await send(type === '' ? {} : { 'content-type': type }, body)
      expect([type, answer.status]).toEqual([type, 403])
      expect(answer.text).not.toContain('紹介元の病院')
    }
  })

  it('that cannot be decoded is unreadable: 422', async () => {
    for (const headers of [
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'br' },
      { 'content-encoding': 'nonsense' },
      { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' },
      { 'content-type': 'application/x-www-form-urlencoded; charset=nonsense' },
    ]) {
      const answer = await send({ ...form, ...headers }, 'a=1')
      expect([headers, answer.status]).toEqual([headers, 422])
    }
  })

  it('with malformed percent-encoding, or none at all, is refused like any other form without a token', async () => {
    for (const body of ['', '%', '%E0%A4%A=%', 'a=%ZZ', '&&&&', '====', '=', '\u0000']) {
      expect([body, (await send(form, body)).status]).toEqual([body, 403])
    }
  })
})

describe('fields that the form does not have', () => {
  /** Every column of every table, in both ways of writing. */
  async function columnNames(): Promise<string[]> {
    const tables = await engineOf(served.db).writer.introspection.getTables()
    const columns = tables.flatMap((table) => table.columns.map(({ name }) => name))
    return [...new Set(columns.flatMap((name) => [name, name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())]))]
  }

  it('are refused by name: columns of the tables, properties of objects, and anything else', async () => {
    const events = `${log}/${await newSubject()}/events`
    const names = [
      ...(await columnNames()),
      ...['constructor', 'prototype', 'toString', 'hasOwnProperty', 'isAdmin', 'role', 'grants', 'basis', 'trialId'],
      ...['siteId[]', 'siteId[0]', 'siteId[$ne]', 'siteId.x', 'constructor[prototype][polluted]', 'ノート', ' ', '<b>'],
    ]
    expect(names.length).toBeGreaterThan(100)
    const ours = { [log]: Object.keys(screening()), [events]: [...Object.keys(judgement()), 'seenEventId'] }
    for (const [path, fields] of [
      [log, screening],
      [events, judgement],
    ] as const) {
      for (const name of names) {
        if (ours[path]?.includes(name) || ['suggested', 'confirmed'].includes(name)) continue
        const typed = fields()
        const answer = await refused(() => members.ja.post(path, { ...typed, [name]: 'x' }))
        expect([name, answer.status]).toEqual([name, 422])
        expect(plain(answer.text)).toContain(`知らない項目「${name.slice(0, 40)}」`)
      }
    }
  })

  it('that would reach an object’s prototype are dropped, and reach nothing', async () => {
    const typed = screening()
    const answer = await members.ja.post(log, { ...typed, '__proto__[polluted]': 'x', ['__proto__']: 'x' })
    expect([303, 422]).toContain(answer.status)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('a field that comes twice', () => {
  async function twice(path: string, fields: Fields, name: string): Promise<Answer> {
    const token = /name="csrf" value="([^"]+)"/.exec((await members.ja.get(log)).text)?.[1] ?? ''
    const body = new URLSearchParams({ csrf: token, ...fields })
    body.append(name, fields[name] ?? 'x')
    return refused(() => members.ja.send(path, { method: 'POST', body }))
  }

  it('is no text, and refused at its place', async () => {
    const events = `${log}/${await newSubject()}/events`
    for (const [path, fields] of [
      [log, screening],
      [events, judgement],
    ] as const) {
      for (const name of Object.keys(fields())) {
        const answer = await twice(path, fields(), name)
        expect([name, answer.status]).toEqual([name, 422])
        expect(answer.text).toContain('使えない文字が入っています')
      }
    }
  })

  it('is no token', async () => {
    const token = /name="csrf" value="([^"]+)"/.exec((await members.ja.get(log)).text)?.[1] ?? ''
    const body = new URLSearchParams({ csrf: token, ...screening() })
    body.append('csrf', token)
    expect((await refused(() => members.ja.send(log, { method: 'POST', body }))).status).toBe(403)
  })

  it('is no name, no password, no language and no address to return to', async () => {
    const client = await visitor(served)
    const token = /name="csrf" value="([^"]+)"/.exec((await client.get('/session/new')).text)?.[1] ?? ''
    for (const name of ['username', 'password']) {
      const body = new URLSearchParams({ csrf: token, username: crc.username, password: crc.password })
      body.append(name, body.get(name) ?? '')
      expect([name, (await client.send('/session', { method: 'POST', body })).status]).toEqual([name, 422])
    }
    const language = new URLSearchParams({ csrf: token, language: 'ja' })
    language.append('language', 'en')
    expect((await client.send('/language', { method: 'POST', body: language })).status).toBe(422)
    const to = new URLSearchParams({ csrf: token, language: 'ja', returnTo: '/trials/SSC-BMC' })
    to.append('returnTo', '/trials/SSC-BMC')
    expect((await client.send('/language', { method: 'POST', body: to })).location).toBe('/')
  })
})

describe('a form that is sent twice', () => {
  it('is recorded once, and answered the same way both times', async () => {
    const fields = screening()
    const first = await members.ja.post(log, fields)
    const second = await refused(() => members.ja.post(log, fields))
    expect([first.status, second.status, second.location]).toEqual([303, 303, first.location])
  })

  it('with other content is not answered as if that had been recorded', async () => {
    const fields = screening()
    expect((await members.ja.post(log, fields)).status).toBe(303)
    const other = { ...fields, referralSource: 'ほかの紹介元', consentedOn: '2026-06-23' }
    const answer = await refused(() => members.ja.post(log, other))
    expect([answer.status, answer.location]).not.toEqual([303, expect.stringContaining('done=screening')])
  })

  it('by somebody else is refused, and tells them nothing of the first', async () => {
    const fields = screening()
    const first = await members.ja.post(log, fields)
    const manager = await signedIn(served, demoPeople[3])
    const answer = await refused(() => manager.post(log, fields))
    expect(answer.status).toBe(422)
    expect(answer.text).not.toContain(/subjects\/([^?]+)/.exec(first.location ?? '')?.[1])
  })
})

/** Written down independently: text that a database on either engine keeps as it is. */
function isWritable(value: string): boolean {
  return [...value].every((character) => {
    const point = character.codePointAt(0) ?? 0
    const isLineEndOrTab = point === 9 || point === 10 || point === 13
    const isControl = point < 32 || (point >= 127 && point < 160)
    const isHalf = point >= 0xd800 && point <= 0xdfff
    return isLineEndOrTab || !(isControl || isHalf || point === 0xfffd)
  })
}

const lengthOf = (value: string) => [...value].length
/** A browser sends line ends as CR LF; the form parser gives back what was sent. */
const trimmed = (value: string) => value.trim()

describe('a hundred naughty strings', () => {
  it('are a hundred', () => {
    expect(naughtyStrings.length).toBeGreaterThan(100)
    expect(new Set(naughtyStrings).size).toBe(naughtyStrings.length)
  })

  it('in free text are kept exactly as they were sent, or refused', async () => {
    const { db } = served
    for (const referralSource of naughtyStrings) {
      const answer = await members.ja.post(log, { ...screening(), referralSource })
      const isFine = isWritable(trimmed(referralSource)) && lengthOf(trimmed(referralSource)) <= 200
      expect([referralSource, answer.status]).toEqual([referralSource, isFine ? 303 : 422])
      if (!isFine) continue
      const id = /subjects\/([^?]+)/.exec(answer.location ?? '')?.[1] ?? ''
      const row = await db.selectFrom('subject').select('referral_source').where('id', '=', id).executeTakeFirst()
      expect(row?.referral_source).toBe(trimmed(referralSource) === '' ? null : trimmed(referralSource))
    }
    for (const note of naughtyStrings) {
      const subject = await newSubject()
      const answer = await members.ja.post(`${log}/${subject}/events`, { ...judgement(), note })
      const isFine = isWritable(trimmed(note)) && lengthOf(trimmed(note)) <= 1000
      expect([note, answer.status]).toEqual([note, isFine ? 303 : 422])
      if (!isFine) continue
      const query = db.selectFrom('subject_event').select('note').where('subject_id', '=', subject)
      const row = await query.where('step', '=', 'eligibility').executeTakeFirst()
      expect(row?.note).toBe(trimmed(note) === '' ? null : trimmed(note))
    }
  })

  it('in a number are kept on one line in plain letters, or refused; none is given twice', async () => {
    const { db } = served
    for (const number of naughtyStrings) {
      const answer = await members.ja.post(log, { ...screening(), number })
      expect([number, [303, 422].includes(answer.status)]).toEqual([number, true])
      if (answer.status !== 303) continue
      const id = /subjects\/([^?]+)/.exec(answer.location ?? '')?.[1] ?? ''
      const row = await db.selectFrom('subject').select('number').where('id', '=', id).executeTakeFirstOrThrow()
      const plainly = trimmed(number).normalize('NFKC')
      if (plainly === '') expect(row.number).toMatch(/^SSC-BMC-01-\d{3,}$/)
      else expect(row.number).toBe(plainly)
      expect(row.number).not.toMatch(/\p{Cc}/u)
      expect(lengthOf(row.number)).toBeLessThanOrEqual(64)
    }
    const numbers = await db.selectFrom('subject').select(['trial_id', 'number']).execute()
    expect(new Set(numbers.map((row) => `${row.trial_id} ${row.number}`)).size).toBe(numbers.length)
  })

  it('in a field that must name a thing name nothing: refused, and nothing is written', async () => {
    const subject = await newSubject()
    const events = `${log}/${subject}/events`
    const before = await everythingIn(served.db)
    for (const naughty of naughtyStrings) {
      for (const name of ['siteId', 'consentVersionId', 'consentedOn']) {
        const answer = await members.ja.post(log, { ...screening(), [name]: naughty })
        expect([name, naughty, answer.status]).toEqual([name, naughty, 422])
      }
      for (const name of ['what', 'occurredOn']) {
        const answer = await members.ja.post(events, { ...judgement(), [name]: naughty })
        expect([name, naughty, answer.status]).toEqual([name, naughty, 422])
      }
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('in the hidden fields of a form do no harm', async () => {
    const subject = await newSubject()
    const events = `${log}/${subject}/events`
    for (const naughty of naughtyStrings) {
      for (const name of ['offeredNumber', 'submissionKey', 'suggested']) {
        const answer = await members.ja.post(log, { ...screening(), [name]: naughty })
        expect([name, naughty, [303, 422].includes(answer.status)]).toEqual([name, naughty, true])
      }
      for (const name of ['submissionKey', 'suggested', 'confirmed', 'seenEventId']) {
        // A key that was used belongs to what it was used for; that has its own test.
        if (name === 'submissionKey' && /^[\w-]{16,64}$/.test(naughty)) continue
        const answer = await members.ja.post(events, { ...judgement(), what: 'treatment', [name]: naughty })
        expect([name, naughty, [409, 422].includes(answer.status)]).toEqual([name, naughty, true])
      }
    }
  })

  it('as a name, a password, a language or an address to return to let nobody in and lead nowhere', async () => {
    const client = await visitor(served)
    const before = await everythingIn(served.db)
    for (const naughty of naughtyStrings) {
      const byName = await client.post('/session', { username: naughty, password: naughty, returnTo: naughty })
      expect([naughty, byName.status]).toEqual([naughty, 422])
      const byPassword = await client.post('/session', { username: crc.username, password: naughty, returnTo: '/' })
      expect([naughty, byPassword.status]).toEqual([naughty, 422])
      const language = await client.post('/language', { language: naughty, returnTo: '/' })
      expect([naughty, language.status]).toEqual([naughty, 422])
      const returnTo = await client.post('/language', { language: 'ja', returnTo: naughty })
      expect([naughty, returnTo.status]).toEqual([naughty, 303])
      expect(returnTo.location).toMatch(/^\/(?![/\\])/)
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('behind the question mark of every page are answered, and shown as text where they are shown', async () => {
    const subject = await newSubject()
    const before = await everythingIn(served.db)
    const parameters = [
      'asOf',
      'search',
      'list',
      'site',
      'order',
      'direction',
      'page',
      'before',
      'what',
      'done',
      'returnTo',
      'x',
    ]
    const pages = routes.filter(({ method }) => method === 'get').map(({ path }) => path)
    for (const path of pages) {
      const address = path.replace(':trial', 'SSC-BMC').replace(':subject', subject)
      const client = path === '/session/new' ? await visitor(served) : members.ja
      const { status: usual, text: plainPage } = await client.get(address)
      for (const naughty of naughtyStrings) {
        // Longer ones do not fit into an address: they never reach the application.
        const sent = encodeURIComponent([...wellFormed(naughty)].slice(0, 70).join(''))
        const query = parameters.map((name) => `${name}=${sent}`).join('&')
        const answer = await client.get(`${address}?${query}`)
        expect([path, naughty, [usual, 422].includes(answer.status)]).toEqual([path, naughty, true])
        if (/[<"]/.test(naughty) && !plainPage.includes(naughty)) {
          expect([path, naughty, answer.text.includes(naughty)]).toEqual([path, naughty, false])
        }
        expect(answer.text).not.toMatch(/<script>|onerror=alert\(1\)>|function Object|49<|\[native code\]/)
      }
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('as a part of the address lead to nothing', async () => {
    const data = await signedIn(served, demoPeople[3])
    for (const naughty of naughtyStrings) {
      const part = encodeURIComponent(wellFormed(naughty)).replace(/^\.{1,2}$/, '%2e')
      for (const address of [
        `/trials/${part}`,
        `/trials/${part}/subjects`,
        `${log}/${part}`,
        `${log}/${part}/events/new`,
        `/${part}`,
        `/css/${part}`,
        `/vendor/${part}`,
      ]) {
        const { status, location } = await data.get(address)
        // A folder of files is answered with its own address and a slash.
        expect([address, status === 404 || (status === 301 && /^\/css\//.test(location ?? ''))]).toEqual([
          address,
          true,
        ])
      }
    }
  }, 60_000)
})

/** `encodeURIComponent` refuses half characters; they are sent as bytes further below. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}

describe('addresses that no browser would send', () => {
  const ask = (path: string) => raw(served, 'GET', path, { cookie: members.ja.cookies() })

  it('with malformed percent-encoding in the path are not found', async () => {
    for (const path of [
      '/%',
      '/%ZZ',
      '/trials/%E0%A4%A',
      '/trials/%ED%A0%80',
      `${log}/%C0%AF`,
      `${log}/%FF/events/new`,
      '/css/%E0%A4%A',
      '/js/%',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 404])
    }
  })

  it('with malformed percent-encoding behind the question mark are answered like any other', async () => {
    const subject = await newSubject()
    for (const { path } of routes.filter(({ method, access }) => method === 'get' && access !== 'see_audit')) {
      const address = path.replace(':trial', 'SSC-BMC').replace(':subject', subject)
      for (const value of ['%', '%ZZ', '%E0%A4%A', '%ED%A0%80', '%00', '%C0%AF', '%FF%FE']) {
        const query = ['asOf', 'search', 'list', 'page', 'what', 'returnTo'].map((name) => `${name}=${value}`).join('&')
        const { status } = await ask(`${address}?${query}`)
        expect([address, value, status < 500]).toEqual([address, value, true])
      }
    }
  })

  it('out of the folder of files lead nowhere', async () => {
    for (const path of [
      '/css/../package.json',
      '/css/..%2fpackage.json',
      '/css/..%5c..%5cpackage.json',
      '/js/%2e%2e/%2e%2e/package.json',
      '/css/.../...//package.json',
      '/css/%00tokens.css',
      '/js//etc/passwd',
      '/vendor/chart.js/../../package.json',
      '/css/',
    ]) {
      const { status, text } = await ask(path)
      expect([path, status, text.includes('"name"')]).toEqual([path, 404, false])
    }
  })

  it('with repeated parameters are answered as if they had none', async () => {
    const subject = await newSubject()
    for (const page of ['', '/sites', '/subjects', `/subjects/${subject}`, `/subjects/${subject}/events/new`]) {
      for (const name of ['asOf', 'search', 'list', 'site', 'order', 'page', 'what', 'done']) {
        const { status } = await ask(`${here}${page}?${name}=a&${name}=b`)
        expect([page, name, status]).toEqual([page, name, 200])
      }
    }
    expect((await ask(`${log}?list[]=all&list[x]=all&list[__proto__]=x&__proto__=x`)).status).toBe(200)
  })

  it('with page numbers beyond all pages show an empty page, not a failure', async () => {
    for (const page of [
      '0',
      '-1',
      '2.5',
      '1e3',
      '1e309',
      'NaN',
      '999999',
      '1000000',
      '9'.repeat(30),
      '0x10',
      '１',
      '',
    ]) {
      expect([page, (await ask(`${log}?page=${encodeURIComponent(page)}`)).status]).toEqual([page, 200])
    }
    const manager = await signedIn(served, demoPeople[3])
    for (const before of ['0', '-1', '1', '999999999', '9999999999', '1e9', 'x', '2147483648']) {
      expect([before, (await manager.get(`${here}/audit?before=${before}`)).status]).toEqual([before, 200])
    }
  })

  it('with a day of a thousand years ago are answered', async () => {
    for (const day of ['1000-01-01', '1868-01-25', '1970-01-01', '2021-07-18', '明治45.7.29']) {
      for (const page of ['', '/sites']) {
        expect([day, (await ask(`${here}${page}?asOf=${encodeURIComponent(day)}`)).status]).toEqual([day, 200])
      }
    }
  })

  it('with strange headers are answered', async () => {
    const strange: readonly Record<string, string>[] = [
      { cookie: 'session=%E0%A4%A; language=%%%' },
      { cookie: ';;;=;session' },
      { cookie: `session=s%3A${'x'.repeat(4000)}` },
      { cookie: 'language=__proto__' },
      { 'accept-language': 'tlh, *;q=0.x, ;;;' },
      { 'x-forwarded-for': "'; drop table session; --", 'x-forwarded-proto': 'javascript' },
      { host: 'example.org' },
      { accept: 'application/json' },
      { 'if-none-match': '*', 'if-modified-since': 'never' },
      { 'transfer-encoding': 'chunked' },
    ]
    for (const headers of strange) {
      const { status } = await raw(served, 'GET', '/session/new', headers)
      expect([headers, status < 400]).toEqual([headers, true])
    }
  })
})

it('after all this the server still serves, and its log holds no failure', async () => {
  expect((await members.ja.get('/')).status).toBe(200)
  const failures = served.log.flatMap((chunk) => chunk.trim().split('\n')).filter((line) => /"level":50/.test(line))
  expect(failures.map((line) => JSON.parse(line).err?.message)).toEqual([])
})
