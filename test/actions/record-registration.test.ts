import { describe, expect, it } from 'vitest'
import { adoptTerms } from '../../server/actions/adopt-terms.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { countByTrial } from '../../server/db/daily-counts.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { day, milestone, said, termsOf } from '../domain/protocols.ts'
import {
  actor,
  done,
  eligible,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  registered,
  type SmallTrial,
  screened,
  sharedDatabase,
  storedOf,
  today,
  twoStageMilestones,
} from './small-trial.ts'

const shared = sharedDatabase()

const register = (world: SmallTrial, subjectId: string, code = 'registration', on = '2026-03-02') =>
  recordRegistration(world.context, world.manager, eventDraft(world, subjectId, code, on))

const countOf = async ({ db, trialId }: SmallTrial, step: string) =>
  (await countByTrial(db, [{ trialId, step }], today)).get(trialId) ?? 0

const openTwoStage = async (targetNumber = 12) =>
  openSmallTrial(shared(), { milestones: twoStageMilestones, terms: termsOf({ targetNumber }) })

describe('a registration', () => {
  it('gives the next registration number, the state, and one more toward the target on its day', async () => {
    const world = await openSmallTrial(shared())
    const first = await eligible(world)
    const second = await eligible(world)
    expect(await done(register(world, second))).toEqual({ subjectId: second, registrationNumber: 1 })
    expect(await done(register(world, first, 'registration', '2026-03-01'))).toEqual({
      subjectId: first,
      registrationNumber: 2,
    })
    expect(await findSubject(world.db, world.trialId, second, 'every')).toMatchObject({
      state: 'registered',
      registrationNumber: 1,
      lastEventOn: '2026-03-02',
    })
    expect(await countOf(world, 'registration')).toBe(2)
    const byTheFirst = await countByTrial(
      world.db,
      [{ trialId: world.trialId, step: 'registration' }],
      day('2026-03-01'),
    )
    expect(byTheFirst.get(world.trialId)).toBe(1)
    await expectSound(world.db)
  })

  it('stands in the audit trail as the event and as the subject before and after', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await eligible(world)
    await done(register(world, subjectId))
    const [revised, added] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 2 })
    expect(added).toMatchObject({ event: 'registration_recorded', table: 'subject_event', before: null })
    expect(revised).toMatchObject({
      event: 'registration_recorded',
      table: 'subject',
      recordId: subjectId,
      before: { state: 'eligible', registration_number: null },
      after: { state: 'registered', registration_number: 1 },
    })
  })

  it('by the coordinator of another site is refused as if the subject did not exist', async () => {
    const world = await openSmallTrial(shared())
    const draft = eventDraft(world, await eligible(world), 'registration', '2026-03-02')
    const before = await storedOf(world.db, world.trialId)
    const unknown = [{ field: '', code: 'subject_unknown' }]
    expect(await refusalOf(recordRegistration(world.context, world.otherCoordinator, draft))).toEqual(unknown)
    const investigator = actor('pi', 'principal_investigator', world.trialId)
    expect(await refusalOf(recordRegistration(world.context, investigator, draft))).toEqual(unknown)
    expect(await refusalOf(register(world, 'no-such-subject'))).toEqual(unknown)
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await done(recordRegistration(world.context, world.coordinator, draft))
  })

  it('that is refused uses no number', async () => {
    const world = await openSmallTrial(shared())
    const tooEarly = await screened(world)
    const ready = await eligible(world)
    expect((await refusalOf(register(world, tooEarly))).map(({ code }) => code)).toEqual(['stage_missing'])
    expect((await refusalOf(register(world, ready, 'registration', '2026-06-25'))).map(({ code }) => code)).toEqual([
      'date_in_future',
    ])
    expect((await done(register(world, ready))).registrationNumber).toBe(1)
    await expectSound(world.db)
  })

  it('keeps its number after the subject left, and the number is not given again', async () => {
    const world = await openSmallTrial(shared())
    const first = await registered(world)
    const { code: _, ...draft } = eventDraft(world, first, '', '2026-03-05')
    await done(recordExit(world.context, world.manager, { ...draft, ...said, exit: 'withdrawn', note: 'why' }))
    expect((await done(register(world, await eligible(world)))).registrationNumber).toBe(2)
    expect((await findSubject(world.db, world.trialId, first, 'every'))?.registrationNumber).toBe(1)
    expect(await countOf(world, 'registration')).toBe(2)
    await expectSound(world.db)
  })

  it('is recorded once: the second time is refused with the day of the first', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const before = await storedOf(world.db, world.trialId)
    expect(await refusalOf(register(world, subjectId, 'registration', '2026-03-03'))).toEqual([
      { field: 'what', code: 'already_recorded', values: { on: '2026-03-02' } },
    ])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('of the same subject by two people at once: one registers, and there is one number and one event', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await eligible(world)
    const draft = eventDraft(world, subjectId, 'registration', '2026-03-02')
    const outcomes = await Promise.all(
      [world.manager, world.coordinator].map((person) => recordRegistration(world.context, person, draft)),
    )
    expect(outcomes.filter(isRefused).flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual([
      'already_recorded',
    ])
    expect(await countOf(world, 'registration')).toBe(1)
    await expectSound(world.db)
  })

  it('of what is no registration is a mistake of the program: it throws, and nothing is kept', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const before = await storedOf(world.db, world.trialId)
    await expect(register(world, subjectId, 'treatment', '2026-03-23')).rejects.toThrow('treatment')
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })
})

