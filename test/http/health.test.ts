/** What whoever watches the server is told: that it lives, and whether it can serve. */
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { folderOfTest, openNewFile } from '../support/files.ts'

async function watched(prepare: (db: Db) => Promise<unknown> = async () => {}, isOpen = true) {
  const db = await openDatabase(databaseAddress(await copyOf('empty')))
  const app = await startApp(testContext(db))
  await prepare(db)
  const healthz = await fetch(`${app.url}/healthz`)
  const readyz = await fetch(`${app.url}/readyz`)
  const answers = {
    healthz: [healthz.status, await healthz.text()],
    readyz: [readyz.status, await readyz.text()],
    cookies: [...healthz.headers.getSetCookie(), ...readyz.headers.getSetCookie()],
  }
  await app.stop()
  if (isOpen) await engineOf(db).close()
  return answers
}

it('a server whose database has this program’s schema is alive and ready, and begins no session for the question', async () => {
  expect(await watched()).toEqual({ healthz: [200, 'ok'], readyz: [200, 'ready'], cookies: [] })
})

it('a server whose database waits for a migration is alive, but not ready', async () => {
  const behind = await watched((db) => sql`delete from kysely_migration`.execute(engineOf(db).writer))
  expect(behind).toEqual({ healthz: [200, 'ok'], readyz: [503, 'schema behind'], cookies: [] })
})

it('a server whose database was migrated by a newer program is alive, but not ready', async () => {
  const ahead = await watched((db) =>
    sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')`.execute(
      engineOf(db).writer,
    ),
  )
  expect(ahead).toEqual({ healthz: [200, 'ok'], readyz: [503, 'schema ahead'], cookies: [] })
})

it('a server whose database does not answer is alive, but not ready, and says no more than that', async () => {
  const gone = await watched(async (db) => {
    await sql`select 1`.execute(engineOf(db).writer)
    await engineOf(db).close()
  }, false)
  expect(gone).toEqual({ healthz: [200, 'ok'], readyz: [503, 'database does not answer'], cookies: [] })
})

it('a server with too little room to write is alive, but not ready, and says what is missing', async () => {
  const path = join(folderOfTest(), 'live.db')
  const context = testContext(await openNewFile(path))
  const app = await startApp({ ...context, config: { ...context.config, leastFreeMegabytes: 1_000_000_000 } })
  const answer = await fetch(`${app.url}/readyz`)
  const said = await answer.text()
  await app.stop()
  expect([answer.status, said]).toEqual([503, expect.stringMatching(/^disk: \d+ MB free, 1000000000 needed$/)])
})
