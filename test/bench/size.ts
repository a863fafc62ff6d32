/** Everything that is measured of one size on one engine: making it, pages, writes, and what is done once. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { importRows } from '../../server/actions/import-rows.ts'
import { databaseAddress } from '../../server/config.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { backUp } from '../../server/db/backup.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { readText } from '../../server/spreadsheet/read-csv.ts'
import { Client, startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { openRawEngine } from '../support/raw-engine.ts'
import { statementsDuring } from '../support/statements.ts'
import { startInstalled, startServed } from './children.ts'
import { type Measured, measure, once } from './measure.ts'
import { director, makeWorld, reader, type Size, trialCode } from './worlds.ts'

export type Engine = 'file' | 'server'
export type SizeReport = {
  size: Size
  engine: Engine
  rows: { name: string; measured: Measured }[]
  /** Milliseconds from the start of the product until it listens, and MB that it holds then and after its pages were read. */
  startUp: number
  memory: { atStart: number; afterReading: number }
}

const trial = `/trials/${trialCode(0)}`
const pages: readonly [name: string, path: string, who: 'reader' | 'director'][] = [
  ['dashboard of one who reads every trial', trial, 'director'],
  ['portfolio', '/', 'director'],
  ['subjects, first page', `${trial}/subjects`, 'reader'],
  ['sites', `${trial}/sites`, 'reader'],
  ['projection', `${trial}/projection`, 'reader'],
  ['calendar', `${trial}/calendar`, 'reader'],
]
const importedRows = 100

export type Asked = { looks: number; without: readonly string[]; tell(said: string): void }

/** Measures a world that is made in an empty database at `address`, or is there already; `folder` is for what it writes. */
export async function benchSize(
  size: Size,
  engine: Engine,
  address: string,
  isMade: boolean,
  folder: string,
  { looks, without, tell }: Asked,
): Promise<SizeReport> {
  const rows: SizeReport['rows'] = []
  const row = (name: string, measured: Measured) => {
    rows.push({ name, measured })
    tell(`${name}: ${measured.median.toFixed(2)} ms`)
  }
  if (!isMade) row('making the world', await once(() => makeWorld(address, size, tell)))

  const installed = await startInstalled(address)
  const atStart = installed.memory()
  await readEverything(installed.url)
  const memory = { atStart, afterReading: installed.memory() }
  await installed.stop()

  const served = await startServed(address)
  try {
    const { used } = served
    const people = { reader: await signedIn(served.url, reader), director: await signedIn(served.url, director) }
    const look = (who: Client, path: string) => () => read(who, path)
    // The shortest ones more often: a program is as fast as it gets only after some hundred times.
    const often = looks * 10
    row('bare route', await measure(often, look(people.reader, '/bare'), { used }))
    row('framed route', await measure(often, look(people.reader, '/framed'), { used }))
    row('dashboard, changed', await measure(looks, look(people.reader, trial), { before: served.change, used }))
    for (const [name, path, who] of pages) row(name, await measure(looks, look(people[who], path), { used }))
    row('dashboard, unchanged', await measure(often, look(people.reader, trial), { used }))
    row('registration', await served.register(looks))
  } finally {
    await served.stop()
  }

  const raw = await openRawEngine(databaseAddress(address))
  const statements = await dashboardStatements(address)
  row(
    `the engine alone: ${statements.length} statements of a dashboard`,
    await measure(looks, () => raw.read(statements)),
  )
  row('the engine alone: one row written', await measure(looks, () => raw.write()))
  await raw.close()

  const db = await openDatabase(databaseAddress(address))
  row(`import of ${importedRows} rows`, await once(() => importSome(db)))
  if (!without.includes('verify')) row('verify', await once(async () => sound(await verifyWhole(db))))
  if (engineOf(db).backUp !== null && !without.includes('backup')) {
    const path = join(folder, `${size}-backup.db`)
    row('backup, verified', await once(() => backUp(db, path)))
    for (const suffix of ['', '.sha256']) rmSync(path + suffix, { force: true })
  }
  await engineOf(db).close()
  return { size, engine, rows, startUp: installed.startedIn, memory }
}

export async function signedIn(url: string, who: { username: string; password: string }): Promise<Client> {
  const client = new Client(url)
  await client.get('/session/new')
  const { status } = await client.post('/session', { ...who, returnTo: '/framed' })
  if (status !== 303) throw new Error(`${who.username} could not sign in: ${status}`)
  await client.get('/framed')
  return client
}

async function read(who: Client, path: string): Promise<void> {
  const { status } = await who.get(path)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
}

async function readEverything(url: string): Promise<void> {
  const people = { reader: await signedIn(url, reader), director: await signedIn(url, director) }
  for (let time = 0; time < 30; time++) for (const [, path, who] of pages) await read(people[who], path)
}

/** What a dashboard asks of the database when nothing is remembered. */
async function dashboardStatements(address: string) {
  const db = await openDatabase(databaseAddress(address))
  const { url, stop } = await startApp(testContext(db))
  const client = await signedIn(url, reader)
  const statements = await statementsDuring(db, () => read(client, trial))
  await stop()
  await engineOf(db).close()
  return statements.filter(({ sql }) => /^\s*select/i.test(sql))
}

async function importSome(db: Parameters<typeof findTrialByCode>[0]): Promise<void> {
  const { id: trialId } = (await findTrialByCode(db, trialCode(0))) ?? { id: '' }
  const manager: Actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] }
  // New ones each time: a world may have been measured before.
  const run = Math.floor(Date.now() / 1000)
  const lines = Array.from(
    { length: importedRows },
    (_, place) => `001,IMP-${run}-${place + 1},2026-06-${10 + (place % 9)}`,
  )
  const table = readText(['施設,スクリーニング番号,同意取得日', ...lines].join('\n'))
  if ('problems' in table) throw new Error('the rows cannot be read')
  const rest = { meanings: new Map(), origin: { name: 'bench.csv', hash: 'bench' }, unknownSites: 'refuse' as const }
  const outcome = await importRows(testContext(db), manager, { trialId, table: table.value, ...rest, purpose: 'apply' })
  if (outcome.kind !== 'applied') throw new Error(`not imported: ${JSON.stringify(outcome).slice(0, 500)}`)
}

function sound({ finding }: { finding: unknown }): void {
  if (finding !== null) throw new Error(`something is wrong: ${JSON.stringify(finding)}`)
}