describe('the last free place', () => {
  it('two coordinators register at once: exactly one succeeds, the other hears that the target is reached', async () => {
    const world = await openSmallTrial(shared(), { terms: termsOf({ targetNumber: 2 }) })
    await registered(world)
    const mine = await eligible(world)
    const theirs = await eligible(world, { siteId: world.siteIds['02'] })
    const outcomes = await Promise.all([
      recordRegistration(world.context, world.coordinator, eventDraft(world, mine, 'registration', '2026-03-02')),
      recordRegistration(
        world.context,
        world.otherCoordinator,
        eventDraft(world, theirs, 'registration', '2026-03-02'),
      ),
    ])
    expect(outcomes.filter((outcome) => 'value' in outcome).map((outcome) => outcome)).toEqual([
      { value: { subjectId: expect.any(String), registrationNumber: 2 } },
    ])
    expect(outcomes.filter(isRefused)).toEqual([
      { problems: [{ field: 'what', code: 'target_reached', values: { target: 2 } }] },
    ])
    expect(await countOf(world, 'registration')).toBe(2)
    await expectSound(world.db)
  })

  it('ten at once for three places: three succeed, numbered 1 to 3', async () => {
    const world = await openSmallTrial(shared(), { terms: termsOf({ targetNumber: 3 }) })
    const ids: string[] = []
    for (let index = 0; index < 10; index++) ids.push(await eligible(world))
    const outcomes = await Promise.all(ids.map((id) => register(world, id)))
    const numbers = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value.registrationNumber] : []))
    expect(numbers.sort()).toEqual([1, 2, 3])
    expect(outcomes.filter(isRefused)).toHaveLength(7)
    await expectSound(world.db)
  })

  it('is not freed by a withdrawal: who was registered stays counted', async () => {
    const world = await openSmallTrial(shared(), { terms: termsOf({ targetNumber: 1 }) })
    const first = await registered(world)
    const { code: _, ...draft } = eventDraft(world, first, '', '2026-03-05')
    await done(recordExit(world.context, world.manager, { ...draft, ...said, exit: 'withdrawn', note: 'why' }))
    const next = await eligible(world)
    expect((await refusalOf(register(world, next))).map(({ code }) => code)).toEqual(['target_reached'])
  })

  it('is taken by a registration on whatever day: one recorded late counts as well', async () => {
    const world = await openSmallTrial(shared(), { terms: termsOf({ targetNumber: 1 }) })
    const early = await eligible(world)
    const late = await eligible(world)
    await done(register(world, late, 'registration', '2026-06-24'))
    expect((await refusalOf(register(world, early, 'registration', '2026-03-01'))).map(({ code }) => code)).toEqual([
      'target_reached',
    ])
  })

  it('more are there as soon as terms with a larger target are in force', async () => {
    const world = await openSmallTrial(shared(), { terms: termsOf({ targetNumber: 1 }) })
    await registered(world)
    const next = await eligible(world)
    const adopt = (version: number, effectiveFrom: string) =>
      done(
        adoptTerms(
          world.context,
          world.manager,
          world.trialId,
          termsOf({ version, targetNumber: 2, effectiveFrom: day(effectiveFrom) }),
        ),
      )
    await adopt(2, '2026-07-01')
    expect((await refusalOf(register(world, next, 'registration', '2026-06-24'))).map(({ code }) => code)).toEqual([
      'target_reached',
    ])
    await adopt(3, '2026-06-24')
    expect((await done(register(world, next, 'registration', '2026-06-24'))).registrationNumber).toBe(2)
    await expectSound(world.db)
  })
})

