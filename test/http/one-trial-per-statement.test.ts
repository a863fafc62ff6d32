/**
 * The precondition of keeping trials apart on several machines: a statement about what belongs to trials is about one of
 * them, by its identifier or by those of its rows. Every page is read as everybody reads it, and every statement that it
 * asks is looked at.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DemoName } from '../../seeds/demo-people.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { routes } from '../../server/http/routes.ts'
import { waysOfCalendar } from '../faults/ways-of-calendar.ts'
import { waysOfRequests } from '../faults/ways-of-requests.ts'
import { waysOfReviews } from '../faults/ways-of-reviews.ts'
import { Client } from '../support/client.ts'
import { statementsDuring } from '../support/statements.ts'
import { linksOn } from '../support/walk.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const readers = ['demo-dm', 'demo-pi', 'demo-crc', 'demo-irb', 'demo-stat', 'demo-audit', 'demo-admin'] as const

/** They point to trials, and belong to people or are asked with every request: each machine would have all of them. */
const ofPeople = ['trial_lock', 'role_grant', 'calendar_feed', 'calendar_feed_use', 'sign_in_rule']

/** What is asked of many trials at once, or of none: places that roles are given in, the heads of all chains, whose secret a guest has. */
const aboutMany = [
  '/: audit_entry',
  '/account: site',
  '/account/openid: site',
  '/account/openid/end: site',
  '/guest/:token: guest_link,guest_link_view',
  '/people/:person/roles/:role/end: site',
  '/people/:person/roles/new: site',
  '/people/:person/steps/:step: site',
  '/people/:person: site',
  '/people: site',
]

type Asked = { route: string; tables: string[]; trials: number }
const asked: Asked[] = []
const read = new Set<string>()

