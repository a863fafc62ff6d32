import { describe, expect, it } from 'vitest'
import { adoptTerms } from '../../server/actions/adopt-terms.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listTerms } from '../../server/db/trial-terms.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { approvedOn, day, termsOf } from '../domain/protocols.ts'
import {
  done,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  sharedDatabase,
  storedOf,
} from './small-trial.ts'

const shared = sharedDatabase()

const extension = termsOf({
  version: 2,
  targetNumber: 15,
  registrationUntil: day('2029-07-18'),
  studyUntil: day('2032-07-18'),
  costBearer: 'patient',
  plan: { startsOn: day('2026-07-19'), startsAtNumber: 2, reachesNumber: 13 },
  effectiveFrom: day('2026-07-19'),
  approval: approvedOn('2026-06-12'),
  assumption: { ja: '有効になる日は仮定。', en: 'Effective date assumed.' },
})
const adopt = (world: SmallTrial, terms = extension) => adoptTerms(world.context, world.manager, world.trialId, terms)

describe('a new version of the terms', () => {
  it('stands beside the first, which stays as it was', async () => {
    const world = await openSmallTrial(shared())
    expect(await done(adopt(world))).toEqual({ version: 2 })
    expect(await listTerms(world.db, world.trialId)).toEqual([termsOf(), extension])
    await expectSound(world.db)
  })

  it('is one audit entry: terms are added, never edited', async () => {
    const world = await openSmallTrial(shared())
    const before = (await storedOf(world.db, world.trialId)).entries.length
    await done(adopt(world))
    const entries = await listAuditEntries(world.db, world.trialId, { before: null, limit: 100 })
    expect(entries.length).toBe(before + 1)
    expect(entries[0]).toMatchObject({
      event: 'terms_adopted',
      table: 'trial_terms',
      before: null,
      after: { version: 2, target_number: 15 },
      actorRole: 'data_manager',
    })
  })

  it('must be the next: 0, 1 and 3 are refused, and leave nothing', async () => {
    const world = await openSmallTrial(shared())
    const before = await storedOf(world.db, world.trialId)
    for (const version of [0, 1, 3]) {
      expect(await refusalOf(adopt(world, { ...extension, version }))).toEqual([
        { field: 'version', code: 'version_not_next', values: { next: 2 } },
      ])
    }
    expect(await listTerms(world.db, world.trialId)).toEqual([termsOf()])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('entered by two people at once is entered once', async () => {
    const world = await openSmallTrial(shared())
    const outcomes = await Promise.all([adopt(world), adopt(world, { ...extension, targetNumber: 20 })])
    expect(outcomes.filter(isRefused).flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual([
      'version_not_next',
    ])
    expect((await listTerms(world.db, world.trialId)).map(({ version }) => version)).toEqual([1, 2])
    await expectSound(world.db)
  })

  it('may have an approval without a day, and no approval at all', async () => {
    const world = await openSmallTrial(shared())
    const undated = { ...extension, approval: approvedOn(null), assumption: null }
    await done(adopt(world, undated))
    await done(adopt(world, { ...extension, version: 3, approval: null }))
    const versions = await listTerms(world.db, world.trialId)
    expect(versions[1]).toEqual(undated)
    expect(versions[2]?.approval).toBeNull()
    await expectSound(world.db)
  })
})
