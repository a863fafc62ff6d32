/** What grows with a trial's subjects is never read from end to end: every page is opened, and each statement explained. */
import type { CompiledQuery } from 'kysely'
import { expect, it } from 'vitest'
import type { DemoName } from '../../seeds/demo-people.ts'
import { routes } from '../../server/http/routes.ts'
import { Client } from '../support/client.ts'
import { readInFull } from '../support/plans.ts'
import { statementsDuring } from '../support/statements.ts'
import { linksOn } from '../support/walk.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')

/** They grow with subjects, or with what people do. */
const growing = [
  'subject',
  'subject_event',
  'audit_entry',
  'daily_count',
  'trial_count',
  'site_count',
  'state_count',
  'month_count',
  'submission',
  'session',
]
const people: readonly DemoName[] = ['demo-dm', 'demo-crc', 'demo-audit', 'demo-admin']

/**
 * Who may be due is asked once a day of a trial: by each subject's events where they are many, and by all of them where an
 * engine finds that cheaper, which it does only where they are few.
 */
const asTheEngineFinds = /^select "id", "site_id" from "subject" where "trial_id" = .* exists /

const reading = routes
  .filter(({ method }) => method === 'get')
  .map(({ path }) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`) }))

/** Every page that leads from another one, once for each route and each kind of question. */
async function openEverything(client: Client, opened: Set<string>): Promise<void> {
  const seen = new Set<string>()
  const waiting = ['/', '/account']
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const { pathname, searchParams } = new URL(path, client.url)
    const route = reading.find(({ pattern }) => pattern.test(pathname))
    const kind = `${route?.path} ${[...searchParams.keys()].sort()} ${pathname.includes('SSC-BMC')}`
    if (route === undefined || seen.has(kind)) continue
    seen.add(kind)
    const { status, text } = await client.get(path)
    expect([path, status < 500]).toEqual([path, true])
    if (status === 200) opened.add(route.path)
    waiting.push(...linksOn({ path, text }))
  }
}

it('no statement of any page reads subjects, events, counts or the trail in full', async () => {
  const opened = new Set<string>()
  const statements = new Map<string, CompiledQuery>()
  for (const person of people) {
    const client = await new Client(served.url).signIn(person)
    const asked = await statementsDuring(served.db, () => openEverything(client, opened))
    for (const statement of asked)
      if (/^\s*select/i.test(statement.sql) && !asTheEngineFinds.test(statement.sql))
        statements.set(statement.sql, statement)
  }
  const ofTrials = reading.filter(({ path }) => /^\/trials\/:trial(\/[a-z-]+)*$/.test(path)).map(({ path }) => path)
  const unopened = ofTrials.filter((path) => !opened.has(path))
  expect(unopened.length).toBeLessThan(ofTrials.length / 4)
  expect(statements.size).toBeGreaterThan(100)
  const found: string[] = []
  for (const statement of statements.values()) {
    const scanned = (await readInFull(served.db, statement)).filter((table) => growing.includes(table))
    for (const table of scanned) found.push(`${table}: ${statement.sql}`)
  }
  expect(found).toEqual([])
}, 600_000)
