import { describe, expect, it } from 'vitest'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import {
  countSubjectsByState,
  findConsent,
  findSubject,
  isNumberTaken,
  lastOwnNumber,
  lastRegistrationNumber,
  lastSiteSequence,
  listSubjects,
  type SubjectQuery,
} from '../../server/db/subjects.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { ordersOf } from '../../server/domain/log-order.ts'
import type { Exit, SubjectState } from '../../server/domain/subject-state.ts'
import {
  done,
  eligible,
  eventDraft,
  openSmallTrial,
  registered,
  type SmallTrial,
  screened,
  sharedDatabase,
} from '../actions/small-trial.ts'
import { oneStage, said } from '../domain/protocols.ts'

const shared = sharedDatabase()

const everything: SubjectQuery = {
  scope: 'every',
  siteId: null,
  list: { by: 'every' },
  search: null,
  consented: null,
  order: 'number',
  direction: 'asc',
  limit: 100,
  offset: 0,
}

const numbersOf = async ({ db, trialId }: SmallTrial, query: Partial<SubjectQuery> = {}) =>
  (await listSubjects(db, trialId, { ...everything, ...query })).map(({ subject }) => subject.number)

/** Site 01 logs subjects under these numbers of its own, on one day after the other. */
async function openLog(...numbers: string[]): Promise<SmallTrial> {
  const world = await openSmallTrial(shared())
  for (const [index, number] of numbers.entries()) {
    await screened(world, { number, consentedOn: calendarDate(`2026-02-${String(28 - index).padStart(2, '0')}`) })
  }
  return world
}

/** A subject leaves, recorded by the data manager. */
async function left(world: SmallTrial, subjectId: string, exit: Exit, on: string): Promise<void> {
  const draft = { trialId: world.trialId, subjectId, exit, occurredOn: calendarDate(on), note: 'why' }
  await done(recordExit(world.context, world.manager, { ...draft, ...said, basis: 'recorded', seenEventId: null }))
}

/** Two subjects at site 01, one at site 02; and one in another trial, with a site of its own. */
async function openTwoTrials() {
  const world = await openSmallTrial(shared())
  const ids = {
    first: await registered(world),
    second: await screened(world),
    atOther: await eligible(world, { siteId: world.siteIds['02'] }),
  }
  const other = await openSmallTrial(world.db)
  const elsewhere = await screened(other)
  return { world, other, ids: { ...ids, elsewhere } }
}

describe('the scope of the reader', () => {
  it('of the whole trial shows every site’s subjects, and none of another trial', async () => {
    const { world } = await openTwoTrials()
    expect(await numbersOf(world)).toEqual([`${world.code}-01-001`, `${world.code}-01-002`, `${world.code}-02-001`])
  })

  it('of one site shows that site’s, of none nobody', async () => {
    const { world } = await openTwoTrials()
    expect(await numbersOf(world, { scope: [world.siteIds['01']] })).toEqual([
      `${world.code}-01-001`,
      `${world.code}-01-002`,
    ])
    expect(await numbersOf(world, { scope: [world.siteIds['02']] })).toEqual([`${world.code}-02-001`])
    expect(await numbersOf(world, { scope: [] })).toEqual([])
  })

  it('is not widened by asking for a site outside it', async () => {
    const { world } = await openTwoTrials()
    expect(await numbersOf(world, { scope: [world.siteIds['01']], siteId: world.siteIds['02'] })).toEqual([])
    expect(await numbersOf(world, { siteId: world.siteIds['02'] })).toEqual([`${world.code}-02-001`])
  })

  it('of another trial’s site shows nothing of this one', async () => {
    const { world, other } = await openTwoTrials()
    expect(await numbersOf(world, { scope: [other.siteIds['01']] })).toEqual([])
  })

  it('holds for a single subject: another site’s does not exist', async () => {
    const { world, ids } = await openTwoTrials()
    const find = (id: string, scope: SubjectQuery['scope']) => findSubject(world.db, world.trialId, id, scope)
    expect((await find(ids.atOther, 'every'))?.number).toBe(`${world.code}-02-001`)
    expect((await find(ids.atOther, [world.siteIds['02']]))?.number).toBe(`${world.code}-02-001`)
    expect(await find(ids.atOther, [world.siteIds['01']])).toBeNull()
    expect(await find(ids.atOther, [])).toBeNull()
  })

  it('another trial’s subject does not exist, and neither does one that never was', async () => {
    const { world, ids } = await openTwoTrials()
    expect(await findSubject(world.db, world.trialId, ids.elsewhere, 'every')).toBeNull()
    expect(await findSubject(world.db, world.trialId, 'no-such-subject', 'every')).toBeNull()
  })

  it('holds for the counts by state', async () => {
    const { world } = await openTwoTrials()
    const count = async (scope: SubjectQuery['scope'], siteId: string | null = null) => {
      const counts = await countSubjectsByState(world.db, world.trialId, {
        scope,
        siteId,
        search: null,
        consented: null,
      })
      return Object.fromEntries(counts.map(({ state, number }) => [state, number]))
    }
    expect(await count('every')).toEqual({ registered: 1, screening: 1, eligible: 1 })
    expect(await count([world.siteIds['02']])).toEqual({ eligible: 1 })
    expect(await count('every', world.siteIds['01'])).toEqual({ registered: 1, screening: 1 })
    expect(await count([])).toEqual({})
  })
})

