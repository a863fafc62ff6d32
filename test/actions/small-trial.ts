/**
 * The world of most tests that write: a trial, 12 subjects wanted from 2026-01-01 to 2026-12-31, sites 01 and 02
 * open from the first day, a coordinator at each and a data manager. It is noon in Tokyo on 2026-06-24.
 */
import { afterAll, beforeAll, expect } from 'vitest'
import { openTrial, type TrialDraft } from '../../server/actions/open-trial.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { databaseAddress } from '../../server/config.ts'
import { type Actor, type Context, commandLine } from '../../server/context.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { listConsentVersions } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { type CalendarDate, calendarDate } from '../../server/domain/calendar-date.ts'
import type { Milestone } from '../../server/domain/milestone.ts'
import { isRefused, type Parsed, type Problem } from '../../server/domain/parsed.ts'
import type { Role } from '../../server/domain/permission.ts'
import type { ScreeningDraft } from '../../server/domain/screening.ts'
import { milestone, oneStage, termsOf } from '../domain/protocols.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

export const today = calendarDate('2026-06-24')
const both = (text: string) => ({ ja: text, en: text })

/** What an action gave; a refusal here is a fault of the test's world. */
export async function done<T>(outcome: Promise<Parsed<T>>): Promise<T> {
  const result = await outcome
  if (isRefused(result)) throw new Error(`refused: ${JSON.stringify(result.problems)}`)
  return result.value
}

/** The problems of an action that must refuse. */
export async function refusalOf(outcome: Promise<Parsed<unknown>>): Promise<Problem[]> {
  const result = await outcome
  if (!isRefused(result)) throw new Error(`not refused: ${JSON.stringify(result.value)}`)
  return result.problems
}

export function actor(name: string, role: Role, trialId: string | null, siteId: string | null = null): Actor {
  return { personId: name, username: name, name: both(name), grants: [{ role, trialId, siteId }] }
}

export const oneStageMilestones: readonly Milestone[] = oneStage.milestones
/** Two registrations, of which the final one counts; samples in between, then arms. */
export const twoStageMilestones: readonly Milestone[] = [
  milestone('consent', 'screening', { necessity: 'required' }),
  milestone('provisional', 'registration_stage', { necessity: 'required' }),
  milestone('blood', 'procedure', { repetition: 'repeatable' }),
  milestone('final', 'registration_stage', { necessity: 'required', counting: 'target' }),
  milestone('arm', 'allocation'),
  milestone('treatment', 'treatment'),
]

export function trialDraft(differences: Partial<TrialDraft> = {}): TrialDraft {
  return {
    trial: {
      code: 'T',
      name: both('small trial'),
      title: both('a small trial'),
      condition: both('a condition'),
      design: 'single_arm',
      riskClass: 'none',
      timeZone: 'Asia/Tokyo',
      phase: null,
      retentionYears: null,
    },
    terms: termsOf(),
    sites: ['01', '02'].map((code) => ({
      code,
      name: both(`site ${code}`),
      statuses: [{ status: 'open', from: calendarDate('2026-01-01'), basis: 'recorded' }],
    })),
    milestones: oneStageMilestones,
    consentVersions: [{ label: both('version 1'), approvedOn: null, basis: 'recorded' }],
    profile: { identifiers: [], arms: [], facts: [] },
    ...differences,
  }
}

export type SmallTrial = {
  db: Db
  context: Context
  trialId: string
  /** The trial's own among those of the test file: `T1`, `T2`, ... */
  code: string
  /** Of sites 01 and 02. */
  siteIds: { '01': string; '02': string }
  manager: Actor
  coordinator: Actor
  otherCoordinator: Actor
  consentVersionId: string
}

/**
 * A database for all tests of a file, each of which opens a trial of its own in it: what one of them does is
 * beside what the others did, and `verify` replays all of it.
 */
export function sharedDatabase(): () => Db {
  let db: Db | undefined
  beforeAll(async () => {
    db = await openDatabase(databaseAddress(await copyOf('empty')))
  })
  afterAll(() => (db === undefined ? undefined : engineOf(db).close()))
  return () => {
    if (db === undefined) throw new Error('the database is open while tests run')
    return db
  }
}

let opened = 0

