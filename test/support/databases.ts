/** A database of one's own, on the engine under test; closed and removed when the test file ends. */
import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { query, withName } from './engines.ts'

/** Where a fresh copy of a prepared database lies: `empty` has the schema, `demo` the demonstration's worlds. */
export async function copyOf(kind: 'empty' | 'demo'): Promise<string> {
  const template = inject('templates')[kind]
  if (process.env.TEST_ENGINE !== 'server') {
    const path = join(dirname(template), `${randomUUID()}.db`)
    copyFileSync(template, path)
    return path
  }
  const name = `copy_${randomUUID().replaceAll('-', '')}`
  await query(
    withName(template, 'postgres'),
    `create database "${name}" template "${new URL(template).pathname.slice(1)}"`,
  )
  return withName(template, name)
}

/** An open database for one test; it is closed when the test has finished. */
export async function openCopy(kind: 'empty' | 'demo'): Promise<Db> {
  const db = await openDatabase(databaseAddress(await copyOf(kind)))
  onTestFinished(() => engineOf(db).close())
  return db
}
