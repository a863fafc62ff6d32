import { describe, expect, it } from 'vitest'
import { attestNothingToReport } from '../../server/actions/attest-nothing-to-report.ts'
import { countByMonth, listAttestations } from '../../server/db/attestations.ts'
import {
  chainLength,
  done,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  screened,
  sharedDatabase,
  today,
} from './small-trial.ts'

const shared = sharedDatabase()

const say = (world: SmallTrial, month: string, siteId = world.siteIds['01']) =>
  attestNothingToReport(world.context, world.coordinator, { trialId: world.trialId, siteId, month })

describe('"nothing this month"', () => {
  it('is kept with its audit entry; said again, it changes nothing', async () => {
    const world = await openSmallTrial(shared())
    await done(say(world, '2026-05'))
    const length = await chainLength(world.db, world.trialId)
    await done(say(world, '2026-05'))
    expect(await listAttestations(world.db, world.trialId, '2026-01', today)).toEqual([
      { siteId: world.siteIds['01'], month: '2026-05' },
    ])
    expect(await chainLength(world.db, world.trialId)).toBe(length)
    await expectSound(world.db)
  })

  it('is refused of a month with a screening, which counts as a report', async () => {
    const world = await openSmallTrial(shared())
    await screened(world)
    expect((await refusalOf(say(world, '2026-02'))).map(({ code }) => code)).toEqual(['month_has_events'])
    expect(await countByMonth(world.db, world.trialId, '2026-01', today)).toEqual([
      { siteId: world.siteIds['01'], month: '2026-02', events: 1 },
    ])
  })

  it("is refused of another coordinator's site", async () => {
    const world = await openSmallTrial(shared())
    const problems = await refusalOf(say(world, '2026-05', world.siteIds['02']))
    expect(problems.map(({ code }) => code)).toEqual(['site_unknown'])
  })
})
