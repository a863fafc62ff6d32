/** What is said when a page cannot be shown: in the reader's language, with a number to ask by, and nothing that gives anything away. */
import { describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import type { Route } from '../../server/http/route.ts'
import type { Visit } from '../../server/http/visit.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, raw, serveForFile, signedIn, visitor } from './served.ts'

/** What somebody might have typed; it must never be seen again outside the page it was typed into. */
const typed = 'told-in-confidence'

/** A failure as a database reports one: what was typed hangs on the error, beside its message. */
function planted(): Error {
  return Object.assign(new Error('planted failure'), {
    code: 'PLANTED',
    detail: `Key (number)=(${typed}) already exists.`,
    body: `note=${typed}`,
    parameters: [typed],
  })
}

const fails: Route = { method: 'get', path: '/fails', access: 'anyone', handler: () => Promise.reject(planted()) }
const failsOnPost: Route = { ...fails, method: 'post', path: '/fails-on-post', again: null }
/** Not even the error page can be shown: its words are gone. */
const failsTwice: Route = {
  ...fails,
  path: '/fails-twice',
  handler: async ({ request }: Visit) => {
    request.words = {} as typeof request.words
    throw planted()
  },
}
const served = serveForFile('demo', { more: [fails, failsOnPost, failsTwice] })

const crc = demoPeople[0]
const form = { 'content-type': 'application/x-www-form-urlencoded' }

const kinds: readonly [
  string,
  number,
  string,
  string,
  (client: Client) => Promise<{ status: number; text: string }>,
][] = [
  ['404', 404, 'ページが見つかりません', 'Page not found', (client) => client.get('/no-such-page')],
  [
    '403',
    403,
    'このページを開く権限がありません',
    'You may not open this page',
    (client) => client.get('/trials/SSC-BMC/audit'),
  ],
  [
    '403 of a form without its token',
    403,
    'フォームの有効期限が切れました',
    'The form has expired',
    (client) => client.post('/session/end', {}, 'forged'),
  ],
  [
    '405',
    405,
    'このページでは、その操作はできません',
    'This page does not allow that',
    (client) => client.send('/', { method: 'DELETE' }),
  ],
  [
    '413',
    413,
    '送られた内容が大きすぎます',
    'What was sent is too large',
    (client) => raw(served, 'POST', '/session', { ...form, cookie: client.cookies() }, 'x'.repeat(200_000)),
  ],
  [
    '422',
    422,
    '送られた内容を読み取れません',
    'What was sent cannot be read',
    (client) => client.post('/language', { language: 'tlh', returnTo: '/' }),
  ],
  ['500', 500, '処理の途中で問題が起きました', 'Something went wrong', (client) => client.get('/fails')],
]

describe.each(kinds)('the page of a %s', (_name, status, inJapanese, inEnglish, ask) => {
  it.each([
    ['ja', inJapanese, inEnglish],
    ['en', inEnglish, inJapanese],
  ] as const)('speaks %s and has the frame of every page', async (language, expected, other) => {
    const client = await signedIn(served, crc, language)
    const answer = await ask(client)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(`<html lang="${language}">`)
    expect(answer.text).toContain(`<h1>${expected}`)
    expect(answer.text).toMatch(new RegExp(`<title>${expected}`))
    expect(answer.text).not.toContain(other)
    expect(answer.text).toContain('href="/css/tokens.css"')
    expect(answer.text).toContain('<a href="/">')
  })
})

describe('a failure', () => {
  const reference = (text: string) => /<p class="reference">[^<]*<b>([^<]+)<\/b>/.exec(text)?.[1] ?? ''
  const logged = () => served.log.flatMap((chunk) => chunk.trim().split('\n')).map((line) => JSON.parse(line))

  it('is shown with a reference number that stands in the log, beside the error and its place', async () => {
    const client = await visitor(served)
    const first = reference((await client.get('/fails')).text)
    const second = reference((await client.get('/fails')).text)
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(second).not.toBe(first)
    const lines = logged().filter(({ req, msg }) => req?.id === first && msg === 'request failed')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ level: 50, err: { message: 'planted failure' } })
    expect(lines[0].err.stack).toContain('errors.test.ts')
  })

  it('shows a reader neither its message, nor its stack, nor a path of the machine', async () => {
    const client = await visitor(served, 'en')
    const { text } = await client.get('/fails')
    expect(text).not.toMatch(/planted|PLANTED|Error:|\bat \w+ \(|node_modules|\.ts\b|\/server\//)
    expect(text).not.toContain(typed)
  })

  it('has no reference number where nothing failed', async () => {
    const client = await visitor(served)
    expect(reference((await client.get('/no-such-page')).text)).toBe('')
  })

  it('of the error page itself is a number and no more, and is logged as well', async () => {
    const client = await visitor(served)
    const answer = await client.get('/fails-twice')
    expect(answer.status).toBe(500)
    expect(answer.text).not.toMatch(/planted|TypeError|\bat \w+ \(|node_modules|\.ts\b/)
    const [number] = /[0-9a-f-]{36}/.exec(answer.text) ?? []
    expect(logged().filter(({ req, level }) => req?.id === number && level === 50).length).toBeGreaterThan(0)
  })

  it('writes nothing', async () => {
    const client = await visitor(served)
    const before = await everythingIn(served.db)
    expect((await client.post('/fails-on-post', { note: typed })).status).toBe(500)
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

describe('the log', () => {
  it('never holds a form, a cookie, a token, a password or what stands behind the question mark', async () => {
    served.log.length = 0
    const client = await visitor(served, 'en')
    const { text } = await client.get(`/session/new?returnTo=/${typed}`)
    const token = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    await client.post('/session', { username: typed, password: 'wrong-password-in-confidence', returnTo: `/${typed}` })
    await client.post('/session', { username: crc.username, password: crc.password, returnTo: '/' })
    await client.get('/')
    await client.post('/trials/SSC-BMC/subjects', { referralSource: typed, consentedOn: typed, [typed]: 'x' })
    await client.post('/fails-on-post', { note: typed })
    await client.get(`/fails?note=${typed}`)
    await client.get(`/trials/SSC-BMC/subjects?search=${typed}`)
    await client.send('/session', { method: 'POST', headers: { authorization: typed }, body: typed })
    await client.send('/session', { method: 'POST', headers: { ...form, 'content-encoding': 'gzip' }, body: typed })
    const log = served.log.join('')
    expect(log.match(/request failed/g)).toHaveLength(2)
    expect(log).toContain('/trials/SSC-BMC/subjects')

    const cookies = client
      .cookies()
      .split('; ')
      .map((cookie) => cookie.split('=')[1] ?? '')
    const identifiers = cookies.map((value) => decodeURIComponent(value).replace(/^s:([^.]*)\..*$/, '$1'))
    const secrets = [typed, 'wrong-password-in-confidence', crc.password, token, ...cookies, ...identifiers]
    expect(secrets.filter((secret) => secret.length > 5).length).toBeGreaterThan(5)
    expect(secrets.filter((secret) => secret.length > 5 && log.includes(secret))).toEqual([])
  })
})
