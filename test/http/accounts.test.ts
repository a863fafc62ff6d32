/** People and their sessions as a browser meets them: links, second factors, devices, delays. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { done } from '../../seeds/story.ts'
import { setSignInRule } from '../../server/actions/set-sign-in-rule.ts'
import { commandLine } from '../../server/context.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import type { Client } from '../support/client.ts'
import { codeAt } from '../support/codes.ts'
import { requestDay } from '../support/context.ts'
import { everythingIn, forgetFailures, newcomer, raw, serveForFile, signedIn, visitor } from './served.ts'

const served = serveForFile('demo')
/** Passwords that take their time, as they do in production. */
const slow = serveForFile('empty', { config: { passwordCost: 2 ** 12 } })
let administrator: Client

beforeAll(async () => {
  administrator = await signedIn(served, demoPeople[7])
})
beforeEach(async () => {
  served.now = requestDay
  await forgetFailures(served)
})

const later = (seconds: number) => {
  served.now = new Date(Date.parse(requestDay) + seconds * 1000).toISOString()
}
const plain = (text: string) => text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
const isSignedIn = async (client: Client) => (await client.get('/')).status === 200
const password = 'three herons wait in the rain'

/** The address that stands on the page for the administrator to hand over. */
function linkOn(text: string): string {
  return /<textarea id="link"[^>]*>http:\/\/[^/]+([^<]*)</.exec(plain(text))?.[1] ?? ''
}

async function invite(username: string): Promise<string> {
  const answer = await administrator.post('/invitations', { username, nameJa: '新人 一', nameEn: '' })
  expect(answer.status).toBe(200)
  return linkOn(answer.text)
}

async function follow(link: string, fields: Record<string, string>) {
  const client = await visitor(served)
  const page = await client.get(link)
  const token = /token=(.*)$/.exec(link)?.[1] ?? ''
  const answer = await client.post('/access', { token, repeated: fields.password ?? '', ...fields })
  return { client, page, answer }
}

