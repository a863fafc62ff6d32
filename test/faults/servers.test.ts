/** What only a server of databases can meet: more requests than connections, and a second server in place of the first. */
import { describe, expect, it } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import { liveContext } from '../../server/context.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { startApp } from '../support/client.ts'
import { testConfig } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { connectionsTo } from '../support/raw.ts'
import { pairOfServers } from '../support/standby.ts'
import { expectEachOnce, log, placeIn, screeningForm, signedInAt } from './writers.ts'

describe.runIf(process.env.TEST_ENGINE === 'server')('on a server', () => {
  it('more people at once than connections wait for one: all are answered, and there are never more', async () => {
    const address = await copyOf('demo')
    const db = await openDatabase(databaseAddress(address), { connections: 2, statementSeconds: 20 })
    const app = await startApp(liveContext(db, testConfig))
    const client = await signedInAt(app.url)
    const place = await placeIn(db)
    const forms = Array.from({ length: 20 }, () => screeningForm(place))
    let isOver = false
    let most = 0
    const watching = (async () => {
      while (!isOver) most = Math.max(most, await connectionsTo(address, 'toroku'))
    })()
    const answers = await Promise.all(
      forms.flatMap(({ fields }) => [client.post(log, fields), client.get('/trials/SSC-BMC')]),
    )
    isOver = true
    await watching
    expect(answers.map(({ status }) => status)).toEqual(forms.flatMap(() => [303, 200]))
    expect(most).toBe(2)
    await expectEachOnce(
      db,
      place,
      forms.map(({ name }) => name),
    )
    await app.stop()
    await engineOf(db).close()
  }, 120_000)

  it('the first server is lost under load and the second takes over: nothing acknowledged is lost, nobody signs in again', async () => {
    const pair = await pairOfServers()
    const db = await openDatabase(databaseAddress(pair.address), { connections: 10, statementSeconds: 5 })
    const app = await startApp(liveContext(db, testConfig))
    const client = await signedInAt(app.url)
    const place = await placeIn(db)
    const acknowledged: string[] = []
    let isOver = false
    const writing = Array.from({ length: 4 }, async () => {
      const person = client.at(app.url)
      let form = screeningForm(place)
      while (!isOver) {
        const status = await person.post(log, form.fields).then(
          (answer) => answer.status,
          () => 503,
        )
        expect([303, 503]).toContain(status)
        if (status === 503) {
          await new Promise((resolve) => setTimeout(resolve, 50))
          continue
        }
        acknowledged.push(form.name)
        form = screeningForm(place)
      }
    })
    const eightMore = async () => {
      const before = acknowledged.length
      while (acknowledged.length < before + 8) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    try {
      await eightMore()
      await pair.failOver()
      await eightMore()
    } finally {
      isOver = true
      await Promise.all(writing)
    }
    await expectEachOnce(db, place, acknowledged)
    expect((await verifyWhole(db)).finding).toBeNull()
    expect((await client.get('/account')).status).toBe(200)
    await app.stop()
    await engineOf(db).close()
    await pair.stop()
  }, 200_000)
})
