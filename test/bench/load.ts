/**
 * Fifty people at once, for minutes: of twenty requests nineteen read (the dashboard 9, the log 4, a subject 4, the sites 2)
 * and one adds somebody to the log, spread over the trials. Each waits for an answer and asks again without a pause, or at
 * their next turn where so many a second are asked for; and says as a browser does which version of a page it has. The load
 * comes from this process; the product runs as it is installed, in one process or several.
 */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseAddress } from '../../server/config.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { todayIn } from '../../server/domain/calendar-date.ts'
import { type Installed, startInstalled } from './children.ts'
import { at, type Measured, measuredFrom } from './measure.ts'
import { type Engine, signedIn } from './size.ts'
import { reader, type Size } from './worlds.ts'

export type LoadReport = {
  size: Size
  engine: Engine
  processes: number
  connections: number
  /** What of a processor each process was held to; null for all that there is. */
  share: number | null
  /** So many requests a second were asked for by all together; null: as many as were answered. */
  rate: number | null
  seconds: number
  requests: number
  /** How often something else was answered than is right, by what it was. */
  errors: Record<string, number>
  /** Milliseconds: 99 of 100 answers came within it, from when they were to be asked for. */
  p99: number
  kinds: ({ kind: string } & Measured)[]
  /** Milliseconds of the processors for each request, of the product alone. */
  processor: number
  /** MB of 1,000,000 bytes, of the largest process. */
  memory: number
}

type Person = { cookie: string; csrf: string }
/** One of the fifty: a person, and the tags of the pages that their browser has. */
type Browser = Person & { url: string; tags: Map<string, string> }
type Trial = { code: string; sites: string[]; subjects: string[]; consentVersionId: string }

const sessions = 5
const kindsOf = [
  ...['dashboard', 'log', 'dashboard', 'subject', 'dashboard', 'sites', 'dashboard', 'log', 'dashboard', 'subject'],
  ...['screening', 'dashboard', 'log', 'dashboard', 'subject', 'dashboard', 'sites', 'dashboard', 'log', 'subject'],
]

export async function benchLoad(
  { size, engine, address }: { size: Size; engine: Engine; address: string },
  asked: Pick<LoadReport, 'processes' | 'connections' | 'seconds' | 'share' | 'rate'>,
): Promise<LoadReport> {
  const { processes, connections, seconds, share, rate } = asked
  const trials = await readTrials(address)
  // A world made a moment ago is still on its way to the disk, and every write of the product would wait behind it.
  execFileSync('sync')
  const kept = keepInMemory(address)
  const servers: Installed[] = []
  for (let place = 0; place < processes; place++) servers.push(await startInstalled(address, {}, share))
  try {
    const people: Person[] = []
    for (let place = 0; place < sessions; place++) people.push(await personAt(servers[0]?.url ?? ''))
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    const took = new Map<string, number[]>()
    const errors = new Map<string, number>()
    const work = async (connection: number, until: number) => {
      const person = people[connection % sessions] as Person
      const browser: Browser = { ...person, url: servers[connection % processes]?.url ?? '', tags: new Map() }
      const between = rate === null ? null : (connections * 1000) / rate
      let due = performance.now() + ((between ?? 0) * connection) / connections
      for (let turn = connection; performance.now() < until; turn++) {
        const kind = kindsOf[turn % kindsOf.length] ?? ''
        if (between === null) due = performance.now()
        else if (due > performance.now()) await sleep(due - performance.now())
        // Whoever was kept waiting by the answer before counts from their own turn on.
        const begun = due
        due += between ?? 0
        const said = await ask(agent, browser, kind, chosen(trials)).catch((error: Error) => error.message)
        if (!expected(kind).includes(said)) errors.set(`${kind}: ${said}`, (errors.get(`${kind}: ${said}`) ?? 0) + 1)
        const times = took.get(kind) ?? []
        took.set(kind, times)
        times.push(performance.now() - begun)
      }
    }
    const everybody = (until: number) =>
      Promise.all(Array.from({ length: connections }, (_, connection) => work(connection, until)))
    await everybody(performance.now() + Math.min(5000, seconds * 250))
    took.clear()
    errors.clear()
    const usedBefore = servers.reduce((sum, server) => sum + server.used(), 0)
    const begun = performance.now()
    await everybody(begun + seconds * 1000)
    const lasted = (performance.now() - begun) / 1000
    const used = servers.reduce((sum, server) => sum + server.used(), 0) - usedBefore
    const memory = Math.max(...servers.map((server) => server.memory()))
    agent.destroy()
    const all = [...took.values()].flat()
    return {
      size,
      engine,
      processes,
      connections,
      share,
      rate,
      seconds: lasted,
      requests: all.length,
      errors: Object.fromEntries(errors),
      p99: at(all, 0.99),
      kinds: [...took].map(([kind, times]) => ({ kind, ...measuredFrom(times, null) })),
      processor: (used * 1000) / all.length,
      memory,
    }
  } finally {
    for (const server of servers) await server.stop()
    await kept.stop()
  }
}

