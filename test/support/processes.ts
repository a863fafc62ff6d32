/** The server as a process of its own, compiled once for a run of the suite, so that it can be killed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, inject } from 'vitest'
import { projectFolder } from '../../server/project-folder.ts'

export type ServerProcess = {
  url: string
  /** Ends it as a power cut would: nothing is finished. */
  kill(): Promise<void>
  /** Ends it as an operator would. */
  stop(): Promise<number | null>
}

/** Starts servers on databases; all that still run when the test file ends are killed. */
export function processesOfFile(): (address: string, settings?: Record<string, string>) => Promise<ServerProcess> {
  const started = new Set<ChildProcess>()
  let folder = ''
  beforeAll(async () => {
    folder = await compiled()
  }, 300_000)
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL')
  })
  return async (address, settings = {}) => {
    const child = spawn(process.execPath, [join(folder, 'server', 'cli.js'), 'serve'], {
      cwd: projectFolder,
      env: {
        PATH: process.env.PATH,
        SESSION_SECRET: 'a secret for tests, long enough to be one',
        LOG_LEVEL: 'silent',
        PORT: '0',
        DATABASE_URL: address,
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.add(child)
    const ended = new Promise<number | null>((resolve) =>
      child.once('exit', (code) => {
        started.delete(child)
        resolve(code)
      }),
    )
    return {
      url: await listening(child),
      kill: async () => {
        child.kill('SIGKILL')
        await ended
      },
      stop: () => {
        child.kill('SIGTERM')
        return ended
      },
    }
  }
}

function listening(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const url = /listens on (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)))
  })
}

/** Whoever needs it first compiles it, the others wait. The run takes it away when it is over. */
async function compiled(): Promise<string> {
  const folder = inject('compiled')
  const isDone = join(folder, 'done')
  mkdirSync(dirname(folder), { recursive: true })
  let isMine = true
  try {
    mkdirSync(folder)
  } catch {
    isMine = false
  }
  if (isMine) {
    execFileSync(join(projectFolder, 'node_modules', '.bin', 'tsc'), ['--outDir', folder, '--sourceMap', 'false'], {
      cwd: projectFolder,
    })
    writeFileSync(isDone, '')
  }
  while (!existsSync(isDone)) await new Promise((resolve) => setTimeout(resolve, 50))
  return folder
}
