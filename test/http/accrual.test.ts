/** The curve of a trial: the same object while nobody's registration changes, and never an old one, in whatever process. */
import { expect, it } from 'vitest'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { attestNothingToReport } from '../../server/actions/attest-nothing-to-report.ts'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { databaseAddress } from '../../server/config.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { accrualBy } from '../../server/http/accrual.ts'
import { done, eligible, openSmallTrial, registered, type SmallTrial, screened, today } from '../actions/small-trial.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

async function opened() {
  const address = await copyOf('empty')
  const open = () => openDatabase(databaseAddress(address))
  const [db, elsewhere] = [await open(), await open()]
  const world = await openSmallTrial(db)
  const there: SmallTrial = { ...world, db: elsewhere, context: testContext(elsewhere) }
  const ask = () => accrualBy(db, world.trialId, today)
  /** What somebody reads who remembers nothing. */
  const read = async () => {
    const fresh: Db = await open()
    const accrual = await accrualBy(fresh, world.trialId, today)
    await engineOf(fresh).close()
    return accrual
  }
  const close = () => Promise.all([db, elsewhere].map((one) => engineOf(one).close()))
  return { world, there, ask, read, close }
}

it('stands while others are screened and judged, here or in another process', async () => {
  const { world, there, ask, read, close } = await opened()
  await registered(world)
  const before = await ask()
  expect([before.days, before.attainment?.registered]).toEqual([[{ date: '2026-03-02', number: 1 }], 1])
  await screened(world)
  await eligible(there)
  expect(await ask()).toBe(before)
  expect(await read()).toEqual(before)
  await close()
})

it('is worked out anew after a registration, its correction and a void, and after a setting', async () => {
  const { world, there, ask, read, close } = await opened()
  const { trialId } = world
  let before = await ask()
  const subjectIds: string[] = []
  const registrationOf = async (subjectId: string) => {
    const eventId = (await listEvents(there.db, subjectId)).at(-1)?.id ?? ''
    return { trialId, subjectId, eventId, seenEventId: null, reason: 'transcription' as const, note: 'x' }
  }
  const changes: (() => Promise<unknown>)[] = [
    async () => subjectIds.push(await registered(there), await registered(there)),
    async () => {
      const said = { ...(await registrationOf(subjectIds[0] ?? '')), occurredOn: calendarDate('2026-03-09') }
      await done(correctEvent(there.context, there.manager, said))
    },
    async () => {
      const actor = { ...there.manager, personId: 'another', username: 'another' }
      const said = { trialId, subjectId: subjectIds[1] ?? '', seenEventId: null }
      await done(voidSubject(there.context, actor, { ...said, reason: 'wrong_subject', note: 'x' }))
    },
    () => {
      const version = { label: { ja: '第2版', en: 'Version 2' }, approvedOn: null, basis: 'recorded' as const }
      return done(addConsentVersion(there.context, there.manager, trialId, version))
    },
  ]
  const days: string[][] = []
  for (const change of changes) {
    await change()
    const after = await ask()
    expect(after).not.toBe(before)
    expect(after).toEqual(await read())
    days.push(after.days.map(({ date, number }) => `${date} ${number}`))
    before = after
  }
  expect(days).toEqual([['2026-03-02 2'], ['2026-03-02 1', '2026-03-09 1'], ['2026-03-09 1'], ['2026-03-09 1']])
  await attestNothingToReport(there.context, there.manager, { trialId, siteId: world.siteIds['01'], month: '2026-05' })
  expect(await ask()).toEqual(await read())
  await close()
})
