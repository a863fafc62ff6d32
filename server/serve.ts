/** Listens, and stops gracefully: what is in flight is finished, then the database is closed. */
import type { Server } from 'node:http'
import { pino } from 'pino'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { liveContext } from './context.ts'
import { anchorRegularly } from './daily-anchors.ts'
import { settleReads } from './db/access-records.ts'
import type { Db } from './db/database.ts'
import { engineOf } from './db/dialect.ts'
import { newHttpServer } from './http-server.ts'
import { newMetrics, offerMetrics } from './metrics.ts'
import { backUpRegularly, backupAge } from './scheduled-backups.ts'

/** What is in flight at a stop has this long. */
const stopSeconds = 10

/** Where pages and, if at all, measurements are offered. */
export type Serving = { url: string; metricsUrl: string | null; stop(): Promise<void> }

/** A port that is taken is said plainly: `PortTaken`. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`port ${port} is already in use; choose another with PORT=... or --port`)
    this.name = 'PortTaken'
  }
}

export async function serve(db: Db, config: Config): Promise<Serving> {
  const logger = pino({ level: config.logLevel })
  const context = liveContext(db, config)
  const metrics = config.metrics === null ? null : newMetrics({ connections, backupAge: () => backupAge(context) })
  if (metrics !== null) engineOf(db).watch(metrics.statement)
  const server = newHttpServer(createApp(context, logger, [], metrics?.request ?? null))
  function connections(): Promise<number> {
    return new Promise((resolve) => server.getConnections((_error, count) => resolve(count ?? 0)))
  }
  await listen(server, config)
  const offered = metrics === null || config.metrics === null ? null : await offerMetrics(metrics, config.metrics)
  const stopBackups = backUpRegularly(context, logger)
  const stopAnchors = anchorRegularly(context, logger)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    metricsUrl: offered?.url ?? null,
    stop: async () => {
      const late = setTimeout(() => server.closeAllConnections(), stopSeconds * 1000)
      // A browser's connection has nothing more to say once its answer is there, and would rest for a minute.
      const resting = setInterval(() => server.closeIdleConnections(), 100)
      await new Promise<void>((resolve) => server.close(() => resolve()))
      clearInterval(resting)
      clearTimeout(late)
      await stopBackups()
      await stopAnchors()
      await offered?.stop()
      await settleReads(db)
      await engineOf(db).close()
    },
  }
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject('code' in error && error.code === 'EADDRINUSE' ? new PortTaken(port) : error),
    )
    server.listen(port, host, resolve)
  })
}

/** Stops at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function stopOnSignal(serving: Serving): void {
  const stop = () => {
    process.once('SIGTERM', () => process.exit(1))
    process.once('SIGINT', () => process.exit(1))
    serving.stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
