import { describe, expect, it } from 'vitest'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { listEvents, listWithdrawnEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Exit, WithdrawalScope } from '../../server/domain/subject-state.ts'
import {
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
} from './small-trial.ts'

const shared = sharedDatabase()
const both = (text: string) => ({ ja: text, en: text })
const exitReasons = ['I1', 'E4', 'other'].map((code) => ({
  exit: 'screen_failed' as const,
  code,
  label: both(`reason ${code}`),
}))

type Said = { reasons?: string[]; note?: string | null; scope?: WithdrawalScope[] }
const leave = (world: SmallTrial, id: string, exit: Exit, { reasons = [], note = null, scope = [] }: Said) => {
  const { code: _, ...draft } = eventDraft(world, id, '', '2026-05-01')
  return recordExit(world.context, world.coordinator, { ...draft, exit, reasons, note, scope, measuredValue: null })
}

describe('coded reasons', () => {
  it('are kept in the order in which they were given, with the words beside them', async () => {
    const world = await openSmallTrial(shared(), { exitReasons })
    const id = await screened(world)
    await done(leave(world, id, 'screen_failed', { reasons: ['E4', 'I1'], note: '既往' }))
    expect((await listEvents(world.db, id)).at(-1)).toMatchObject({ reasons: ['E4', 'I1'], note: '既往', scope: [] })
    await expectSound(world.db)
  })

  it('are asked for: an exit without one is refused, and leaves nothing', async () => {
    const world = await openSmallTrial(shared(), { exitReasons })
    const id = await screened(world)
    const before = await storedOf(world.db, world.trialId)
    const codes = async (said: Said) =>
      (await refusalOf(leave(world, id, 'screen_failed', said))).map(({ code }) => code)
    expect(await codes({ note: 'words only' })).toEqual(['exit_reason_missing'])
    expect(await codes({ reasons: ['E9'] })).toEqual(['exit_reason_unknown'])
    expect(await codes({ reasons: ['other'] })).toEqual(['note_missing'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('that were wrong are corrected like a date: the old ones stay with the reason', async () => {
    const world = await openSmallTrial(shared(), { exitReasons })
    const id = await screened(world)
    await done(leave(world, id, 'screen_failed', { reasons: ['E4'] }))
    const wrong = (await listEvents(world.db, id)).at(-1)
    const draft = (reasons: string[]) => ({
      trialId: world.trialId,
      subjectId: id,
      eventId: wrong?.id ?? '',
      occurredOn: calendarDate('2026-05-01'),
      reason: 'source_corrected' as const,
      note: null,
      seenEventId: null,
      details: { reasons, measuredValue: null, scope: [], note: null },
    })
    const correct = (reasons: string[]) => correctEvent(world.context, world.coordinator, draft(reasons))
    expect((await refusalOf(correct(['E4'])))[0]?.code).toBe('date_unchanged')
    expect((await refusalOf(correct([])))[0]?.code).toBe('exit_reason_missing')
    await done(correct(['I1']))
    expect((await listEvents(world.db, id)).at(-1)).toMatchObject({ reasons: ['I1'], occurredOn: '2026-05-01' })
    expect(await listWithdrawnEvents(world.db, [id])).toMatchObject([{ reasons: ['E4'], because: 'source_corrected' }])
    await expectSound(world.db)
  })

  it('a withdrawal in part cannot be made a whole one where a visit followed: later_events_depend', async () => {
    const world = await openSmallTrial(shared())
    const id = await registered(world)
    await done(leave(world, id, 'withdrawn', { note: 'why', scope: ['treatment'] }))
    const exit = (await listEvents(world.db, id)).at(-1)
    const correct = (scope: WithdrawalScope[]) =>
      correctEvent(world.context, world.coordinator, {
        trialId: world.trialId,
        subjectId: id,
        eventId: exit?.id ?? '',
        occurredOn: calendarDate('2026-05-01'),
        reason: 'transcription',
        note: null,
        seenEventId: null,
        details: { reasons: [], measuredValue: null, scope, note: 'why' },
      })
    await done(recordMilestone(world.context, world.coordinator, eventDraft(world, id, 'week_12', '2026-05-25')))
    expect(await refusalOf(correct(['treatment', 'visits']))).toEqual([{ field: 'scope', code: 'later_events_depend' }])
    expect((await findSubject(world.db, world.trialId, id, 'every'))?.state).toBe('withdrawn_in_part')
  })
})
