/**
 * Two processes on one database, each with a memory of its own: what is recorded through one stands on the dashboard of
 * the other at the very next look, and what has not changed is not sent again.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCalendarEntry } from '../../server/actions/add-calendar-entry.ts'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { addPerson } from '../../server/actions/add-person.ts'
import { attestNothingToReport } from '../../server/actions/attest-nothing-to-report.ts'
import { changeSites } from '../../server/actions/change-sites.ts'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { takeBack } from '../../server/actions/take-back.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { databaseAddress } from '../../server/config.ts'
import { type Context, commandLine } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { listSiteSettings } from '../../server/db/site-settings.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { addDays, calendarDate } from '../../server/domain/calendar-date.ts'
import type { Role } from '../../server/domain/permission.ts'
import type { SubjectEvent } from '../../server/domain/subject.ts'
import { done, eligible, openSmallTrial, registered, type SmallTrial, screened, today } from '../actions/small-trial.ts'
import { termsOf } from '../domain/protocols.ts'
import { Client, type Running, startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { type RawAnswer, raw, type Served } from './served.ts'

const roles: readonly Role[] = ['principal_investigator', 'committee', 'coordinator']
const questions = ['', '?asOf=2026-05-01', '?knownAt=2026-05-01', '?order=screened&direction=desc'] as const
const both = (text: string) => ({ ja: text, en: text })

/** Changes that a dashboard shows, and one that it does not; subjects so far are there to be voided. */
const changes: Record<string, (world: SmallTrial, subjects: string[]) => Promise<unknown>> = {
  nothing: async () => {},
  screening: async (world, subjects) => subjects.push(await screened(world)),
  eligibility: async (world, subjects) => subjects.push(await eligible(world)),
  registration: async (world, subjects) => subjects.push(await registered(world)),
  void: async (world, subjects) => {
    const subjectId = subjects.pop()
    const actor = { ...world.manager, personId: 'another', username: 'another' }
    const said = {
      trialId: world.trialId,
      subjectId: subjectId ?? '',
      reason: 'wrong_subject' as const,
      note: 'x',
      seenEventId: null,
    }
    if (subjectId !== undefined) await done(voidSubject(world.context, actor, said))
  },
  correction: async (world, subjects) => {
    const [subjectId, event] = await lastOf(world, subjects, 'registration')
    if (event === undefined) return
    const occurredOn = addDays(event.occurredOn, event.occurredOn < '2026-04-01' ? 40 : -1)
    await done(correctEvent(world.context, world.manager, { ...mistaken(world, subjectId, event), occurredOn }))
  },
  'taken back': async (world, subjects) => {
    const [subjectId, event] = await lastOf(world, subjects, 'eligibility')
    if (event !== undefined) await done(takeBack(world.context, world.manager, mistaken(world, subjectId, event)))
  },
  name: async (world) => {
    const [site] = await listSiteSettings(world.db, world.trialId)
    if (site === undefined) throw new Error('the trial has sites')
    const to = { ...site.value, name: both(`site ${randomUUID()}`) }
    const change = { do: 'change' as const, id: site.id, seen: site.seen, to, reason: null }
    await done(changeSites(world.context, world.manager, world.trialId, change))
  },
  obligation: (world) => {
    const entry = {
      kind: 'committee_meeting',
      title: both(`meeting ${randomUUID()}`),
      body: both('committee'),
    } as const
    const rest = { dueOn: addDays(today, 9), meetingId: null, met: { on: null, evidence: '' }, source: both('') }
    const draft = { ...entry, ...rest, basis: 'recorded' as const }
    return done(addCalendarEntry(world.context, world.manager, world.trialId, draft))
  },
  statement: async (world) => {
    const draft = { trialId: world.trialId, siteId: world.siteIds['02'], month: '2026-05' as never }
    await attestNothingToReport(world.context, world.manager, draft)
  },
  consent: (world) => {
    const version = { label: both(`version ${randomUUID()}`), approvedOn: null, basis: 'recorded' as const }
    return done(addConsentVersion(world.context, world.manager, world.trialId, version))
  },
}