describe('an invitation', () => {
  it('is shown once as a link, opened by whoever holds it, and over when it is used', async () => {
    const link = await invite('invited-1')
    expect(link).toMatch(/^\/access\?token=[\w-]{43}$/)
    const { client, page, answer } = await follow(link, { password })
    expect(page.status).toBe(200)
    expect(page.text).toContain('新人 一')
    expect([answer.status, answer.location]).toEqual([303, '/session/new?done=password'])
    expect((await client.get(answer.location ?? '')).text).toContain('パスワードを決めました')
    await signedIn(served, { username: 'invited-1', password })
    const again = await follow(link, { password })
    expect([again.page.status, again.answer.status]).toEqual([404, 404])
    expect(again.page.text).toContain('このリンクは使えません')
    expect((await administrator.get('/people/invited-1')).text).not.toContain('/access?token')
  })

  it('refuses a password against the rules, or typed in two ways, and stays good', async () => {
    const link = await invite('invited-2')
    const refusals: readonly [Record<string, string>, string][] = [
      [{ password: 'too short' }, '15文字以上'],
      [{ password: 'passwordpassword' }, 'よく使われる'],
      [{ password: 'invited-2 on the roof' }, '利用者名や氏名'],
      [{ password, repeated: 'another' }, '2つのパスワードが違います'],
      [{ password: '', repeated: '' }, 'パスワードを入力してください'],
      [{ password, role: 'administrator' }, '知らない項目'],
    ]
    for (const [fields, words] of refusals) {
      const { answer } = await follow(link, fields)
      expect([words, answer.status, answer.text.includes(words)]).toEqual([words, 422, true])
      for (const typed of Object.values(fields).filter((one) => one.length > 8 && one !== 'administrator')) {
        expect(answer.text).not.toContain(`value="${typed}"`)
      }
    }
    expect((await follow(link, { password })).answer.status).toBe(303)
  })

  it('stands in no line of the log, and neither does a password', async () => {
    const link = await invite('invited-3')
    await follow(link, { password: 'a password for the log only' })
    await signedIn(served, { username: 'invited-3', password: 'a password for the log only' })
    const log = served.log.join('')
    expect(log).toContain('/access')
    expect(log).not.toContain(link.slice(-43))
    expect(log).not.toContain('for the log only')
  })

  it('is over when it is revoked, renewed or too old', async () => {
    const first = await invite('invited-4')
    const renewed = await administrator.post('/people/invited-4/steps/invitation', {})
    const second = linkOn(renewed.text)
    expect((await follow(first, { password })).page.status).toBe(404)
    await administrator.post('/people/invited-4/steps/link-end', {})
    expect((await follow(second, { password })).page.status).toBe(404)
    const third = linkOn((await administrator.post('/people/invited-4/steps/invitation', {})).text)
    later(7 * 86_400)
    expect((await follow(third, { password })).page.status).toBe(404)
  })

  it('sent twice is one account, and the second page has no link', async () => {
    const fields = { username: 'invited-5', nameJa: '新人', nameEn: '', submissionKey: 'a-key-of-one-invitation' }
    const first = await administrator.post('/invitations', fields)
    const before = await everythingIn(served.db)
    const second = await administrator.post('/invitations', fields)
    expect([first.status, second.status]).toEqual([200, 200])
    expect([linkOn(first.text) !== '', linkOn(second.text)]).toEqual([true, ''])
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

describe('access', () => {
  it('that an administrator ends is over with the next request, everywhere', async () => {
    const person = await newcomer(served, [])
    const clients = [await signedIn(served, person), await signedIn(served, person)]
    const question = await administrator.get(`/people/${person.username}/steps/end`)
    expect(question.text).toContain('この人の利用を終了しますか')
    expect(await isSignedIn(clients[0] as Client)).toBe(true)
    expect((await administrator.post(`/people/${person.username}/steps/end`, {})).status).toBe(303)
    for (const client of clients) expect(await isSignedIn(client)).toBe(false)
    expect((await administrator.get(`/people/${person.username}`)).text).toContain('利用終了')
    expect((await administrator.post(`/people/${person.username}/steps/reopening`, {})).status).toBe(303)
    await signedIn(served, person)
    for (const client of clients) expect(await isSignedIn(client)).toBe(false)
  })

  it('by a link for a forgotten password ends the sessions of the old one', async () => {
    const person = await newcomer(served, [])
    const client = await signedIn(served, person)
    const link = linkOn((await administrator.post(`/people/${person.username}/steps/reset`, {})).text)
    expect(await isSignedIn(client)).toBe(true)
    expect((await follow(link, { password })).answer.status).toBe(303)
    expect(await isSignedIn(client)).toBe(false)
    await signedIn(served, { ...person, password })
  })
})

describe('one’s own account', () => {
  it('lists where one is signed in, and signs out one of them or all but this', async () => {
    const person = await newcomer(served, [])
    const clients: Client[] = []
    for (let number = 0; number < 4; number += 1) clients.push(await signedIn(served, person))
    const [here, ...others] = clients as [Client, Client, Client, Client]
    const { text } = await here.get('/account')
    const handles = [...text.matchAll(/name="session" value="([0-9a-f]{32})"/g)].map(([, handle = '']) => handle)
    expect(handles).toHaveLength(3)
    expect(text).toContain('この端末')
    expect((await here.post('/account/sessions/end', { session: handles[0] ?? '' })).status).toBe(303)
    const left = await Promise.all(others.map(isSignedIn))
    expect(left.filter(Boolean)).toHaveLength(2)
    expect((await here.post('/account/sessions/end', { session: handles[0] ?? '' })).status).toBe(422)
    expect((await here.post('/account/sessions/end', { session: 'others' })).status).toBe(303)
    expect(await Promise.all(others.map(isSignedIn))).toEqual([false, false, false])
    expect(await isSignedIn(here)).toBe(true)
  })

  it('ends no session of somebody else', async () => {
    const theirs = await signedIn(served, await newcomer(served, []))
    const also = await signedIn(served, await newcomer(served, []))
    const rows = await served.db.selectFrom('session').select('id_hash').execute()
    expect(rows.length).toBeGreaterThan(1)
    for (const { id_hash } of rows) await also.post('/account/sessions/end', { session: id_hash })
    await also.post('/account/sessions/end', { session: 'others' })
    expect([await isSignedIn(theirs), await isSignedIn(also)]).toEqual([true, true])
  })

  it('tells the browser and the address of a session', async () => {
    const person = await newcomer(served, [])
    const client = await visitor(served)
    const agent = 'Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0'
    const token = /name="csrf" value="([^"]+)"/.exec((await client.get('/session/new')).text)?.[1] ?? ''
    await client.send('/session', {
      method: 'POST',
      headers: { 'user-agent': agent },
      body: new URLSearchParams({ csrf: token, username: person.username, password: person.password }),
    })
    const { text } = await client.get('/account')
    expect(text).toContain('Firefox（Windows）')
    expect(text).toContain('127.0.0.1')
  })

  it('changes its password with the old one: other sessions end, this one goes on under a new identifier', async () => {
    const person = await newcomer(served, [])
    const [here, other] = [await signedIn(served, person), await signedIn(served, person)]
    const cookie = here.cookies()
    const change = (old: string) => here.post('/account/password', { old, password, repeated: password })
    expect((await change('wrong')).text).toContain('パスワードが違います')
    expect((await change(person.password)).location).toBe('/account?done=password')
    expect([await isSignedIn(here), await isSignedIn(other)]).toEqual([true, false])
    expect(here.cookies()).not.toBe(cookie)
    expect((await raw(served, 'GET', '/', { cookie })).status).toBe(303)
  })

  it('says once, after signing in, when one was last there and what failed since', async () => {
    const person = await newcomer(served, [])
    const first = await signedIn(served, person)
    expect((await first.get('/account')).text).not.toContain('前回のサインイン')
    const { username } = person
    later(60)
    await (await visitor(served)).post('/session', { username, password: 'wrong', returnTo: '/' })
    later(120)
    const client = await visitor(served)
    await client.post('/session', { username, password: person.password, returnTo: '/' })
    const page = await client.get('/')
    expect(page.text.replace(/<[^>]*>/g, '')).toContain('前回のサインイン：2026-06-24 12:00、127.0.0.1')
    expect(page.text).toContain('サインインの失敗が1回ありました')
    expect((await client.get('/')).text).not.toContain('前回のサインイン')
  })
})

describe('a second factor', () => {
  async function setUp(client: Client): Promise<{ secret: string; codes: string[] }> {
    const page = await client.get('/account/second-factor')
    const secret = (/class="secret">([^<]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
    const answer = await client.post('/account/second-factor', { code: codeAt(secret, served.now) })
    expect(answer.status).toBe(200)
    return { secret, codes: [...answer.text.matchAll(/<li>([a-z2-7-]{19})<\/li>/g)].map(([, code = '']) => code) }
  }

  it('is set up by a picture or a secret and a first code; ten recovery codes are shown once', async () => {
    const client = await signedIn(served, await newcomer(served, []))
    const { text } = await client.get('/account/second-factor')
    expect(text).toMatch(/<path d="M\d/)
    expect(plain(text)).toContain('otpauth://totp/Toroku:newcomer-')
    expect((await client.post('/account/second-factor', { code: '000000' })).status).toBe(422)
    const { codes } = await setUp(client)
    expect(codes).toHaveLength(10)
    expect((await client.get('/account')).text).not.toContain(codes[0])
    expect((await client.get('/account/second-factor')).location).toBe('/account')
  })

  it('is asked for after the password, and until then nobody is signed in', async () => {
    const person = await newcomer(served, [])
    const { secret, codes } = await setUp(await signedIn(served, person))
    later(60)
    const client = await visitor(served)
    const { username } = person
    const half = await client.post('/session', { username, password: person.password, returnTo: '/account' })
    expect([half.status, half.location]).toEqual([303, '/session/code'])
    for (const path of ['/', '/account', '/trials/SSC-BMC']) {
      expect([path, (await client.get(path)).location?.startsWith('/session/new')]).toEqual([path, true])
    }
    await client.get('/session/code')
    const before = client.cookies()
    expect((await client.post('/session/code', { code: '000000' })).status).toBe(422)
    expect((await client.post('/session/code', { code: '' })).status).toBe(422)
    const right = await client.post('/session/code', { code: codeAt(secret, served.now) })
    expect([right.status, right.location]).toEqual([303, '/account'])
    expect(client.cookies()).not.toBe(before)
    expect(await isSignedIn(client)).toBe(true)
    // The same code opens nothing a second time; a recovery code does, once.
    for (const [code, status] of [
      [codeAt(secret, served.now), 422],
      [codes[0] ?? '', 303],
      [codes[0] ?? '', 422],
    ] as const) {
      const another = await visitor(served)
      await another.post('/session', { username, password: person.password, returnTo: '/' })
      await another.get('/session/code')
      expect((await another.post('/session/code', { code })).status).toBe(status)
    }
  })

  it('is not asked for ten minutes after the password', async () => {
    const person = await newcomer(served, [])
    await setUp(await signedIn(served, person))
    const client = await visitor(served)
    await client.post('/session', { username: person.username, password: person.password, returnTo: '/' })
    expect((await client.get('/session/code')).status).toBe(200)
    later(601)
    expect((await client.get('/session/code')).location).toBe('/session/new')
  })

  it('that a trial requires comes before everything else', async () => {
    const trial = await findTrialByCode(served.db, 'STR01-03')
    const trialId = trial?.id ?? ''
    const person = await newcomer(served, [{ role: 'auditor', trialId, siteId: null }])
    const stranger = await signedIn(served, await newcomer(served, []))
    const client = await signedIn(served, person)
    expect((await client.get('/trials/STR01-03')).status).toBe(200)
    const answer = await administrator.post('/sign-in-rules', { trial: 'STR01-03', secondFactor: 'required' })
    expect(answer.status).toBe(303)
    for (const path of ['/', '/trials/STR01-03', '/account', '/account/password']) {
      expect([path, (await client.get(path)).location]).toEqual([path, '/account/second-factor'])
    }
    expect((await client.post('/account/password', {})).location).toBe('/account/second-factor')
    expect(await isSignedIn(stranger)).toBe(true)
    await setUp(client)
    expect((await client.get('/trials/STR01-03')).status).toBe(200)
    await done(setSignInRule(served.context, commandLine, { trialId, secondFactor: 'optional' }))
  })

  it('is removed for the password, and new recovery codes are given for a code', async () => {
    const person = await newcomer(served, [])
    const client = await signedIn(served, person)
    const { secret } = await setUp(client)
    later(60)
    await client.get('/account/second-factor/codes')
    expect((await client.post('/account/second-factor/codes', { code: '000000' })).status).toBe(422)
    const renewed = await client.post('/account/second-factor/codes', { code: codeAt(secret, served.now) })
    expect((renewed.text.match(/<li>[a-z2-7-]{19}<\/li>/g) ?? []).length).toBe(10)
    await client.get('/account/second-factor/end')
    expect((await client.post('/account/second-factor/end', { password: 'wrong' })).status).toBe(422)
    expect((await client.post('/account/second-factor/end', { password: person.password })).status).toBe(303)
    expect(await isSignedIn(client)).toBe(true)
    await signedIn(served, person)
  })
})

describe('who fails to sign in', () => {
  it('waits after five failures, and is told the same whether the name exists or not', async () => {
    const { username, password: right } = await newcomer(served, [])
    const answersTo = async (name: string) => {
      await forgetFailures(served)
      const client = await visitor(served)
      const answers = []
      for (const typed of [...Array(5).fill('wrong'), right]) {
        answers.push(await client.post('/session', { username: name, password: typed, returnTo: '/' }))
      }
      return answers.map(({ status, text }) => [
        status,
        text.replaceAll(name, '').replaceAll(/name="csrf" value="[^"]+"/g, ''),
      ])
    }
    const known = await answersTo(username)
    expect(known.map(([status]) => status)).toEqual(Array(6).fill(422))
    expect(known[4]?.[1]).toContain('利用者名かパスワードが違います')
    expect(known[5]?.[1]).toContain('あと1秒待って')
    expect(await answersTo('nobody-at-all')).toEqual(known)
    later(1)
    await signedIn(served, { username, password: right })
  })

  it('leaves an entry of every delay in the trail, whatever key their form says it has', async () => {
    const locks = () => served.db.selectFrom('sign_in_lock').select('id').execute()
    for (const time of [1, 2]) {
      await forgetFailures(served)
      const { username } = await newcomer(served, [])
      const before = (await locks()).length
      const client = await visitor(served)
      const submissionKey = 'the-same-key-in-every-form'
      for (let wrong = 1; wrong <= 5; wrong++) {
        await client.post('/session', { username, password: 'wrong', returnTo: '/', submissionKey })
      }
      // One of the name, one of the address.
      expect([time, (await locks()).length - before]).toEqual([time, 2])
    }
    const keys = await served.db.selectFrom('submission').select('key').where('key', 'like', 'the-same%').execute()
    expect(keys).toEqual([])
  })

  it('learns nothing from the time it takes: the median of 40 differences is less than a tenth of it', async () => {
    const { username } = await newcomer(slow, [])
    const client = await visitor(slow)

    async function timeOf(name: string): Promise<number> {
      await forgetFailures(slow)
      const began = performance.now()
      await client.post('/session', { username: name, password: 'wrong', returnTo: '/' })
      return performance.now() - began
    }

    /** By how much a name that is known takes longer, and by how much what takes the same differs, both as a part of it. */
    async function round() {
      const pairs: { known: number; unknown: number }[] = []
      for (let time = 0; time < 40; time += 1) {
        // Each first as often as second, right after the other, so that whatever else the machine does is in both.
        const first = await timeOf(time % 2 === 0 ? username : 'nobody-at-all')
        const second = await timeOf(time % 2 === 0 ? 'nobody-at-all' : username)
        pairs.push(time % 2 === 0 ? { known: first, unknown: second } : { known: second, unknown: first })
      }
      const usual = quantile(
        pairs.map(({ unknown }) => unknown),
        0.5,
      )
      const spreadOf = (times: number[]) => (quantile(times, 0.75) - quantile(times, 0.25)) / usual
      const longer = pairs.map(({ known, unknown }) => known - unknown)
      const spread = Math.max(spreadOf(pairs.map(({ known }) => known)), spreadOf(pairs.map(({ unknown }) => unknown)))
      return { difference: Math.abs(quantile(longer, 0.5)) / usual, spread }
    }

    // Where the same name takes now so long and now a quarter longer, something else keeps the machine busy.
    const isDisturbed = ({ spread }: { spread: number }) => spread > 0.25
    let last = await round()
    for (let more = 3; more > 0 && last.difference >= 0.1 && isDisturbed(last); more -= 1) last = await round()
    expect(last.difference, JSON.stringify(last)).toBeLessThan(0.1)
  }, 90_000)
})

function quantile(many: readonly number[], part: number): number {
  return many.toSorted((a, b) => a - b)[Math.floor(many.length * part)] ?? 0
}
