/**
 * Whatever is sent, it is answered: with the right status, in the reader's language, with everything typed still in
 * the form, and with nothing written. Nothing that comes in ever makes the server fail.
 */
import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { routes } from '../../server/http/routes.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { problemsInWords } from '../../server/pages/page.ts'
import type { Answer, Client } from '../support/client.ts'
import { type Fields, type Form, type FormsOfTrial, formsOfTrial, type Language } from './forms-of-a-trial.ts'
import { everythingIn, raw, serveForFile, signedIn, visitor, withEach } from './served.ts'

const served = serveForFile('demo')
const languages = ['ja', 'en'] as const
const kinds = ['screening', 'event', 'correction'] as const
const members = {} as Record<Language, Client>
let trial: FormsOfTrial

const crc = demoPeople[0]
const here = '/trials/SSC-BMC'
const log = `${here}/subjects`

beforeAll(async () => {
  trial = await formsOfTrial(served)
  for (const language of languages) members[language] = await signedIn(served, crc, language)
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

const tokenIn = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
const tokenOf = async (client: Client) => tokenIn((await client.get(log)).text)

const errorPrefix = { ja: '<title>エラー：', en: '<title>Error: ' }

/** Does something that must be refused, and looks that nothing at all was written. */
async function refused<T>(act: () => Promise<T>): Promise<T> {
  const before = await everythingIn(served.db)
  const answer = await act()
  expect(await everythingIn(served.db)).toEqual(before)
  return answer
}

/** The form stands there again: in the reader's language, marked as an error, with everything that was typed. */
function expectFormAgain(answer: Answer, language: Language, form: Form, typed: Fields, status = 422): void {
  expect(answer.status).toBe(status)
  expect(answer.text).toContain(`<html lang="${language}">`)
  expect(answer.text).toContain(errorPrefix[language])
  expect(answer.text).toMatch(/<section class="error-summary"[^>]*role="alert"/)
  const shown = fieldsIn(answer.text)
  expect(shown).toMatchObject(form.shownAgain(typed))
  // A key of its own: the one that was sent may be used up.
  expect(shown.submissionKey).toMatch(/^[\w-]{16,64}$/)
  expect(shown.submissionKey).not.toBe(typed.submissionKey)
}

describe.each(languages)('in %s', (language) => {
  const words = wordsFor(language)
  const sentence = (code: string, values: Record<string, string | number> = {}) =>
    problemsInWords([{ field: '', code, values }], words)[0]?.text ?? ''

  /** Whether people read a sentence on a page. */
  function says(html: string, said: string): boolean {
    expect(said).not.toBe('')
    return plain(html.slice(html.indexOf('<main')).replace(/<[^>]*>/g, '')).includes(said)
  }

  it.each(kinds)('every %s that may not be recorded is shown again with its reason, and not recorded', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    expect(form.refusals(language).length).toBeGreaterThan(14)
    for (const [name, change, code, values] of form.refusals(language)) {
      const typed = { ...form.accepted(), ...change }
      const answer = await refused(() => members[language].post(address, typed))
      expect([name, code, answer.status, says(answer.text, sentence(code, values))]).toEqual([name, code, 422, true])
      expectFormAgain(answer, language, form, typed)
    }
    // The same form, without any of these changes, is accepted.
    expect((await members[language].post(address, form.accepted())).status).toBe(303)
  })

  it('everything that is missing from a form is said at once', async () => {
    const missing: Record<string, readonly string[]> = {
      screening: ['site_missing', 'date_missing', 'consent_version_missing'],
      event: ['what_missing', 'date_missing'],
      correction: ['date_missing', 'reason_missing'],
    }
    for (const kind of kinds) {
      const address = await trial.forms[kind].address()
      const { status, text } = await refused(() => members[language].post(address, {}))
      expect([kind, status]).toEqual([kind, 422])
      const codes = missing[kind] ?? []
      for (const code of codes) expect([code, says(text, sentence(code))]).toEqual([code, true])
      expect(says(text, words.t('form.to_mend', { count: codes.length }))).toBe(true)
    }
  })

  it('every problem in the summary leads to its field, and stands at the field in the same words', async () => {
    const { text } = await refused(() => members[language].post(log, {}))
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

  it.each(kinds)('a form for %s without its token, or with another’s, is shown again as typed: 403', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    const stranger = tokenIn((await (await visitor(served)).get('/session/new')).text)
    for (const token of ['', 'forged', 'ab'.repeat(64), stranger]) {
      const typed = form.accepted()
      const answer = await refused(() => members[language].post(address, typed, token))
      expectFormAgain(answer, language, form, typed, 403)
      expect(says(answer.text, sentence('form_expired'))).toBe(true)
    }
  })

  it('the suggestion beside a refused date puts it into the field and records nothing', async () => {
    for (const kind of kinds) {
      const form = trial.forms[kind]
      const address = await form.address()
      const dateField = kind === 'screening' ? 'consentedOn' : 'occurredOn'
      const typed = { ...form.accepted(), [dateField]: '2026-02-30' }
      const first = await refused(() => members[language].post(address, typed))
      const suggested = plain(/name="suggested" value="([^"]+)"/.exec(first.text)?.[1] ?? '')
      expect(suggested).toBe(`${dateField}=2026-02-28`)
      const answer = await refused(() => members[language].post(address, { ...typed, suggested }))
      expect([kind, answer.status]).toEqual([kind, 200])
      expect(fieldsIn(answer.text)).toMatchObject({ ...form.shownAgain(typed), [dateField]: '2026-02-28' })
    }
  })

  it('two people who meet on a subject are told so (409), and what the second one typed is still there', async () => {
    const seen = async (address: string) => {
      const form = await members[language].get(`${address}/new`)
      return fieldsIn(form.text).seenEventId ?? ''
    }
    const { event } = trial.forms
    const address = await event.address()
    const typed = { ...event.accepted(), seenEventId: await seen(address) }
    expect(typed.seenEventId).not.toBe('')
    expect((await members[language].post(address, { ...typed, submissionKey: randomUUID() })).status).toBe(303)
    const second = { ...typed, what: 'exit:died', note: '原疾患の悪化' }
    const answer = await refused(() => members[language].post(address, second))
    const { seenEventId: _, ...still } = second
    expectFormAgain(answer, language, event, still, 409)
    // Having seen it, they may go on.
    const again = { ...second, seenEventId: fieldsIn(answer.text).seenEventId ?? '' }
    expect((await members[language].post(address, again)).status).toBe(303)
  })
})

describe('a form that another site sends', () => {
  it.each(kinds)('is not accepted, even with the token: %s', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    const token = await tokenOf(members.ja)
    const from = (site: string, fields: Fields) =>
      members.ja.send(address, {
        method: 'POST',
        headers: { 'sec-fetch-site': site },
        body: new URLSearchParams({ csrf: token, ...fields }),
      })
    for (const site of ['cross-site', 'same-site', 'unheard-of']) {
      const typed = form.accepted()
      expectFormAgain(await refused(() => from(site, typed)), 'ja', form, typed, 403)
    }
    expect((await from('same-origin', form.accepted())).status).toBe(303)
  })

  it('says nothing for a site, changes no language and signs nobody out', async () => {
    const { url } = served
    const token = await tokenOf(members.ja)
    const headers = { 'sec-fetch-site': 'cross-site' }
    for (const path of [`${here}/sites/01/attestations`, '/language', '/session/end']) {
      const body = new URLSearchParams({ csrf: token, month: '2023-03', language: 'en' })
      const answer = await refused(() => members.ja.send(path, { method: 'POST', headers, body }))
      expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 403, []])
    }
    expect(url).not.toBe('')
    expect((await members.ja.get('/')).status).toBe(200)
  })
})

