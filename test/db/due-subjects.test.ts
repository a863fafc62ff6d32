/** Who is overdue or due this month: what the query leaves out, the timelines would leave out as well. */
import { expect, it } from 'vitest'
import { changePathway } from '../../server/actions/change-pathway.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { countTallied } from '../../server/db/daily-counts.ts'
import type { Db } from '../../server/db/database.ts'
import { listDueSubjects, listDueVisits } from '../../server/db/due-subjects.ts'
import { listMilestoneSettings } from '../../server/db/pathway-settings.ts'
import { listEventsOf } from '../../server/db/subject-events.ts'
import { findPathway } from '../../server/db/trials.ts'
import { addDays, type CalendarDate, fromDayNumber } from '../../server/domain/calendar-date.ts'
import { dueKindsOf, timelineOf } from '../../server/domain/timeline.ts'
import {
  done,
  eventDraft,
  expectSound,
  openSmallTrial,
  registered,
  type SmallTrial,
  screened,
  sharedDatabase,
  today,
  trialDraft,
} from '../actions/small-trial.ts'
import { day, milestone, said } from '../domain/protocols.ts'

const shared = sharedDatabase()

const after = (anchorCode: string, offsetDays: number, around = 7) => ({
  schedule: { anchorCode, offsetDays, windowBeforeDays: around, windowAfterDays: around },
})

/** Eligibility is due two weeks after the consent, week 4 and week 12 after the treatment. */
const scheduled = [
  milestone('consent', 'screening', { necessity: 'required' }),
  milestone('eligibility', 'eligibility', { necessity: 'required', ...after('consent', 14, 3) }),
  milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
  milestone('treatment', 'treatment'),
  milestone('week_4', 'visit', after('treatment', 28)),
  milestone('week_12', 'visit', after('treatment', 84)),
]

async function openScheduled(): Promise<SmallTrial> {
  return openSmallTrial(shared(), { ...trialDraft(), milestones: scheduled })
}

/** Registered on 2026-03-02, treated on a day, and seen on others. */
async function treated(world: SmallTrial, on: string, visits: readonly [string, string][] = []): Promise<string> {
  const id = await registered(world)
  for (const [code, date] of [['treatment', on] as const, ...visits]) {
    await done(recordMilestone(world.context, world.manager, eventDraft(world, id, code, date)))
  }
  return id
}

it('on every day they are those whose timelines say so, and their sites are told', async () => {
  const world = await openScheduled()
  const waiting = await screened(world)
  const atOther = await screened(world, { siteId: world.siteIds['02'], consentedOn: day('2026-06-05') })
  const untreated = await registered(world)
  const overdue = await treated(world, '2026-03-10')
  const seen = await treated(world, '2026-03-10', [['week_4', '2026-04-07']])
  const passed = await treated(world, '2026-03-10', [['week_12', '2026-06-02']])
  const gone = await treated(world, '2026-03-10')
  const exit = { trialId: world.trialId, subjectId: gone, exit: 'withdrawn' as const, occurredOn: day('2026-03-20') }
  const details = { ...said, note: 'why', basis: 'recorded' as const, seenEventId: null }
  await done(recordExit(world.context, world.manager, { ...exit, ...details }))
  const recent = await treated(world, '2026-05-20')
  const everybody = [waiting, atOther, untreated, overdue, seen, passed, gone, recent]
  const pathway = await findPathway(world.db, world.trialId)
  const events = await listEventsOf(world.db, everybody)

  for (let date = day('2026-02-01'); date < '2027-01-31'; date = addDays(date, 6)) {
    const due = await listDueSubjects(world.db, world.trialId, date)
    const byTimelines = everybody.flatMap((id) => {
      const kinds = dueKindsOf(timelineOf(pathway, events.get(id) ?? [], date), date)
      return kinds.length === 0 ? [] : [[id, kinds] as const]
    })
    const told = [...due].map(({ id, kinds }) => [id, kinds] as const)
    expect(told.sort(), date).toEqual(byTimelines.sort())
  }
  const now = await listDueSubjects(world.db, world.trialId, today)
  expect(now.find(({ id }) => id === waiting)).toEqual({ id: waiting, siteId: world.siteIds['01'], kinds: ['overdue'] })
  expect(now.find(({ id }) => id === atOther)?.siteId).toBe(world.siteIds['02'])
  expect(now.map(({ id }) => id)).not.toContain(untreated)
})

it('how many steps are due by day and site is what the timelines say, on every day', async () => {
  const world = await openScheduled()
  const here = [
    await screened(world),
    await treated(world, '2026-03-10'),
    await treated(world, '2026-03-10', [['week_4', '2026-04-07']]),
    await treated(world, '2026-05-20'),
  ]
  const other = [await screened(world, { siteId: world.siteIds['02'], consentedOn: day('2026-06-05') })]
  const pathway = await findPathway(world.db, world.trialId)
  const events = await listEventsOf(world.db, [...here, ...other])
  let seen = 0
  for (let date = day('2026-02-01'); date < '2026-09-30'; date = addDays(date, 6)) {
    const last = addDays(date, 60)
    const expected = [...here, ...other].flatMap((id) =>
      timelineOf(pathway, events.get(id) ?? [], date).flatMap(({ standing, window }) => {
        const dueOn = window === null ? null : fromDayNumber(window.dueDay)
        const isAhead = standing === 'upcoming' && dueOn !== null && dueOn >= date && dueOn <= last
        return isAhead ? [`${dueOn} ${world.siteIds[other.includes(id) ? '02' : '01']}`] : []
      }),
    )
    const due = await listDueVisits(world.db, world.trialId, date, 60)
    const told = due.flatMap(({ dueOn, siteId, count }) => Array<string>(count).fill(`${dueOn} ${siteId}`))
    expect(told.toSorted(), date).toEqual(expected.toSorted())
    expect(due.map(({ dueOn }) => dueOn)).toEqual(due.map(({ dueOn }) => dueOn).toSorted())
    seen += told.length
  }
  expect(seen).toBeGreaterThan(20)
})

