import { describe, expect, it } from 'vitest'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { countBySite } from '../../server/db/daily-counts.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { noDetails } from '../../server/domain/subject.ts'
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

const reach = (world: SmallTrial, subjectId: string, code: string, on: string) =>
  recordMilestone(world.context, world.coordinator, eventDraft(world, subjectId, code, on))

const stateOf = async ({ db, trialId }: SmallTrial, subjectId: string) =>
  (await findSubject(db, trialId, subjectId, 'every'))?.state

describe('a milestone', () => {
  it('adds an event with its note, moves the state on, and is counted at its site on its day', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    const draft = { ...eventDraft(world, subjectId, 'eligibility', '2026-02-24'), note: '基準を満たす' }
    expect(await done(recordMilestone(world.context, world.coordinator, draft))).toEqual({ subjectId })
    expect(await stateOf(world, subjectId)).toBe('eligible')
    expect((await listEvents(world.db, subjectId)).at(-1)).toEqual({
      id: expect.any(String),
      originId: expect.any(String),
      what: { kind: 'milestone', code: 'eligibility' },
      occurredOn: '2026-02-24',
      recordedAt: '2026-06-24T03:00:00.000Z',
      recordedBy: 'coordinator',
      note: '基準を満たす',
      basis: 'recorded',
      ...noDetails,
    })
    expect(await countBySite(world.db, world.trialId, today)).toContainEqual({
      siteId: world.siteIds['01'],
      step: 'eligibility',
      number: 1,
      lastOn: '2026-02-24',
    })
    await expectSound(world.db)
  })

  it('leaves two audit entries: the event, and the subject before and after', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    const before = (await storedOf(world.db, world.trialId)).entries.length
    await done(reach(world, subjectId, 'eligibility', '2026-02-24'))
    const entries = await listAuditEntries(world.db, world.trialId, { before: null, limit: 100 })
    expect(entries.length - before).toBe(2)
    expect(entries.slice(0, 2).map(({ event, table }) => [event, table])).toEqual([
      ['milestone_recorded', 'subject'],
      ['milestone_recorded', 'subject_event'],
    ])
    expect(entries[0]).toMatchObject({
      before: { state: 'screening' },
      after: { state: 'eligible' },
      actorRole: 'coordinator',
    })
  })

  it('from registration to treatment to a visit', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(reach(world, subjectId, 'treatment', '2026-03-23'))
    expect(await stateOf(world, subjectId)).toBe('treated')
    await done(reach(world, subjectId, 'week_12', '2026-06-15'))
    expect(await stateOf(world, subjectId)).toBe('follow_up')
    await expectSound(world.db)
  })

  it('that repeats, on one day, is counted twice and leaves the state as it is', async () => {
    const world = await openSmallTrial(shared(), { milestones: twoStageMilestones })
    const subjectId = await screened(world)
    const provisional = eventDraft(world, subjectId, 'provisional', '2026-02-20')
    await done(recordRegistration(world.context, world.coordinator, provisional))
    await done(reach(world, subjectId, 'blood', '2026-02-21'))
    await done(reach(world, subjectId, 'blood', '2026-02-21'))
    expect(await stateOf(world, subjectId)).toBe('provisional')
    expect(await countBySite(world.db, world.trialId, today)).toContainEqual(
      expect.objectContaining({ step: 'blood', number: 2 }),
    )
    await expectSound(world.db)
  })

  it('that is refused leaves nothing', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    const before = await storedOf(world.db, world.trialId)
    const codes = async (code: string, on: string) =>
      (await refusalOf(reach(world, subjectId, code, on))).map((problem) => problem.code)
    expect(await codes('biopsy', '2026-03-01')).toEqual(['step_unknown'])
    expect(await codes('treatment', '2026-03-01')).toEqual(['stage_missing'])
    expect(await codes('consent', '2026-03-01')).toEqual(['already_recorded'])
    expect(await codes('eligibility', '2026-02-09')).toEqual(['before_previous_step'])
    expect(await codes('eligibility', '2026-06-25')).toEqual(['date_in_future'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await expectSound(world.db)
  })

  it('of another site’s subject, or by somebody who logs none, is refused as if there were no such subject', async () => {
    const world = await openSmallTrial(shared())
    const draft = eventDraft(world, await screened(world), 'eligibility', '2026-02-24')
    const unknown = [{ field: '', code: 'subject_unknown' }]
    for (const person of [world.otherCoordinator, actor('pi', 'principal_investigator', world.trialId)]) {
      expect(await refusalOf(recordMilestone(world.context, person, draft))).toEqual(unknown)
    }
  })

  it('by somebody who has not seen what was recorded meanwhile is refused until they have', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const events = await listEvents(world.db, subjectId)
    const draft = (seenEventId: string | undefined) => ({
      ...eventDraft(world, subjectId, 'treatment', '2026-03-23'),
      seenEventId: seenEventId ?? null,
    })
    const stale = recordMilestone(world.context, world.coordinator, draft(events[1]?.id))
    expect(await refusalOf(stale)).toEqual([
      { field: '', code: 'changed_meanwhile', values: { milestone: 'registration', on: '2026-03-02' } },
    ])
    await done(recordMilestone(world.context, world.coordinator, draft(events[2]?.id)))
  })

  it('recorded by two people at once who saw the same is recorded once', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    const outcomes = await Promise.all(
      [world.manager, world.coordinator].map((person) =>
        recordMilestone(world.context, person, eventDraft(world, subjectId, 'eligibility', '2026-02-24')),
      ),
    )
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(1)
    expect(await listEvents(world.db, subjectId)).toHaveLength(2)
    await expectSound(world.db)
  })

  it('that is a registration is a mistake of the program: it throws, because a registration has rules of its own', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await eligible(world)
    const before = await storedOf(world.db, world.trialId)
    await expect(reach(world, subjectId, 'registration', '2026-03-02')).rejects.toThrow(
      'registration has a verb of its own',
    )
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })
})
