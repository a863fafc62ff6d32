/** The production server: reads its configuration, brings the schema up to date, listens, and stops gracefully. */
import { parseConfig } from './config.ts'
import { openDatabase } from './db/dialect.ts'
import { migrate } from './db/schema.ts'
import { serve, stopOnSignal } from './serve.ts'

export async function main(): Promise<void> {
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
  } catch (error) {
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : error)
    process.exit(1)
  }
}
