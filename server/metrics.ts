/**
 * What is measured while serving, in Prometheus' words. Labels name routes, methods and outcomes: never a trial, a site, a
 * person or an address that somebody typed.
 */
import { createServer } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Observed } from './http/middleware/observe.ts'

/** What is asked when somebody looks, not kept. */
export type Asked = {
  connections(): Promise<number>
  /** Seconds since the last whole backup was begun; null where there is none, or none is made here. */
  backupAge(): number | null
}

export type Metrics = {
  request(observed: Observed): void
  statement(seconds: number, outcome: 'done' | 'failed'): void
  /** Everything so far, as Prometheus reads it. */
  text(): Promise<string>
}

const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const statementSeconds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]

export function newMetrics({ connections, backupAge }: Asked): Metrics {
  const registers = [new Registry()]
  const [register] = registers as [Registry]
  // Among them the event loop's delay, memory and processor time.
  collectDefaultMetrics({ register })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by route, method and status, and how long they took.',
    labelNames: ['route', 'method', 'status'],
    buckets: requestSeconds,
    registers,
  })
  const statements = new Histogram({
    name: 'database_statement_duration_seconds',
    help: 'Statements to the database, and how long they took.',
    labelNames: ['outcome'],
    buckets: statementSeconds,
    registers,
  })
  const failures = new Counter({ name: 'http_requests_failed_total', help: 'Answers of 500 or more.', registers })
  new Gauge({
    name: 'http_open_connections',
    help: 'Connections from browsers or from a proxy.',
    registers,
    async collect() {
      this.set(await connections())
    },
  })
  new Gauge({
    name: 'backup_age_seconds',
    help: 'Seconds since the last whole backup was begun; -1 where there is none.',
    registers,
    collect() {
      this.set(backupAge() ?? -1)
    },
  })
  return {
    request: ({ route, method, status, seconds }) => {
      requests.observe({ route, method, status }, seconds)
      if (typeof status === 'number' && status >= 500) failures.inc()
    },
    statement: (seconds, outcome) => statements.observe({ outcome }, seconds),
    text: () => register.metrics(),
  }
}

/** Offers them at `/metrics` of an address of their own, apart from the pages; the address is handed back with `stop`. */
export async function offerMetrics(
  metrics: Metrics,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    try {
      const text = await metrics.text()
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
    } catch {
      response.writeHead(500).end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    url: `http://${host}:${typeof address === 'object' && address !== null ? address.port : port}/metrics`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
