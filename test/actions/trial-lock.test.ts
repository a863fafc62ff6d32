/** A locked trial: nothing of it is changed, whoever asks and by whatever verb; somebody else than the locker unlocks it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { addPerson } from '../../server/actions/add-person.ts'
import { adoptTerms } from '../../server/actions/adopt-terms.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { lockTrial } from '../../server/actions/lock-trial.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { setRetention } from '../../server/actions/set-retention.ts'
import { unlockTrial } from '../../server/actions/unlock-trial.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { findActor } from '../../server/db/people.ts'
import { findRetention } from '../../server/db/retention.ts'
import { listTrialLocks } from '../../server/db/trial-locks.ts'
import { listTrialsFor } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { mayIn, sitesWithin } from '../../server/domain/permission.ts'
import { keptUntil } from '../../server/domain/retention.ts'
import { sourcesIn, withoutComments } from '../architecture/sources.ts'
import { termsOf } from '../domain/protocols.ts'
import { everythingIn } from '../http/served.ts'
import { openCopy } from '../support/databases.ts'
import { done, expectSound, openSmallTrial, refusalOf, registered, type SmallTrial, screened } from './small-trial.ts'

const password = 'the rain in the evening'
let world: SmallTrial
let manager: Actor
let investigator: Actor

async function person(role: 'data_manager' | 'principal_investigator'): Promise<Actor> {
  const { context, trialId } = world
  const name = { ja: role, en: role }
  const { personId } = await done(addPerson(context, commandLine, { username: role.replace('_', '-'), name, password }))
  await done(grantRole(context, commandLine, personId, { role, trialId, siteId: null }))
  return here(personId)
}

async function here(personId: string): Promise<Actor> {
  const actor = await findActor(world.db, personId)
  if (actor === null) throw new Error('nobody')
  return actor
}

beforeEach(async () => {
  world = await openSmallTrial(await openCopy('empty'))
  manager = await person('data_manager')
  investigator = await person('principal_investigator')
})

const because = 'the report is handed in'
const from = { address: '127.0.0.1' }
const lock = (who = manager) => lockTrial(world.context, who, world.trialId, { because, password }, from)

describe('a locked trial', () => {
  it('refuses every change, with one sentence, and keeps nothing of it', async () => {
    const { context, trialId } = world
    const subjectId = await screened(world)
    await done(lock())
    const before = await everythingIn(world.db)
    const label = { ja: '第2版', en: 'version 2' }
    const version = { label, approvedOn: null, basis: 'recorded' as const }
    const registration = {
      trialId,
      subjectId,
      code: 'registration',
      occurredOn: calendarDate('2026-06-20'),
      note: null,
    }
    const retention = { years: 5, rule: label, endedOn: null, basis: 'recorded' as const, seen: null, reason: '' }
    const changes = [
      addConsentVersion(context, world.manager, trialId, version),
      adoptTerms(context, world.manager, trialId, termsOf({ version: 2 })),
      recordRegistration(context, world.manager, { ...registration, basis: 'recorded', seenEventId: null }),
      setRetention(context, world.manager, trialId, retention),
      lock(investigator),
    ]
    for (const change of changes) expect(await refusalOf(change)).toEqual([{ field: '', code: 'trial_locked' }])
    expect(await everythingIn(world.db)).toEqual(before)
  })

  it('gives its people the right to read and no other; an inspector can still be let in', async () => {
    const { context, db, trialId } = world
    await done(lock())
    const { grants } = await here(manager.personId)
    expect(
      ['see_counts', 'see_subjects', 'see_audit', 'lock_trial'].map((act) => mayIn(grants, act as never, trialId)),
    ).toEqual([true, true, true, true])
    expect(
      ['log_subjects', 'configure_trial', 'write_requests'].map((act) => mayIn(grants, act as never, trialId)),
    ).toEqual([false, false, false])
    expect(sitesWithin(grants, 'log_subjects', trialId)).toEqual([])
    const [trial] = await listTrialsFor(db, grants)
    expect(trial?.lock?.name.en).toBe('data_manager')
    await done(grantRole(context, commandLine, investigator.personId, { role: 'auditor', trialId, siteId: null }))
    await expectSound(db)
  })

  it('is locked for nobody who lacks the act or the password, and only once', async () => {
    const { context, trialId } = world
    const wrong = lockTrial(context, manager, trialId, { because, password: 'something else entirely' }, from)
    expect(await refusalOf(wrong)).toEqual([{ field: 'password', code: 'password_wrong' }])
    expect(await refusalOf(lock({ ...manager, grants: [] }))).toEqual([{ field: '', code: 'lock_not_yours' }])
    const [first, second] = await Promise.all([lock(manager), lock(investigator)])
    expect([first, second].filter((outcome) => 'value' in outcome)).toHaveLength(1)
    expect(await listTrialLocks(world.db, trialId)).toHaveLength(1)
  })

  it('is unlocked by another person, with a reason that stays; then it can be changed again', async () => {
    const { context, db, trialId } = world
    const { lockId } = await done(lock())
    const ending = { lockId, because: 'a correction is due', password }
    expect(await refusalOf(unlockTrial(context, manager, trialId, ending, from))).toEqual([
      { field: '', code: 'unlock_by_another' },
    ])
    expect(await refusalOf(unlockTrial(context, investigator, trialId, { ...ending, password: 'x' }, from))).toEqual([
      { field: 'password', code: 'password_wrong' },
    ])
    await done(unlockTrial(context, investigator, trialId, ending, from))
    expect(await refusalOf(unlockTrial(context, investigator, trialId, ending, from))).toEqual([
      { field: '', code: 'trial_not_locked' },
    ])
    const [known] = await listTrialLocks(db, trialId)
    expect([known?.because, known?.ended?.because, known?.ended?.name.en]).toEqual([
      because,
      'a correction is due',
      'principal_investigator',
    ])
    await registered(world)
    await done(lock(investigator))
    expect(await listTrialLocks(db, trialId)).toHaveLength(2)
    await expectSound(db)
  })

  it('is not another trial: what belongs to it alone stands still', async () => {
    await done(lock())
    const other = await openSmallTrial(world.db)
    await registered(other)
  })
})

it('the verbs that a lock does not stop are these', () => {
  const verbs = sourcesIn('server', '.ts')
    .filter(({ text }) => /\btransactUnderLock\(/.test(withoutComments(text)))
    .map(({ path }) => path.replace(/^server\/(actions\/)?|\.ts$/g, ''))
  expect(verbs.sort()).toEqual([
    'ask-redaction',
    'confirm-redaction',
    'end-role',
    'grant-role',
    'make-calendar-feed',
    'refuse-redaction',
    'revoke-calendar-feed',
    'revoke-guest-link',
    'set-sign-in-rule',
    'unlock-trial',
  ])
})

describe('how long records are kept', () => {
  const rule = { ja: '臨床研究法施行規則', en: 'Clinical Trials Act' }
  const five = { years: 5, rule, basis: 'recorded' as const }

  it('is counted from the end of the trial, or from the end that is planned', () => {
    const ended = calendarDate('2028-02-29')
    expect(keptUntil({ ...five, endedOn: ended }, null)).toEqual({ on: '2033-02-28', countedFrom: ended, from: 'end' })
    const planned = calendarDate('2032-07-18')
    expect(keptUntil({ ...five, endedOn: null }, planned)).toEqual({
      on: '2037-07-18',
      countedFrom: planned,
      from: 'plan',
    })
    expect(keptUntil({ ...five, endedOn: null }, null)).toBeNull()
  })

  it('is stated once, and changed with a reason by whoever saw what stands', async () => {
    const { context, db, trialId } = world
    await done(setRetention(context, manager, trialId, { ...five, endedOn: null, seen: null, reason: '' }))
    const known = await findRetention(db, trialId)
    const ended = { ...five, years: 15, endedOn: calendarDate('2026-06-24') }
    const change = (seen: string | null, reason: string) =>
      setRetention(context, manager, trialId, { ...ended, seen, reason })
    expect(await refusalOf(change(null, 'x'))).toEqual([{ field: '', code: 'setting_changed_meanwhile' }])
    expect(await refusalOf(change(known?.seen ?? '', ''))).toEqual([{ field: 'why', code: 'note_missing' }])
    const later = { ...ended, endedOn: calendarDate('2026-06-25'), seen: known?.seen ?? '', reason: 'x' }
    expect(await refusalOf(setRetention(context, manager, trialId, later))).toEqual([
      { field: 'retentionEnd', code: 'date_in_future', values: { today: '2026-06-24' } },
    ])
    await done(change(known?.seen ?? '', 'another law'))
    expect((await findRetention(db, trialId))?.value).toEqual(ended)
    await expectSound(db)
  })
})
