import { expect, it } from 'vitest'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { joining, transact } from '../../server/db/write.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { milestone, termsOf } from '../domain/protocols.ts'
import {
  done,
  eventDraft,
  expectSound,
  openSmallTrial,
  type SmallTrial,
  screeningDraft,
  sharedDatabase,
} from './small-trial.ts'

const shared = sharedDatabase()

/** Consent and registration, nothing between. */
const milestones = [
  milestone('consent', 'screening', { necessity: 'required' }),
  milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
]

/** So many in screening, half at each site; written down in one transaction, because that is not what is tested. */
function manyScreened(world: SmallTrial, number: number): Promise<string[]> {
  return done(
    transact(world.context, world.manager, world.trialId, async (write) => {
      const inside = joining(world.context, write)
      const ids: string[] = []
      for (let index = 0; index < number; index++) {
        const siteId = world.siteIds[index % 2 === 0 ? '01' : '02']
        ids.push((await done(recordScreening(inside, world.manager, screeningDraft(world, { siteId })))).subjectId)
      }
      return { value: ids }
    }),
  )
}

const register = (world: SmallTrial, subjectId: string, who = world.manager) =>
  recordRegistration(world.context, who, eventDraft(world, subjectId, 'registration', '2026-03-02'))

it('1,000 registrations at once: every number from 1 to 1,000 is given once', async () => {
  const terms = termsOf({ targetNumber: 2000 })
  const world = await openSmallTrial(shared(), { milestones, terms })
  const ids = await manyScreened(world, 1000)
  const outcomes = await Promise.all(ids.map((id) => done(register(world, id))))
  const numbers = outcomes.map(({ registrationNumber }) => registrationNumber ?? 0)
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
  await expectSound(world.db)
}, 180_000)

it('two coordinators and the last free place: one registers, the other is told that it is full', async () => {
  const world = await openSmallTrial(shared(), { milestones, terms: termsOf({ targetNumber: 1 }) })
  for (const [index] of Array.from({ length: 10 }).entries()) {
    const trial =
      index === 0 ? world : await openSmallTrial(world.db, { milestones, terms: termsOf({ targetNumber: 1 }) })
    const [mine, theirs] = await manyScreened(trial, 2)
    const outcomes = await Promise.all([
      register(trial, mine ?? '', trial.coordinator),
      register(trial, theirs ?? '', trial.otherCoordinator),
    ])
    expect(outcomes.filter((outcome) => !isRefused(outcome))).toHaveLength(1)
    expect(outcomes.flatMap((outcome) => (isRefused(outcome) ? outcome.problems : []))).toEqual([
      { field: 'what', code: 'target_reached', values: { target: 1 } },
    ])
  }
  await expectSound(world.db)
}, 60_000)
