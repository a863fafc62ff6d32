/** A backup becomes a database again: verified in full before it has the database's name, and never over another one. */
import { constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import { copyFiles, filesBeside, filesIn, type KeptFiles } from '../files/kept-files.ts'
import { digestOf, giveName, readDigest } from '../files/whole-file.ts'
import { checkAttachedFiles, listAttachedHashes } from './attached-files.ts'
import type { Db } from './database.ts'
import { engineOf, openDatabase } from './dialect.ts'
import { migrate, SchemaAhead, schemaState } from './schema.ts'
import { forgetSessions } from './sessions.ts'
import { verifyWhole, type WholeFinding, type WholeVerification } from './whole-verification.ts'

/** Why a backup was not restored; the target is as it was. */
export type RestoreProblem =
  | { what: 'no_file' }
  | { what: 'not_closed' }
  | { what: 'target_taken' }
  | { what: 'digest_differs' }
  | { what: 'no_database'; reason: string }
  | { what: 'newer'; unknown: string }
  | { what: 'unsound'; finding: WholeFinding }

export type Restored = { verification: WholeVerification; migrated: string[]; hadDigest: boolean }

/**
 * Restores a backup to a file where nothing may be yet. An older schema is brought up to date; everybody has to sign in
 * again, because a session that was ended since must not begin anew. The attached files, which lie beside the backup, are
 * compared with their hashes there and again in `files`, before the database has its name; what that folder held
 * besides stays.
 */
export async function restore(
  file: string,
  target: string,
  files: KeptFiles = filesIn(filesBeside(target)),
): Promise<Restored | { problem: RestoreProblem }> {
  if (!existsSync(file)) return { problem: { what: 'no_file' } }
  // The newest data lie in the companion: such a file is no backup, but a database in use or cut off.
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) return { problem: { what: 'not_closed' } }
  if (['', '-wal', '-shm'].some((suffix) => existsSync(target + suffix))) return { problem: { what: 'target_taken' } }
  const digest = await readDigest(file)
  if (digest !== null && digest !== (await digestOf(file))) return { problem: { what: 'digest_differs' } }
  mkdirSync(dirname(target), { recursive: true })
  const unfinished = `${target}.restoring`
  const forget = () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true })
  }
  forget()
  try {
    await copyFile(file, unfinished, constants.COPYFILE_EXCL)
    const outcome = await prepare(unfinished, filesIn(filesBeside(file)), files)
    if ('problem' in outcome) return outcome
    await giveName(unfinished, target)
    return { ...outcome, hadDigest: digest !== null }
  } finally {
    forget()
  }
}

async function prepare(
  path: string,
  from: KeptFiles,
  to: KeptFiles,
): Promise<Omit<Restored, 'hadDigest'> | { problem: RestoreProblem }> {
  let db: Db | null = null
  try {
    db = await openDatabase({ kind: 'file', path })
    const damage = await engineOf(db).damage()
    if (damage !== null) return { problem: { what: 'unsound', finding: { what: 'file_damaged', place: damage } } }
    const { state, waiting } = await schemaState(db)
    if (state === 'behind' && waiting.length === Object.keys(migrations).length) {
      return { problem: { what: 'no_database', reason: 'it holds no tables of Toroku' } }
    }
    const migrated = await migrate(db)
    if (migrated[0] !== undefined) rmSync(`${path}.before-${migrated[0]}`, { force: true })
    const verification = await verifyWhole(db, [], from)
    if (verification.finding !== null) return { problem: { what: 'unsound', finding: verification.finding } }
    await copyFiles(from, to, await listAttachedHashes(db))
    const { finding } = await checkAttachedFiles(db, to)
    if (finding !== null) return { problem: { what: 'unsound', finding } }
    await forgetSessions(db)
    return { verification, migrated }
  } catch (error) {
    if (error instanceof SchemaAhead) return { problem: { what: 'newer', unknown: error.message } }
    return { problem: { what: 'no_database', reason: error instanceof Error ? error.message : String(error) } }
  } finally {
    if (db !== null) await engineOf(db).close()
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  }
}