export async function openSmallTrial(db: Db, differences: Partial<TrialDraft> = {}): Promise<SmallTrial> {
  const context = testContext(db)
  opened += 1
  const code = `T${opened}`
  const draft = trialDraft(differences)
  const { trialId, siteIds } = await done(
    openTrial(context, commandLine, { ...draft, trial: { ...draft.trial, code } }),
  )
  const versions = await listConsentVersions(db, trialId)
  const ids = { '01': siteIds['01'] ?? '', '02': siteIds['02'] ?? '' }
  return {
    db,
    context,
    trialId,
    code,
    siteIds: ids,
    manager: actor('manager', 'data_manager', trialId),
    coordinator: actor('coordinator', 'coordinator', trialId, ids['01']),
    otherCoordinator: actor('other-coordinator', 'coordinator', trialId, ids['02']),
    consentVersionId: versions[0]?.id ?? '',
  }
}

/** A screening at site 01, consented on 2026-02-10, under the site's next number. */
export function screeningDraft(world: SmallTrial, differences: Partial<ScreeningDraft> = {}): ScreeningDraft {
  return {
    trialId: world.trialId,
    siteId: world.siteIds['01'],
    number: null,
    consentedOn: calendarDate('2026-02-10'),
    consentVersionId: world.consentVersionId,
    referralSource: null,
    basis: 'recorded',
    ...differences,
  }
}

/** A milestone of a subject on a day; what the person had seen is not asked. */
export function eventDraft(world: SmallTrial, subjectId: string, code: string, on: string) {
  const occurredOn: CalendarDate = calendarDate(on)
  return {
    trialId: world.trialId,
    subjectId,
    code,
    occurredOn,
    note: null,
    basis: 'recorded' as const,
    seenEventId: null,
  }
}

/** Somebody screened at site 01 on 2026-02-10, by the data manager. */
export async function screened(world: SmallTrial, differences: Partial<ScreeningDraft> = {}): Promise<string> {
  return (await done(recordScreening(world.context, world.manager, screeningDraft(world, differences)))).subjectId
}

/** Somebody screened on 2026-02-10 and judged eligible on 2026-02-24. */
export async function eligible(world: SmallTrial, differences: Partial<ScreeningDraft> = {}): Promise<string> {
  const subjectId = await screened(world, differences)
  await done(recordMilestone(world.context, world.manager, eventDraft(world, subjectId, 'eligibility', '2026-02-24')))
  return subjectId
}

/** Somebody registered on 2026-03-02; the only registration of a one-stage trial. */
export async function registered(world: SmallTrial, differences: Partial<ScreeningDraft> = {}): Promise<string> {
  const subjectId = await eligible(world, differences)
  await done(
    recordRegistration(world.context, world.manager, eventDraft(world, subjectId, 'registration', '2026-03-02')),
  )
  return subjectId
}

/** The context of one request: its identifier, and the key of the form of this world that was sent. */
export function requestOf({ context, code }: SmallTrial, form: string | null, id = 'request-1'): Context {
  return {
    ...context,
    request: { id, submission: form === null ? null : { key: `${code}-${form}`, contentHash: 'as sent' } },
  }
}

/** Nothing is wrong with the whole database; and it is not an empty one that agrees with itself. */
export async function expectSound(db: Db): Promise<void> {
  const { finding, entries, rows } = await verify(db)
  expect(finding).toBeNull()
  expect(entries).toBeGreaterThan(0)
  expect(rows).toBeGreaterThan(0)
}

/** How many entries a chain has: the last one's place. */
export async function chainLength(db: Db, chain: string): Promise<number> {
  return (await listAuditEntries(db, chain, { before: null, limit: 1 }))[0]?.sequence ?? 0
}

/** Everything that is stored of a trial's subjects, events, counts and audit trail: to say that nothing was kept. */
export async function storedOf(db: Db, trialId: string) {
  const subjects = await db.selectFrom('subject').selectAll().where('trial_id', '=', trialId).orderBy('id').execute()
  const events = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('id')
    .execute()
  const counts = await db
    .selectFrom('daily_count')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('site_id')
    .orderBy('step')
    .orderBy('date')
    .execute()
  const entries = await db
    .selectFrom('audit_entry')
    .selectAll()
    .where('chain', '=', trialId)
    .orderBy('sequence')
    .execute()
  const submissions = await db.selectFrom('submission').selectAll().orderBy('key').execute()
  return { subjects, events, counts, entries, submissions }
}