describe('a list', () => {
  it('of some states has the subjects that are in them; the counts beside it are of every state', async () => {
    const { world } = await openTwoTrials()
    const list = (...states: SubjectState[]) => numbersOf(world, { list: { by: 'states', states } })
    expect(await list('screening', 'eligible')).toEqual([`${world.code}-01-002`, `${world.code}-02-001`])
    expect(await list('died')).toEqual([])
    const counts = await countSubjectsByState(world.db, world.trialId, everything)
    expect(counts.reduce((sum, { number }) => sum + number, 0)).toBe(3)
  })

  it('of the registered has whoever was registered for good, in whatever state they are now', async () => {
    const { world, ids } = await openTwoTrials()
    const registration = { list: { by: 'registration' } } as const
    expect(await numbersOf(world, registration)).toEqual([`${world.code}-01-001`])
    await left(world, ids.first, 'withdrawn', '2026-03-05')
    await left(world, ids.second, 'declined', '2026-03-05')
    expect(await numbersOf(world, registration)).toEqual([`${world.code}-01-001`])
    const counts = await countSubjectsByState(world.db, world.trialId, everything)
    expect(counts).toContainEqual({ state: 'withdrawn', number: 1, registered: 1 })
    expect(counts).toContainEqual({ state: 'declined', number: 1, registered: 0 })
  })
})

describe('a search', () => {
  it('finds a part of the number, in capitals or not', async () => {
    const world = await openLog('SSC-01-001', 'SSC-01-010', 'SSC-02-001')
    expect(await numbersOf(world, { search: '01-0' })).toEqual(['SSC-01-001', 'SSC-01-010'])
    expect(await numbersOf(world, { search: 'ssc-02' })).toEqual(['SSC-02-001'])
    expect(await numbersOf(world, { search: 'Ssc' })).toHaveLength(3)
    expect(await numbersOf(world, { search: 'nobody' })).toEqual([])
  })

  it('for %, _ or \\ means that character and no other', async () => {
    const world = await openLog('50%', 'A_B', 'A\\B', 'AXB', "O'B", '500')
    const found: [search: string, numbers: string[]][] = [
      ['%', ['50%']],
      ['_', ['A_B']],
      ['\\', ['A\\B']],
      ['A_B', ['A_B']],
      ['a_b', ['A_B']],
      ['A%B', []],
      ['\\%', []],
      ['%%', []],
      ["'", ["O'B"]],
      ["' or 1=1 --", []],
    ]
    for (const [search, numbers] of found) {
      expect(await numbersOf(world, { search }), search).toEqual(numbers)
      const counts = await countSubjectsByState(world.db, world.trialId, { ...everything, search })
      expect(
        counts.reduce((sum, { number }) => sum + number, 0),
        search,
      ).toBe(numbers.length)
    }
  })

  it('finds numbers in a site’s own script', async () => {
    const world = await openLog('症例-001', '症例-002', 'ABC-003')
    expect(await numbersOf(world, { search: '症例' })).toEqual(['症例-001', '症例-002'])
  })

  it('stays within the scope', async () => {
    const { world } = await openTwoTrials()
    expect(await numbersOf(world, { search: '001', scope: [world.siteIds['01']] })).toEqual([`${world.code}-01-001`])
  })
})

describe('the order', () => {
  it('by number, by consent or by the last event, either way; ties by number', async () => {
    const world = await openLog('D', 'A', 'C')
    const last = await screened(world, { number: 'B', consentedOn: calendarDate('2026-02-28') })
    await left(world, last, 'declined', '2026-03-05')
    // Consents: D and, logged after it, B on 02-28, A on 02-27, C on 02-26; the last event of B on 03-05.
    expect(await numbersOf(world, { order: 'number' })).toEqual(['A', 'B', 'C', 'D'])
    expect(await numbersOf(world, { order: 'number', direction: 'desc' })).toEqual(['D', 'C', 'B', 'A'])
    expect(await numbersOf(world, { order: 'consented' })).toEqual(['C', 'A', 'B', 'D'])
    expect(await numbersOf(world, { order: 'consented', direction: 'desc' })).toEqual(['B', 'D', 'A', 'C'])
    expect(await numbersOf(world, { order: 'last' })).toEqual(['C', 'A', 'D', 'B'])
    expect(await numbersOf(world, { order: 'last', direction: 'desc' })).toEqual(['B', 'D', 'A', 'C'])
  })

  it('by any milestone: its first day, ties by number, and whoever has not reached it last, either way', async () => {
    const world = await openLog('D', 'A')
    for (const [number, on] of [
      ['C', '2026-03-01'],
      ['B', '2026-03-10'],
    ] as const) {
      const draft = eventDraft(world, await screened(world, { number }), 'eligibility', on)
      await done(recordMilestone(world.context, world.manager, draft))
    }
    const order = 'on-eligibility'
    expect(await numbersOf(world, { order })).toEqual(['C', 'B', 'A', 'D'])
    expect(await numbersOf(world, { order, direction: 'desc' })).toEqual(['B', 'C', 'A', 'D'])
    expect(await numbersOf(world, { order: 'on-unheard-of' })).toEqual(['A', 'B', 'C', 'D'])
  })

  it('by state, in the order in which one passes through them', async () => {
    const world = await openLog('D', 'A')
    await eligible(world, { number: 'C' })
    const gone = await screened(world, { number: 'B' })
    await left(world, gone, 'declined', '2026-03-05')
    expect(await numbersOf(world, { order: 'state' })).toEqual(['A', 'D', 'C', 'B'])
    expect(await numbersOf(world, { order: 'state', direction: 'desc' })).toEqual(['B', 'C', 'A', 'D'])
  })

  it('within a period of consents are those who gave it on its days, the first and the last included', async () => {
    const world = await openLog('D', 'A', 'C')
    const consented = { from: calendarDate('2026-02-26'), until: calendarDate('2026-02-27') }
    expect(await numbersOf(world, { consented })).toEqual(['A', 'C'])
    const counts = await countSubjectsByState(world.db, world.trialId, { ...everything, consented })
    expect(counts).toEqual([{ state: 'screening', number: 2, registered: 0 }])
  })
})

