import { describe, expect, it } from 'vitest'
import { recordAllocation } from '../../server/actions/record-allocation.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { listAllocations } from '../../server/db/allocations.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findSubject } from '../../server/db/subjects.ts'
import {
  actor,
  done,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  screened,
  sharedDatabase,
  twoStageMilestones,
} from './small-trial.ts'

const shared = sharedDatabase()
const both = (text: string) => ({ ja: text, en: text })
const arms = ['A', 'B'].map((code) => ({ code, label: both(`arm ${code}`), ratio: 1 }))

const openRandomised = () =>
  openSmallTrial(shared(), { milestones: twoStageMilestones, profile: { identifiers: [], arms, facts: [] } })
const statistician = (world: SmallTrial) => actor('statistician', 'unblinded_statistician', world.trialId)

async function waiting(world: SmallTrial): Promise<string> {
  const id = await screened(world)
  for (const [code, on] of [
    ['provisional', '2026-02-20'],
    ['final', '2026-03-02'],
  ] as const) {
    await done(recordRegistration(world.context, world.coordinator, eventDraft(world, id, code, on)))
  }
  return id
}
const allocate = (world: SmallTrial, id: string, armCode: string, who = statistician(world)) => {
  const { code: _, ...draft } = eventDraft(world, id, '', '2026-03-03')
  return recordAllocation(world.context, who, { ...draft, armCode, stratum: null })
}

describe('an allocation', () => {
  it('is written down once, and stands apart from the event that everybody may see', async () => {
    const world = await openRandomised()
    const id = await waiting(world)
    await done(allocate(world, id, 'B'))
    expect((await findSubject(world.db, world.trialId, id, 'every'))?.state).toBe('allocated')
    expect(await listAllocations(world.db, [id])).toEqual([{ subjectId: id, armCode: 'B', stratum: null }])
    const events = await world.db.selectFrom('subject_event').selectAll().where('subject_id', '=', id).execute()
    expect(events.map(({ step }) => step)).toContain('arm')
    await expectSound(world.db)
  })

  it('never changes: arm_never_changes', async () => {
    const world = await openRandomised()
    const id = await waiting(world)
    await done(allocate(world, id, 'A'))
    for (const arm of ['A', 'B']) {
      expect(await refusalOf(allocate(world, id, arm))).toEqual([
        { field: 'armCode', code: 'arm_never_changes', values: { on: '2026-03-03' } },
      ])
    }
  })

  it('comes after the registration, and to an arm of the trial', async () => {
    const world = await openRandomised()
    const early = await screened(world)
    expect((await refusalOf(allocate(world, early, 'A')))[0]?.code).toBe('allocation_before_registration')
    expect((await refusalOf(allocate(world, await waiting(world), 'C')))[0]?.code).toBe('arm_unknown')
    const single = await openSmallTrial(shared())
    expect((await refusalOf(allocate(single, await screened(single), 'A')))[0]?.code).toBe('no_allocation')
  })

  it('is nobody else’s to write down: not the coordinator’s, nor the principal investigator’s', async () => {
    const world = await openRandomised()
    const id = await waiting(world)
    for (const who of [world.coordinator, world.manager, actor('pi', 'principal_investigator', world.trialId)]) {
      expect(await refusalOf(allocate(world, id, 'A', who))).toEqual([{ field: '', code: 'subject_unknown' }])
    }
    await expect(
      recordMilestone(world.context, world.coordinator, eventDraft(world, id, 'arm', '2026-03-03')),
    ).rejects.toThrow('arm has a verb of its own')
  })

  it('to an arm that is full is refused: cap_reached_arm', async () => {
    const world = await openRandomised()
    const cap = { id: world.context.newId(), trial_id: world.trialId, site_id: null, soft_number: null }
    // The cap alone: nothing of it is audited here, and the database of this test is not looked through again.
    await engineOf(world.db)
      .writer.insertInto('cap')
      .values({ ...cap, arm_code: 'A', hard_number: 1 })
      .execute()
    await done(allocate(world, await waiting(world), 'A'))
    const next = await waiting(world)
    expect(await refusalOf(allocate(world, next, 'A'))).toEqual([
      { field: 'armCode', code: 'cap_reached_arm', values: { cap: 1, number: 1 } },
    ])
    await done(allocate(world, next, 'B'))
  })
})
