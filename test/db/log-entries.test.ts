/** Rows of the log that are kept: the same objects as long as the trail says nothing of them, and never an old one. */
import { expect, it } from 'vitest'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { takeBack } from '../../server/actions/take-back.ts'
import { databaseAddress } from '../../server/config.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { findLogEntry, listLogEntries } from '../../server/db/log-entries.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { done, eventDraft, openSmallTrial, screened } from '../actions/small-trial.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

async function twoScreened() {
  const address = await copyOf('empty')
  const db = await openDatabase(databaseAddress(address))
  const elsewhere = await openDatabase(databaseAddress(address))
  const world = await openSmallTrial(db)
  const ids = [await screened(world), await screened(world)] as const
  const rows = () => listLogEntries(db, world.trialId, ids)
  const close = () => Promise.all([db, elsewhere].map((one) => engineOf(one).close()))
  return { world, ids, rows, elsewhere, close }
}

it('the row of somebody of whom nothing was said is the same object, in the order that was asked for', async () => {
  const { world, ids, rows, close } = await twoScreened()
  const [first, second] = await rows()
  await done(recordMilestone(world.context, world.coordinator, eventDraft(world, ids[0], 'eligibility', '2026-03-01')))
  const [changed, same] = await rows()
  expect(same).toBe(second)
  expect(changed).not.toBe(first)
  expect([first?.subject.state, changed?.subject.state]).toEqual(['screening', 'eligible'])
  expect(await listLogEntries(world.db, world.trialId, [ids[1], 'nobody', ids[0]])).toEqual([same, changed])
  await close()
})

it('what another process writes is seen', async () => {
  const { world, ids, rows, elsewhere, close } = await twoScreened()
  await rows()
  const there = { ...testContext(elsewhere) }
  await done(recordMilestone(there, world.coordinator, eventDraft(world, ids[0], 'eligibility', '2026-03-01')))
  expect((await rows())[0]?.events).toHaveLength(2)
  const [, event] = await listEvents(elsewhere, ids[0])
  const why = { trialId: world.trialId, subjectId: ids[0], reason: 'transcription' as const, note: 'why' }
  await done(takeBack(there, world.manager, { ...why, eventId: event?.id ?? '', seenEventId: null }))
  const [row] = await rows()
  expect([row?.events.length, row?.withdrawn.length, row?.subject.state]).toEqual([1, 1, 'screening'])
  await close()
})

it('one of a trial is found, the same as on its page, and never one of another trial', async () => {
  const { world, ids, rows, close } = await twoScreened()
  const alone = await findLogEntry(world.db, world.trialId, ids[0])
  const [row] = await rows()
  expect(alone).toEqual(row)
  expect(await findLogEntry(world.db, world.trialId, ids[0])).toBe(row)
  const other = await openSmallTrial(world.db)
  expect(await findLogEntry(world.db, other.trialId, ids[0])).toBeNull()
  expect(await findLogEntry(world.db, world.trialId, 'nobody')).toBeNull()
  await close()
})
