/** Signing in by OpenID Connect, against a real provider: who comes in, who does not, and what each is told. */
import { HtmlValidate, StaticConfigLoader } from 'html-validate'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { done } from '../../seeds/story.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { setSignInRule } from '../../server/actions/set-sign-in-rule.ts'
import { commandLine, liveContext } from '../../server/context.ts'
import { findAccount, listAccounts } from '../../server/db/accounts.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { Client, startApp } from '../support/client.ts'
import { codeAt } from '../support/codes.ts'
import { requestDay } from '../support/context.ts'
import { cameBack, startProvider, type There } from '../support/openid-provider.ts'
import { everythingIn, forgetFailures, newcomer, raw, serveForFile, signedIn, visitor } from './served.ts'

const provider = await startProvider()
const { settings } = provider
const served = serveForFile('demo', { config: { openId: settings } })
/** A second process on other data, over TLS, whose provider nobody has started. */
const alone = serveForFile('demo', {
  config: { openId: { ...settings, issuer: 'http://127.0.0.1:9' }, tls: 'proxy' },
})
const empty = serveForFile('empty', { config: { openId: settings } })
let administrator: Client

beforeAll(async () => {
  administrator = await signedIn(served, demoPeople[7])
})
beforeEach(async () => {
  served.now = requestDay
  provider.there = null
  provider.tampering = {}
  await forgetFailures(served)
})
afterAll(() => provider.stop())

const later = (minutes: number) => {
  served.now = new Date(Date.parse(requestDay) + minutes * 60_000).toISOString()
}
const isSignedIn = async (client: Client) => (await client.get('/')).status === 200
const plain = (text: string) => text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')

let strangers = 0
/** Somebody whom the provider knows, and nobody here. */
function stranger(more: Partial<There> = {}): There {
  strangers += 1
  return { sub: `subject-${strangers}`, name: `来訪 ${strangers}`, ...more }
}

/** Signs in by the button, and goes wherever that leads. */
async function enter(there: There, { returnTo = '/', language = 'ja' as 'ja' | 'en' } = {}) {
  provider.there = there
  const client = await visitor(served, language)
  const path = await cameBack(client, `/session/oidc?returnTo=${encodeURIComponent(returnTo)}`, provider)
  return { client, path, answer: await client.get(path) }
}

async function usernameOf(there: There): Promise<string> {
  const all = await listAccounts(served.db, { search: '', limit: 1000, offset: 0 })
  return all.find(({ openId }) => openId?.subject === there.sub)?.username ?? ''
}

async function link(client: Client, there: There, password: string) {
  provider.there = there
  await client.get(await cameBack(client, '/account/openid', provider))
  const asked = await client.get('/account/openid')
  return { asked, answer: await client.post('/account/openid', { password }) }
}

describe('the sign-in page', () => {
  it('has the button where a provider is set up, with the way on in it', async () => {
    const client = await visitor(served)
    const { text } = await client.get('/session/new?returnTo=%2Ftrials%2FSSC-BMC')
    expect(plain(text)).toContain('href="/session/oidc?returnTo=%2Ftrials%2FSSC-BMC">大学の認証基盤でサインイン</a>')
    expect(text).toContain('name="password"')
  })

  it('leads out by a link with state, nonce and a challenge, and asks for no more than a name', async () => {
    const { status, location } = await (await visitor(served)).get('/session/oidc')
    const address = new URL(location ?? '')
    expect([status, address.origin]).toEqual([303, settings.issuer])
    const asked = Object.fromEntries(address.searchParams)
    expect(asked).toEqual({
      client_id: 'toroku',
      redirect_uri: settings.redirectUri,
      response_type: 'code',
      scope: 'openid profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('begins nothing for another site: only as far as the button', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const { status, headers } = await raw(served, 'GET', '/session/oidc?returnTo=/account', {
        'sec-fetch-site': site,
      })
      expect([site, status, headers.location]).toEqual([site, 303, '/session/new?returnTo=%2Faccount'])
    }
  })

  it('sends nobody elsewhere afterwards', async () => {
    const { answer } = await enter(stranger(), { returnTo: 'https://evil.example/' })
    expect([answer.status, answer.location]).toEqual([303, '/'])
  })
})