describe('saying that there was nothing to report', () => {
  const attest = (fields: Fields) => members.ja.post(`${here}/sites/01/attestations`, fields)

  it('is refused for a month that is none, is not over, or had something to report', async () => {
    for (const month of [
      '',
      '2026-13',
      '2026-6',
      '2026-02-01',
      '2026-07',
      '2019-01',
      '2026-01',
      'May 2026',
      '٢٠٢٦-٠٥',
    ]) {
      const answer = await refused(() => attest({ month }))
      expect([month, answer.status]).toEqual([month, 422])
    }
  })

  it('with fields that the button does not send is refused', async () => {
    for (const extra of [{ siteId: 'x' }, { site_id: 'x' }, { role: 'data_manager' }, { constructor: 'x' }]) {
      const answer = await refused(() => attest({ month: '2023-04', ...extra }))
      expect([extra, answer.status]).toEqual([extra, 422])
    }
  })

  it('twice is kept once', async () => {
    expect((await attest({ month: '2023-05' })).status).toBe(303)
    expect((await refused(() => attest({ month: '2023-05' }))).status).toBe(303)
  })
})

/** An address of a route, for a subject of site 01; its event is one that does not exist. */
function addressOf(path: string, subject: string): string {
  const parts: Fields = {
    trial: 'SSC-BMC',
    site: '01',
    subject,
    event: subject,
    section: 'pathway',
    entry: subject,
    job: subject,
    person: 'demo-crc',
    step: 'end',
    role: subject,
    request: '1',
    inquiry: subject,
    condition: subject,
    attachment: subject,
    link: subject,
    token: 'x',
    scheme: 'regenerative',
    from: '2024-07-19',
    feed: subject,
    countermeasure: subject,
    review: subject,
    lock: subject,
    redaction: subject,
    pool: subject,
    count: subject,
  }
  return path.replace(/:(\w+)/g, (_, name) => parts[name] ?? '')
}

