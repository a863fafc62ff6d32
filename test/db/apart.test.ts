/** The file's own check has a thread and a connection of its own: when it has answered, nothing of them is left. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { folderOfTest } from '../support/files.ts'

it('holds the file no longer than until it answers: closed then, nothing lies beside it', async () => {
  for (let time = 0; time < 5; time++) {
    const folder = folderOfTest()
    const db = await openDatabase({ kind: 'file', path: join(folder, 'one.db') })
    await migrate(db)
    expect(await engineOf(db).damage()).toBeNull()
    await engineOf(db).close()
    expect(readdirSync(folder)).toEqual(['one.db'])
  }
})
