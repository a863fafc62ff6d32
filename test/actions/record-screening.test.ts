import { describe, expect, it } from 'vitest'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { countBySite } from '../../server/db/daily-counts.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { noDetails } from '../../server/domain/subject.ts'
import { testContext } from '../support/context.ts'
import {
  actor,
  done,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  screened,
  screeningDraft,
  sharedDatabase,
  storedOf,
  today,
} from './small-trial.ts'

const shared = sharedDatabase()

const record = (world: SmallTrial, ...[differences]: [Parameters<typeof screeningDraft>[1]?]) =>
  recordScreening(world.context, world.coordinator, screeningDraft(world, differences))

describe('a screening', () => {
  it('opens a subject in screening at the site, with its consent as the first event, counted on the day of consent', async () => {
    const world = await openSmallTrial(shared())
    const { subjectId, number } = await done(record(world, { referralSource: '他院からの紹介' }))
    expect(number).toBe(`${world.code}-01-001`)
    expect(await findSubject(world.db, world.trialId, subjectId, 'every')).toEqual({
      id: subjectId,
      siteId: world.siteIds['01'],
      number: `${world.code}-01-001`,
      registrationNumber: null,
      state: 'screening',
      enteredOn: '2026-02-10',
      consentedOn: '2026-02-10',
      attempt: 1,
      earlierAttemptId: null,
      lastEventOn: '2026-02-10',
      basis: 'recorded',
    })
    expect(await listEvents(world.db, subjectId)).toEqual([
      {
        id: expect.any(String),
        originId: expect.any(String),
        what: { kind: 'milestone', code: 'consent' },
        occurredOn: '2026-02-10',
        recordedAt: '2026-06-24T03:00:00.000Z',
        recordedBy: 'coordinator',
        note: null,
        basis: 'recorded',
        ...noDetails,
      },
    ])
    expect(await countBySite(world.db, world.trialId, today)).toEqual([
      { siteId: world.siteIds['01'], step: 'consent', number: 1, lastOn: '2026-02-10' },
    ])
    await expectSound(world.db)
  })

  it('is not yet counted on the day before', async () => {
    const world = await openSmallTrial(shared())
    await done(record(world))
    expect(await countBySite(world.db, world.trialId, calendarDate('2026-02-09'))).toEqual([])
  })
})

describe('the number of a subject', () => {
  it('is the site’s next one, each site with its own row of numbers', async () => {
    const world = await openSmallTrial(shared())
    const at02 = screeningDraft(world, { siteId: world.siteIds['02'] })
    expect((await done(record(world))).number).toBe(`${world.code}-01-001`)
    expect((await done(recordScreening(world.context, world.otherCoordinator, at02))).number).toBe(
      `${world.code}-02-001`,
    )
    expect((await done(record(world))).number).toBe(`${world.code}-01-002`)
    await expectSound(world.db)
  })

  it('may come from the site; the next assigned one follows those of its own form only', async () => {
    const world = await openSmallTrial(shared())
    await done(record(world))
    for (const number of ['YCU-17', `${world.code}-01-pediatric`, `${world.code}-01-009-2`, `${world.code}-010`]) {
      expect((await done(record(world, { number }))).number).toBe(number)
    }
    expect((await done(record(world))).number).toBe(`${world.code}-01-002`)
    await done(record(world, { number: `${world.code.toLowerCase()}-01-012` }))
    expect((await done(record(world))).number).toBe(`${world.code}-01-013`)
    await expectSound(world.db)
  })

  it('that the site gives and another subject of the trial has is refused, at whichever site that one is', async () => {
    const world = await openSmallTrial(shared())
    await done(record(world, { number: 'YCU-17' }))
    const before = await storedOf(world.db, world.trialId)
    const taken = [{ field: 'number', code: 'number_taken', values: { number: 'YCU-17' } }]
    expect(await refusalOf(record(world, { number: 'YCU-17' }))).toEqual(taken)
    const at02 = screeningDraft(world, { number: 'YCU-17', siteId: world.siteIds['02'] })
    expect(await refusalOf(recordScreening(world.context, world.otherCoordinator, at02))).toEqual(taken)
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('may be the same in two trials', async () => {
    const world = await openSmallTrial(shared())
    const other = await openSmallTrial(world.db)
    await done(record(world, { number: 'YCU-17' }))
    expect((await done(record(other, { number: 'YCU-17' }))).number).toBe('YCU-17')
    await expectSound(world.db)
  })

  it('that is due but was given by hand before is passed over, and never given twice', async () => {
    const world = await openSmallTrial(shared())
    await done(record(world, { number: `${world.code}-01-002` }))
    await done(record(world, { number: `${world.code}-01-003` }))
    const numbers = [(await done(record(world))).number, (await done(record(world))).number]
    expect(numbers).toEqual([`${world.code}-01-004`, `${world.code}-01-005`])
    await done(
      recordScreening(
        world.context,
        world.otherCoordinator,
        screeningDraft(world, { siteId: world.siteIds['02'], number: `${world.code}-01-006` }),
      ),
    )
    expect((await done(record(world))).number).toBe(`${world.code}-01-007`)
    await expectSound(world.db)
  })

  it('fifty at once: 001 to 050, each once, without a gap', async () => {
    const world = await openSmallTrial(shared())
    const recorded = await Promise.all(Array.from({ length: 50 }, () => done(record(world))))
    const expected = Array.from({ length: 50 }, (_, index) => `${world.code}-01-${String(index + 1).padStart(3, '0')}`)
    expect(recorded.map(({ number }) => number).sort()).toEqual(expected)
    expect(new Set(recorded.map(({ subjectId }) => subjectId)).size).toBe(50)
    const [count] = await countBySite(world.db, world.trialId, today)
    expect(count).toMatchObject({ step: 'consent', number: 50 })
    await expectSound(world.db)
  })

  it('of which five at once want the same one of their own: one has it', async () => {
    const world = await openSmallTrial(shared())
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => record(world, { number: 'YCU-17' })))
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(1)
    expect(
      outcomes.filter((outcome) => 'problems' in outcome && outcome.problems[0]?.code === 'number_taken'),
    ).toHaveLength(4)
    await expectSound(world.db)
  })
})

