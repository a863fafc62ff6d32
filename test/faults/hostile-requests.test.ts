/**
 * Twenty thousand requests that mean harm, drawn by chance from a seed: at every address, in every field, header and
 * parameter. None makes the server fail, none is echoed as markup, and no row changes that was not meant to.
 */
import { createHash } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoName } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { makeGuestLink } from '../../server/actions/make-guest-link.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { settleReads } from '../../server/db/access-records.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { listGuestLinks } from '../../server/db/guest-links.ts'
import { findCandidateHash } from '../../server/db/settings.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { routes } from '../../server/http/routes.ts'
import { drafted, submitted } from '../actions/a-drafted-request.ts'
import { askedRedaction } from '../actions/an-asked-redaction.ts'
import { actor } from '../actions/small-trial.ts'
import { serveForFile } from '../http/served.ts'
import { Client } from '../support/client.ts'
import { type Walked, walk } from '../support/walk.ts'
import { type Filled, formsOn } from './filled-forms.ts'
import { brokenBytes, type Chance, chanceFrom, hostileDays, hostileTexts } from './hostile-values.ts'
import { leads, stands, type Typed } from './recorded-as-sent.ts'
import { sizes } from './sizes.ts'

const seed = 20261121
const served = serveForFile('demo')
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
afterAll(() => agent.destroy())

type Form = Filled & { page: string }
/** `addresses` are the pages without what they ask. `forms` has those of each route together: a form that stands on every page is drawn no more often than another. */
type Person = { cookie: string; token: string; pages: Walked[]; addresses: string[]; forms: Form[][] }
const people = new Map<DemoName, Person>()
const names: readonly DemoName[] = [
  'demo-crc',
  'demo-crc2',
  'demo-pi',
  'demo-dm',
  'demo-irb',
  'demo-audit',
  'demo-stat',
]
const trials = ['/trials/SSC-BMC', '/trials/CLTI-MNC']
/** No file and no projection is asked for twice: they have no other forms. */
const within = /^\/(?!trials\/)|^\/trials\/(SSC-BMC|CLTI-MNC)\b(?!.*(\.\w+|projection.*|print.*)\?)/

/** What would sign the sender out, try a password or open an account has tests of its own. */
const isOwn = ({ action }: Filled) =>
  /^\/(session|account|language|people|invitations|sign-in-rules|access)\b/.test(action)

const posts = routes
  .filter(({ method }) => method === 'post')
  .map(({ path }) => ({ path, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }))
const postRoute = (action: string) => posts.find(({ pattern }) => pattern.test(action))?.path

async function arrive(name: DemoName, more: readonly string[]): Promise<Person> {
  const client = await new Client(served.url).signIn(name)
  const pages = await walk(client, ['/', ...more, ...trials, `${trials[0]}/reviews/current`], { most: 1, within })
  const token = /name="csrf" value="([^"]+)"/.exec(pages[0]?.text ?? '')?.[1] ?? ''
  const forms = new Map<string, Form[]>()
  for (const { path, text } of pages) {
    for (const form of formsOn(text)) {
      const route = postRoute(form.action)
      if (route !== undefined && !isOwn(form)) forms.set(route, [...(forms.get(route) ?? []), { ...form, page: path }])
    }
  }
  const addresses = [...new Set(pages.map(({ path }) => path.split('?')[0] ?? ''))]
  return { cookie: client.cookies(), token, pages, addresses, forms: [...forms.values()] }
}

type Sent = {
  method: string
  path: string
  headers?: Record<string, string | string[]>
  body?: string
  /** What must not come back as it was sent. */
  hostile: string
}
type Got = { status: number; type: string; text: string; location: string; policy: string; sniff: string }

