/** The processes that are measured: the one that serves with routes of its own, and the product as it is installed. */
import { execFileSync, fork, spawn } from 'node:child_process'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../server/project-folder.ts'
import type { Measured } from './measure.ts'
import type { Asked } from './served.ts'

export type Served = {
  url: string
  /** Milliseconds of the processor that it has used so far. */
  used(): Promise<number>
  change(): Promise<unknown>
  register(times: number): Promise<Measured>
  stop(): Promise<void>
}

export async function startServed(address: string): Promise<Served> {
  const child = fork(join(import.meta.dirname, 'served.ts'), [address], { execArgv: ['--import', 'tsx'] })
  const answered = <T>() =>
    new Promise<T>((resolve, reject) => {
      const ended = () => reject(new Error('the served process ended'))
      child.once('exit', ended)
      child.once('message', (said: { answer: T }) => {
        child.off('exit', ended)
        resolve(said.answer)
      })
    })
  const ask = <T>(ask: Asked['ask'], times = 0): Promise<T> => {
    const answer = answered<T>()
    child.send({ ask, times } satisfies Asked)
    return answer
  }
  return {
    url: await answered<string>(),
    used: () => ask('used'),
    change: () => ask('change'),
    register: (times) => ask('register', times),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await ended
    },
  }
}

export type Installed = {
  url: string
  /** Milliseconds from its start until it listens. */
  startedIn: number
  /** What it holds of memory now, in MB of 1,000,000 bytes. */
  memory(): number
  /** Seconds of the processor that it has used so far. */
  used(): number
  stop(): Promise<void>
}

const controlGroups = '/sys/fs/cgroup/cpu'

/** From now on a process gets no more than a share of one processor: 0.3. Needs the control groups (version 1) of Linux. */
function holdTo(share: number, pid: number): void {
  const group = join(controlGroups, `toroku-bench-${pid}`)
  mkdirSync(group)
  writeFileSync(join(group, 'cpu.cfs_period_us'), '20000')
  writeFileSync(join(group, 'cpu.cfs_quota_us'), String(Math.round(20_000 * share)))
  writeFileSync(join(group, 'cgroup.procs'), String(pid))
}

/** How `deploy/` starts it: room for what 50 requests at once need, so that it is not taken for what lasts. */
export const asDeployed = ['--min-semi-space-size=32', '--max-semi-space-size=32', '--v8-pool-size=1']

/** `toroku serve` as it was built, on a database; with `share`, on no more than that of a processor once it listens. */
export async function startInstalled(
  address: string,
  settings: Record<string, string> = {},
  share: number | null = null,
): Promise<Installed> {
  const begun = performance.now()
  const env = { SESSION_SECRET: 'a secret for measuring, long enough', LOG_LEVEL: 'silent', PORT: '0', ...settings }
  // A profile of it is had with `SERVED_ARGUMENTS=--cpu-prof`.
  const own = process.env.SERVED_ARGUMENTS?.split(' ') ?? []
  const child = spawn(
    process.execPath,
    [...asDeployed, ...own, join(projectFolder, 'dist', 'server', 'cli.js'), 'serve'],
    {
      cwd: projectFolder,
      env: { PATH: process.env.PATH, DATABASE_URL: address, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    child.stdout.on('data', (said) => {
      const heard = /listens on (http:\S+)/.exec(String(said))?.[1]
      if (heard !== undefined) resolve(heard)
    })
  })
  if (share !== null) holdTo(share, child.pid ?? 0)
  const asked = (what: string) => execFileSync('ps', ['-o', `${what}=`, '-p', String(child.pid)], { encoding: 'utf8' })
  return {
    url,
    startedIn: performance.now() - begun,
    memory: () => (Number(asked('rss')) * 1024) / 1e6,
    used: () => Number(asked('cputimes')),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      if (share !== null) rmdirSync(join(controlGroups, `toroku-bench-${child.pid}`))
    },
  }
}