describe('a screening is refused, and leaves nothing', () => {
  const unknown = [{ field: 'siteId', code: 'site_unknown' }]

  it('at a site that is not the coordinator’s, as if it did not exist', async () => {
    const world = await openSmallTrial(shared())
    const before = await storedOf(world.db, world.trialId)
    expect(await refusalOf(record(world, { siteId: world.siteIds['02'] }))).toEqual(unknown)
    expect(await refusalOf(record(world, { siteId: 'no-such-site' }))).toEqual(unknown)
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('at a site of another trial, even for somebody who keeps both', async () => {
    const world = await openSmallTrial(shared())
    const other = await openSmallTrial(world.db)
    const both = { ...world.manager, grants: [...world.manager.grants, ...other.manager.grants] }
    const draft = screeningDraft(world, { siteId: other.siteIds['01'] })
    expect(await refusalOf(recordScreening(world.context, both, draft))).toEqual(unknown)
  })

  it('by whoever logs no subjects: investigators of the whole trial, committee, auditor, statistician', async () => {
    const world = await openSmallTrial(shared())
    for (const role of ['principal_investigator', 'committee', 'auditor', 'unblinded_statistician'] as const) {
      const person = actor('person', role, world.trialId)
      expect(await refusalOf(recordScreening(world.context, person, screeningDraft(world))), role).toEqual(unknown)
    }
  })

  it('under a version of another trial’s consent document', async () => {
    const world = await openSmallTrial(shared())
    const other = await openSmallTrial(world.db)
    expect(await refusalOf(record(world, { consentVersionId: other.consentVersionId }))).toEqual([
      { field: 'consentVersionId', code: 'consent_version_unknown' },
    ])
  })

  it('with everything that is wrong with it at once', async () => {
    const world = await openSmallTrial(shared())
    await screened(world, { number: 'YCU-17' })
    const before = await storedOf(world.db, world.trialId)
    const wrong = { number: 'YCU-17', consentedOn: calendarDate('2026-06-25'), consentVersionId: 'none' }
    expect((await refusalOf(record(world, wrong))).map(({ code }) => code)).toEqual([
      'date_in_future',
      'consent_version_unknown',
      'number_taken',
    ])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('tomorrow is tomorrow by the trial’s calendar: at 15:00 UTC it is already the next day in Tokyo', async () => {
    const world = await openSmallTrial(shared())
    const tomorrow = screeningDraft(world, { consentedOn: calendarDate('2026-06-25') })
    const at = (instant: string) => recordScreening(testContext(world.db, instant), world.coordinator, tomorrow)
    expect((await refusalOf(at('2026-06-24T14:59:59.999Z'))).map(({ code }) => code)).toEqual(['date_in_future'])
    await done(at('2026-06-24T15:00:00.000Z'))
  })

  it('in a trial that there is not, by throwing: no page leads there', async () => {
    const world = await openSmallTrial(shared())
    await expect(record(world, { trialId: 'no-such-trial' })).rejects.toThrow()
  })
})
