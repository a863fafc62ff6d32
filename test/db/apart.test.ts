/** Statements asked in a thread of their own: answered when nothing of that thread is left. */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { askApart } from '../../server/db/apart.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { folderOfTest } from '../support/files.ts'

const library = createRequire(import.meta.url).resolve('better-sqlite3')

it('answers when its own connection is closed: nothing lies beside the file any more', async () => {
  const folder = folderOfTest()
  const path = join(folder, 'one.db')
  const db = await openDatabase({ kind: 'file', path })
  await migrate(db)
  await engineOf(db).close()
  expect(readdirSync(folder)).toEqual(['one.db'])
  for (let time = 0; time < 5; time++) {
    const statements = ['pragma integrity_check(1)', 'select count(*) as number from trial']
    expect(await askApart({ library, path, settings: [], statements })).toEqual([{ number: 0 }])
    expect(readdirSync(folder)).toEqual(['one.db'])
  }
})

it('says what the engine says where it cannot be asked', async () => {
  const path = join(folderOfTest(), 'none.db')
  await expect(askApart({ library, path, settings: [], statements: ['select 1'] })).rejects.toMatchObject({
    code: 'SQLITE_CANTOPEN',
  })
})
