/** One application for a whole test file: a copy of a prepared database, a clock that the tests may set, and its log. */
import { randomUUID } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { done } from '../../seeds/story.ts'
import { addPerson } from '../../server/actions/add-person.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { createApp } from '../../server/app.ts'
import { type Config, databaseAddress } from '../../server/config.ts'
import { type Context, commandLine, liveContext } from '../../server/context.ts'
import { settleReads } from '../../server/db/access-records.ts'
import { auditedTables, type Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { todayIn } from '../../server/domain/calendar-date.ts'
import type { Grant } from '../../server/domain/permission.ts'
import type { Route } from '../../server/http/route.ts'
import { type HttpLimits, newHttpServer } from '../../server/http-server.ts'
import { Client } from '../support/client.ts'
import { requestDay, testConfig } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

export type Served = {
  url: string
  db: Db
  context: Context
  /** The instant that the application takes for now. */
  now: string
  /** Every line of the log so far. */
  log: string[]
}

export function serveForFile(
  kind: 'empty' | 'demo',
  {
    more = [],
    config = {},
    // Tests may think for longer than a browser would let a connection rest.
    limits = { restMs: 300_000 },
  }: { more?: readonly Route[]; config?: Partial<Config>; limits?: Partial<HttpLimits> } = {},
): Served {
  const served = { url: '', now: requestDay, log: [] as string[] } as Served
  let stop = async () => {}
  beforeAll(async () => {
    served.db = await openDatabase(databaseAddress(await copyOf(kind)))
    served.context = {
      ...liveContext(served.db, { ...testConfig, ...config }),
      now: () => served.now,
      today: (timeZone) => todayIn(timeZone, served.now),
    }
    const lines = new Writable({
      write: (chunk, _encoding, next) => {
        served.log.push(String(chunk))
        next()
      },
    })
    const server = newHttpServer(createApp(served.context, pino({ level: 'debug' }, lines), more), limits)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    stop = async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await settleReads(served.db)
      await engineOf(served.db).close()
    }
  })
  afterAll(() => stop())
  return served
}

/** Gives the demonstration one more person, with a password of their own. */
export async function newcomer({ context }: Served, grants: readonly Grant[]) {
  const username = `newcomer-${randomUUID().slice(0, 8)}`
  const password = `rain on the roof ${randomUUID().slice(0, 8)}`
  const name = { ja: '新人', en: 'Newcomer' }
  const { personId } = await done(addPerson(context, commandLine, { username, name, password }))
  for (const grant of grants) await done(grantRole(context, commandLine, personId, grant))
  return { username, password, personId }
}

/** Failures to sign in so far are forgotten: where the clock stands, a delay would not end by itself. */
export async function forgetFailures({ db }: Served): Promise<void> {
  await sql`delete from sign_in_note where key not like 'person %'`.execute(engineOf(db).writer)
}

/** Somebody who is not signed in, reading in a language. */
export async function visitor({ url }: Served, language: 'ja' | 'en' = 'ja'): Promise<Client> {
  const client = new Client(url)
  await client.get('/session/new')
  await client.post('/language', { language, returnTo: '/' })
  await client.get('/session/new')
  return client
}

export async function signedIn(
  served: Served,
  { username, password }: { username: string; password: string },
  language: 'ja' | 'en' = 'ja',
): Promise<Client> {
  const client = await visitor(served, language)
  const answer = await client.post('/session', { username, password, returnTo: '/' })
  if (answer.status !== 303) throw new Error(`${username} could not sign in: ${answer.status}`)
  await client.get('/')
  return client
}

/**
 * How much there is of everything, and the head of every chain: the same before and after means that nothing was
 * written. Sessions are left out: reading a page may begin one.
 */
export async function everythingIn(db: Db): Promise<Record<string, number>> {
  const tables = [
    ...auditedTables,
    'audit_entry',
    'submission',
    'daily_count',
    'site_count',
    'trial_count',
    'state_count',
    'month_count',
  ]
  const counts = tables.map((table) => sql`select ${sql.lit(table)} as name, count(*) as size from ${sql.table(table)}`)
  const heads = sql`select chain as name, max(sequence) as size from audit_entry group by chain`
  const all = sql<{ name: string; size: number }>`${sql.join([...counts, heads], sql` union all `)}`
  const { rows } = await all.execute(engineOf(db).writer)
  return Object.fromEntries(rows.map(({ name, size }) => [name, Number(size)]))
}

/** Does the same with each of many, a few at a time as browsers would; the results in the order of the many. */
export async function withEach<T, R>(many: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const atOnce = 8
  const results: R[] = []
  for (let start = 0; start < many.length; start += atOnce) {
    results.push(...(await Promise.all(many.slice(start, start + atOnce).map(work))))
  }
  return results
}

export type RawAnswer = { status: number; headers: IncomingHttpHeaders; text: string }

/** A request as no browser would send it: the path is left as it is, every method and header goes out. */
export function raw(
  { url }: Served,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let isAnswered = false
    const request = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      isAnswered = true
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() }),
      )
      response.on('error', reject)
    })
    // A server that refuses a body may stop listening while it is still being sent.
    request.on('error', (error) => (isAnswered ? undefined : reject(error)))
    request.end(body)
  })
}