function send({ method, path, headers = {}, body = '' }: Sent): Promise<Got> {
  const { hostname, port } = new URL(served.url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers, agent }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const said = (name: string) => String(response.headers[name] ?? '')
        resolve({
          status: response.statusCode ?? 0,
          type: said('content-type'),
          text: Buffer.concat(parts).toString(),
          location: said('location'),
          policy: said('content-security-policy'),
          sniff: said('x-content-type-options'),
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const counted = new Map<string, number>()
const wrong: string[] = []

/** What is wrong with an answer, whatever was asked. */
function faultsOf({ hostile }: Sent, { status, text, type, location, policy, sniff }: Got): string[] {
  const isShown = /html|json|xml/.test(type) && hostile.length > 5 && /["<]/.test(hostile)
  return [
    ...(status >= 500 || status < 200 ? [`status ${status}`] : []),
    ...(isShown && text.includes(hostile) ? ['echoed'] : []),
    ...(location !== '' && !/^\/(?![/\\])/.test(location) ? [`leads to ${location}`] : []),
    ...(policy.includes("script-src 'self'") && sniff === 'nosniff' ? [] : ['without its policy']),
  ]
}

/** Sends some, eight at a time, and notes what was wrong; hands every answer on. */
async function sendAll(kind: string, times: number, draw: () => Sent, hear: (sent: Sent, got: Got) => void = () => {}) {
  let left = times
  const one = async () => {
    while (left-- > 0) {
      const sent = draw()
      const got = await send(sent)
      for (const fault of faultsOf(sent, got)) {
        wrong.push(`${kind}: ${fault}: ${sent.method} ${sent.path} ${sent.body ?? ''}`.slice(0, 400))
      }
      hear(sent, got)
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  counted.set(kind, (counted.get(kind) ?? 0) + times)
}

/** Sessions, and what is noted of a reader, are no records: to read is to be noted. */
const noRecords = ['session', 'sign_in_note', 'last_look']

/** Every row of every table by what identifies it, as a digest; of those that note a reading, those that `known` has. */
async function everyRow(known?: Map<string, string>): Promise<Map<string, string>> {
  await settleReads(served.db)
  const { writer } = engineOf(served.db)
  const rows = new Map<string, string>()
  for (const { name } of await writer.introspection.getTables()) {
    if (noRecords.includes(name)) continue
    const all = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(writer)
    for (const row of all.rows) {
      const text = JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
      const digest = createHash('sha256').update(text).digest('hex')
      const place = `${name} ${'id' in row ? row.id : digest}`
      const isNewReading = name === 'access_record' && known?.has(place) === false
      if (!isNewReading) rows.set(place, digest)
    }
  }
  return rows
}

/** Rows that are new, different or gone. */
function differencesTo(before: Map<string, string>, after: Map<string, string>): string[] {
  const gone = [...before.keys()].filter((row) => !after.has(row))
  return [...[...after].flatMap(([row, digest]) => (before.get(row) === digest ? [] : [row])), ...gone]
}

let chance: Chance
let columns: string[]
const actorAt = (index: number) => people.get(names[index % names.length] ?? 'demo-dm') as Person
const anybody = () => actorAt(chance.below(names.length))
const encoded = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD')).slice(0, 4000)
const bodyOf = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const formType = 'application/x-www-form-urlencoded'

/** Every parameter that a page knows, in the ways in which one can be more than a text. */
const parameters = [
  ...[
    'asOf',
    'knownAt',
    'from',
    'until',
    'search',
    'list',
    'site',
    'order',
    'direction',
    'page',
    'before',
    'by',
    'is',
    'on',
  ],
  ...[
    'what',
    'done',
    'opening',
    'follows',
    'consented',
    'siteCode',
    'said',
    'returnTo',
    'typed',
    'kind',
    'past',
    'record',
  ],
  ...[
    'event',
    'person',
    'claims',
    'scenarios',
    'untilA',
    'addedA',
    'rateB',
    'weightA',
    'driftB',
    'number1',
    'sites1',
    'claim1',
  ],
  ...[
    'token',
    'lang',
    'debug',
    '_method',
    'callback',
    '__proto__',
    'constructor',
    '__proto__[x]',
    'a[b][c][d][e]',
    'a[]',
    'a.b',
  ],
]

const draws = {
  path(): Sent {
    const { cookie, token } = anybody()
    const { path, method } = chance.oneOf(routes.filter(({ path }) => path.includes(':')))
    const hostile = chance.oneOf(hostileTexts)
    const known: Record<string, string> = {
      trial: 'SSC-BMC',
      site: '01',
      section: 'pathway',
      request: '1',
      person: 'demo-crc',
    }
    const places = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const at = chance.oneOf(places)
    const part = chance.below(4) === 0 ? chance.oneOf(brokenBytes) : encoded(hostile)
    const address = path.replace(/:(\w+)/g, (_, name) => (name === at ? part : (known[name] ?? 'x')))
    const fields = { csrf: token, submissionKey: `hostile-path-${chance.below(1e9)}`, text: hostile }
    if (method === 'get') return { method: 'GET', path: address, headers: { cookie }, hostile }
    return {
      method: 'POST',
      path: address,
      headers: { cookie, 'content-type': formType },
      body: bodyOf(fields),
      hostile,
    }
  },

  query(): Sent {
    const { cookie, addresses } = anybody()
    const path = chance.oneOf(addresses)
    const hostile = chance.below(3) === 0 ? chance.oneOf(hostileDays).typed : chance.oneOf(hostileTexts)
    const query = Array.from({ length: 1 + chance.below(4) }, () => {
      const value = chance.below(8) === 0 ? chance.oneOf(brokenBytes) : encoded(hostile).slice(0, 1500)
      return `${encodeURIComponent(chance.oneOf(parameters))}=${value}`
    })
    if (chance.below(6) === 0) query.push(...query)
    if (chance.below(200) === 0) query.push(`search=${'%41'.repeat(2600)}`)
    return { method: 'GET', path: `${path}?${query.join('&')}`, headers: { cookie }, hostile }
  },

  header(): Sent {
    const { cookie, addresses } = anybody()
    const path = chance.oneOf(addresses)
    const hostile = chance.oneOf(hostileTexts)
    const bytes = Buffer.from(hostile.replace(/\p{Cc}/gu, ''), 'utf8')
      .toString('latin1')
      .slice(0, 3000)
    const [name, value] = chance.oneOf<[string, string | string[]]>([
      ['cookie', `${cookie}; language=${bytes.replaceAll(';', '')}`],
      ['cookie', `language=en; session=s%3A${encoded(hostile)}.${'A'.repeat(43)}`],
      ['cookie', `${bytes}; session=; session=${encoded(hostile)}`],
      [
        'host',
        chance.oneOf(['127.0.0.1:1', 'example.org', '"><script>alert(1)</script>', '[::1]', '127.0.0.1@example.org']),
      ],
      ['x-forwarded-host', bytes],
      ['x-forwarded-proto', bytes],
      ['x-forwarded-for', bytes],
      ['forwarded', `for=${bytes}`],
      ['x-original-url', '/people'],
      ['x-rewrite-url', '/people'],
      ['x-http-method-override', 'DELETE'],
      ['x-request-id', bytes],
      ['accept-language', `${bytes};q=0.${chance.below(99)}, ja;q=x`],
      ['accept', bytes],
      ['user-agent', bytes],
      ['referer', bytes],
      ['origin', bytes],
      [
        'range',
        chance.oneOf(['bytes=0-', 'bytes=-1', 'bytes=0-0,1-1,2-2', 'bytes=9999999999999999-1', `bytes=${bytes}`]),
      ],
      ['if-none-match', chance.oneOf(['*', 'W/"x"', bytes])],
      ['if-modified-since', chance.oneOf(['never', 'Thu, 01 Jan 1970 00:00:00 GMT', bytes])],
      ['if-match', '"x"'],
      ['content-type', bytes],
      ['content-encoding', 'gzip'],
      ['sec-fetch-site', bytes],
      ['authorization', `Basic ${bytes}`],
      ['expect', 'nothing'],
      ['upgrade', 'websocket'],
    ])
    const address = chance.below(8) === 0 ? '/css/tokens.css' : path
    return { method: 'GET', path: address, headers: { cookie, [name]: value }, hostile }
  },

  method(): Sent {
    const { cookie, addresses } = anybody()
    const method = chance.oneOf([
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'PROPFIND',
      'MKCOL',
      'LOCK',
      'PURGE',
      'SEARCH',
      'HEAD',
    ])
    const hostile = chance.oneOf(hostileTexts)
    return {
      method,
      path: chance.oneOf(addresses),
      headers: { cookie, 'content-type': formType },
      body: bodyOf({ a: hostile }),
      hostile,
    }
  },

  /** Right in everything, but for one field more than the form has. */
  extraKey(): Sent {
    const { form, person } = anyForm()
    const hostile = chance.oneOf(hostileTexts)
    const fields = { ...form.fields, csrf: person.token, submissionKey: newKey() }
    const known = Object.keys(fields)
    const name = chance.oneOf([
      ...columns.filter((one) => !known.includes(one)),
      'constructor[prototype][x]',
      'a[b]',
      '<b>',
    ])
    return posted(person, form.action, bodyOf({ ...fields, [name]: hostile }), hostile)
  },

  /** Right in everything, but sent by somebody else's page. */
  forged(): Sent {
    const { form, person } = anyForm()
    const hostile = chance.oneOf(hostileTexts)
    const token = chance.oneOf([
      '',
      'a'.repeat(128),
      hostile,
      person.token.slice(1),
      person.token.toUpperCase(),
      `${person.token} `,
    ])
    const site = chance.below(3) === 0
    const body = bodyOf({ ...form.fields, csrf: site ? person.token : token, submissionKey: newKey() })
    const sent = posted(person, form.action, body, hostile)
    return site
      ? { ...sent, headers: { ...sent.headers, 'sec-fetch-site': chance.oneOf(['cross-site', 'same-site', 'x']) } }
      : sent
  },

  /** A body that is not what its header says, or no form at all. */
  body(): Sent {
    const { form, person } = anyForm()
    const hostile = chance.oneOf(hostileTexts)
    const right = bodyOf({ ...form.fields, csrf: person.token, submissionKey: newKey() })
    const [type, body] = chance.oneOf<[string, string]>([
      [formType, `${right}&text=${chance.oneOf(brokenBytes.filter((bytes) => /%(?![0-7])/.test(bytes)))}`],
      [formType, `${right}&csrf=${person.token}`],
      [`${formType}; charset=utf-16`, right],
      [`${formType}; charset=${encoded(hostile).slice(0, 40)}`, right],
      [formType, `${'a=1&'.repeat(300)}${right}`],
      ['application/json', JSON.stringify({ ...form.fields, csrf: person.token })],
      ['application/json', `${'['.repeat(2000)}${']'.repeat(2000)}`],
      ['text/plain', right],
      [
        'multipart/form-data; boundary=x',
        `--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${person.token}\r\n--x`,
      ],
      [
        'multipart/form-data; boundary=x',
        `--x\r\nContent-Disposition: form-data; name="file"; filename="${encoded(hostile)}"\r\n\r\nPK\u0003\u0004\r\n--x--`,
      ],
      ['multipart/form-data', right],
      ['', right],
    ])
    return { ...posted(person, form.action, body, hostile), headers: { cookie: person.cookie, 'content-type': type } }
  },
} as const

/** How much of all each kind is: pages cost more than refusals. The rest are forms with one strange field. */
const shares: Record<keyof typeof draws, number> = {
  path: 0.23,
  query: 0.07,
  header: 0.07,
  method: 0.13,
  extraKey: 0.1,
  forged: 0.16,
  body: 0.14,
}

const posted = ({ cookie }: Person, path: string, body: string, hostile: string): Sent => ({
  method: 'POST',
  path,
  headers: { cookie, 'content-type': formType },
  body,
  hostile,
})

let keys = 0
function newKey(): string {
  keys += 1
  return `hostile-form-${String(keys).padStart(9, '0')}`
}

/** What ends a record: sent last, so that what is written about it until then finds it there. */
const isEnding = ({ action }: Form) =>
  /\/(void|withdrawal|revocation|retirement|submission|confirmation|refusal)$/.test(action)

/** Every form that somebody has is drawn as often as any other. */
function anyForm(isFit: (form: Form) => boolean = () => true) {
  const all = [...people.values()].flatMap((person) => person.forms.map((forms) => ({ person, forms })))
  const { person, forms } = chance.oneOf(all.filter(({ forms }) => forms.some(isFit)))
  return { person, form: chance.oneOf(forms.filter(isFit)) }
}

/** A request that waits for an answer, one that is a draft, a guest's link and a text to be taken out: found like all others. */
async function writeRequests(): Promise<string[]> {
  const { context, db } = served
  const trialId = (await findTrialByCode(db, 'SSC-BMC'))?.id ?? ''
  const manager = actor('manager', 'data_manager', trialId)
  const { bodies, record } = await submitted({ context, db, trialId, manager })
  const body = { bodyId: bodies[0]?.id ?? '', basis: 'recorded' as const }
  const said = { ja: '質問', en: 'A question' }
  const question = { ...body, round: 1, item: 1, askedOn: day('2026-06-20'), question: said, dueOn: null }
  await done(putInquiry(context, manager, trialId, record.number, question))
  const { number } = await done(draftRequest(context, manager, trialId, drafted()))
  const guest = { label: 'board', validUntil: day('2026-07-08'), content: {} }
  await done(makeGuestLink(context, manager, trialId, record.number, guest))
  const [link] = await listGuestLinks(db, record.id)
  const links = `${trials[0]}/requests/${record.number}/guest-links`
  const { redactionId, sequence } = await askedRedaction(served, trialId)
  return [
    ...['draft', 'submission', 'withdrawal'].map((form) => `${trials[0]}/requests/${number}/${form}`),
    ...['new', `${link?.id}/revocation`].map((form) => `${links}/${form}`),
    ...[`new?entry=${sequence}`, redactionId].map((form) => `${trials[0]}/redactions/${form}`),
  ]
}

beforeAll(async () => {
  const ofDraft = await writeRequests()
  for (const name of names) people.set(name, await arrive(name, ofDraft))
  const tables = await engineOf(served.db).writer.introspection.getTables()
  // Some columns are called like a field that some form has, such as `note`.
  const texts = [...people.values()].flatMap(({ pages }) => pages.map(({ text }) => text))
  const fields = new Set(texts.flatMap((text) => [...text.matchAll(/\bname="([^"]+)"/g)].map(([, name]) => name)))
  const ofTables = tables.flatMap((table) => table.columns.map(({ name }) => name))
  columns = [...new Set(ofTables)].filter((name) => !fields.has(name))
  chance = chanceFrom(seed)
}, 300_000)

/** What there is no form for yet: nothing is due, in print, asked, locked or allocated in a world as it opens. */
const unseen = [
  '/trials/:trial/locks/:lock/end',
  '/trials/:trial/reviews/:review/signature',
  '/trials/:trial/requests/:request/inquiries/:inquiry/reply',
  '/trials/:trial/requests/:request/conditions/:condition/fulfilment',
  '/trials/:trial/calendar/reports/:scheme/:from',
  '/trials/:trial/calendar/entries/:entry/met',
  '/trials/:trial/requests/:request/attachments/:attachment/withdrawal',
  '/trials/:trial/calendar/feeds/:feed/revocation',
  '/trials/:trial/settings/:section/offers',
  '/trials/:trial/import/confirm',
  '/trials/:trial/subjects/:subject/allocation',
  '/trials/:trial/subjects/:subject/override',
]

it('every form but these is found by links alone', () => {
  const found = new Set(
    [...people.values()].flatMap(({ forms }) => forms.map(([form]) => postRoute(form?.action ?? ''))),
  )
  const missing = posts
    .map(({ path }) => path)
    .filter((path) => !found.has(path) && !isOwn({ action: path, fields: {} }))
  expect(missing.filter((path) => !unseen.includes(path))).toEqual([])
})

/** Where a form was answered with a change, or with one that somebody made meanwhile, it is read anew. */
async function readAnew(person: Person, form: Form): Promise<void> {
  const { status, text } = await send({
    method: 'GET',
    path: form.page,
    headers: { cookie: person.cookie },
    hostile: '',
  })
  const again = status === 200 ? formsOn(text).find(({ action }) => action === form.action) : undefined
  if (again !== undefined) form.fields = { ...again.fields }
}

type Taken = Typed & { id: string; action: string }

/** What a form would be refused without, so that the one strange field decides. */
function withoutGaps(fields: Record<string, string>): Record<string, string> {
  const plain = (name: string) => {
    if (name === 'dueOn') return '2026-07-20'
    if (/(On|End)$/.test(name)) return '2026-06-20'
    return /size|years|Number\d?$/.test(name) ? '3' : '記録'
  }
  const isLeft = (name: string) => leads.test(name) || mayBeEmpty.test(name)
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === '' && !isLeft(name) ? plain(name) : value]),
  )
}

/** Numbers, days and choices that a record need not have. */
const mayBeEmpty =
  /^(number|sites|stated|edit|bodyItems|told|followUp|screeningsFrom|earlierAttempt|endedOn|reviewed|eligible|offset|window)/

/** Of a key by which a candidate is known again, a digest is kept by the secret of its trial. */
async function digestOf({ action, name, value }: Taken): Promise<string | null> {
  const [, code = ''] = /^\/trials\/([^/]+)/.exec(action) ?? []
  if (name !== 'candidateKey' || value === '') return null
  return findCandidateHash(served.db, (await findTrialByCode(served.db, code))?.id ?? '', value)
}

/** The rows that a text was taken out of: the redaction's own entry tells of which entries it was. */
async function redactedBy(
  entries: readonly { chain: string; record_table: string; after: string }[],
): Promise<string[]> {
  const found: string[] = []
  for (const { chain, after } of entries.filter(({ record_table }) => record_table === 'redaction')) {
    const sequences = String(JSON.parse(after).entries ?? '')
      .split(',')
      .filter((part) => part !== '')
    const named = served.db.selectFrom('audit_entry').select(['record_table', 'record_id']).where('chain', '=', chain)
    const rows = await named.where('sequence', 'in', [0, ...sequences.map(Number)]).execute()
    found.push(...rows.map(({ record_table, record_id }) => `${record_table} ${record_id}`))
  }
  return found
}

describe(`of ${sizes.hostileRequests} requests from the seed ${seed}`, () => {
  const meaningless = Object.entries(shares).map(([kind, share]) => ({
    draw: draws[kind as keyof typeof draws],
    kind,
    times: Math.floor(sizes.hostileRequests * share),
  }))
  const rest = sizes.hostileRequests - meaningless.reduce((sum, { times }) => sum + times, 0)

  it(`those of ${meaningless.length} kinds that can mean nothing right change not one row`, async () => {
    const before = await everyRow()
    for (const { kind, times, draw } of meaningless) await sendAll(kind, times, draw)
    expect(wrong).toEqual([])
    expect(differencesTo(before, await everyRow(before))).toEqual([])
  }, 1_200_000)

  it(`of ${rest} with one strange field, what is taken is recorded as it was sent, and nothing else changes`, async () => {
    const before = await everyRow()
    const taken: Taken[] = []
    const drawn = new WeakMap<Sent, Taken & { form: Form; person: Person }>()
    let soFar = 0
    const draw = (): Sent => {
      soFar += 1
      const { form, person } = anyForm((one) => soFar > rest * 0.8 || !isEnding(one))
      const all = Object.keys(form.fields)
      const own = all.filter((name) => !leads.test(name))
      const name = chance.oneOf(own.length > 0 && chance.below(10) > 0 ? own : all)
      const isDay = /On$|^(asOf|from|until)/.test(name) && chance.below(4) > 0
      const day = chance.oneOf(hostileDays)
      const value = isDay ? day.typed : chance.oneOf(hostileTexts)
      const key = newKey()
      const body = bodyOf({ ...withoutGaps(form.fields), csrf: person.token, submissionKey: key, [name]: value })
      const sent = posted(person, form.action, body, value)
      sent.headers = { ...sent.headers, 'x-request-id': key }
      const means = isDay ? day.means : undefined
      drawn.set(sent, { id: key, action: form.action, name, value: value.trim(), means, form, person })
      return sent
    }
    const strange: unknown[] = []
    const anew: Promise<void>[] = []
    await sendAll('field', rest, draw, (sent, { status }) => {
      const { form, person, ...known } = drawn.get(sent) as Taken & { form: Form; person: Person }
      if (![200, 201, 303, 403, 404, 409, 422].includes(status)) strange.push([status, known])
      if (status === 303 || status === 409) anew.push(readAnew(person, form))
      if (status === 303 || status === 201) taken.push(known)
    })
    expect(strange).toEqual([])
    expect(wrong).toEqual([])
    await Promise.all(anew)
    expect(taken.length).toBeGreaterThan(rest / 20)

    // Every row that is new or different was recorded under one of the requests that were taken.
    const entries = await served.db
      .selectFrom('audit_entry')
      .select(['chain', 'record_table', 'record_id', 'request_id', 'after', 'reason'])
      .where('request_id', 'in', [...taken.map(({ id }) => id), ''])
      .execute()
    const recorded = new Set(entries.map(({ record_table, record_id }) => `${record_table} ${record_id}`))
    for (const row of await redactedBy(entries)) recorded.add(row)
    const after = await everyRow(before)
    // Beside them: what is counted anew, and that somebody who tried words as a password has to wait.
    const beside =
      /^(audit_entry|sign_in_lock|submission|daily_count|site_count|trial_count|state_count|month_count|import_row) /
    const changed = [...after].filter(([row, digest]) => before.get(row) !== digest && !beside.test(row))
    expect(changed.map(([row]) => row).filter((row) => !recorded.has(row))).toEqual([])
    expect([...before.keys()].filter((row) => !after.has(row) && !beside.test(row))).toEqual([])
    expect((await verifyWhole(served.db)).finding).toBeNull()

    // And what was sent stands there.
    const lost: Taken[] = []
    for (const one of taken) {
      const own = entries.filter(({ request_id }) => request_id === one.id)
      if (own.length > 0 && !stands(one, own, await digestOf(one))) lost.push(one)
    }
    expect(lost).toEqual([])
    // Which each of all forms was, is told by a test of its own.
    expect(new Set(taken.map(({ action }) => postRoute(action))).size).toBeGreaterThan(20)
  }, 1_200_000)

  it('so many were sent', () => {
    const sum = [...counted.values()].reduce((all, times) => all + times, 0)
    expect(sum).toBe(sizes.hostileRequests)
    const failures = served.log.filter((line) => /"level":50/.test(line))
    expect(failures).toEqual([])
  })
})
