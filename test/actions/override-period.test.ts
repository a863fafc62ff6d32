import { describe, expect, it } from 'vitest'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { listOverrides } from '../../server/db/overrides.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { day, termsOf } from '../domain/protocols.ts'
import {
  actor,
  done,
  eligible,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  sharedDatabase,
  today,
} from './small-trial.ts'

const shared = sharedDatabase()
/** Registration ended on 2026-02-28; somebody judged eligible on the 24th is registered on 2 March. */
const ended = { terms: termsOf({ registrationUntil: day('2026-02-28') }) }
const pi = (world: SmallTrial) => actor('pi', 'principal_investigator', world.trialId)
const register = (
  world: SmallTrial,
  id: string,
  who = pi(world),
  reason: string | null = '委員会の了承による',
  on = '2026-03-02',
) =>
  recordRegistration(world.context, who, {
    ...eventDraft(world, id, 'registration', on),
    ...(reason === null ? {} : { overrideReason: reason }),
  })

describe('a registration outside its period', () => {
  it('is the principal investigator’s to allow, with a reason, and is listed', async () => {
    const world = await openSmallTrial(shared(), ended)
    const id = await eligible(world)
    expect((await refusalOf(register(world, id, world.coordinator, null)))[0]?.code).toBe('outside_registration_period')
    expect((await done(register(world, id))).registrationNumber).toBe(1)
    expect(await listOverrides(world.db, world.trialId, today)).toEqual([
      { subjectId: id, siteId: world.siteIds['01'], occurredOn: '2026-03-02', reason: '委員会の了承による' },
    ])
    expect(await listOverrides(world.db, world.trialId, day('2026-03-01'))).toEqual([])
    await expectSound(world.db)
  })

  it('is nobody else’s, and the principal investigator registers nobody without one', async () => {
    const world = await openSmallTrial(shared(), ended)
    const id = await eligible(world)
    const unknown = [{ field: '', code: 'subject_unknown' }]
    for (const who of [world.coordinator, world.manager])
      expect(await refusalOf(register(world, id, who))).toEqual(unknown)
    expect(await refusalOf(register(world, id, pi(world), null))).toEqual(unknown)
  })

  it('is refused where nothing has to be allowed, and lets nothing else pass', async () => {
    const within = await openSmallTrial(shared())
    expect(await refusalOf(register(within, await eligible(within)))).toEqual([
      { field: 'occurredOn', code: 'override_not_needed' },
    ])
    const world = await openSmallTrial(shared(), {
      terms: termsOf({ registrationUntil: day('2026-02-28'), targetNumber: 1 }),
    })
    await done(register(world, await eligible(world)))
    expect((await refusalOf(register(world, await eligible(world))))[0]?.code).toBe('target_reached')
  })

  it('is off the list once its day turns out to lie in the period', async () => {
    const world = await openSmallTrial(shared(), ended)
    const id = await eligible(world)
    await done(register(world, id))
    const event = (await listEvents(world.db, id)).find(({ overrideReason }) => overrideReason !== null)
    const mended = { trialId: world.trialId, subjectId: id, eventId: event?.id ?? '', occurredOn: day('2026-02-27') }
    const why = { reason: 'transcription', note: null, seenEventId: null } as const
    await done(correctEvent(world.context, world.coordinator, { ...mended, ...why }))
    expect(await listOverrides(world.db, world.trialId, today)).toEqual([])
  })

  it('is off the list once the entry is void', async () => {
    const world = await openSmallTrial(shared(), ended)
    const id = await eligible(world)
    await done(register(world, id))
    const why = { reason: 'wrong_subject' as const, note: '別の人', seenEventId: null }
    await done(
      voidSubject(world.context, actor('dm2', 'data_manager', world.trialId), {
        trialId: world.trialId,
        subjectId: id,
        ...why,
      }),
    )
    expect(await listOverrides(world.db, world.trialId, today)).toEqual([])
  })
})

it('a site that is full refuses the next registration, though the trial has places: cap_reached_site', async () => {
  const world = await openSmallTrial(shared())
  const cap = { id: world.context.newId(), trial_id: world.trialId, arm_code: null, soft_number: null }
  await engineOf(world.db)
    .writer.insertInto('cap')
    .values({ ...cap, site_id: world.siteIds['01'], hard_number: 1 })
    .execute()
  await done(register(world, await eligible(world), world.coordinator, null))
  expect(await refusalOf(register(world, await eligible(world), world.coordinator, null))).toEqual([
    { field: 'what', code: 'cap_reached_site', values: { cap: 1, number: 1 } },
  ])
  const elsewhere = await eligible(world, { siteId: world.siteIds['02'] })
  await done(register(world, elsewhere, world.otherCoordinator, null))
})
