/** Two processes on one database, sixteen people, and forms that are sent twice at once: as if there were one of each. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { databaseAddress } from '../../server/config.ts'
import { commandLine } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { processesOfFile } from '../support/processes.ts'
import { rawWriter } from '../support/raw.ts'
import { sizes } from './sizes.ts'
import { code, expectEachOnce, log, type Place, placeIn, screeningForm, signedInAt } from './writers.ts'

const start = processesOfFile()
let db: Db
let place: Place
/** The same people in both processes, with one session for both. */
let here: Client[]
let there: Client[]

beforeAll(async () => {
  const address = await copyOf('demo')
  db = await openDatabase(databaseAddress(address))
  place = await placeIn(db)
  const [one, other] = await Promise.all([start(address), start(address)])
  const somebody = await signedInAt(one.url)
  here = Array.from({ length: 16 }, () => somebody.at(one.url))
  there = here.map((client) => client.at(other.url))
})
afterAll(() => engineOf(db).close())

/** Does it so many times, sixteen at once, each person one after the other. */
async function bySixteen(times: number, work: (person: number) => Promise<void>): Promise<void> {
  let left = times
  await Promise.all(
    here.map(async (_, person) => {
      while (left-- > 0) await work(person)
    }),
  )
}

it(
  `${sizes.doubledPosts} forms, each sent to both processes at once, are recorded once each`,
  async () => {
    const names: string[] = []
    await bySixteen(sizes.doubledPosts, async (person) => {
      const { name, fields } = screeningForm(place)
      const answers = await Promise.all([here, there].map((clients) => clients[person]?.post(log, fields)))
      expect(answers.map((answer) => answer?.status)).toEqual([303, 303])
      expect(answers[0]?.location).toBe(answers[1]?.location)
      names.push(name)
    })
    await expectEachOnce(db, place, names)
    expect((await verifyWhole(db)).finding).toBeNull()
  },
  sizes.longest,
)

it('the last places of a trial are given once each, whichever process they are asked of', async () => {
  const trial = await db.selectFrom('trial').select('id').where('code', '=', code).executeTakeFirstOrThrow()
  const grants = [{ role: 'data_manager', trialId: trial.id, siteId: null }] as const
  const context = testContext(db, new Date().toISOString())
  const consentedOn = context.today('Asia/Tokyo')
  const subjects: string[] = []
  for (let index = 0; index < 32; index++) {
    const draft = { trialId: trial.id, ...place, number: null, referralSource: null, basis: 'recorded' as const }
    const actor = { ...commandLine, grants }
    const { subjectId } = await done(recordScreening(context, actor, { ...draft, consentedOn: day(consentedOn) }))
    const said = { note: null, basis: 'recorded' as const, seenEventId: null, occurredOn: day(consentedOn) }
    await done(recordMilestone(context, actor, { trialId: trial.id, subjectId, code: 'eligibility', ...said }))
    subjects.push(subjectId)
  }
  const statuses: number[] = []
  await Promise.all(
    subjects.map(async (subject, index) => {
      const client = (index % 2 === 0 ? here : there)[index % 16]
      const seen = (await client?.get(`${log}/${subject}/events/new?what=registration`))?.text ?? ''
      const seenEventId = /name="seenEventId" value="([^"]*)"/.exec(seen)?.[1] ?? ''
      const typed = { what: 'registration', occurredOn: consentedOn, note: '', confirmed: 'yes', seenEventId }
      const answer = await client?.post(`${log}/${subject}/events`, { ...typed, submissionKey: randomUUID() })
      statuses.push(answer?.status ?? 0)
    }),
  )
  const registered = await db
    .selectFrom('subject')
    .select('registration_number')
    .where('trial_id', '=', trial.id)
    .where('registration_number', 'is not', null)
    .execute()
  const numbers = registered.map(({ registration_number }) => registration_number ?? 0).sort((a, b) => a - b)
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  const terms = await db
    .selectFrom('trial_terms')
    .select('target_number')
    .where('trial_id', '=', trial.id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  expect(numbers).toHaveLength(terms.target_number)
  expect(new Set(statuses)).toEqual(new Set([303, 422]))
}, 600_000)