describe('paging', () => {
  it('in every order: pages of two are the whole list, nobody twice and nobody missing', async () => {
    const world = await openSmallTrial(shared())
    for (const number of ['E', 'B', 'D', 'A', 'C']) await screened(world, { number })
    for (const order of ordersOf(oneStage)) {
      for (const direction of ['asc', 'desc'] as const) {
        const whole = await numbersOf(world, { order, direction })
        const pages: string[] = []
        for (let offset = 0; offset < 6; offset += 2) {
          pages.push(...(await numbersOf(world, { order, direction, limit: 2, offset })))
        }
        expect(pages, `${order} ${direction}`).toEqual(whole)
        expect([...pages].sort()).toEqual(['A', 'B', 'C', 'D', 'E'])
        expect(await numbersOf(world, { order, direction, limit: 2, offset: 6 })).toEqual([])
      }
    }
  })
})

describe('a subject in the list', () => {
  it('comes with its own events, in the order in which they happened', async () => {
    const { world, ids } = await openTwoTrials()
    const [first, second] = await listSubjects(world.db, world.trialId, everything)
    const steps = (events: typeof first extends undefined ? never : NonNullable<typeof first>['events']) =>
      events.map(({ what, occurredOn }) => [what.kind === 'milestone' && what.code, occurredOn])
    expect(steps(first!.events)).toEqual([
      ['consent', '2026-02-10'],
      ['eligibility', '2026-02-24'],
      ['registration', '2026-03-02'],
    ])
    expect(steps(second!.events)).toEqual([['consent', '2026-02-10']])
    expect(await listEvents(world.db, ids.first)).toEqual(first!.events)
    expect(first!.subject).toMatchObject({
      id: ids.first,
      siteId: world.siteIds['01'],
      state: 'registered',
      registrationNumber: 1,
      consentedOn: '2026-02-10',
      lastEventOn: '2026-03-02',
    })
  })

  it('keeps what was written down at consent', async () => {
    const world = await openSmallTrial(shared())
    const referred = await screened(world, { referralSource: '他の医療機関からの紹介' })
    const plain = await screened(world)
    expect(await findConsent(world.db, referred)).toEqual({
      consentVersionId: world.consentVersionId,
      referralSource: '他の医療機関からの紹介',
    })
    expect((await findConsent(world.db, plain)).referralSource).toBeNull()
  })
})

describe('numbers that were given', () => {
  it('are taken in their trial only, in small letters too', async () => {
    const { world, other } = await openTwoTrials()
    expect(await isNumberTaken(world.db, world.trialId, `${world.code}-01-001`)).toBe(true)
    expect(await isNumberTaken(world.db, world.trialId, `${world.code}-01-00`)).toBe(false)
    expect(await isNumberTaken(world.db, world.trialId, `${world.code.toLowerCase()}-01-001`)).toBe(true)
    expect(await isNumberTaken(world.db, other.trialId, `${world.code}-01-001`)).toBe(false)
  })

  it('the last one of a site and of the registrations, 0 before the first', async () => {
    const { world, other } = await openTwoTrials()
    expect(await lastSiteSequence(world.db, world.siteIds['01'])).toBe(2)
    expect(await lastSiteSequence(world.db, other.siteIds['02'])).toBe(0)
    const [of, at] = [
      { id: world.trialId, code: world.code },
      { id: world.siteIds['01'] ?? '', code: '01' },
    ]
    expect(await lastOwnNumber(world.db, of, at)).toBe(2)
    expect(await lastOwnNumber(world.db, { ...of, code: '%' }, at)).toBe(0)
    expect(await lastRegistrationNumber(world.db, world.trialId)).toBe(1)
    expect(await lastRegistrationNumber(world.db, other.trialId)).toBe(0)
  })
})