const readEverySeconds = 10

/**
 * A file that is read all the time stays in the machine's memory, unless the machine gives it up within a minute, as some
 * virtual ones do: then what is measured is their disk. So all of it is read again and again, a little at a time: all at
 * once would push what the product works with out of the processor.
 */
function keepInMemory(address: string) {
  const place = databaseAddress(address)
  let isOver = false
  const part = Buffer.alloc(1_000_000)
  const reading = (async () => {
    while (!isOver && place.kind === 'file') {
      const file = await open(place.path)
      const pause = Math.min(1000, (1000 * readEverySeconds * part.length) / (await file.stat()).size)
      while (!isOver && (await file.read(part)).bytesRead > 0) await sleep(pause)
      await file.close()
    }
  })()
  return {
    stop: async () => {
      isOver = true
      await reading
    },
  }
}

function chosen<T>(from: readonly T[]): T {
  return from[Math.floor(Math.random() * from.length)] as T
}

const expected = (kind: string): (number | string)[] => (kind === 'screening' ? [303] : [200, 304])

/** The status of the answer. */
async function ask(agent: Agent, browser: Browser, kind: string, trial: Trial): Promise<number> {
  const here = `/trials/${trial.code}`
  if (kind === 'screening') {
    const entry = { opening: 'consent', siteId: chosen(trial.sites), number: '', offeredNumber: '', referralSource: '' }
    const consentedOn = todayIn('Asia/Tokyo', new Date().toISOString())
    const keys = { csrf: browser.csrf, submissionKey: randomUUID() }
    const fields = { ...entry, consentedOn, consentVersionId: trial.consentVersionId, ...keys }
    return send(agent, browser, `${here}/subjects`, new URLSearchParams(fields).toString())
  }
  const pages: Record<string, string> = {
    dashboard: here,
    log: `${here}/subjects?page=${1 + Math.floor(Math.random() * 20)}`,
    subject: `${here}/subjects/${chosen(trial.subjects)}`,
    sites: `${here}/sites`,
  }
  return send(agent, browser, pages[kind] ?? '', null)
}

function send(agent: Agent, { url, cookie, tags }: Browser, path: string, form: string | null): Promise<number> {
  const tag = form === null ? tags.get(path) : undefined
  const typed = form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const method = form === null ? 'GET' : 'POST'
  const headers = { cookie, ...typed, ...(tag === undefined ? {} : { 'if-none-match': tag }) }
  return new Promise((resolve, reject) => {
    const request = httpRequest(url + path, { agent, method, headers }, (response) => {
      if (response.headers.etag !== undefined) tags.set(path, response.headers.etag)
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
      response.once('error', reject)
    })
    request.once('error', reject)
    request.end(form ?? undefined)
  })
}

async function personAt(url: string): Promise<Person> {
  const client = await signedIn(url, reader)
  const { text } = await client.get('/')
  return { cookie: client.cookies(), csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '' }
}

/** The trials that the reader sees, each with some of its subjects. */
async function readTrials(address: string): Promise<Trial[]> {
  const db = await openDatabase(databaseAddress(address))
  const found = await db.selectFrom('trial').select(['id', 'code']).orderBy('code').limit(3).execute()
  const idsOf = async (table: 'site' | 'subject' | 'consent_version', trialId: string) =>
    (await db.selectFrom(table).select('id').where('trial_id', '=', trialId).limit(500).execute()).map(({ id }) => id)
  const trials: Trial[] = []
  for (const { id, code } of found) {
    const [consentVersionId = ''] = await idsOf('consent_version', id)
    trials.push({ code, sites: await idsOf('site', id), subjects: await idsOf('subject', id), consentVersionId })
  }
  await engineOf(db).close()
  return trials
}
