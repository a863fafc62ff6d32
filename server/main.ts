/** The production server: reads its configuration, brings the schema up to date, listens, and stops gracefully. */
import { setFlagsFromString } from 'node:v8'
import { offerSetUp } from './actions/offer-set-up.ts'
import { parseConfig } from './config.ts'
import { commandLine, liveContext } from './context.ts'
import { openDatabase } from './db/dialect.ts'
import { migrate } from './db/schema.ts'
import { serve, stopOnSignal } from './serve.ts'

/** What is no longer needed is looked for when so much more is held than was needed, in hundredths: half as much memory. */
const heapGrowingPercent = 60

export async function main(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`)
  const config = parseConfig(process.env)
  if ('problems' in config) {
    for (const { name, reason } of config.problems) console.error(`${name} ${reason}`)
    process.exitCode = 2
    return
  }
  try {
    const db = await openDatabase(config.value.database, config.value.server)
    for (const name of await migrate(db)) console.log(`migrated: ${name}`)
    const serving = await serve(db, config.value)
    stopOnSignal(serving)
    console.log(`Toroku listens on ${serving.url}`)
    if (serving.metricsUrl !== null) console.log(`measurements at ${serving.metricsUrl}`)
    const token = await offerSetUp(liveContext(db, config.value), commandLine)
    if (token !== null) console.log(setUpWords(`${serving.url}/access?token=${token}`))
  } catch (error) {
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : error)
    process.exit(1)
  }
}

/** Behind a proxy the address begins otherwise: what counts is its end. */
function setUpWords(address: string): string {
  return [
    'Nobody has an account yet. Whoever opens this link becomes the first administrator.',
    'It works once, within 24 hours; a new start makes a new one:',
    '',
    `  ${address}`,
    '',
  ].join('\n')
}
