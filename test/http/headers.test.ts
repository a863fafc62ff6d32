/** What every response carries, whatever it answers: the policy that lets a page load from here alone. */
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import type { Route } from '../../server/http/route.ts'
import { routes } from '../../server/http/routes.ts'
import type { Client } from '../support/client.ts'
import { type RawAnswer, raw, type Served, serveForFile, signedIn } from './served.ts'

const policy = {
  'default-src': "'self'",
  'script-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
}

const fails: Route = {
  method: 'get',
  path: '/fails',
  access: 'anyone',
  handler: () => Promise.reject(new Error('planted failure')),
}
const plain = serveForFile('demo', { more: [fails] })
const behindTls = serveForFile('demo', { more: [fails], config: { tls: 'proxy' } })

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const crc = demoPeople[0]

/** One request for every kind of answer there is. */
const kinds: readonly [string, number, (served: Served, member: Client) => Promise<RawAnswer>][] = [
  ['the sign-in page', 200, (served) => raw(served, 'GET', '/session/new')],
  ['a page of a trial', 200, (served, member) => asMember(served, member, '/trials/SSC-BMC')],
  ['a head request', 200, (served) => raw(served, 'HEAD', '/session/new')],
  ['a redirect', 303, (served) => raw(served, 'GET', '/trials/SSC-BMC')],
  ['a page that is not there', 404, (served) => raw(served, 'GET', '/no-such-page')],
  ['a trial that is not there', 404, (served, member) => asMember(served, member, '/trials/NO-SUCH-TRIAL')],
  ['a page that is not allowed', 403, (served, member) => asMember(served, member, '/trials/SSC-BMC/audit')],
  ['a forged form', 403, (served) => raw(served, 'POST', '/language', form, 'language=ja')],
  ['a wrong method', 405, (served) => raw(served, 'DELETE', '/session/new')],
  ['a question for options', 405, (served) => raw(served, 'OPTIONS', '/')],
  ['a body that is too large', 413, (served) => raw(served, 'POST', '/session', form, 'x'.repeat(200_000))],
  [
    'a body that cannot be read',
    422,
    (served) => raw(served, 'POST', '/session', { ...form, 'content-encoding': 'gzip' }, 'x'),
  ],
  ['a page refused with a form', 422, (served, member) => asMember(served, member, '/trials/SSC-BMC?asOf=2026-02-30')],
  ['a malformed address', 404, (served, member) => asMember(served, member, '/trials/%E0%A4%A')],
  ['a failure', 500, (served) => raw(served, 'GET', '/fails')],
  ['a style sheet', 200, (served) => raw(served, 'GET', '/css/tokens.css')],
  ['a script', 200, (served) => raw(served, 'GET', '/js/chart.js')],
  ['the chart library', 200, (served) => raw(served, 'GET', '/vendor/chart.js/chart.umd.js')],
  ['the icon', 200, (served) => raw(served, 'GET', '/icon.svg')],
  ['a folder of files', 404, (served) => raw(served, 'GET', '/css')],
  ['a style sheet that is not there', 404, (served) => raw(served, 'GET', '/css/no-such.css')],
  [
    'a part of a file that it does not have',
    416,
    (served) => raw(served, 'GET', '/css/tokens.css', { range: 'bytes=99999999-' }),
  ],
  [
    'a file on a condition that does not hold',
    412,
    (served) => raw(served, 'GET', '/css/tokens.css', { 'if-match': '"x"' }),
  ],
  ['a file outside the folder', 404, (served) => raw(served, 'GET', '/css/..%2f..%2fpackage.json')],
  ['alive', 200, (served) => raw(served, 'GET', '/healthz')],
  ['ready', 200, (served) => raw(served, 'GET', '/readyz')],
]

function asMember(served: Served, member: Client, path: string): Promise<RawAnswer> {
  return raw(served, 'GET', path, { cookie: member.cookies() })
}

let member: Client
beforeAll(async () => {
  member = await signedIn(plain, crc)
})

describe('every response', () => {
  it.each(kinds)('carries the whole policy and nothing beside it: %s (%i)', async (_kind, status, ask) => {
    const answer = await ask(plain, member)
    expect(answer.status).toBe(status)
    const given = String(answer.headers['content-security-policy'])
    const directives = given.split(';').map((directive) =>
      directive
        .trim()
        .split(/\s(.*)/)
        .slice(0, 2),
    )
    expect(Object.fromEntries(directives)).toEqual(policy)
    expect(directives).toHaveLength(Object.keys(policy).length)
  })

  it.each(kinds)('names no program, is not sniffed, framed or referred from: %s', async (_kind, _status, ask) => {
    const { headers } = await ask(plain, member)
    expect(headers['x-powered-by']).toBeUndefined()
    expect(headers.server).toBeUndefined()
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  it('tells the browser to stay with TLS where TLS is in front, and does not where it is not', async () => {
    for (const path of ['/session/new', '/no-such-page', '/fails', '/css/tokens.css', '/healthz']) {
      const headers = { 'x-forwarded-proto': 'https' }
      expect((await raw(behindTls, 'GET', path, headers)).headers['strict-transport-security']).toMatch(
        /^max-age=\d{8}/,
      )
      expect((await raw(plain, 'GET', path)).headers['strict-transport-security']).toBeUndefined()
    }
  })
})

describe('pages of people who are signed in', () => {
  it('are kept by no cache, nor is an answer to a form; pages of counts alone are asked about each time', async () => {
    const here = '/trials/SSC-BMC'
    const ofCounts = [here, `${here}/sites`]
    const reading = routes
      .filter(({ method }) => method === 'get')
      .map(({ path }) => path.replace('/trials/:trial', here))
    for (const path of [...reading, '/no-such-page', '/trials/NO-SUCH-TRIAL', '/trials/%E0%A4%A']) {
      const { headers } = await member.send(path)
      const control = ofCounts.includes(path) ? 'private, no-cache' : 'no-store'
      expect([path, headers.get('cache-control')]).toEqual([path, control])
    }
    const posted = await member.post(`${here}/subjects`, {})
    expect([posted.status, posted.headers.get('cache-control')]).toEqual([422, 'no-store'])
  })

  it('are gone from the browser when somebody signs out', async () => {
    const leaving = await signedIn(plain, crc)
    const { status, headers } = await leaving.post('/session/end', {})
    expect([status, headers.get('clear-site-data')]).toEqual([303, '"cache"'])
  })

  it('are sent as what they are, in UTF-8', async () => {
    expect((await member.get('/')).headers.get('content-type')).toBe('text/html; charset=utf-8')
  })
})
