/** Signing in and out: what an outsider learns (nothing), what a session is worth, and when it is over. */
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { Client } from '../support/client.ts'
import { requestDay } from '../support/context.ts'
import { forgetFailures, newcomer, raw, serveForFile, signedIn, visitor } from './served.ts'

const served = serveForFile('demo')
const behindTls = serveForFile('demo', { config: { tls: 'proxy' } })
const crc = demoPeople[0]

beforeEach(async () => {
  served.now = requestDay
  await forgetFailures(served)
})

const minutesLater = (minutes: number) => new Date(Date.parse(requestDay) + minutes * 60_000).toISOString()
const sessionOf = (client: Client) => /(?:^|; )(?:__Host-)?session=([^;]+)/.exec(client.cookies())?.[1] ?? ''
/** The page without what differs from session to session. */
const withoutToken = (text: string) => text.replaceAll(/name="csrf" value="[^"]+"/g, '')
const isSignedIn = async (client: Client) => (await client.get('/')).status === 200

/** Asks with one session cookie and nothing else. */
const withSession = (session: string) => raw(served, 'GET', '/', { cookie: `session=${session}` })

describe('who is refused', () => {
  it('learns nothing from the answer: a wrong password and an unknown name are answered alike, byte for byte', async () => {
    const client = await visitor(served)
    const wrong = await client.post('/session', { username: 'demo-crc', password: 'wrong', returnTo: '/' })
    const unknown = await client.post('/session', { username: 'demo-xyz', password: 'wrong', returnTo: '/' })
    const tooLong = await client.post('/session', { username: 'x'.repeat(65), password: 'wrong', returnTo: '/' })
    expect([wrong.status, unknown.status, tooLong.status]).toEqual([422, 422, 422])
    expect(wrong.text).toContain('利用者名かパスワードが違います')
    const alike = (text: string, name: string) => text.replace(`name="username" value="${name}"`, '')
    expect(alike(unknown.text, 'demo-xyz')).toBe(alike(wrong.text, 'demo-crc'))
    expect(alike(tooLong.text, 'x'.repeat(65))).toBe(alike(wrong.text, 'demo-crc'))
    const headersOf = ({ headers }: typeof wrong) =>
      [...headers].filter(([name]) => !/^(date|etag|content-length|x-request-id)$/.test(name))
    expect(headersOf(unknown)).toEqual(headersOf(wrong))
  })

  it('learns nothing of an account that was closed, even with its password', async () => {
    const gone = await newcomer(served, [])
    await sql`update person set disabled_at = ${requestDay} where id = ${gone.personId}`.execute(
      engineOf(served.db).writer,
    )
    const client = await visitor(served)
    const closed = await client.post('/session', { username: gone.username, password: gone.password, returnTo: '/' })
    const unknown = await client.post('/session', { username: 'nobody-here', password: gone.password, returnTo: '/' })
    expect(closed.status).toBe(422)
    expect(closed.text.replaceAll(gone.username, '')).toBe(unknown.text.replaceAll('nobody-here', ''))
  })

  it('sees their name again but never their password', async () => {
    const client = await visitor(served)
    const { text } = await client.post('/session', {
      username: 'demo-crc',
      password: 'a-wrong-password',
      returnTo: '/',
    })
    expect(text).toContain('name="username" value="demo-crc"')
    expect(text).not.toContain('a-wrong-password')
  })

  it('is told what is missing, at both fields at once', async () => {
    const client = await visitor(served, 'en')
    const { status, text } = await client.post('/session', { username: ' ', password: '', returnTo: '/' })
    expect(status).toBe(422)
    expect(text).toContain('href="#username"')
    expect(text).toContain('href="#password"')
    expect(text).toContain('<title>Error: ')
  })
})

