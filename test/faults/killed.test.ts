/**
 * Eight people write, and the process is killed in the middle, again and again. What was acknowledged is there; what was
 * not is sent again with the same form, and is there once.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import type { Client } from '../support/client.ts'
import { copyOf } from '../support/databases.ts'
import { processesOfFile, type ServerProcess } from '../support/processes.ts'
import { sizes } from './sizes.ts'
import { expectEachOnce, log, type Place, placeIn, screeningForm, signedInAt } from './writers.ts'

const start = processesOfFile()
const writers = 8
let address: string
let db: Db
let place: Place

beforeAll(async () => {
  address = await copyOf('demo')
  db = await openDatabase(databaseAddress(address))
  place = await placeIn(db)
})
afterAll(() => engineOf(db).close())

type Form = ReturnType<typeof screeningForm>

it(
  `${sizes.kills} times killed under eight writers: nothing acknowledged is lost, nothing is doubled, no number is left out`,
  async () => {
    const acknowledged: string[] = []
    let inDoubt: Form[] = []
    let people: Client[] = []

    /** Writes until the process is gone; what was not answered then is in doubt. */
    async function write(client: Client, first: Form | undefined): Promise<Form> {
      let form = first ?? screeningForm(place)
      for (;;) {
        const answer = await client.post(log, form.fields).catch(() => null)
        if (answer === null) return form
        if (answer.status !== 303)
          throw new Error(`${answer.status}: ${answer.text.match(/error-words[^<]*<[^>]*>[^<]*/g)}`)
        acknowledged.push(form.name)
        form = screeningForm(place)
      }
    }

    for (let cycle = 0; cycle < sizes.kills; cycle++) {
      const server: ServerProcess = await start(address)
      if (cycle === 0) people = Array<Client>(writers).fill(await signedInAt(server.url))
      // The session outlives the process that began it.
      people = people.map((client) => client.at(server.url))
      const writing = people.map((client, index) => write(client, inDoubt[index]))
      const before = acknowledged.length
      while (acknowledged.length < before + writers) await new Promise((resolve) => setTimeout(resolve, 5))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
      await server.kill()
      inDoubt = await Promise.all(writing)
      if ((cycle + 1) % 50 === 0)
        console.log(`${cycle + 1} kills, ${acknowledged.length} screenings acknowledged so far`)
    }

    const server = await start(address)
    for (const [index, form] of inDoubt.entries()) {
      const answer = await people[index]?.at(server.url).post(log, form.fields)
      expect(answer?.status).toBe(303)
      acknowledged.push(form.name)
    }
    expect(await server.stop()).toBe(0)
    expect(acknowledged.length).toBeGreaterThan(sizes.kills * writers)
    await expectEachOnce(db, place, acknowledged)
    expect((await verifyWhole(db)).finding).toBeNull()
    console.log(`${sizes.kills} kills, ${acknowledged.length} screenings acknowledged: 0 lost, 0 doubled, 0 gaps`)
  },
  sizes.longest,
)