const patterns = routes
  .filter(({ method }) => method === 'get')
  .map(({ path }) => ({ path, pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`) }))
  // A fixed part comes before one that can be anything.
  .sort((a, b) => a.path.split(':').length - b.path.split(':').length)

const routeOf = (address: string) => patterns.find(({ pattern }) => pattern.test(address.split('?')[0] ?? ''))?.path

/** The tables that belong to a trial: those that point to it, or to one that does. */
async function tablesOfTrials(): Promise<Set<string>> {
  const shapes = await engineOf(served.db).shapes()
  const owned = new Set(['audit_entry'])
  for (let size = -1; size !== owned.size; ) {
    size = owned.size
    for (const { name, pointsTo } of shapes)
      if (!ofPeople.includes(name) && pointsTo.some((other) => other === 'trial' || owned.has(other))) owned.add(name)
  }
  return owned
}

/** Which trial every row belongs to, by its identifier: the audit trail says it of each. */
async function trialsByRow(): Promise<Map<unknown, string>> {
  const trials = (await served.db.selectFrom('trial').select('id').execute()).map(({ id }) => id)
  const entries = await served.db.selectFrom('audit_entry').select(['record_id', 'chain']).execute()
  const ofTrials = entries.filter(({ chain }) => trials.includes(chain))
  return new Map([
    ...ofTrials.map(({ record_id, chain }) => [record_id, chain] as const),
    ...trials.map((id) => [id, id] as const),
  ])
}

/** A draft, a request that waits for a reply, a file, a guest, a review that can be signed: pages of their own. Gives secret addresses. */
async function prepare(): Promise<string[]> {
  const somebody = async (name: DemoName) => new Client(served.url).signIn(name)
  const [dm, irb, pi] = [await somebody('demo-dm'), await somebody('demo-irb'), await somebody('demo-pi')]
  const requests = waysOfRequests(
    served,
    () => dm,
    () => irb,
  )
  const others = [...waysOfReviews(served, () => pi), ...waysOfCalendar(() => pi)]
  const secret: string[] = []
  for (const [route, fill] of [...requests, ...others]) {
    if (/draft$|reply$|fulfilment$|met$/.test(route)) await fill()
    if (route.endsWith('/measures')) {
      const { action, fields } = await fill()
      await pi.post(action, fields)
    }
    if (route.endsWith('/guest-links')) {
      const { action, fields } = await fill()
      secret.push(...((await dm.post(action, fields)).text.match(/\/guest\/[\w-]{43}/) ?? []))
    }
    if (route.endsWith('/attachments')) {
      const { action, fields, file } = await fill()
      if (file !== undefined) await dm.postWithFile(action, fields, file)
    }
  }
  const feed = await pi.post('/trials/SSC-BMC/calendar/feeds', { of: 'every', submissionKey: randomUUID() })
  secret.push(...(feed.text.match(/\/calendar\/[\w-]{43}\.ics/) ?? []))
  return secret
}

/** Pages that no link of these leads to. */
async function addresses(): Promise<string[]> {
  const ofState = (code: string) =>
    served.db
      .selectFrom('subject')
      .innerJoin('trial', 'trial.id', 'subject.trial_id')
      .select('subject.id')
      .where('trial.code', '=', code)
      .orderBy('subject.id', 'desc')
      .executeTakeFirstOrThrow()
  return [
    ...['/', '/account', '/account/second-factor/codes', '/account/second-factor/end', '/people', '/sign-in-rules'],
    ...['/session/oidc', '/session/oidc/callback', '/account/openid', '/account/openid/end'],
    ...['/session/new', '/session/code', '/access?token=none', '/dates/reading.txt?text=R8.6.24'],
    `/trials/SSC-BMC/subjects/${(await ofState('SSC-BMC')).id}/override/new`,
    `/trials/CLTI-MNC/subjects/${(await ofState('CLTI-MNC')).id}/allocation/new`,
    '/trials/SSC-BMC/import/jobs/none',
    '/trials/SSC-BMC/redactions/none',
    '/trials/SSC-BMC/locks/none/end/new',
  ]
}

/** Reads whatever the links lead to: of each kind of page one in each of two trials, and one where something is chosen on it. */
async function readAs(username: DemoName, first: readonly string[], look: (route: string, address: string) => unknown) {
  const client = await new Client(served.url).signIn(username)
  const waiting = [...first]
  const seen = new Set<string>()
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const route = routeOf(address)
    const trial = /^\/trials\/([^/]+)/.exec(address)?.[1] ?? 'SSC-BMC'
    const kind = /\/(requests|reviews)\/[^/?]+$/.test(address) ? address : `${route} ${trial} ${address.includes('?')}`
    if (route === undefined || !['SSC-BMC', 'CLTI-MNC'].includes(trial) || seen.has(kind)) continue
    seen.add(kind)
    const path = address
    const statements = await statementsDuring(served.db, async () => {
      const { text, location } = await client.get(path)
      waiting.push(...(location === null ? [] : [location]))
      waiting.push(...linksOn({ path, text }))
    })
    look(route, path)
    statementsOf.push(...statements.map((statement) => ({ route, ...statement })))
  }
}
const statementsOf: { route: string; sql: string; parameters: readonly unknown[] }[] = []

beforeAll(async () => {
  served.now = '2026-11-21T03:00:00.000Z'
  const secret = await prepare()
  const first = [...(await addresses()), ...secret]
  for (const username of readers) await readAs(username, first, (route) => read.add(route))
  const owned = await tablesOfTrials()
  const rows = await trialsByRow()
  for (const { route, sql: text, parameters } of statementsOf) {
    const named = [...text.matchAll(/(?:from|join|update|into)\s+"?(\w+)"?/gi)].map(([, name = '']) => name)
    const tables = [...new Set(named.filter((name) => owned.has(name)))].sort()
    const trials = new Set(parameters.flatMap((value) => rows.get(value) ?? []))
    if (tables.length > 0) asked.push({ route, tables, trials: trials.size })
  }
}, 300_000)

describe('statements about what belongs to trials', () => {
  it('are those of every page', () => {
    expect(patterns.map(({ path }) => path).filter((path) => !read.has(path))).toEqual([])
    expect(asked.length).toBeGreaterThan(1000)
  })

  it('are about one trial each, apart from those that are about many', () => {
    const others = asked.filter(({ trials }) => trials !== 1).map(({ route, tables }) => `${route}: ${tables}`)
    expect([...new Set(others)].sort()).toEqual([...aboutMany].sort())
  })
})
