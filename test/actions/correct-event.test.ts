import { describe, expect, it } from 'vitest'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { countByDay } from '../../server/db/daily-counts.ts'
import { listEvents, listWithdrawnEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { CorrectionDraft } from '../../server/domain/correction.ts'
import {
  done,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  registered,
  type SmallTrial,
  sharedDatabase,
  storedOf,
  today,
} from './small-trial.ts'

const shared = sharedDatabase()

async function eventId(world: SmallTrial, subjectId: string, code: string): Promise<string> {
  const events = await listEvents(world.db, subjectId)
  return events.find(({ what }) => what.kind === 'milestone' && what.code === code)?.id ?? ''
}

async function draftFor(
  world: SmallTrial,
  subjectId: string,
  code: string,
  on: string,
  differences: Partial<CorrectionDraft> = {},
): Promise<CorrectionDraft> {
  return {
    trialId: world.trialId,
    subjectId,
    eventId: await eventId(world, subjectId, code),
    occurredOn: calendarDate(on),
    reason: 'transcription',
    note: null,
    seenEventId: null,
    ...differences,
  }
}

const correct = (world: SmallTrial, draft: CorrectionDraft) => correctEvent(world.context, world.coordinator, draft)

describe('a correction', () => {
  it('keeps the old value, the new value, who, when and why', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const draft = await draftFor(world, subjectId, 'registration', '2026-03-04')
    await done(correct(world, draft))

    expect((await listEvents(world.db, subjectId)).map(({ occurredOn }) => occurredOn)).toContain('2026-03-04')
    expect(await listWithdrawnEvents(world.db, [subjectId])).toMatchObject([
      { id: draft.eventId, occurredOn: '2026-03-02', because: 'transcription', inWords: null },
    ])
    const entries = await listAuditEntries(world.db, world.trialId, { before: null, limit: 3 })
    expect(entries.map(({ event }) => event)).toEqual(['event_corrected', 'event_corrected', 'event_corrected'])
    expect(entries[2]).toMatchObject({ recordId: draft.eventId, reason: 'transcription', actorName: 'coordinator' })
    await expectSound(world.db)
  })

  it('moves the count to the right day', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(correct(world, await draftFor(world, subjectId, 'registration', '2026-03-04')))
    const days = await countByDay(world.db, world.trialId, 'registration', today)
    expect(days.filter(({ number }) => number !== 0)).toEqual([{ date: '2026-03-04', number: 1 }])
  })

  it("of the consent moves the subject's consent date with it", async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(correct(world, await draftFor(world, subjectId, 'consent', '2026-02-09')))
    expect((await findSubject(world.db, world.trialId, subjectId, 'every'))?.consentedOn).toBe('2026-02-09')
    await expectSound(world.db)
  })

  it('may follow another one: every earlier value stays', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(correct(world, await draftFor(world, subjectId, 'registration', '2026-03-04')))
    const again = { reason: 'other' as const, note: '監査での指摘' }
    await done(correct(world, await draftFor(world, subjectId, 'registration', '2026-03-03', again)))
    const withdrawn = await listWithdrawnEvents(world.db, [subjectId])
    expect(withdrawn.map(({ occurredOn, inWords }) => [occurredOn, inWords])).toEqual([
      ['2026-03-04', '監査での指摘'],
      ['2026-03-02', null],
    ])
  })
})

describe('a correction is refused, and changes nothing,', () => {
  it.each([
    ['before the step it follows', '2026-02-01', {}, 'order_changed'],
    ['in the future', '2026-06-25', {}, 'date_in_future'],
    ['to the date that stands there', '2026-03-02', {}, 'date_unchanged'],
    ['outside the registration period', '2027-01-01', {}, 'date_in_future'],
    ['for another reason without words', '2026-03-04', { reason: 'other' }, 'note_missing'],
    ['of an event that is not the subject’s', '2026-03-04', { eventId: 'nobody' }, 'event_unknown'],
    ['after somebody else recorded something', '2026-03-04', { seenEventId: 'older' }, 'changed_meanwhile'],
  ] as const)('%s', async (_what, on, differences, code) => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const draft = await draftFor(world, subjectId, 'registration', on, differences)
    const before = await storedOf(world.db, world.trialId)
    expect((await refusalOf(correct(world, draft))).map((problem) => problem.code)).toEqual([code])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it("of another site's subject", async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    const draft = await draftFor(world, subjectId, 'registration', '2026-03-04')
    const problems = await refusalOf(correctEvent(world.context, world.otherCoordinator, draft))
    expect(problems.map(({ code }) => code)).toEqual(['subject_unknown'])
  })
})

describe('a correction onto the day of the step after it', () => {
  it('changes the day and nothing else: who was registered stays registered', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(correct(world, await draftFor(world, subjectId, 'eligibility', '2026-03-02')))
    expect(await findSubject(world.db, world.trialId, subjectId, 'every')).toMatchObject({
      state: 'registered',
      registrationNumber: 1,
    })
    await expectSound(world.db)
  })

  it('leaves the other steps possible that were possible before', async () => {
    const world = await openSmallTrial(shared())
    const subjectId = await registered(world)
    await done(correct(world, await draftFor(world, subjectId, 'eligibility', '2026-03-02')))
    const draft = eventDraft(world, subjectId, 'treatment', '2026-03-23')
    await done(recordMilestone(world.context, world.coordinator, draft))
    await expectSound(world.db)
  })
})
