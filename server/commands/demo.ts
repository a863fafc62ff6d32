/** `toroku demo`: a demonstration with four trials, made once and offered again at once. */
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { demoPeople } from '../../seeds/demo-people.ts'
import { tellDemoWorlds } from '../../seeds/demo-worlds.ts'
import { type Config, databaseAddress, filesFolder, settingFromEnvironment, usualLimits } from '../config.ts'
import { liveContext } from '../context.ts'
import type { Db } from '../db/database.ts'
import { engineOf } from '../db/dialect.ts'
import { findPersonId } from '../db/people.ts'
import { PortTaken, serve, stopOnSignal } from '../serve.ts'
import { BadInput, bringUpToDate, type Command, openAnswering } from './command.ts'

export const demoCommand: Command = {
  name: 'demo',
  summary: 'run a demonstration with four trials',
  help: `toroku demo [--data FILE] [--port PORT] [--fresh]

Makes a demonstration database where there is none, and serves it with its people and their passwords
on the sign-in page. Exit code 2: the port is taken, or the data cannot be used.

  --data FILE   the database file                    (default: var/demo.db)
  --port PORT   where to listen on 127.0.0.1         (default: PORT, else 3000)
  --fresh       start over: forget what was recorded`,
  options: { data: { type: 'string' }, port: { type: 'string' }, fresh: { type: 'boolean' } },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    const path = typeof values.data === 'string' ? values.data : 'var/demo.db'
    const config = demoConfig(path, portFrom(values.port))
    if (values.fresh === true) forget(path)
    const { db } = await openAnswering(path)
    try {
      await bringUpToDate(db)
      await tellOnce(db, config)
      const serving = await serve(db, config)
      stopOnSignal(serving)
      console.log(welcome(serving.url))
    } catch (error) {
      await engineOf(db).close()
      throw error instanceof PortTaken ? new BadInput(error.message) : error
    }
    return 0
  },
}

function portFrom(value: string | boolean | undefined): number {
  const text = typeof value === 'string' ? value : (settingFromEnvironment('PORT') ?? '3000')
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new BadInput(`${text} is no port number`)
  return port
}

export function demoConfig(path: string, port: number): Config {
  return {
    database: databaseAddress(path),
    host: '127.0.0.1',
    port,
    sessionSecret: randomBytes(32).toString('hex'),
    tls: 'none',
    logLevel: 'warn',
    demonstration: demoPeople,
    passwordCost: 2 ** 15,
    backups: null,
    anchors: { folder: null, key: '' },
    leastFreeMegabytes: 0,
    metrics: null,
    server: usualLimits,
    openId: null,
  }
}

function forget(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) rmSync(path + suffix)
  rmSync(filesFolder({ database: databaseAddress(path) }), { recursive: true, force: true })
}

/** The worlds are told into an empty database only; one that holds other people is not a demonstration's. */
async function tellOnce(db: Db, config: Config): Promise<void> {
  const first = demoPeople[0].username
  const last = demoPeople.at(-1)?.username ?? first
  if ((await findPersonId(db, last)) !== null) return
  const anybody = await db.selectFrom('person').select('id').limit(1).executeTakeFirst()
  if (anybody !== undefined) throw new BadInput('this database is not a demonstration; choose another file with --data')
  await tellDemoWorlds(liveContext(db, config))
}

function welcome(url: string): string {
  const width = Math.max(...demoPeople.map(({ username }) => username.length))
  const people = demoPeople.map(
    ({ username, password, task }) => `  ${username.padEnd(width)}  ${password.padEnd(22)}  ${task.en}`,
  )
  return [`Toroku demonstration: ${url}`, '', ...people, '', 'Stop with Ctrl+C.'].join('\n')
}