describe('a session', () => {
  it('gets a new identifier at sign-in, and the one from before is worth nothing', async () => {
    const client = await visitor(served)
    const before = sessionOf(client)
    expect(before).not.toBe('')
    const answer = await client.post('/session', { username: crc.username, password: crc.password, returnTo: '/' })
    expect(answer.status).toBe(303)
    const after = sessionOf(client)
    expect(after).not.toBe(before)
    expect((await withSession(after)).status).toBe(200)
    expect((await withSession(before)).status).toBe(303)
  })

  it('cannot be planted: an identifier that the server did not give is never taken over', async () => {
    const client = await visitor(served)
    const planted = 's%3Aplanted-by-somebody.AAAA'
    const { text } = await raw(served, 'GET', '/session/new', { cookie: `session=${planted}` })
    expect(text).not.toContain('planted-by-somebody')
    expect((await withSession(planted)).status).toBe(303)
    // A cookie with a wrong signature is none.
    await client.post('/session', { username: crc.username, password: crc.password, returnTo: '/' })
    expect((await withSession(`${sessionOf(client).slice(0, -4)}AAAA`)).status).toBe(303)
  })

  it('takes the token of its forms anew at sign-in', async () => {
    const client = await visitor(served)
    const tokenIn = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1]
    const before = tokenIn((await client.get('/session/new')).text)
    await client.post('/session', { username: crc.username, password: crc.password, returnTo: '/' })
    const after = tokenIn((await client.get('/')).text)
    expect(after).toMatch(/^[0-9a-f]{32,}$/)
    expect(after).not.toBe(before)
  })

  it('is kept in the database by the hash of its identifier only', async () => {
    const client = await signedIn(served, crc)
    const id = decodeURIComponent(sessionOf(client)).replace(/^s:([^.]*)\..*$/, '$1')
    expect(id.length).toBeGreaterThan(20)
    const rows = await served.db.selectFrom('session').selectAll().execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(id)
  })

  it('lies in a cookie that no script reads and no other site sends', async () => {
    const { headers } = await new Client(served.url).get('/session/new')
    const [cookie = ''] = headers.getSetCookie()
    expect(cookie).toMatch(/^session=/)
    const flags = cookie.split('; ').slice(1)
    expect(flags).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/']))
    expect(cookie).not.toMatch(/Secure|Domain/)
  })

  it('lies in a cookie for TLS alone, bound to this host, where TLS is in front', async () => {
    const { headers } = await raw(behindTls, 'GET', '/session/new', { 'x-forwarded-proto': 'https' })
    const [cookie = ''] = headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^__Host-session=/)
    expect(cookie.split('; ').slice(1)).toEqual(
      expect.arrayContaining(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']),
    )
    expect(cookie).not.toMatch(/Domain/)
    // Without TLS in front of this request, no cookie is given at all.
    expect((await raw(behindTls, 'GET', '/session/new')).headers['set-cookie']).toBeUndefined()
  })

  it('is over after signing out, for everybody who kept its cookie', async () => {
    const client = await signedIn(served, crc)
    const kept = sessionOf(client)
    expect((await withSession(kept)).status).toBe(200)
    const answer = await client.post('/session/end', {})
    expect([answer.status, answer.location]).toEqual([303, '/session/new'])
    expect((await withSession(kept)).status).toBe(303)
  })

  it('is not ended by a page of somebody else', async () => {
    const client = await signedIn(served, crc)
    expect((await client.post('/session/end', {}, 'forged')).status).toBe(403)
    expect(await isSignedIn(client)).toBe(true)
  })

  it('is over after thirty idle minutes, not before', async () => {
    const client = await signedIn(served, crc)
    served.now = minutesLater(30)
    expect(await isSignedIn(client)).toBe(true)
    served.now = minutesLater(60.5)
    expect(await isSignedIn(client)).toBe(false)
  })

  it('is over after twelve hours, however busy', async () => {
    const client = await signedIn(served, crc)
    for (let minutes = 20; minutes <= 12 * 60; minutes += 20) {
      served.now = minutesLater(minutes)
      expect([minutes, await isSignedIn(client)]).toEqual([minutes, true])
    }
    served.now = minutesLater(12 * 60 + 1)
    expect(await isSignedIn(client)).toBe(false)
  })
})

describe('roles', () => {
  async function memberOfTrial() {
    const trial = await findTrialByCode(served.db, 'SSC-BMC')
    const grant = { role: 'data_manager', trialId: trial?.id ?? '', siteId: null } as const
    const person = await newcomer(served, [grant])
    return { personId: person.personId, client: await signedIn(served, person) }
  }

  it('are looked up with every request: one that is taken away is gone with the next', async () => {
    const { personId, client } = await memberOfTrial()
    expect((await client.get('/trials/SSC-BMC')).status).toBe(200)
    await sql`update role_grant set revoked_at = ${requestDay} where person_id = ${personId}`.execute(
      engineOf(served.db).writer,
    )
    expect((await client.get('/trials/SSC-BMC')).status).toBe(404)
    expect((await client.post('/trials/SSC-BMC/subjects', {})).status).toBe(404)
  })

  it('go with the account: one that is closed is signed out with the next request', async () => {
    const { personId, client } = await memberOfTrial()
    expect(await isSignedIn(client)).toBe(true)
    await sql`update person set disabled_at = ${requestDay} where id = ${personId}`.execute(engineOf(served.db).writer)
    expect(await isSignedIn(client)).toBe(false)
    expect((await client.get('/trials/SSC-BMC')).location).toMatch(/^\/session\/new/)
  })
})

describe('where one is sent after signing in', () => {
  const elsewhere = [
    'https://example.org/',
    '//example.org/',
    '///example.org/',
    '/\\example.org/',
    '\\\\example.org/',
    '/\t/example.org/',
    '/\n/example.org',
    ' //example.org',
    'javascript:alert(1)',
    'data:text/html,x',
    'http:example.org',
    '@example.org',
    '.example.org',
    '/\u0000/example.org',
    '/\u3000/example.org',
    '',
  ]

  it.each(elsewhere)('is never another site: %j', async (returnTo) => {
    const client = await visitor(served)
    const page = await client.get(`/session/new?returnTo=${encodeURIComponent(returnTo)}`)
    expect(page.text).toContain('name="returnTo" value="/"')
    const answer = await client.post('/session', { username: crc.username, password: crc.password, returnTo })
    expect([answer.status, answer.location]).toEqual([303, '/'])
    const signed = await client.get(`/session/new?returnTo=${encodeURIComponent(returnTo)}`)
    expect([signed.status, signed.location]).toEqual([303, '/'])
    await client.get('/')
    const language = await client.post('/language', { language: 'ja', returnTo })
    expect([language.status, language.location]).toEqual([303, '/'])
  })

  it('is the page that was asked for, when it is one of ours', async () => {
    const client = await visitor(served)
    const asked = await client.get('/trials/SSC-BMC?asOf=2025-01-01')
    expect(asked.status).toBe(303)
    const page = await client.get(asked.location ?? '')
    const returnTo = /name="returnTo" value="(\/trials[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&#x3D;', '=') ?? ''
    const answer = await client.post('/session', { username: crc.username, password: crc.password, returnTo })
    expect(answer.location).toBe('/trials/SSC-BMC?asOf=2025-01-01')
  })
})

it('the same page is the same for two people who are not signed in, but for the token of their forms', async () => {
  const first = await (await visitor(served)).get('/session/new')
  const second = await (await visitor(served)).get('/session/new')
  expect(first.text).not.toBe(second.text)
  expect(withoutToken(first.text)).toBe(withoutToken(second.text))
})