describe('somebody unknown', () => {
  it('gets an account without a role, is told so and whom to ask, and an administrator finds them', async () => {
    const there = stranger({ name: '  佐藤\u202e　花子\u0007 ' })
    const { client, answer } = await enter(there, { returnTo: '/trials/SSC-BMC' })
    expect([answer.status, answer.location]).toEqual([303, '/trials/SSC-BMC'])
    expect((await client.get('/trials/SSC-BMC')).status).toBe(404)
    const username = await usernameOf(there)
    expect(username).toMatch(/^openid-[0-9a-f]{12}$/)
    const { text } = await client.get('/')
    expect(text).toContain('まだ役割がありません')
    expect(text).toContain(username)
    const keeper = await findAccount(served.db, 'demo-admin')
    expect(text).toContain(keeper?.name.ja)
    const person = await administrator.get(`/people/${username}`)
    expect(person.text).toContain('<h1>佐藤 花子</h1>')
    expect(person.text).toContain(there.sub)
    expect(person.text).toContain('OpenID Connect')
    const trial = await findTrialByCode(served.db, 'SSC-BMC')
    const grant = { role: 'auditor', trialId: trial?.id ?? '', siteId: null } as const
    const { personId } = (await findAccount(served.db, username)) ?? { personId: '' }
    await done(grantRole(served.context, commandLine, personId, grant))
    expect((await client.get('/trials/SSC-BMC')).status).toBe(200)
    // The same subject is the same person, whatever they are called by now.
    await enter({ ...there, name: '鈴木 花子' })
    expect((await findAccount(served.db, username))?.name.ja).toBe('佐藤 花子')
    expect((await listAccounts(served.db, { search: '花子', limit: 10, offset: 0 })).length).toBe(1)
  })

  it('is never taken for somebody who has the same name', async () => {
    const there = stranger({ sub: 'demo-admin', name: 'demo-admin' })
    const { client } = await enter(there)
    expect((await client.get('/people')).status).toBe(403)
    expect(await usernameOf(there)).toMatch(/^openid-/)
    const refused = await administrator.post('/invitations', { username: 'openid-me', nameJa: '私', nameEn: '' })
    expect([refused.status, refused.text.includes('openid- で始まる利用者名は使えません')]).toEqual([422, true])
  })

  it.each([undefined, '', '\u200b\u0000', 'あ'.repeat(5000)])('has a name that fits: %j', async (name) => {
    const there = stranger({ name: name as string })
    const { client } = await enter(there)
    expect(await isSignedIn(client)).toBe(true)
    const username = await usernameOf(there)
    const account = await findAccount(served.db, username)
    expect(account?.name.ja).toBe(name?.startsWith('あ') ? 'あ'.repeat(100) : username)
  })

  it('is one person, however many windows they come by at once', async () => {
    const there = stranger()
    provider.there = there
    const clients = await Promise.all([1, 2, 3].map(() => visitor(served)))
    const paths: string[] = []
    for (const client of clients) paths.push(await cameBack(client, '/session/oidc', provider))
    const answers = await Promise.all(clients.map((client, index) => client.get(paths[index] ?? '')))
    expect(answers.map(({ location }) => location)).toEqual(['/', '/', '/'])
    const all = await listAccounts(served.db, { search: '', limit: 1000, offset: 0 })
    expect(all.filter(({ openId }) => openId?.subject === there.sub)).toHaveLength(1)
  })

  it('comes in only where an administrator is: the first account is theirs, by their link', async () => {
    provider.there = stranger()
    const client = await visitor(empty)
    const answer = await client.get(await cameBack(client, '/session/oidc', provider))
    expect([answer.status, answer.text.includes('まだシステム管理者がいません')]).toEqual([422, true])
    expect(await empty.db.selectFrom('person').select('id').execute()).toEqual([])
  })

  it('who is ended stays outside, and is told', async () => {
    const there = stranger()
    const { client } = await enter(there)
    await administrator.post(`/people/${await usernameOf(there)}/steps/end`, {})
    expect(await isSignedIn(client)).toBe(false)
    const again = await enter(there)
    expect([again.answer.status, again.answer.text.includes('利用を終了しています')]).toEqual([422, true])
    expect(await isSignedIn(again.client)).toBe(false)
  })
})

