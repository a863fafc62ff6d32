import { describe, expect, it } from 'vitest'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordConsent } from '../../server/actions/record-consent.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordPrescreening } from '../../server/actions/record-prescreening.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { takeBack } from '../../server/actions/take-back.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { countBySite } from '../../server/db/daily-counts.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findSubject, listLinkedAttempts, listReconciliations } from '../../server/db/subjects.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { said } from '../domain/protocols.ts'
import {
  actor,
  done,
  eventDraft,
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

const candidateDraft = (world: SmallTrial, differences = {}) => ({
  trialId: world.trialId,
  siteId: world.siteIds['01'],
  number: null,
  enteredOn: calendarDate('2026-02-01'),
  referralSource: '皮膚科',
  note: null,
  basis: 'recorded' as const,
  ...differences,
})
const candidate = async (world: SmallTrial, differences = {}) =>
  (await done(recordPrescreening(world.context, world.coordinator, candidateDraft(world, differences)))).subjectId

const consent = (world: SmallTrial, subjectId: string, on: string, consentVersionId = world.consentVersionId) => {
  const { code: _, ...draft } = eventDraft(world, subjectId, '', on)
  return recordConsent(world.context, world.coordinator, { ...draft, consentVersionId })
}
const leave = (world: SmallTrial, subjectId: string, exit: 'screen_failed' | 'prescreen_excluded', on: string) => {
  const { code: _, ...draft } = eventDraft(world, subjectId, '', on)
  return recordExit(world.context, world.coordinator, { ...draft, ...said, exit, note: '基準を満たさない' })
}
const subjectOf = (world: SmallTrial, id: string) => findSubject(world.db, world.trialId, id, 'every')

describe('a candidate before consent', () => {
  it('has a number, a day and a source; it is in the screened pool, but not screened and not reconciled', async () => {
    const world = await openSmallTrial(shared())
    const id = await candidate(world)
    expect(await subjectOf(world, id)).toMatchObject({
      state: 'prescreened',
      number: `${world.code}-01-001`,
      enteredOn: '2026-02-01',
      consentedOn: null,
    })
    const counts = await countBySite(world.db, world.trialId, today)
    expect(counts.map(({ step, number }) => [step, number])).toEqual([['prescreened', 1]])
    const period = { from: calendarDate('2026-01-01'), until: today }
    const [own] = await listReconciliations(world.db, world.trialId, [world.siteIds['01']], period)
    expect(own?.started).toBe(0)
    await expectSound(world.db)
  })

  it('needs a source: a pool that nobody can trace counts nothing', async () => {
    const world = await openSmallTrial(shared())
    const draft = candidateDraft(world, { referralSource: '' })
    expect(await refusalOf(recordPrescreening(world.context, world.coordinator, draft))).toEqual([
      { field: 'referralSource', code: 'referral_source_missing' },
    ])
  })

  it('who consents goes on under the same number, screened on the day of consent', async () => {
    const world = await openSmallTrial(shared())
    const id = await candidate(world)
    expect((await refusalOf(consent(world, id, '2026-01-31')))[0]?.code).toBe('before_previous_step')
    expect((await refusalOf(consent(world, id, '2026-02-10', 'no-version')))[0]?.code).toBe('consent_version_unknown')
    await done(consent(world, id, '2026-02-10'))
    expect(await subjectOf(world, id)).toMatchObject({
      state: 'screening',
      enteredOn: '2026-02-01',
      consentedOn: '2026-02-10',
    })
    expect((await refusalOf(consent(world, id, '2026-02-11')))[0]?.code).toBe('already_recorded')
    await expectSound(world.db)
  })

  it('who is excluded was never screened', async () => {
    const world = await openSmallTrial(shared())
    const id = await candidate(world)
    expect((await refusalOf(leave(world, id, 'screen_failed', '2026-02-03')))[0]?.code).toBe('not_possible_from_state')
    await done(leave(world, id, 'prescreen_excluded', '2026-02-03'))
    expect((await subjectOf(world, id))?.state).toBe('prescreen_excluded')
    const steps = (await countBySite(world.db, world.trialId, today)).map(({ step }) => step)
    expect(steps).not.toContain('consent')
    await expectSound(world.db)
  })
})

describe('another attempt of the same person', () => {
  it('follows a failed one, with a number of its own, and is linked both ways', async () => {
    const world = await openSmallTrial(shared())
    const first = await screened(world)
    await done(leave(world, first, 'screen_failed', '2026-02-20'))
    const again = screeningDraft(world, { earlierAttemptId: first, consentedOn: calendarDate('2026-03-02') })
    const { subjectId } = await done(recordScreening(world.context, world.coordinator, again))
    const second = await subjectOf(world, subjectId)
    expect(second).toMatchObject({ attempt: 2, earlierAttemptId: first, number: `${world.code}-01-002` })
    const links = await listLinkedAttempts(world.db, { id: first, earlierAttemptId: null })
    expect([links.before, links.after?.id]).toEqual([null, subjectId])
  })

  it.each([
    ['one that is still under way', 'attempt_not_ended', {}],
    ['one of another site', 'attempt_unknown', { other: true }],
  ] as const)('is refused after %s', async (_name, code, { other = false }: { other?: boolean }) => {
    const world = await openSmallTrial(shared())
    const first = await screened(world, other ? { siteId: world.siteIds['02'] } : {})
    const before = await storedOf(world.db, world.trialId)
    const draft = screeningDraft(world, { earlierAttemptId: first, consentedOn: calendarDate('2026-03-02') })
    expect((await refusalOf(recordScreening(world.context, world.coordinator, draft))).map((one) => one.code)).toEqual([
      code,
    ])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })
})

describe('one person', () => {
  const again = (world: SmallTrial, earlierAttemptId: string) =>
    recordScreening(
      world.context,
      world.coordinator,
      screeningDraft(world, { earlierAttemptId, consentedOn: calendarDate('2026-03-02') }),
    )
  const back = async (world: SmallTrial, subjectId: string) => {
    const [last] = (await listEvents(world.db, subjectId)).sort((a, b) => (a.id > b.id ? -1 : 1))
    const why = { reason: 'wrong_subject', note: '別の人だった', seenEventId: null } as const
    return takeBack(world.context, world.coordinator, {
      trialId: world.trialId,
      subjectId,
      eventId: last?.id ?? '',
      ...why,
    })
  }

  it('has one attempt under way: a failure is not followed twice, and not taken back once it is followed', async () => {
    const world = await openSmallTrial(shared())
    const first = await screened(world)
    await done(leave(world, first, 'screen_failed', '2026-02-20'))
    const second = (await done(again(world, first))).subjectId
    const followed = [{ code: 'attempt_follows', values: { number: `${world.code}-01-002` } }]
    const before = await storedOf(world.db, world.trialId)
    expect(await refusalOf(again(world, first))).toMatchObject(followed)
    expect(await refusalOf(back(world, first))).toMatchObject(followed)
    expect(await storedOf(world.db, world.trialId)).toEqual(before)

    const other = actor('second-manager', 'data_manager', world.trialId)
    const why = { reason: 'wrong_subject', note: '誤って開始した', seenEventId: null } as const
    await done(voidSubject(world.context, other, { trialId: world.trialId, subjectId: second, ...why }))
    await done(back(world, first))
    expect((await subjectOf(world, first))?.state).toBe('screening')
  })

  it('begins the next attempt after the one before ended, also once a day is corrected', async () => {
    const world = await openSmallTrial(shared())
    const first = await screened(world)
    await done(leave(world, first, 'screen_failed', '2026-02-20'))
    const second = (await done(again(world, first))).subjectId
    const correct = async (subjectId: string, on: string) => {
      const [last] = (await listEvents(world.db, subjectId)).sort((a, b) => (a.id > b.id ? -1 : 1))
      const draft = { trialId: world.trialId, subjectId, eventId: last?.id ?? '', occurredOn: calendarDate(on) }
      const why = { reason: 'transcription', note: null, seenEventId: null } as const
      return refusalOf(correctEvent(world.context, world.coordinator, { ...draft, ...why }))
    }
    expect((await correct(second, '2026-02-19')).map(({ code }) => code)).toEqual(['before_previous_step'])
    expect((await correct(first, '2026-03-03')).map(({ code }) => code)).toEqual(['after_next_attempt'])
  })

  it('is not reopened at one site while another site has them', async () => {
    const world = await openSmallTrial(shared())
    const key = { candidateKey: 'K-1' }
    const first = (await done(recordScreening(world.context, world.coordinator, screeningDraft(world, key)))).subjectId
    await done(leave(world, first, 'screen_failed', '2026-02-20'))
    const elsewhere = screeningDraft(world, { ...key, siteId: world.siteIds['02'] })
    await done(recordScreening(world.context, world.manager, elsewhere))
    expect((await refusalOf(back(world, first))).map(({ code }) => code)).toEqual(['under_way_elsewhere'])
  })
})

describe('a consent', () => {
  it('is to a version that was approved by then', async () => {
    const approvedOn = calendarDate('2026-02-15')
    const label = { ja: '第2版', en: 'Version 2' }
    const versions = [{ label, approvedOn, basis: 'recorded' as const }]
    const world = await openSmallTrial(shared(), { consentVersions: versions })
    const on = (day: string) =>
      recordScreening(world.context, world.coordinator, screeningDraft(world, { consentedOn: calendarDate(day) }))
    expect(await refusalOf(on('2026-02-14'))).toEqual([
      { field: 'consentVersionId', code: 'consent_version_later', values: { approved: '2026-02-15' } },
    ])
    await done(on('2026-02-15'))
  })
})

describe('the matching key', () => {
  const keyed = (world: SmallTrial, site: '01' | '02', candidateKey: string, isDuplicateAcknowledged = false) =>
    recordScreening(
      world.context,
      world.manager,
      screeningDraft(world, { siteId: world.siteIds[site], candidateKey, isDuplicateAcknowledged }),
    )

  it('finds the same person at another site, however it is written, and lets them in once it is acknowledged', async () => {
    const world = await openSmallTrial(shared())
    await done(keyed(world, '01', 'Yamada 19500101'))
    expect(await refusalOf(keyed(world, '02', 'ｙａｍａｄａ　１９５００１０１'))).toEqual([
      { field: 'candidateKey', code: 'candidate_active_elsewhere' },
    ])
    expect((await refusalOf(keyed(world, '02', 'yamada\u200b 19500101')))[0]?.code).toBe('candidate_active_elsewhere')
    await done(keyed(world, '02', 'yamada19500101', true))
    await expectSound(world.db)
  })

  it('says nothing of the same site, of who has left, or of another trial', async () => {
    const world = await openSmallTrial(shared())
    const { subjectId } = await done(keyed(world, '01', 'a-key'))
    await done(keyed(world, '01', 'a-key'))
    await done(leave(world, subjectId, 'screen_failed', '2026-02-20'))
    expect((await refusalOf(keyed(world, '02', 'a-key')))[0]?.code).toBe('candidate_active_elsewhere')
    const other = await openSmallTrial(world.db)
    await done(keyed(other, '02', 'a-key'))
  })

  it('is stored nowhere: not in the rows, not in the audit trail', async () => {
    const world = await openSmallTrial(shared())
    await done(keyed(world, '01', 'unmistakable-key'))
    const stored = JSON.stringify(await storedOf(world.db, world.trialId))
    expect(stored).not.toContain('unmistakable')
    const { secret } = await world.db
      .selectFrom('trial_secret')
      .select('secret')
      .where('trial_id', '=', world.trialId)
      .executeTakeFirstOrThrow()
    expect(stored).not.toContain(secret)
  })
})
