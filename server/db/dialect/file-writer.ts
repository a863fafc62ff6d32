/**
 * The connection that changes a file. Nothing in this process stands still for the disk: a change is committed into the log
 * beside the file, where others see it, and whoever made it is told so once the log lies on the disk, as with `synchronous
 * = FULL`. Threads bring it there, for all together who wrote meanwhile, and take the log into the file now and then.
 */
import { closeSync, fdatasync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import type { DatabaseConnection } from 'kysely'
import { type Checkpoints, checkpointsOf } from './checkpoints.ts'
import { connectFile, FileDialect, FileDriver, type KeptStatements, setPragma } from './file-connection.ts'

const bringToDisk = promisify(fdatasync)

/** What stands beside a file until it stands in it. */
export type Log = { sync(): Promise<void>; close(): void }

export function logBeside(path: string): Log {
  let handle: number | null = null
  return {
    sync: () => {
      handle ??= openSync(`${path}-wal`, 'r+')
      return bringToDisk(handle)
    },
    close: () => {
      if (handle !== null) closeSync(handle)
    },
  }
}

/** Says that nobody can tell what the disk holds: nothing is written any more until somebody has looked and starts anew. */
class NotOnDisk extends Error {
  readonly code = 'EIO'
}

/** So many statements change something until the log is taken into the file: some hundred screenings. */
const changesUntilTaken = 2000
/** Pages; where the thread cannot take them, the connection does so itself, and everybody waits. */
const pagesAtMost = 20_000

class WritingDriver extends FileDriver {
  readonly #database: KeptStatements
  readonly #log: Log
  readonly #checkpoints: Checkpoints
  readonly #onDisk: () => Promise<void>
  #changesTold = 0
  #changesTaken = 0
  #taking: Promise<void> | null = null
  #lost: NotOnDisk | null = null

  constructor(database: KeptStatements, log: Log, checkpoints: Checkpoints) {
    super(database)
    this.#database = database
    this.#log = log
    this.#checkpoints = checkpoints
    this.#onDisk = together(log.sync)
  }

  /** Throws where something that was written did not come to the disk. */
  requireDisk(): void {
    if (this.#lost !== null) throw this.#lost
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.requireDisk()
    return super.acquireConnection()
  }

  /** Others may write at once; whoever wrote goes on when it lies on the disk. */
  override async releaseConnection(): Promise<void> {
    await super.releaseConnection()
    const changes = this.#database.changes()
    if (changes === this.#changesTold) return
    this.#changesTold = changes
    if (changes - this.#changesTaken > changesUntilTaken) this.#takeIntoFile(changes)
    try {
      await this.#onDisk()
    } catch (cause) {
      this.#lost ??= new NotOnDisk('what was written could not be brought to the disk', { cause })
      throw this.#lost
    }
  }

  /** Most of it while others write, the rest while nobody does: then the log begins anew. What hinders it may pass. */
  #takeIntoFile(changes: number): void {
    this.#changesTaken = changes
    this.#taking ??= this.#checkpoints
      .take()
      .then(async () => {
        await super.acquireConnection()
        await this.#checkpoints.take().finally(() => super.releaseConnection())
      })
      .catch(() => {})
      .finally(() => {
        this.#taking = null
      })
  }

  override async destroy(): Promise<void> {
    await this.#taking
    await this.#checkpoints.end()
    await super.destroy()
    this.#log.close()
  }
}

/** One at a time: whoever comes while one is under way waits for the next, together with all others who did. */
function together(work: () => Promise<void>): () => Promise<void> {
  let under: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  return () => {
    next ??= under.then(() => {
      next = null
      under = work()
      return under
    })
    return next
  }
}

export class WritingDialect extends FileDialect {
  readonly #path: string
  readonly #log: Log
  #driver: WritingDriver | null = null

  constructor(path: string, log = logBeside(path)) {
    const connection = connectFile(path)
    setPragma(connection, 'synchronous', { set: 'NORMAL', reads: 1 })
    setPragma(connection, 'wal_autocheckpoint', { set: String(pagesAtMost), reads: pagesAtMost })
    super(connection)
    this.#path = path
    this.#log = log
  }

  override createDriver() {
    const checkpoints = checkpointsOf({
      library: createRequire(import.meta.url).resolve('better-sqlite3'),
      path: this.#path,
      settings: ['synchronous = NORMAL', 'cache_size = -1000'],
      statement: 'pragma wal_checkpoint(passive)',
    })
    this.#driver = new WritingDriver(this.database, this.#log, checkpoints)
    return this.#driver
  }

  /** Throws where something that was written did not come to the disk: nothing is written since. */
  requireDisk(): void {
    this.#driver?.requireDisk()
  }
}