describe('sixty registrations at once', () => {
  it('are numbered 1 to 60, each once, without a gap', async () => {
    const world = await openSmallTrial(shared(), {
      terms: termsOf({ targetNumber: 60 }),
      milestones: [
        milestone('consent', 'screening', { necessity: 'required' }),
        milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
      ],
    })
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        screened(world, { siteId: world.siteIds[index % 2 === 0 ? '01' : '02'] }),
      ),
    )
    const outcomes = await Promise.all(ids.map((id) => done(register(world, id))))
    const numbers = outcomes.map(({ registrationNumber }) => registrationNumber ?? 0).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(await countOf(world, 'registration')).toBe(60)
    await expectSound(world.db)
  })
})

describe('in two stages', () => {
  it('the provisional registration has no number and never counts toward the target', async () => {
    const world = await openTwoStage()
    const subjectId = await screened(world)
    expect(await done(register(world, subjectId, 'provisional', '2026-02-20'))).toEqual({
      subjectId,
      registrationNumber: null,
    })
    expect(await findSubject(world.db, world.trialId, subjectId, 'every')).toMatchObject({
      state: 'provisional',
      registrationNumber: null,
    })
    expect([await countOf(world, 'provisional'), await countOf(world, 'final')]).toEqual([1, 0])
    const [entry] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 1 })
    expect(entry?.event).toBe('provisional_registration_recorded')
    await expectSound(world.db)
  })

  it('more may wait provisionally than there are places; the final ones stop at the target', async () => {
    const world = await openTwoStage(1)
    const ids = [await screened(world), await screened(world), await screened(world)]
    for (const id of ids) await done(register(world, id, 'provisional', '2026-02-20'))
    expect((await done(register(world, ids[1]!, 'final'))).registrationNumber).toBe(1)
    expect((await refusalOf(register(world, ids[0]!, 'final'))).map(({ code }) => code)).toEqual(['target_reached'])
    expect([await countOf(world, 'provisional'), await countOf(world, 'final')]).toEqual([3, 1])
    await done(register(world, await screened(world), 'provisional', '2026-02-20'))
    await expectSound(world.db)
  })

  it('the final one without the provisional one is refused', async () => {
    const world = await openTwoStage()
    const subjectId = await screened(world)
    expect(await refusalOf(register(world, subjectId, 'final'))).toEqual([
      { field: 'what', code: 'stage_missing', values: { milestone: 'provisional' } },
    ])
  })

  it('numbers follow the final registrations, not the provisional ones', async () => {
    const world = await openTwoStage()
    const ids = [await screened(world), await screened(world), await screened(world)]
    for (const id of ids) await done(register(world, id, 'provisional', '2026-02-20'))
    const order = [ids[2]!, ids[0]!, ids[1]!]
    const numbers: (number | null)[] = []
    for (const id of order) numbers.push((await done(register(world, id, 'final'))).registrationNumber)
    expect(numbers).toEqual([1, 2, 3])
    await expectSound(world.db)
  })
})
