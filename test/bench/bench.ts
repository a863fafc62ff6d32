/**
 * First what a projection costs, without a server, and what the dashboard of a large trial costs that nobody remembers.
 * Then requests per second, all in one run on one machine: a bare Express route, the same page behind the application's
 * middleware (framed), the demonstration's dashboard, and its subject log. The ratios are what counts.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { benchDashboard } from './dashboard.ts'
import { benchProjection } from './projection.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? '6')
const rounds = Number(process.env.BENCH_ROUNDS ?? '3')
const connections = 10

type Served = { url: string; cookie: string; stop(): void }

/** The server has a process of its own: the load must not share its event loop. */
async function startServed(folder: string): Promise<Served> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'served.ts'), join(folder, 'bench.db')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the served process ended')))
    child.stdout.setEncoding('utf8').once('data', resolve)
  })
  return { ...(JSON.parse(line) as { url: string; cookie: string }), stop: () => child.kill('SIGTERM') }
}

async function measure(url: string, cookie: string, duration: number): Promise<number> {
  const result = await autocannon({ url, connections, duration, headers: { cookie } })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`)
  return result.requests.average
}

const routes = [
  { name: 'bare', path: '/bare', what: 'an Express route that returns a constant page' },
  { name: 'framed', path: '/framed', what: "the same page behind the application's middleware, signed in" },
  { name: 'dashboard', path: '/trials/SSC-BMC', what: "the demonstration's dashboard" },
  { name: 'log', path: '/trials/SSC-BMC/subjects', what: "the demonstration's subject log" },
]

benchProjection()

const folder = mkdtempSync(join(tmpdir(), 'toroku-bench-'))
await benchDashboard(folder)
const served = await startServed(folder)
try {
  const rates = new Map<string, number[]>(routes.map(({ name }) => [name, []]))
  for (const { path } of routes) await measure(served.url + path, served.cookie, 2)
  // In turn, so that a slow minute of the machine falls on all of them.
  for (let round = 0; round < rounds; round++) {
    for (const { name, path } of routes) {
      rates.get(name)?.push(await measure(served.url + path, served.cookie, seconds))
    }
  }
  const median = (name: string) => [...(rates.get(name) ?? [])].sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  console.log(`requests/s, median of ${rounds} rounds of ${seconds} s, ${connections} connections`)
  for (const { name, what } of routes) {
    const share = (of: string) => `${((100 * median(name)) / median(of)).toFixed(1)}% of ${of}`
    const ratios = name === 'bare' ? '' : name === 'framed' ? share('bare') : `${share('framed')}, ${share('bare')}`
    console.log(`${name.padEnd(10)} ${median(name).toFixed(0).padStart(7)}  ${ratios.padEnd(34)} ${what}`)
  }
} finally {
  served.stop()
  rmSync(folder, { recursive: true, force: true })
}