describe('a session by OpenID Connect', () => {
  it('has a new identifier, and its end says that the provider may still know them', async () => {
    provider.there = stranger()
    const client = await visitor(served)
    const path = await cameBack(client, '/session/oidc', provider)
    const before = client.cookies()
    const answer = await client.get(path)
    expect(answer.headers.getSetCookie().join()).toContain('session=')
    expect(client.cookies()).not.toBe(before)
    expect((await raw(served, 'GET', '/', { cookie: before })).status).toBe(303)
    await client.get('/')
    const end = await client.post('/session/end', {})
    expect(end.location).toBe('/session/new?done=openid_over')
    expect((await client.get(end.location ?? '')).text).toContain('認証基盤にはサインインしたまま')
  })

  it('says when and from where they were here last', async () => {
    const there = stranger()
    await enter(there)
    later(60)
    const { client } = await enter(there)
    expect((await client.get('/account')).text).toContain('前回のサインイン')
  })
})

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that says something else, under the signature that it had. */
const claiming = (claims: object) => (token: string) => {
  const [head, payload = '', signature] = token.split('.')
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [head, encoded({ ...said, ...claims }), signature].join('.')
}
const unsigned = (token: string) => [encoded({ alg: 'none' }), token.split('.')[1], ''].join('.')

describe('what signs nobody in', () => {
  type Way = (client: Client) => Promise<string>
  const usual: Way = (client) => cameBack(client, '/session/oidc', provider)
  const changed =
    (change: (query: URLSearchParams) => void): Way =>
    async (client) => {
      const [path = '', search] = (await usual(client)).split('?')
      const query = new URLSearchParams(search)
      change(query)
      return `${path}?${query}`
    }
  const tampered =
    (tampering: typeof provider.tampering): Way =>
    (client) => {
      provider.tampering = tampering
      return usual(client)
    }
  const ways: [what: string, way: Way, ja: string, en: string, because: string][] = [
    [
      'who turns back at the provider',
      (client) => {
        provider.there = null
        return usual(client)
      },
      'サインインが取り消されました',
      'was cancelled there',
      'access_denied',
    ],
    [
      'another state',
      changed((query) => query.set('state', 'x'.repeat(43))),
      '始めたサインインではない',
      'not begun in this browser',
      'state',
    ],
    [
      'no state',
      changed((query) => query.delete('state')),
      '始めたサインインではない',
      'not begun in this browser',
      'state',
    ],
    [
      'two states',
      changed((query) => query.append('state', 'x')),
      '始めたサインインではない',
      'not begun in this browser',
      'state',
    ],
    [
      'a window that did not begin',
      async () => usual(await visitor(served)),
      '始めたサインインではない',
      'not begun in this browser',
      'no_flow',
    ],
    [
      'another issuer (mix-up)',
      changed((query) => query.set('iss', 'https://evil.example')),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_INVALID_RESPONSE',
    ],
    [
      'no issuer, which this provider promises',
      changed((query) => query.delete('iss')),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_INVALID_RESPONSE',
    ],
    [
      'an invented code',
      changed((query) => query.set('code', 'invented')),
      '応答を確かめられなかった',
      'could not be verified',
      'invalid_grant',
    ],
    [
      'no code',
      changed((query) => query.delete('code')),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_INVALID_RESPONSE',
    ],
    [
      'an error that nobody knows',
      changed((query) => query.set('error', '<b>tok-en</b>')),
      '応答を確かめられなかった',
      'could not be verified',
      'unknown',
    ],
    [
      'another nonce',
      tampered({ nonce: 'a nonce of somebody else' }),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    ],
    [
      'a token that was changed on its way',
      tampered({ idToken: claiming({ sub: 'demo-admin' }) }),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_INVALID_RESPONSE',
    ],
    [
      'a token without a signature',
      tampered({ idToken: unsigned }),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_INVALID_RESPONSE',
    ],
    [
      'a token for another application',
      tampered({ idToken: claiming({ aud: 'another' }) }),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    ],
    [
      'a token of another issuer',
      tampered({ idToken: claiming({ iss: 'https://evil.example' }) }),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    ],
    [
      'a token of yesterday',
      tampered({ idToken: claiming({ exp: 1 }) }),
      '応答を確かめられなかった',
      'could not be verified',
      'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
    ],
    [
      'a token endpoint out of order',
      tampered({ tokenStatus: 500 }),
      '今つながりません',
      'cannot be reached',
      'OAUTH_RESPONSE_IS_NOT_CONFORM',
    ],
    [
      'a token endpoint that refuses this client',
      tampered({ tokenStatus: 401 }),
      '今つながりません',
      'cannot be reached',
      'OAUTH_RESPONSE_IS_NOT_JSON',
    ],
    [
      'a provider that falls silent',
      async (client) => {
        const path = await usual(client)
        provider.tampering = { silent: true }
        return path
      },
      '今つながりません',
      'cannot be reached',
      'UND_ERR_SOCKET',
    ],
    [
      'who takes longer than ten minutes',
      async (client) => {
        const path = await usual(client)
        later(11)
        return path
      },
      '期限切れ',
      'longer than 10 minutes',
      'late',
    ],
    [
      'the same answer a second time',
      async (client) => {
        const path = await usual(client)
        const first = await client.get(path)
        expect(first.location).toBe('/')
        await client.get('/')
        await client.post('/session/end', {})
        await client.get('/session/new')
        return path
      },
      '始めたサインインではない',
      'not begun in this browser',
      'no_flow',
    ],
  ]

  it.each(ways)('%s', async (_what, way, ja, en, because) => {
    for (const language of ['ja', 'en'] as const) {
      served.now = requestDay
      provider.tampering = {}
      // Somebody known: at a first sign-in, a person would be added.
      const there = stranger()
      await enter(there)
      const client = await visitor(served, language)
      const from = served.log.length
      const path = await way(client)
      const before = await everythingIn(served.db)
      const answer = await client.get(path)
      expect([answer.status, answer.location]).toEqual([422, null])
      expect(answer.text).toContain(language === 'ja' ? ja : en)
      expect(answer.text).toContain('role="alert"')
      expect(answer.text).toContain('name="password"')
      expect(answer.text).not.toContain('tok-en')
      expect(await isSignedIn(client)).toBe(false)
      expect(await everythingIn(served.db)).toEqual(before)
      const log = served.log.slice(from).join('')
      expect(log).toContain(`"because":"${because}"`)
      for (const [name, value] of new URLSearchParams(path.split('?')[1])) {
        if (['code', 'state'].includes(name)) expect([name, log.includes(value)]).toEqual([name, false])
      }
      expect(log).not.toContain('tok-en')
    }
  })

  it('keys of somebody else, where the provider’s own are not known yet', async () => {
    const fresh = await startApp({ ...liveContext(served.db, served.context.config), now: () => served.now })
    provider.there = stranger()
    provider.tampering = { keys: 'of_another' }
    const client = new Client(fresh.url)
    const before = await everythingIn(served.db)
    const answer = await client.get(await cameBack(client, '/session/oidc', provider))
    expect([answer.status, answer.text.includes('応答を確かめられなかった')]).toEqual([422, true])
    expect(await everythingIn(served.db)).toEqual(before)
    await fresh.stop()
  })

  it('heard once: of many at the same moment with one answer, one is let in at most', async () => {
    provider.there = stranger()
    const client = await visitor(served)
    const path = await cameBack(client, '/session/oidc', provider)
    const cookie = client.cookies()
    const answers = await Promise.all([1, 2, 3, 4].map(() => raw(served, 'GET', path, { cookie })))
    expect(answers.filter(({ status }) => status === 303).length).toBeLessThanOrEqual(1)
    expect(answers.filter(({ status }) => status !== 303 && status !== 422)).toEqual([])
  })

  it('no line of the log holds a code, a token or a state, of those who came in either', async () => {
    const { path } = await enter(stranger())
    const log = served.log.join('')
    const query = new URLSearchParams(path.split('?')[1])
    expect(log).toContain('"/session/oidc/callback"')
    for (const name of ['code', 'state']) expect(log).not.toContain(query.get(name))
    expect(log).not.toContain(settings.clientSecret)
    expect(log).not.toMatch(/eyJ[\w-]{20}/)
  })
})