it(
  `${sizes.seenElsewhere} changes in one process are seen in the other by the next request`,
  async () => {
    for (let change = 0; change < sizes.seenElsewhere; change++) {
      const [writer, reader] = change % 2 === 0 ? [here[0], there[0]] : [there[0], here[0]]
      const before = await screeningsOn(reader)
      const { fields } = screeningForm(place)
      const { location } = (await writer?.post(log, fields)) ?? {}
      const id = /subjects\/([0-9a-f-]{36})/.exec(location ?? '')?.[1] ?? 'nobody'
      // What each process remembers of the counts is worth nothing once there is another entry.
      expect(await screeningsOn(reader)).toBe(before + 1)
      const { number } = await db.selectFrom('subject').select('number').where('id', '=', id).executeTakeFirstOrThrow()
      expect((await reader?.get(`${log}/${id}`))?.text).toContain(number)
      expect((await reader?.get(`${log}?search=${number}`))?.text).toContain(`>${number}</a>`)
      const [one, other] = await Promise.all([writer, reader].map((client) => client?.get(`/trials/${code}`)))
      expect(chartsOf(other?.text)).toEqual(chartsOf(one?.text))
      expect(chartsOf(one?.text).length).toBeGreaterThan(0)
    }
  },
  sizes.longest,
)

it('tries of a name at two processes at once are counted as one row: five are looked at, the others wait', async () => {
  const { username, password } = demoPeople.find((one) => one.username === 'demo-irb') ?? demoPeople[0]
  const visitors = await Promise.all(
    [here[0]?.url ?? '', there[0]?.url ?? ''].map(async (url) => {
      const visitor = new Client(url)
      await visitor.get('/session/new')
      return visitor
    }),
  )
  const typed = async (at: number, password: string) =>
    (visitors[at % 2] as Client).post('/session', { username, password, returnTo: '/' })
  const answers = await Promise.all(Array.from({ length: 20 }, (_, attempt) => typed(attempt, 'wrong')))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(422))
  // Each process for itself would have looked at ten. A second later one more may be looked at, and two seconds later.
  const lookedAt = answers.filter(({ text }) => !text.includes('待って')).length
  expect(lookedAt).toBeGreaterThanOrEqual(5)
  expect(lookedAt).toBeLessThanOrEqual(7)
  const locks = await db.selectFrom('sign_in_lock').select(['lock_of', 'failures']).execute()
  expect(locks.filter(({ lock_of }) => lock_of === 'account')).toEqual([{ lock_of: 'account', failures: 5 }])
  await new Promise((over) => setTimeout(over, 1000 * 2 ** (lookedAt - 5) + 100))
  // They all came from one address, which waits as well; what is asked here is the name.
  await rawWriter(db).deleteFrom('sign_in_note').where('key', 'like', 'address %').execute()
  expect((await typed(1, password)).status).toBe(303)
  expect(
    await rawWriter(db).selectFrom('sign_in_note').select('key').where('key', 'like', 'account %').execute(),
  ).toEqual([])
}, 120_000)

/** The figures behind the charts of a page: unlike what somebody has not seen yet, the same for everybody. */
const chartsOf = (text = '') =>
  [...text.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g)].map(([, figures]) => figures)

/** How many screenings of site 01 the page of the sites says there are. */
async function screeningsOn(client: Client | undefined): Promise<number> {
  const { text = '' } = (await client?.get(`/trials/${code}/sites`)) ?? {}
  const cell = new RegExp(`data-label="${wordsFor('ja').t('sites.screened')}">([\\d,]+)<`)
  return Number(cell.exec(text)?.[1]?.replace(',', '') ?? Number.NaN)
}
