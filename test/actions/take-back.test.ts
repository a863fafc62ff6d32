import { describe, expect, it } from 'vitest'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { takeBack } from '../../server/actions/take-back.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { countBySite } from '../../server/db/daily-counts.ts'
import { listEvents, listWithdrawnEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Exit, WithdrawalScope } from '../../server/domain/subject-state.ts'
import { said } from '../domain/protocols.ts'
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
  screeningDraft,
  sharedDatabase,
  storedOf,
  today,
} from './small-trial.ts'

const shared = sharedDatabase()

const stateOf = async (world: SmallTrial, id: string) =>
  (await findSubject(world.db, world.trialId, id, 'every'))?.state
const leave = (
  world: SmallTrial,
  id: string,
  exit: Exit,
  on: string,
  scope: readonly WithdrawalScope[] = said.scope,
) => {
  const { code: _, ...draft } = eventDraft(world, id, '', on)
  return recordExit(world.context, world.coordinator, { ...draft, ...said, scope, exit, note: '理由' })
}
const why = { reason: 'wrong_subject', note: '別の人の記録だった', seenEventId: null } as const
const back = async (world: SmallTrial, subjectId: string, eventId?: string) => {
  const id = eventId ?? (await listEvents(world.db, subjectId)).sort((a, b) => (a.id < b.id ? -1 : 1)).at(-1)?.id ?? ''
  return takeBack(world.context, world.coordinator, { trialId: world.trialId, subjectId, eventId: id, ...why })
}
const numbers = async (world: SmallTrial) =>
  Object.fromEntries((await countBySite(world.db, world.trialId, today)).map(({ step, number }) => [step, number]))

