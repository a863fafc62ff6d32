/**
 * The engine cannot write: the file is held, full or read-only; the server is held, read-only or gone. What is sent then is
 * answered with a plain page, nothing half is kept, and the same form is recorded once as soon as the engine can again. Where there are
 * fewer connections than people, they wait; where there is a second server, it takes over.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import { liveContext } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { everythingIn } from '../http/served.ts'
import { type Client, type Running, startApp } from '../support/client.ts'
import { testConfig } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { engineFaults, interruptible } from '../support/engine-faults.ts'
import { connectionsTo } from '../support/raw.ts'
import { fewConnections, pairs } from '../support/standby.ts'
import { sizes } from './sizes.ts'
import { expectEachOnce, log, type Place, placeIn, screeningForm, signedInAt } from './writers.ts'

type World = { db: Db; address: string; app: Running; client: Client; place: Place; stop(): Promise<void> }

/** The demonstration served on an engine that is waited for two seconds at most. */
async function serving(address: string): Promise<World> {
  const db = await openDatabase(databaseAddress(address), { connections: 10, statementSeconds: 2 })
  const app = await startApp(liveContext(db, testConfig))
  const client = await signedInAt(app.url)
  const stop = async () => {
    await app.stop()
    await engineOf(db).close()
  }
  return { db, address, app, client, place: await placeIn(db), stop }
}

describe('while nothing can be written', () => {
  let world: World
  beforeAll(async () => {
    world = await serving(await copyOf('demo'))
  })
  afterAll(() => world.stop())

  it.each(engineFaults)(
    'because $name, a form is answered plainly, and recorded once afterwards',
    async ({ begin }) => {
      const { db, address, client, place } = world
      const recorded: string[] = []
      let before = await everythingIn(db)
      let form = screeningForm(place)
      const end = await begin(db, address)
      try {
        let answer = await client.post(log, form.fields)
        // A full disk still takes what fits into pages that are there.
        while (answer.status === 303 && recorded.length < 200) {
          recorded.push(form.name)
          before = await everythingIn(db)
          form = screeningForm(place)
          answer = await client.post(log, form.fields)
        }
        expect(answer.status).toBe(503)
        expect(answer.text).not.toMatch(/\bat \S+ \(|node_modules/)
      } finally {
        await end()
      }
      expect(await everythingIn(db)).toEqual(before)
      expect((await client.post(log, form.fields)).status).toBe(303)
      await expectEachOnce(db, place, [...recorded, form.name])
      expect((await verifyWhole(db)).finding).toBeNull()
      expect((await fetch(`${world.app.url}/readyz`)).status).toBe(200)
    },
    120_000,
  )
})

it(
  `an engine that is interrupted ${sizes.restarts} times under load loses nothing that was acknowledged, and is found again`,
  async () => {
    const engine = await interruptible()
    const { db, client, place, stop, app } = await serving(engine.address)
    const acknowledged: string[] = []
    let isOver = false
    const people = Array.from({ length: 4 }, () => client.at(app.url))
    const writing = people.map(async (person) => {
      let form = screeningForm(place)
      while (!isOver) {
        const status = await person.post(log, form.fields).then(
          (answer) => answer.status,
          // A connection that rested for too long meanwhile.
          () => 503,
        )
        expect([303, 503]).toContain(status)
        if (status === 503) {
          // A moment later, the same form.
          await new Promise((resolve) => setTimeout(resolve, 50))
          continue
        }
        acknowledged.push(form.name)
        form = screeningForm(place)
      }
    })
    try {
      for (let restart = 0; restart < sizes.restarts; restart++) {
        const before = acknowledged.length
        while (acknowledged.length < before + 8) await new Promise((resolve) => setTimeout(resolve, 10))
        await engine.interrupt()
      }
      const before = acknowledged.length
      while (acknowledged.length < before + 8) await new Promise((resolve) => setTimeout(resolve, 10))
    } finally {
      isOver = true
      await Promise.all(writing)
    }
    await expectEachOnce(db, place, acknowledged)
    expect((await verifyWhole(db)).finding).toBeNull()
    console.log(
      `${sizes.restarts} times ${engine.name}: ${acknowledged.length} screenings acknowledged, 0 lost, 0 doubled`,
    )
    await stop()
    await engine.stop()
  },
  sizes.longest,
)

it.each(fewConnections)(
  'more people at once than %i connections wait for one: all are answered, and there are never more',
  async (connections) => {
    const address = await copyOf('demo')
    const db = await openDatabase(databaseAddress(address), { connections, statementSeconds: 20 })
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
    expect(most).toBe(connections)
    await expectEachOnce(
      db,
      place,
      forms.map(({ name }) => name),
    )
    await app.stop()
    await engineOf(db).close()
  },
  120_000,
)

it.each(pairs)(
  'the first server is lost under load and $name takes over: nothing acknowledged is lost, nobody signs in again',
  async ({ open }) => {
    const pair = await open()
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
  },
  200_000,
)
