import { describe, expect, it } from 'vitest'
import { changeCountermeasure } from '../../server/actions/change-countermeasure.ts'
import { endCountermeasure } from '../../server/actions/end-countermeasure.ts'
import { planCountermeasure } from '../../server/actions/plan-countermeasure.ts'
import { voidCountermeasure } from '../../server/actions/void-countermeasure.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listCountermeasureSettings, listCountermeasures } from '../../server/db/countermeasures.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { CountermeasureDraft } from '../../server/domain/countermeasure.ts'
import { done, expectSound, openSmallTrial, refusalOf, type SmallTrial, sharedDatabase } from './small-trial.ts'

const shared = sharedDatabase()

const draft = (differences: Partial<CountermeasureDraft> = {}): CountermeasureDraft => ({
  category: 'information',
  title: { ja: '研究会で周知', en: 'Meetings' },
  siteIds: [],
  sources: ['他院からの紹介'],
  startedOn: calendarDate('2026-03-01'),
  endedOn: null,
  owner: '研究責任医師',
  evidence: '議事録',
  basis: 'recorded',
  ...differences,
})

async function planned(world: SmallTrial, differences: Partial<CountermeasureDraft> = {}) {
  const { context, manager, trialId } = world
  await done(planCountermeasure(context, manager, trialId, draft(differences)))
  return current(world)
}

async function current({ db, trialId }: SmallTrial) {
  const [first] = await listCountermeasureSettings(db, trialId)
  if (first === undefined) throw new Error('none is listed')
  return first
}

const lastEntry = async ({ db, trialId }: SmallTrial) =>
  (await listAuditEntries(db, trialId, { before: null, limit: 1 }))[0]

describe('a countermeasure', () => {
  it('is written down with its scope, and listed with the newest start first', async () => {
    const world = await openSmallTrial(shared())
    await planned(world, { siteIds: [world.siteIds['02']] })
    await planned(world, { startedOn: calendarDate('2026-05-01'), sources: [] })
    const listed = await listCountermeasures(world.db, world.trialId)
    expect(listed.map(({ startedOn }) => startedOn)).toEqual(['2026-05-01', '2026-03-01'])
    expect(listed[1]).toEqual({
      ...draft({ siteIds: [world.siteIds['02']] }),
      id: listed[1]?.id,
    })
    expect(await lastEntry(world)).toMatchObject({ event: 'countermeasure_added', before: null })
    await expectSound(world.db)
  })

  it('is not taken at a site of another trial', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const elsewhere = planCountermeasure(context, manager, trialId, draft({ siteIds: ['somewhere'] }))
    expect(await refusalOf(elsewhere)).toEqual([{ field: 'siteIds', code: 'choice_missing' }])
  })

  it('is corrected with a reason; what stood before stays in the audit trail', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { id, seen } = await planned(world)
    const to = draft({ owner: '分担医師' })
    const change = (reason: string) => changeCountermeasure(context, manager, trialId, { id, seen, to, reason })
    expect(await refusalOf(change(''))).toEqual([{ field: 'reason', code: 'setting_missing' }])
    await done(change('交代のため'))
    expect((await current(world)).value.owner).toBe('分担医師')
    expect(await lastEntry(world)).toMatchObject({
      event: 'countermeasure_changed',
      reason: '交代のため',
      before: { owner: '研究責任医師' },
      after: { owner: '分担医師' },
    })
    expect(await refusalOf(change('もう一度'))).toEqual([{ field: '', code: 'setting_changed_meanwhile' }])
    await expectSound(world.db)
  })

  it('ends between its start and today; a correction can take the end back', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { id, seen } = await planned(world)
    const end = (day: string) => endCountermeasure(context, manager, trialId, { id, seen, endedOn: calendarDate(day) })
    expect((await refusalOf(end('2026-02-28')))[0]?.code).toBe('measure_ends_before_start')
    expect((await refusalOf(end('2026-06-25')))[0]?.code).toBe('date_in_future')
    await done(end('2026-06-24'))
    const ended = await current(world)
    expect(ended.value.endedOn).toBe('2026-06-24')
    const change = (differences: Partial<CountermeasureDraft>) =>
      changeCountermeasure(context, manager, trialId, { id, seen: ended.seen, to: draft(differences), reason: 'r' })
    const late = { startedOn: calendarDate('2026-06-25'), endedOn: calendarDate('2026-06-24') }
    expect((await refusalOf(change(late)))[0]?.code).toBe('measure_ends_before_start')
    await done(change({ endedOn: null }))
    expect((await current(world)).value.endedOn).toBeNull()
    await expectSound(world.db)
  })

  it('that was a mistake is void with a reason, and listed nowhere', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { id, seen } = await planned(world)
    const voiding = (reason: string) => voidCountermeasure(context, manager, trialId, { id, seen, reason })
    expect(await refusalOf(voiding(''))).toEqual([{ field: 'reason', code: 'setting_missing' }])
    await done(voiding('二重に記録した'))
    expect(await listCountermeasures(world.db, trialId)).toEqual([])
    expect(await lastEntry(world)).toMatchObject({ event: 'countermeasure_voided', reason: '二重に記録した' })
    expect(await refusalOf(voiding('もう一度'))).toEqual([{ field: '', code: 'setting_gone' }])
    await expectSound(world.db)
  })
})