describe('a provider that is down', () => {
  it('is said on the sign-in page, where the password still works', async () => {
    const tls = { 'x-forwarded-proto': 'https' }
    const page = await raw(alone, 'GET', '/session/oidc', tls)
    expect([page.status, page.text.includes('今つながりません')]).toEqual([422, true])
    const cookie = (page.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
    expect(cookie).toMatch(/^__Host-session=/)
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const { username, password } = demoPeople[0]
    const body = new URLSearchParams({ csrf, username, password, returnTo: '/' }).toString()
    const headers = { ...tls, cookie, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await raw(alone, 'POST', '/session', headers, body)).status).toBe(303)
  })
})

describe('a second factor', () => {
  async function withFactor(there: There): Promise<string> {
    const { client } = await enter(there)
    const page = await client.get('/account/second-factor')
    const secret = (/class="secret">([^<]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
    const answer = await client.post('/account/second-factor', { code: codeAt(secret, served.now) })
    expect(answer.text).toContain('class="codes"')
    return secret
  }

  it('that was set up here is asked for, unless the provider has asked for one', async () => {
    const there = stranger()
    const secret = await withFactor(there)
    later(5)
    const { client, answer } = await enter({ ...there, amr: ['pwd'] }, { returnTo: '/account' })
    expect(answer.location).toBe('/session/code')
    expect(await isSignedIn(client)).toBe(false)
    await client.get('/session/code')
    const wrong = await client.post('/session/code', { code: '000000' })
    expect(wrong.status).toBe(422)
    const right = await client.post('/session/code', { code: codeAt(secret, served.now) })
    expect([right.status, right.location]).toEqual([303, '/account'])
    expect((await client.get('/account')).text).toContain('その後、サインインの失敗が1回ありました')
    for (const proof of [{ amr: ['pwd', 'otp'] }, { amr: ['mfa'] }, { amr: ['hwk'] }, { acr: 'phr' }]) {
      const proven = await enter({ ...there, ...proof }, { returnTo: '/account' })
      expect([proof, proven.answer.location]).toEqual([proof, '/account'])
      expect(await isSignedIn(proven.client)).toBe(true)
    }
  })

  it('that a trial requires is the provider’s, or is set up here before anything else', async () => {
    const trial = await findTrialByCode(served.db, 'STR01-03')
    const trialId = trial?.id ?? ''
    const there = stranger()
    await enter(there)
    const { personId } = (await findAccount(served.db, await usernameOf(there))) ?? { personId: '' }
    await done(grantRole(served.context, commandLine, personId, { role: 'auditor', trialId, siteId: null }))
    await done(setSignInRule(served.context, commandLine, { trialId, secondFactor: 'required' }))
    const plainly = await enter(there)
    expect((await plainly.client.get('/trials/STR01-03')).location).toBe('/account/second-factor')
    const proven = await enter({ ...there, amr: ['mfa'] })
    expect((await proven.client.get('/trials/STR01-03')).status).toBe(200)
    await done(setSignInRule(served.context, commandLine, { trialId, secondFactor: 'optional' }))
  })
})

describe('an account with a password', () => {
  it('is linked with the password and unlinked with it, and both stand in the trail', async () => {
    const person = await newcomer(served, [])
    const there = stranger({ name: '連携 する人' })
    const client = await signedIn(served, person)
    expect((await client.get('/account')).text).toContain('連携していません')
    provider.there = there
    await client.get(await cameBack(client, '/account/openid', provider))
    const asked = await client.get('/account/openid')
    expect(asked.text).toContain('連携 する人')
    expect((await client.post('/account/openid', { password: '' })).text).toContain('パスワードを入力してください')
    expect((await client.post('/account/openid', { password: 'wrong' })).text).toContain('パスワードが違います')
    const linked = await client.post('/account/openid', { password: person.password })
    expect([linked.status, linked.location]).toEqual([303, '/account?done=openid_linked'])
    const there2 = await enter(there, { returnTo: '/account' })
    expect((await there2.client.get('/account')).text).toContain(person.username)
    // Linked before: there is nothing to begin, nor a second one to add.
    expect((await client.get('/account/openid')).location).toBe('/account')

    await client.get('/account/openid/end')
    expect((await client.post('/account/openid/end', { password: 'wrong' })).status).toBe(422)
    const unlinked = await client.post('/account/openid/end', { password: person.password })
    expect([unlinked.status, unlinked.location]).toEqual([303, '/account?done=openid_unlinked'])
    expect([await isSignedIn(client), await isSignedIn(there2.client)]).toEqual([true, false])
    const entries = await served.db
      .selectFrom('audit_entry')
      .select(['event', 'actor_id'])
      .where('record_table', '=', 'openid_identity')
      .where('actor_id', '=', person.personId)
      .orderBy('sequence')
      .execute()
    expect(entries.map(({ event }) => event)).toEqual(['openid_linked', 'openid_unlinked'])
    // From now on the identity is a stranger's.
    await enter(there)
    expect(await usernameOf(there)).toMatch(/^openid-/)
    expect(await verify(served.db)).toMatchObject({ finding: null })
  })

  it('takes no identity that lets somebody else in, until an administrator frees it', async () => {
    const there = stranger()
    await enter(there)
    const person = await newcomer(served, [])
    const client = await signedIn(served, person)
    const { answer } = await link(client, there, person.password)
    expect([answer.status, answer.text.includes('別のアカウントで使われています')]).toEqual([422, true])
    const other = await usernameOf(there)
    expect((await administrator.get(`/people/${other}/steps/openid-end`)).text).toContain('連携を解除しますか')
    expect((await administrator.post(`/people/${other}/steps/openid-end`, {})).status).toBe(303)
    expect((await client.post('/account/openid', { password: person.password })).status).toBe(303)
    expect(await usernameOf(there)).toBe(person.username)
  })

  it('is linked by nobody who does not know its password, or came from elsewhere', async () => {
    const person = await newcomer(served, [])
    const client = await signedIn(served, person)
    const led = await raw(served, 'GET', '/account/openid', {
      cookie: client.cookies(),
      'sec-fetch-site': 'cross-site',
    })
    expect([led.status, led.headers.location]).toEqual([303, '/account'])
    const unasked = await client.post('/account/openid', { password: person.password })
    expect([unasked.status, unasked.location]).toEqual([303, '/account'])
    provider.there = stranger()
    const path = await cameBack(await visitor(served), '/session/oidc', provider)
    // An answer that somebody else began is heard by no session but theirs.
    expect((await client.get(path)).location).toBe('/')
    expect((await findAccount(served.db, person.username))?.openId).toBeNull()
    provider.there = null
    const turned = await client.get(await cameBack(client, '/account/openid', provider))
    expect([turned.status, turned.text.includes('取り消されました')]).toEqual([422, true])
    expect(turned.text).toContain(person.username)
  })

  it('without one, the provider stays the only way in', async () => {
    const there = stranger()
    const { client } = await enter(there)
    const { text } = await client.get('/account')
    expect(text).toContain('決めていません')
    expect(text).not.toContain('/account/openid/end')
    expect((await client.get('/account/openid/end')).location).toBe('/account')
    expect((await client.post('/account/openid/end', { password: 'x' })).location).toBe('/account')
    expect((await findAccount(served.db, await usernameOf(there)))?.openId).not.toBeNull()
  })
})

describe('several processes', () => {
  it('one begins, another one finishes: what is kept is in the database', async () => {
    const second = await startApp({ ...liveContext(served.db, served.context.config), now: () => served.now })
    provider.there = stranger()
    const client = await visitor(served)
    const path = await cameBack(client, '/session/oidc', provider)
    const there = client.at(second.url)
    expect((await there.get(path)).location).toBe('/')
    expect(await isSignedIn(there)).toBe(true)
    await second.stop()
  })
})

it.each(['ja', 'en'] as const)(
  'every page of it is valid HTML without style or script of its own: %s',
  async (language) => {
    const validator = new HtmlValidate(
      new StaticConfigLoader({
        extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
        rules: {
          'void-style': 'off',
          'no-trailing-whitespace': 'off',
          'attribute-boolean-style': 'off',
          'attribute-empty-style': 'off',
          'doctype-style': 'off',
          'long-title': 'off',
          'require-sri': 'off',
          'no-raw-characters': ['error', { relaxed: true }],
          'heading-level': ['error', { minInitialRank: 'h2' }],
          'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
        },
      }),
    )
    const name = '<b id="pasted">&'
    const pages: [string, string][] = []
    const person = await newcomer(served, [])
    const client = await visitor(served, language)
    pages.push(['sign in', (await client.get('/session/new?done=openid_over')).text])
    pages.push(['denied', (await client.get(await cameBack(client, '/session/oidc', provider))).text])
    const unknown = stranger({ name })
    const { client: newcomers } = await enter(unknown, { language })
    for (const path of ['/', '/account']) pages.push([`${path} without a role`, (await newcomers.get(path)).text])
    const username = await usernameOf(unknown)
    const linking = await signedIn(served, person, language)
    pages.push(['not linked', (await linking.get('/account')).text])
    const { asked } = await link(linking, stranger({ name }), person.password)
    pages.push(['linking', asked.text])
    for (const path of ['/account?done=openid_linked', '/account/openid/end']) {
      pages.push([path, (await linking.get(path)).text])
    }
    pages.push(['refused', (await linking.post('/account/openid/end', { password: 'wrong' })).text])
    const keeper = await signedIn(served, demoPeople[7], language)
    for (const path of ['', '/steps/openid-end', '/steps/first-password']) {
      pages.push([`person${path}`, (await keeper.get(`/people/${username}${path}`)).text])
    }
    for (const [place, html] of pages) {
      const complaints = (await validator.validateString(html)).results
        .flatMap(({ messages }) => messages)
        .map(({ ruleId, message }) => `${ruleId}: ${message}`)
      expect([place, complaints]).toEqual([place, []])
      expect([place, html.includes(name), / style="| onclick=/.test(html)]).toEqual([place, false, false])
      expect([place, /\{\{|\}\}|\[\[|undefined/.test(html.replace(/<script.*?<\/script>/gs, ''))]).toEqual([
        place,
        false,
      ])
    }
  },
)

it('the table of identities holds each once', async () => {
  const { rows } = await sql<{ size: number }>`
    select count(*) as size from openid_identity group by issuer, subject having count(*) > 1`.execute(
    engineOf(served.db).writer,
  )
  expect(rows).toEqual([])
})