/** The first of them who came as far as a step and no further, with that event. */
async function lastOf(
  world: SmallTrial,
  subjects: string[],
  step: string,
): Promise<[string, SubjectEvent | undefined]> {
  for (const subjectId of subjects) {
    const event = (await listEvents(world.db, subjectId)).at(-1)
    if (event?.what.kind === 'milestone' && event.what.code === step) return [subjectId, event]
  }
  return ['', undefined]
}

const mistaken = ({ trialId }: SmallTrial, subjectId: string, { id: eventId }: SubjectEvent) => ({
  ...{ trialId, subjectId, eventId, seenEventId: null },
  ...{ reason: 'transcription' as const, note: 'x' },
})

let address: string
let world: SmallTrial
/** Where it is recorded, where it is read, and where nothing is ever remembered. */
let writing: Db
let reading: Db
let fresh: Db
let read: Running
let reference: Running
const readers: Client[] = []

const open = () => openDatabase(databaseAddress(address))

beforeAll(async () => {
  address = await copyOf('empty')
  writing = await open()
  reading = await open()
  fresh = await open()
  const plan = { startsOn: calendarDate('2026-01-01'), startsAtNumber: 0, reachesNumber: 500 }
  world = await openSmallTrial(writing, { terms: termsOf({ targetNumber: 500, plan }) })
  read = await startApp(testContext(reading))
  const forgetful: Context = {
    ...testContext(fresh),
    get db() {
      return fresh
    },
  }
  reference = await startApp(forgetful)
  for (const role of roles) {
    const who = { username: `reader-${role}`, password: 'a long enough password' }
    const { personId } = await done(addPerson(world.context, commandLine, { ...who, name: both(role) }))
    const siteId = role === 'coordinator' ? world.siteIds['01'] : null
    await done(grantRole(world.context, commandLine, personId, { role, trialId: world.trialId, siteId }))
    const client = new Client(read.url)
    await client.get('/session/new')
    await client.post('/session', { ...who, returnTo: '/' })
    await client.get('/')
    readers.push(client)
  }
})
afterAll(async () => {
  await read.stop()
  await reference.stop()
  for (const db of [writing, reading, fresh]) await engineOf(db).close()
})

/** As a browser asks: `fetch` adds by itself that nothing kept is wanted. */
function ask(reader: Client, path: string, headers: Record<string, string>): Promise<RawAnswer> {
  return raw({ url: reader.url } as Served, 'GET', path, { ...headers, cookie: reader.cookies() })
}

/** The page as somebody reads it who remembers nothing. */
async function uncached(reader: Client, path: string, headers: Record<string, string>): Promise<string> {
  const before = fresh
  fresh = await open()
  await engineOf(before).close()
  return (await reader.at(reference.url).send(path, { headers })).text
}

const step = fc.record({
  change: fc.constantFrom(...Object.keys(changes)),
  reader: fc.nat(roles.length - 1),
  question: fc.constantFrom(...questions),
  language: fc.constantFrom('ja', 'en'),
})

it('a dashboard that has changed is never the one from before, and one that has not is not sent again', async () => {
  const subjects: string[] = []
  /** What each browser has kept: the page and its tag. */
  const kept = new Map<string, RawAnswer>()
  let changed = 0
  const steps = fc.array(step, { minLength: 40, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      for (const { change, reader, question, language } of all) {
        await changes[change]?.(world, subjects)
        const client = readers[reader] as Client
        const path = `/trials/${world.code}${question}`
        const browser = `${reader} ${path} ${language}`
        const before = kept.get(browser)
        const headers: Record<string, string> = { 'accept-language': language }
        const tag = before?.headers.etag
        if (tag !== undefined) headers['if-none-match'] = tag
        const answer = await ask(client, path, headers)
        if (answer.status !== 304) changed += 1
        const shown = answer.status === 304 ? before : answer
        expect([change, shown?.text]).toEqual([change, await uncached(client, path, { 'accept-language': language })])
        const again = await ask(client, path, { ...headers, 'if-none-match': shown?.headers.etag ?? '' })
        expect([again.status, again.text]).toEqual([304, ''])
        if (shown !== undefined) kept.set(browser, shown)
      }
    }),
    { numRuns: 2, endOnFailure: true },
  )
  expect(changed).toBeGreaterThan(questions.length)
}, 120_000)