/** How many are overdue by the roll-up, and by the list. */
async function overdueOn(world: SmallTrial, date: CalendarDate): Promise<[number, number]> {
  const { overdue } = await countTallied(world.db, world.trialId, date)
  const list = await listDueSubjects(world.db, world.trialId, date)
  return [overdue, list.filter(({ kinds }) => kinds.includes('overdue')).length]
}

it('the roll-up counts as many overdue as the list names, on every day, also after windows were changed', async () => {
  const world = await openScheduled()
  await screened(world)
  await screened(world, { siteId: world.siteIds['02'], consentedOn: day('2026-06-05') })
  await treated(world, '2026-03-10')
  await treated(world, '2026-03-10', [['week_4', '2026-04-20']])
  await treated(world, '2026-03-10', [['week_12', '2026-06-02']])
  await treated(world, '2026-05-20')
  const told = new Set<number>()
  const agree = async () => {
    for (let date = today; date < '2027-01-31'; date = addDays(date, 5)) {
      const [counted, listed] = await overdueOn(world, date)
      expect(counted, date).toBe(listed)
      told.add(counted)
    }
  }
  await agree()
  expect(told.size).toBeGreaterThan(1)

  const settings = await listMilestoneSettings(world.db, world.trialId)
  const week12 = settings.find(({ value }) => value.code === 'week_12')
  if (week12 === undefined) throw new Error('week 12 is in the pathway')
  const to = { milestone: { ...week12.value, ...after('treatment', 140) }, after: 'week_4' }
  const [before] = await overdueOn(world, today)
  await done(
    changePathway(world.context, world.manager, world.trialId, {
      do: 'change',
      id: week12.id,
      seen: week12.seen,
      to,
      reason: null,
    }),
  )
  expect((await overdueOn(world, today))[0]).toBeLessThan(before)
  await agree()
  await expectSound(world.db)
})

it('looks back: on a past day so many were overdue as had not been recorded by then', async () => {
  const world = await openScheduled()
  await treated(world, '2026-03-10', [['week_4', '2026-04-20']])
  const counted = async (date: string) => (await countTallied(world.db, world.trialId, day(date))).overdue
  expect(await Promise.all(['2026-04-14', '2026-04-15', '2026-04-19', '2026-04-20'].map(counted))).toEqual([0, 1, 1, 0])
})

it('recording what was overdue takes it off at once', async () => {
  const world = await openScheduled()
  const id = await treated(world, '2026-03-10')
  const dueNow = async () => (await listDueSubjects(world.db, world.trialId, today)).map(({ kinds }) => kinds)
  expect(await dueNow()).toEqual([['overdue', 'this_month']])
  await done(recordMilestone(world.context, world.manager, eventDraft(world, id, 'week_4', '2026-04-07')))
  await done(recordMilestone(world.context, world.manager, eventDraft(world, id, 'week_12', '2026-06-02')))
  expect(await dueNow()).toEqual([])
})

it('a pathway without windows has nobody due', async () => {
  const world = await openSmallTrial(shared())
  const id = await screened(world)
  await done(recordMilestone(world.context, world.manager, eventDraft(world, id, 'eligibility', '2026-02-24')))
  await done(recordRegistration(world.context, world.manager, eventDraft(world, id, 'registration', '2026-03-02')))
  expect(await listDueSubjects(world.db, world.trialId, today)).toEqual([])
})

it('after every change what is remembered is what somebody finds who remembers nothing', async () => {
  const world = await openScheduled()
  const { context, db, manager, trialId } = world
  const agree = async () => {
    const forgetful: Db = { selectFrom: db.selectFrom.bind(db) as Db['selectFrom'] }
    for (const date of [today, addDays(today, 40)]) {
      const due = (await listDueSubjects(db, trialId, date)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      expect(due).toEqual((await listDueSubjects(forgetful, trialId, date)).toSorted((a, b) => (a.id < b.id ? -1 : 1)))
      const visits = await listDueVisits(db, trialId, date, 60)
      expect(new Set(visits)).toEqual(new Set(await listDueVisits(forgetful, trialId, date, 60)))
    }
    return (await listDueSubjects(db, trialId, today)).length
  }
  const told = [await agree()]
  const first = await treated(world, '2026-05-20')
  told.push(await agree())
  const second = await treated(world, '2026-03-10')
  told.push(await agree())
  await done(recordMilestone(context, manager, eventDraft(world, second, 'week_12', '2026-06-02')))
  told.push(await agree())
  const gone = { trialId, subjectId: first, exit: 'withdrawn' as const, occurredOn: day('2026-06-20') }
  const details = { ...said, note: 'why', basis: 'recorded' as const, seenEventId: null }
  await done(recordExit(context, manager, { ...gone, ...details }))
  told.push(await agree())
  expect(told).toEqual([0, 1, 2, 1, 0])
  await treated(world, '2026-05-20')
  const milestones = await listMilestoneSettings(db, trialId)
  const week4 = milestones.find(({ value }) => value.code === 'week_4')
  if (week4 === undefined) throw new Error('week 4 is in the pathway')
  const to = { milestone: { ...week4.value, ...after('treatment', 40) }, after: 'treatment' }
  const change = { do: 'change' as const, id: week4.id, seen: week4.seen, to, reason: 'x' }
  await done(changePathway(context, manager, trialId, change))
  await agree()
})
