/**
 * THE seam: only it, with its folder, knows which engine holds the data. It opens a database, gives a trial's
 * writer its exclusive turn, and tells a broken uniqueness apart from other errors.
 */
import { type DatabaseAddress, type ServerLimits, usualLimits } from '../config.ts'
import type { Db } from './database.ts'
import type { Engine } from './dialect/engine.ts'
import { openFile } from './dialect/file.ts'
import { openServer } from './dialect/server.ts'

export type { Engine, Progress, TableShape, TellStatement } from './dialect/engine.ts'

const engines = new WeakMap<object, Engine>()
const versions = new WeakMap<object, (tables: readonly string[]) => string>()

/** The engine behind a database that `openDatabase` opened. */
export function engineOf(db: Db): Engine {
  const engine = engines.get(db)
  if (engine === undefined) throw new Error('this database was not opened by openDatabase')
  return engine
}

/**
 * What is read from these tables stands as long as this says the same, which costs less than to read it again; null where
 * that is not known: on a server, in a transaction, in a copy.
 */
export function versionOf(db: Db, tables: readonly string[]): string | null {
  return versions.get(db)?.(tables) ?? null
}

/** Opens a database; the file and its folder are made where they are missing. */
export async function openDatabase(address: DatabaseAddress, limits: ServerLimits = usualLimits): Promise<Db> {
  const { reader, engine, version } =
    address.kind === 'file' ? await openFile(address.path) : openServer(address.url, limits)
  engines.set(reader, engine)
  if (version !== undefined) versions.set(reader, version)
  return reader
}

export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

/** What an engine says when it is busy, full, read-only, broken off or stopping: nothing that a request got wrong. */
const unavailable =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)|08|53|57|58|40|XX|25006|55000|55P03|ECONN|EPIPE|ETIMEDOUT|ENOSPC|EIO)/
/** The pool and its connections say these without a code. */
const unavailableInWords = /^Connection terminated|^timeout exceeded|^Client has encountered a connection error/

export function isUnavailableError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return unavailable.test(code) || unavailableInWords.test(error.message)
}
