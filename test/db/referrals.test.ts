import { describe, expect, it } from 'vitest'
import { recordConsent } from '../../server/actions/record-consent.ts'
import { recordPrescreening } from '../../server/actions/record-prescreening.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { countAround } from '../../server/db/daily-counts.ts'
import { countByReferral, countReferredAround } from '../../server/db/referrals.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { yieldBySource } from '../../server/domain/referral.ts'
import {
  actor,
  done,
  eventDraft,
  openSmallTrial,
  registered,
  type SmallTrial,
  screened,
  sharedDatabase,
  today,
} from '../actions/small-trial.ts'

const shared = sharedDatabase()

async function candidate(world: SmallTrial, referralSource: string): Promise<string> {
  const entered = { number: null, enteredOn: calendarDate('2026-02-01'), note: null, basis: 'recorded' as const }
  const draft = { trialId: world.trialId, siteId: world.siteIds['01'], ...entered, referralSource }
  return (await done(recordPrescreening(world.context, world.manager, draft))).subjectId
}

describe('what sources brought', () => {
  it('is counted without reading anybody: candidates, screened, registered; a void entry nowhere', async () => {
    const world = await openSmallTrial(shared())
    const { context, db, manager, trialId, consentVersionId } = world
    await registered(world, { referralSource: '紹介' })
    await screened(world, { referralSource: ' 紹介' })
    await candidate(world, '紹介')
    const asked = await candidate(world, '紹介')
    const { code: _, ...consent } = eventDraft(world, asked, '', '2026-02-10')
    await done(recordConsent(context, manager, { ...consent, consentVersionId }))
    const mistaken = await screened(world, { referralSource: '紹介' })
    const why = { reason: 'wrong_subject' as const, note: '別の人', seenEventId: null }
    await done(
      voidSubject(context, actor('another', 'data_manager', trialId), { trialId, subjectId: mistaken, ...why }),
    )
    expect(yieldBySource(await countByReferral(db, trialId))).toEqual([
      { source: '紹介', candidates: 2, screened: 3, registered: 1, failed: 0, waiting: 2, unaccounted: 0 },
    ])
  })
})

describe('screenings around a day', () => {
  it('are those from the first day up to the start, and from the start up to before the last, by either way of counting', async () => {
    const world = await openSmallTrial(shared())
    const { db, trialId, siteIds } = world
    const days = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01', '2026-05-31', '2026-06-01']
    for (const on of days) await screened(world, { consentedOn: calendarDate(on), referralSource: '紹介' })
    await screened(world, { siteId: siteIds['02'], consentedOn: calendarDate('2026-03-02') })
    const window = {
      from: calendarDate('2026-02-01'),
      start: calendarDate('2026-03-01'),
      until: calendarDate('2026-06-01'),
    }
    const bySite = await countAround(db, trialId, 'consent', window)
    expect(bySite.sort((a, b) => a.before - b.before)).toEqual([
      { siteId: siteIds['02'], before: 0, since: 1 },
      { siteId: siteIds['01'], before: 2, since: 2 },
    ])
    const bySource = await countReferredAround(db, trialId, window)
    expect(bySource.sort((a, b) => a.before - b.before)).toEqual([
      { siteId: siteIds['02'], source: null, before: 0, since: 1 },
      { siteId: siteIds['01'], source: '紹介', before: 2, since: 2 },
    ])
    expect(await countAround(db, trialId, 'consent', { ...window, from: today, start: today, until: today })).toEqual(
      [],
    )
  })
})
