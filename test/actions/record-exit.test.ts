import { describe, expect, it } from 'vitest'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { countBySite } from '../../server/db/daily-counts.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { findPathway } from '../../server/db/trials.ts'
import { screeningFlow } from '../../server/domain/accrual.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Exit } from '../../server/domain/subject-state.ts'
import { said } from '../domain/protocols.ts'
import {
  actor,
  done,
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
} from './small-trial.ts'

const shared = sharedDatabase()

const exitDraft = (world: SmallTrial, subjectId: string, exit: Exit, on: string) => ({
  trialId: world.trialId,
  subjectId,
  exit,
  occurredOn: calendarDate(on),
  note: '理由',
  ...said,
  basis: 'recorded' as const,
  seenEventId: null,
})
const leave = (world: SmallTrial, subjectId: string, exit: Exit, on: string) =>
  recordExit(world.context, world.coordinator, exitDraft(world, subjectId, exit, on))

const flowOn = async ({ db, trialId }: SmallTrial, on: string) =>
  screeningFlow(await findPathway(db, trialId), await countBySite(db, trialId, calendarDate(on)))

describe('an exit', () => {
  it('keeps the reason, ends the course, and is counted under the state it left', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    expect(await done(leave(world, subjectId, 'screen_failed', '2026-02-20'))).toEqual({ subjectId })
    expect((await findSubject(world.db, world.trialId, subjectId, 'every'))?.state).toBe('screen_failed')
    expect((await listEvents(world.db, subjectId)).at(-1)).toMatchObject({
      what: { kind: 'exit', exit: 'screen_failed' },
      occurredOn: '2026-02-20',
      note: '理由',
    })
    expect(await countBySite(world.db, world.trialId, today)).toContainEqual({
      siteId: world.siteIds['01'],
      step: 'screen_failed@screening',
      number: 1,
      lastOn: '2026-02-20',
    })
    await expectSound(world.db)
  })

  it('after registration takes nothing from what was registered', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(leave(world, subjectId, 'died', '2026-04-01'))
    expect(await flowOn(world, '2026-06-24')).toMatchObject({ screened: 1, registered: 1, notRegistered: 0 })
    await expectSound(world.db)
  })

  it('that is refused leaves nothing', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const before = await storedOf(world.db, world.trialId)
    const codes = async (exit: Exit, on: string) =>
      (await refusalOf(leave(world, subjectId, exit, on))).map((problem) => problem.code)
    expect(await codes('screen_failed', '2026-04-01')).toEqual(['not_possible_from_state'])
    expect(await codes('died', '2026-03-01')).toEqual(['before_previous_step'])
    expect(await codes('died', '2026-06-25')).toEqual(['date_in_future'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await expectSound(world.db)
  })

  it('of another site’s subject, or by somebody who logs none, is refused as if there were no such subject', async () => {
    const world = await openSmallTrial(shared())
    const draft = exitDraft(world, await screened(world), 'declined', '2026-02-20')
    for (const person of [world.otherCoordinator, actor('pi', 'principal_investigator', world.trialId)]) {
      expect(await refusalOf(recordExit(world.context, person, draft))).toEqual([
        { field: '', code: 'subject_unknown' },
      ])
    }
  })

  it('of the same subject by two people at once, for two reasons: one stands', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    const outcomes = await Promise.all([
      leave(world, subjectId, 'declined', '2026-02-20'),
      leave(world, subjectId, 'screen_failed', '2026-02-20'),
    ])
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(1)
    expect(await listEvents(world.db, subjectId)).toHaveLength(2)
    await expectSound(world.db)
  })

  it('is refused to somebody who has not seen that the subject was registered meanwhile', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const [consent] = await listEvents(world.db, subjectId)
    const draft = { ...exitDraft(world, subjectId, 'withdrawn', '2026-04-01'), seenEventId: consent?.id ?? '' }
    expect((await refusalOf(recordExit(world.context, world.coordinator, draft))).map(({ code }) => code)).toEqual([
      'changed_meanwhile',
    ])
  })
})

describe('an outcome that nobody knows', () => {
  it('is unaccounted from its day on, and still in screening on the day before', async () => {
    const world = await openSmallTrial(shared())
    await done(leave(world, await screened(world), 'unaccounted', '2026-05-01'))
    expect(await flowOn(world, '2026-04-30')).toMatchObject({ inScreening: 1, unaccounted: 0 })
    expect(await flowOn(world, '2026-05-01')).toMatchObject({ inScreening: 0, unaccounted: 1 })
    await expectSound(world.db)
  })

  it('found out later is what it was found to be, from that day on; until then it stays unaccounted', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    await done(leave(world, subjectId, 'unaccounted', '2026-05-01'))
    await done(leave(world, subjectId, 'screen_failed', '2026-06-01'))
    expect(await flowOn(world, '2026-05-31')).toMatchObject({ unaccounted: 1, notRegistered: 0, inScreening: 0 })
    expect(await flowOn(world, '2026-06-01')).toMatchObject({ unaccounted: 0, notRegistered: 1, inScreening: 0 })
    await expectSound(world.db)
  })

  it('that is followed by a judgement of eligibility is in screening again', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    await done(leave(world, subjectId, 'unaccounted', '2026-05-01'))
    await done(
      recordMilestone(world.context, world.coordinator, eventDraft(world, subjectId, 'eligibility', '2026-06-01')),
    )
    expect(await flowOn(world, '2026-06-24')).toMatchObject({ screened: 1, inScreening: 1, unaccounted: 0 })
    await expectSound(world.db)
  })

  it('found out to have been a screen failure before anybody asked is one screen failure, and no longer unaccounted', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await screened(world)
    await done(leave(world, subjectId, 'unaccounted', '2026-05-01'))
    await done(leave(world, subjectId, 'screen_failed', '2026-03-01'))
    expect((await findSubject(world.db, world.trialId, subjectId, 'every'))?.state).toBe('screen_failed')
    expect(await flowOn(world, '2026-06-24')).toMatchObject({ screened: 1, notRegistered: 1, unaccounted: 0 })
    expect((await refusalOf(leave(world, subjectId, 'screen_failed', '2026-03-02'))).map(({ code }) => code)).toEqual([
      'not_possible_from_state',
    ])
    await expectSound(world.db)
  })
})