describe('taking back', () => {
  it('an exit opens the subject again: counted as before, the exit kept with its reason', async () => {
    const world = await openSmallTrial(shared())
    const id = await eligible(world)
    const before = await numbers(world)
    await done(leave(world, id, 'declined', '2026-03-01'))
    expect((await numbers(world))['declined@eligible']).toBe(1)
    await done(back(world, id))
    expect(await stateOf(world, id)).toBe('eligible')
    expect(await numbers(world)).toEqual(before)
    const [kept] = await listWithdrawnEvents(world.db, [id])
    expect(kept).toMatchObject({
      what: { kind: 'exit', exit: 'declined' },
      because: 'wrong_subject',
      inWords: why.note,
    })
    await expectSound(world.db)
  })

  it('a death that was recorded of the wrong person leaves the registration and its number as they were', async () => {
    const world = await openSmallTrial(shared())
    const id = await registered(world)
    await done(leave(world, id, 'died', '2026-04-01'))
    await done(back(world, id))
    expect(await findSubject(world.db, world.trialId, id, 'every')).toMatchObject({
      state: 'registered',
      registrationNumber: 1,
      lastEventOn: '2026-03-02',
    })
    await done(recordMilestone(world.context, world.coordinator, eventDraft(world, id, 'treatment', '2026-03-09')))
    await expectSound(world.db)
  })

  it.each([
    ['the opening entry', screened],
    ['a registration', registered],
  ] as const)('%s is refused: not_taken_back', async (_name, make) => {
    const world = await openSmallTrial(shared())
    const id = await make(world)
    const before = await storedOf(world.db, world.trialId)
    expect((await refusalOf(back(world, id))).map(({ code }) => code)).toEqual(['not_taken_back'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('anything but the last is refused, and so is a reason without words', async () => {
    const world = await openSmallTrial(shared())
    const id = await eligible(world)
    const [, judgement] = await listEvents(world.db, id)
    await done(leave(world, id, 'declined', '2026-03-01'))
    expect((await refusalOf(back(world, id, judgement?.id)))[0]?.code).toBe('not_taken_back')
    const draft = { trialId: world.trialId, subjectId: id, eventId: '', ...why, note: null }
    expect((await refusalOf(takeBack(world.context, world.coordinator, draft))).map(({ code }) => code)).toContain(
      'note_missing',
    )
  })
})

describe('a withdrawal', () => {
  it('after a registration has to say what it takes back: scope_missing', async () => {
    const world = await openSmallTrial(shared())
    const id = await registered(world)
    expect(await refusalOf(leave(world, id, 'withdrawn', '2026-04-01', []))).toEqual([
      { field: 'scope', code: 'scope_missing' },
    ])
  })

  it('of the treatment only leaves the visits: the subject is still seen, and has still withdrawn', async () => {
    const world = await openSmallTrial(shared())
    const id = await registered(world)
    await done(leave(world, id, 'withdrawn', '2026-04-01', ['treatment']))
    expect(await stateOf(world, id)).toBe('withdrawn_in_part')
    const treatment = eventDraft(world, id, 'treatment', '2026-04-02')
    expect((await refusalOf(recordMilestone(world.context, world.coordinator, treatment)))[0]?.code).toBe(
      'not_possible_from_state',
    )
    await done(recordMilestone(world.context, world.coordinator, eventDraft(world, id, 'week_12', '2026-05-25')))
    expect(await stateOf(world, id)).toBe('withdrawn_in_part')
    await done(leave(world, id, 'withdrawn', '2026-06-01', ['visits', 'data']))
    expect(await stateOf(world, id)).toBe('withdrawn')
    expect((await numbers(world)).registration).toBe(1)
    await expectSound(world.db)
  })
})

describe('a void', () => {
  const nobodyElse = (world: SmallTrial) => actor('second-manager', 'data_manager', world.trialId)
  const draft = (world: SmallTrial, subjectId: string) => ({ trialId: world.trialId, subjectId, ...why })

  it('takes the whole entry out of every count, keeps its numbers, and gives the registration number to nobody', async () => {
    const world = await openSmallTrial(shared())
    const first = await registered(world)
    await done(voidSubject(world.context, nobodyElse(world), draft(world, first)))
    expect(await numbers(world)).toEqual({ 'void@registered': 1 })
    expect(await findSubject(world.db, world.trialId, first, 'every')).toMatchObject({
      state: 'void',
      registrationNumber: 1,
    })
    const second = await registered(world)
    expect((await findSubject(world.db, world.trialId, second, 'every'))?.registrationNumber).toBe(2)
    await expectSound(world.db)
  })

  it('is refused to whoever recorded the entry or a registration of it: void_by_recorder', async () => {
    const world = await openSmallTrial(shared())
    const id = await screened(world)
    expect((await refusalOf(voidSubject(world.context, world.manager, draft(world, id))))[0]?.code).toBe(
      'void_by_recorder',
    )
    const mine = await eligible(world)
    const registrar = actor('registrar', 'data_manager', world.trialId)
    await done(recordRegistration(world.context, registrar, eventDraft(world, mine, 'registration', '2026-03-02')))
    expect((await refusalOf(voidSubject(world.context, registrar, draft(world, mine))))[0]?.code).toBe(
      'void_by_recorder',
    )
    await done(voidSubject(world.context, nobodyElse(world), draft(world, mine)))
  })

  it('is refused to the recorder after somebody else corrected the day, too', async () => {
    const world = await openSmallTrial(shared())
    const { subjectId } = await done(recordScreening(world.context, world.manager, screeningDraft(world)))
    const [opening] = await listEvents(world.db, subjectId)
    const mended = { trialId: world.trialId, subjectId, eventId: opening?.id ?? '', seenEventId: null, note: null }
    await done(
      correctEvent(world.context, world.coordinator, {
        ...mended,
        occurredOn: calendarDate('2026-02-12'),
        reason: 'transcription',
      }),
    )
    const refused = await refusalOf(voidSubject(world.context, world.manager, draft(world, subjectId)))
    expect(refused.map(({ code }) => code)).toEqual(['void_by_recorder'])
    await done(voidSubject(world.context, nobodyElse(world), draft(world, subjectId)))
    const [voided] = await listEvents(world.db, subjectId)
    const again = { ...mended, eventId: voided?.id ?? '', occurredOn: calendarDate('2026-02-13') }
    const late = await refusalOf(correctEvent(world.context, world.coordinator, { ...again, reason: 'transcription' }))
    expect(late.map(({ code }) => code)).toEqual(['void_stays'])
  })

  it('is refused to a coordinator as if there were no such subject, and a second time: already_void', async () => {
    const world = await openSmallTrial(shared())
    const id = await screened(world)
    expect(await refusalOf(voidSubject(world.context, world.coordinator, draft(world, id)))).toEqual([
      { field: '', code: 'subject_unknown' },
    ])
    await done(voidSubject(world.context, nobodyElse(world), draft(world, id)))
    expect((await refusalOf(voidSubject(world.context, nobodyElse(world), draft(world, id))))[0]?.code).toBe(
      'already_void',
    )
    expect((await refusalOf(back(world, id)))[0]?.code).toBe('not_taken_back')
  })
})