const matches = (path: string, address: string) =>
  new RegExp(`^${path.replace(/\./g, '\\.').replace(/:\w+/g, '[^/]+')}$`).test(address)

describe('a method that an address does not know', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
  const addresses = [...new Set(routes.map(({ path }) => path))]

  it.each(addresses)('is answered with 405 and the methods that it does: %s', async (path) => {
    const known = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase())
    const address = addressOf(path, await trial.newSubject())
    // `/new` is also an entry's address, by its form: what another route answers there is that route's matter.
    const others = routes.filter((route) => route.path !== path && matches(route.path, address))
    const cookie = members.ja.cookies()
    const answered = [...known, ...others.map(({ method }) => method.toUpperCase())]
    for (const method of methods.filter((one) => !answered.includes(one))) {
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
    const subject = await trial.newSubject()
    for (const { path } of routes.filter(({ method }) => method === 'post')) {
      const address = addressOf(path, subject)
      const answer = await send({ ...form, 'content-length': String(body.length) }, body, address)
      expect([path, answer.status]).toEqual([path, 413])
    }
  })

  it('of too many fields, or of little that unpacks to much, is too large', async () => {
    expect((await send(form, 'a=1&'.repeat(1000))).status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(5 * 1024 * 1024, 'a'))
    expect((await send({ ...form, 'content-encoding': 'gzip' }, bomb)).status).toBe(413)
  })

  it('of another content type is no form of ours: 403, and nothing is read from it', async () => {
    const token = await tokenOf(members.ja)
    const fields = { csrf: token, ...trial.forms.screening.accepted() }
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

  it('with nothing in it, or nothing that is a field, is refused like any other form without a token: 403', async () => {
    for (const body of ['', '&&&&', '====', '=', '\u0000']) {
      expect([body, (await send(form, body)).status]).toEqual([body, 403])
    }
  })

  it('with malformed percent-encoding is unreadable as a whole: 422', async () => {
    for (const body of ['%', 'a=%ZZ', '%E0%A4%A=%', 'a=%FF', 'a=%83%65']) {
      expect([body, (await send(form, body)).status]).toEqual([body, 422])
    }
  })
})

describe('bytes that are no text', () => {
  it.each(kinds)('are refused in every field, half a character as well as half a letter: %s', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    const token = await tokenOf(members.ja)
    const headers = { cookie: members.ja.cookies(), 'content-type': 'application/x-www-form-urlencoded' }
    for (const name of [...Object.keys(form.free), ...form.naming]) {
      // Half of a surrogate pair, a byte that begins nothing, a letter cut in two, and an overlong one.
      for (const bytes of ['%ED%A0%80', '%FF', '%E3%81', '%C0%AF']) {
        const { [name]: _, ...others } = form.accepted()
        const body = `${new URLSearchParams({ csrf: token, ...others })}&${name}=a${bytes}b`
        const answer = await refused(() => raw(served, 'POST', address, headers, body))
        expect([name, bytes, answer.status]).toEqual([name, bytes, 422])
      }
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

  it.each(kinds)('are refused by name: columns of the tables, properties of objects, and others: %s', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    const names = [
      ...(await columnNames()),
      ...['constructor', 'prototype', 'toString', 'hasOwnProperty', 'isAdmin', 'role', 'grants', 'basis', 'trialId'],
      ...['siteId[]', 'siteId[0]', 'siteId[$ne]', 'siteId.x', 'constructor[prototype][polluted]', 'ノート', ' ', '<b>'],
    ]
    expect(names.length).toBeGreaterThan(100)
    const ours = [...Object.keys(form.accepted()), ...form.hidden]
    const before = await everythingIn(served.db)
    const strange = names.filter((name) => !ours.includes(name))
    await withEach(strange, async (name) => {
      const answer = await members.ja.post(address, { ...form.accepted(), [name]: 'x' })
      expect([name, answer.status]).toEqual([name, 422])
      expect(plain(answer.text)).toContain(`知らない項目「${name.slice(0, 40)}」`)
    })
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('that would reach an object’s prototype are dropped, and reach nothing', async () => {
    const typed = trial.forms.screening.accepted()
    const answer = await members.ja.post(log, { ...typed, '__proto__[polluted]': 'x', ['__proto__']: 'x' })
    expect([303, 422]).toContain(answer.status)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('a field that comes twice', () => {
  async function twice(path: string, fields: Fields, name: string): Promise<Answer> {
    const token = await tokenOf(members.ja)
    const body = new URLSearchParams({ csrf: token, ...fields })
    body.append(name, fields[name] ?? 'x')
    return refused(() => members.ja.send(path, { method: 'POST', body }))
  }

  it.each(kinds)('is no text, and refused at its place: %s', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    for (const name of Object.keys(form.accepted())) {
      const answer = await twice(address, form.accepted(), name)
      expect([name, answer.status]).toEqual([name, 422])
      expect(answer.text).toContain('使えない文字が入っています')
    }
  })

  it('is no token', async () => {
    const token = await tokenOf(members.ja)
    const body = new URLSearchParams({ csrf: token, ...trial.forms.screening.accepted() })
    body.append('csrf', token)
    expect((await refused(() => members.ja.send(log, { method: 'POST', body }))).status).toBe(403)
  })

  it('is no name, no password, no language and no address to return to', async () => {
    const client = await visitor(served)
    const token = tokenIn((await client.get('/session/new')).text)
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
  it.each(kinds)('is recorded once, and answered the same way both times: %s', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    const fields = form.accepted()
    const first = await members.ja.post(address, fields)
    const second = await refused(() => members.ja.post(address, fields))
    expect([first.status, second.status, second.location]).toEqual([303, 303, first.location])
  })

  it.each(kinds)('with other content is not answered as if that had been recorded: %s', async (kind) => {
    const form = trial.forms[kind]
    const address = await form.address()
    const fields = form.accepted()
    expect((await members.ja.post(address, fields)).status).toBe(303)
    const dateField = kind === 'screening' ? 'consentedOn' : 'occurredOn'
    const other = { ...fields, [dateField]: '2026-06-23' }
    const answer = await refused(() => members.ja.post(address, other))
    expect(answer.status).not.toBe(303)
  })

  it('by somebody else is refused, and tells them nothing of the first', async () => {
    const fields = trial.forms.screening.accepted()
    const first = await members.ja.post(log, fields)
    const manager = await signedIn(served, demoPeople[3])
    const answer = await refused(() => manager.post(log, fields))
    expect(answer.status).toBe(422)
    expect(answer.text).not.toContain(/subjects\/([^?]+)/.exec(first.location ?? '')?.[1])
  })
})

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
    const subject = await trial.newSubject()
    for (const { path } of routes.filter(({ method, access }) => method === 'get' && access !== 'see_audit')) {
      const address = addressOf(path, subject)
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
    const subject = await trial.newSubject()
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
