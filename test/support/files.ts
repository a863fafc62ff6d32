/** A database file of one's own, whichever engine is under test: for what only files have, such as backups. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'

/** A folder that is gone when the test has finished. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toroku-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An open database file with the schema; closed when the test has finished. */
export async function openNewFile(path: string): Promise<Db> {
  const db = await openDatabase({ kind: 'file', path })
  onTestFinished(() => engineOf(db).close())
  await migrate(db)
  return db
}

export async function openFileAt(path: string): Promise<Db> {
  const db = await openDatabase({ kind: 'file', path })
  onTestFinished(() => engineOf(db).close())
  return db
}

/** A folder for a whole test file. */
export function folderOfFile(): () => string {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'toroku-files-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => folder
}
