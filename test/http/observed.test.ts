/** What is measured and logged of a request: its route, its outcome and one identifier, and nothing that somebody typed. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createApp } from '../../server/app.ts'
import { databaseAddress } from '../../server/config.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { newMetrics, offerMetrics } from '../../server/metrics.ts'
import { serve } from '../../server/serve.ts'
import { Client } from '../support/client.ts'
import { testConfig } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { type FormsOfTrial, formsOfTrial } from './forms-of-a-trial.ts'
import { raw, serveForFile } from './served.ts'

const served = serveForFile('demo')

describe('the identifier of a request', () => {
  let ofTrial: FormsOfTrial
  beforeAll(async () => {
    ofTrial = await formsOfTrial(served)
  })

  const lines = () => served.log.map((line) => JSON.parse(line) as { req?: { id?: string } })

  it('is a proxy’s own where it is well-formed, in the answer and in the log', async () => {
    const id = `from-proxy-${randomUUID()}`
    const answer = await raw(served, 'GET', '/session/new', { 'x-request-id': id })
    expect(answer.headers['x-request-id']).toBe(id)
    expect(lines().filter((line) => line.req?.id === id)).toHaveLength(1)
  })

  it.each(['', 'short', 'x'.repeat(65), 'with space', '<script>', 'a"b"c"d"e"', '識別番号です八文字以上'])(
    'is made anew where another one was sent that is none: %j',
    async (given) => {
      const sent = Buffer.from(given).toString('latin1')
      const answer = await raw(served, 'GET', '/session/new', { 'x-request-id': sent })
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  it('stands in the audit entries of what the request changed', async () => {
    const client = await new Client(served.url).signIn('demo-crc')
    const { screening } = ofTrial.forms
    await client.get(`${ofTrial.log}/new`)
    const answer = await client.post(await screening.address(), screening.accepted())
    expect(answer.status).toBe(303)
    const entries = await served.db
      .selectFrom('audit_entry')
      .select('event')
      .where('request_id', '=', answer.headers.get('x-request-id'))
      .execute()
    expect(entries.length).toBeGreaterThan(0)
  })

  it('is different for each of many', async () => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => (await raw(served, 'GET', '/readyz')).headers['x-request-id']),
    )
    expect(new Set(ids).size).toBe(50)
  })
})

it('the log holds no cookie, no token, no password, no question and no field of a form', async () => {
  const client = new Client(served.url)
  await client.get('/session/new?returnTo=/secret-question')
  await client.post('/session', { username: 'secret-name', password: 'secret password', returnTo: '/' })
  await client.signIn('demo-crc')
  const log = served.log.join('')
  const session = /session=([^;]+)/.exec(client.cookies())?.[1] ?? 'no session'
  for (const secret of ['secret-question', 'secret-name', 'secret password', 'demo-coordinator-01', session, 'csrf']) {
    expect([secret, log.includes(secret)]).toEqual([secret, false])
  }
})

describe('measurements', () => {
  async function measured() {
    const metrics = newMetrics({ connections: async () => 3, backupAge: () => 60 })
    const server = createServer(createApp(served.context, pino({ level: 'silent' }), [], metrics.request))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    engineOf(served.db).watch(metrics.statement)
    onTestFinished(() => engineOf(served.db).watch(() => {}))
    return { metrics, client: new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) }
  }
  const countOf = (text: string, labels: string) =>
    Number(new RegExp(`http_request_duration_seconds_count\\{${labels}\\} (\\d+)`).exec(text)?.[1] ?? 0)

  it('count requests by the pattern of their route, never by their address, trial, site or person', async () => {
    const { metrics, client } = await measured()
    await client.signIn('demo-pi')
    for (const path of ['/trials/SSC-BMC', '/trials/SSC-HSCT', '/trials/NO-SUCH', '/secret-address', '/css/no.css']) {
      await client.get(path)
    }
    await client.send('/trials/SSC-BMC', { method: 'DELETE' })
    await vi.waitFor(async () => {
      expect(countOf(await metrics.text(), 'route="/trials/:trial",method="other",status="405"')).toBe(1)
    })
    const text = await metrics.text()
    expect(countOf(text, 'route="/trials/:trial",method="GET",status="200"')).toBe(2)
    expect(countOf(text, 'route="/trials/:trial",method="GET",status="404"')).toBe(1)
    expect(countOf(text, 'route="/trials/:trial",method="other",status="405"')).toBe(1)
    expect(countOf(text, 'route="none",method="GET",status="404"')).toBe(1)
    expect(countOf(text, 'route="files",method="GET",status="404"')).toBe(1)
    expect(text).not.toMatch(/SSC|NO-SUCH|secret|demo-pi|no\.css/)
  })

  it('say what else an operator asks: statements, connections, delay of the event loop, age of the last backup', async () => {
    const { metrics, client } = await measured()
    await client.get('/readyz')
    const text = await metrics.text()
    expect(Number(/statement_duration_seconds_count\{outcome="done"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(0)
    expect(text).toContain('http_open_connections 3')
    expect(text).toContain('backup_age_seconds 60')
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds \d/)
  })

  it('are offered at an address of their own, and nothing else is', async () => {
    const metrics = newMetrics({ connections: async () => 0, backupAge: () => null })
    const { url, stop } = await offerMetrics(metrics, { host: '127.0.0.1', port: 0 })
    onTestFinished(stop)
    expect(await (await fetch(url)).text()).toContain('backup_age_seconds -1')
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(404)
    expect((await raw(served, 'GET', '/metrics')).status).toBe(404)
  })

  it('are offered by a server that is told to, until it stops', async () => {
    const config = { ...testConfig, metrics: { host: '127.0.0.1', port: 0 }, backups: null }
    const serving = await serve(await openDatabase(databaseAddress(await copyOf('demo'))), config)
    await fetch(`${serving.url}/session/new`)
    // A browser has the whole page a moment before its session is kept and the answer is over.
    await vi.waitFor(async () => {
      const text = await (await fetch(serving.metricsUrl ?? '')).text()
      expect(countOf(text, 'route="/session/new",method="GET",status="200"')).toBe(1)
    })
    await serving.stop()
    await expect(fetch(serving.metricsUrl ?? '')).rejects.toThrow()
  })
})
