/**
 * Backups of a database file, made while it is written to. A backup has its name only when it is whole, flushed and
 * verified: audit trail, rows, roll-ups, and the attached files, which lie beside it in a folder under its name. Its
 * SHA-256 stands beside it, too, in a file that `sha256sum --check` reads.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { copyFiles, filesBeside, filesIn, type KeptFiles, noFiles } from '../files/kept-files.ts'
import { digestOf, giveName, writeDigest } from '../files/whole-file.ts'
import { listAttachedHashes } from './attached-files.ts'
import type { Db } from './database.ts'
import { engineOf, openDatabase, type Progress } from './dialect.ts'
import { verifyWhole, type WholeVerification } from './whole-verification.ts'

/** Where it lies, and what was found in it; with a finding, it lies under another name than was asked for. */
export type Backup = { path: string; bytes: number; verification: WholeVerification }

/** The database is on a server, which has its own way. */
export class NoFileToBackUp extends Error {
  constructor() {
    super('this database is on a server: back it up with pg_dump')
    this.name = 'NoFileToBackUp'
  }
}

/**
 * Backs a database file up to `path`, where nothing may be yet. Nothing that was acknowledged before it began is
 * missing in it. One in which something is wrong is kept as `<path>.wrong`: it may be all there is. The rows are copied
 * before the files that they name, and no file ever goes: none can be missing because somebody attached it meanwhile.
 */
export async function backUp(
  db: Db,
  path: string,
  files: KeptFiles = noFiles,
  progress: Progress = () => {},
): Promise<Backup> {
  const engine = engineOf(db)
  if (engine.backUp === null) throw new NoFileToBackUp()
  if (existsSync(path)) throw new Error(`${path} is there already`)
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.part`
  forget(unfinished)
  await engine.backUp(unfinished, progress)
  const verification = await verifyFile(unfinished, files)
  const { size: bytes } = statSync(unfinished)
  if (verification.finding !== null) {
    await giveFolderName(unfinished, `${path}.wrong`)
    await rename(unfinished, `${path}.wrong`)
    return { path: `${path}.wrong`, bytes, verification }
  }
  await writeDigest(path, await digestOf(unfinished))
  await giveFolderName(unfinished, path)
  await giveName(unfinished, path)
  return { path, bytes, verification }
}

/** The copy with its own copies of the files. */
async function verifyFile(path: string, files: KeptFiles): Promise<WholeVerification> {
  const db = await openDatabase({ kind: 'file', path })
  try {
    const copies = filesIn(filesBeside(path))
    await copyFiles(files, copies, await listAttachedHashes(db))
    return await verifyWhole(db, [], copies)
  } finally {
    await engineOf(db).close()
  }
}

/** Before the backup itself has its name: one without its files is never seen. */
async function giveFolderName(unfinished: string, path: string): Promise<void> {
  if (existsSync(filesBeside(unfinished))) await giveName(filesBeside(unfinished), filesBeside(path))
}

function forget(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  rmSync(filesBeside(path), { recursive: true, force: true })
}

const named = /^toroku-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db(\.wrong)?$/

/** The name of a backup that was begun at an instant: `toroku-20261121T115500000Z.db`. They sort by age. */
export function backupName(instant: string): string {
  return `toroku-${instant.replace(/[-:.]/g, '')}.db`
}

/** What became of a backup: it agrees with itself, or something is wrong in it. */
export type Outcome = 'whole' | 'wrong'

/** The backups of a folder, newest first. */
export function listBackups(folder: string, outcome: Outcome): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => named.test(name) && name.endsWith('.wrong') === (outcome === 'wrong'))
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

/** When the newest backup of a folder was begun, as an instant; null where there is none. */
export function lastBackupAt(folder: string, outcome: Outcome): string | null {
  const parts = named.exec(basename(listBackups(folder, outcome)[0] ?? ''))
  if (parts === null) return null
  const [, year, month, day, hour, minute, second, thousandth] = parts
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${thousandth}Z`
}

/** Removes all but the newest so many backups of a folder; what has another name is not touched. */
export function pruneBackups(folder: string, outcome: Outcome, keep: number): string[] {
  const old = listBackups(folder, outcome).slice(keep)
  for (const path of old) {
    forget(path)
    rmSync(`${path}.sha256`, { force: true })
  }
  return old
}
