/** Two clocks: when it happened and when it was known. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { courseOf, eventsBy, noDetails, type Subject } from '../../server/domain/subject.ts'
import {
  believedBefore,
  countsFrom,
  type EventVersion,
  endOfDay,
  eventsKnownAt,
  isOnList,
  stateCounts,
  subjectUnder,
} from '../../server/domain/two-clocks.ts'
import { wholeTallies } from '../../server/domain/whole-tallies.ts'
import { oneStage } from './protocols.ts'

const day = calendarDate
const tokyo = (date: string) => endOfDay('Asia/Tokyo', day(date))

function version(
  id: string,
  what: EventVersion['what'],
  on: string,
  recorded: string,
  withdrawn: string | null = null,
  originId = id,
): EventVersion {
  return {
    ...noDetails,
    id,
    originId,
    what,
    occurredOn: day(on),
    recordedAt: `${recorded}T03:00:00.000Z`,
    recordedBy: 'somebody',
    note: null,
    basis: 'recorded',
    withdrawnAt: withdrawn === null ? null : `${withdrawn}T03:00:00.000Z`,
  }
}
const reached = (code: string) => ({ kind: 'milestone' as const, code })
const left = (exit: 'unaccounted' | 'void' | 'screen_failed') => ({ kind: 'exit' as const, exit })

const person: Subject = {
  id: 's',
  siteId: 'a',
  number: 'T-01-001',
  registrationNumber: 1,
  state: 'registered',
  enteredOn: day('2026-02-10'),
  consentedOn: day('2026-02-10'),
  attempt: 1,
  earlierAttemptId: null,
  lastEventOn: day('2026-03-02'),
  basis: 'recorded',
}

/** Screened and registered in time; the registration was recorded a month late. */
const backDated = [
  version('1', reached('consent'), '2026-02-10', '2026-02-11'),
  version('2', reached('eligibility'), '2026-02-24', '2026-02-25'),
  version('3', reached('registration'), '2026-03-02', '2026-04-01'),
]
/** The consent was recorded as of the 10th, and on 1 May corrected to the 9th. */
const corrected = [
  version('1', reached('consent'), '2026-02-10', '2026-02-11', '2026-05-01'),
  version('2', reached('consent'), '2026-02-09', '2026-05-01', null, '1'),
]

describe('the end of a day', () => {
  it.each([
    ['Asia/Tokyo', '2026-06-24', '2026-06-24T15:00:00.000Z'],
    ['UTC', '2026-06-24', '2026-06-25T00:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['America/New_York', '2026-11-01', '2026-11-02T05:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-06-24', '2026-06-24T10:00:00.000Z'],
  ])('in %s, %s is over at %s', (zone, date, instant) => {
    expect(endOfDay(zone, day(date))).toBe(instant)
  })
})

describe('what was known', () => {
  it('a back-dated registration is not in it before it was recorded, on whatever day it happened', () => {
    const seen = (asOf: string, known: string) =>
      eventsKnownAt(backDated, { asOf: day(asOf), knownBefore: tokyo(known) }).map(({ id }) => id)
    expect(seen('2026-06-24', '2026-03-31')).toEqual(['1', '2'])
    expect(seen('2026-06-24', '2026-04-01')).toEqual(['1', '2', '3'])
    expect(seen('2026-03-01', '2026-06-24')).toEqual(['1', '2'])
    expect(seen('2026-02-09', '2026-06-24')).toEqual([])
  })

  it('shows the date that stood there before a correction, and the new one from the day of the correction', () => {
    const dates = (known: string) =>
      eventsKnownAt(corrected, { asOf: day('2026-06-24'), knownBefore: tokyo(known) }).map((event) => event.occurredOn)
    expect(dates('2026-02-10')).toEqual([])
    expect(dates('2026-04-30')).toEqual(['2026-02-10'])
    expect(dates('2026-05-01')).toEqual(['2026-02-09'])
  })

  it('an entry known to be a mistake counts on no day, and counted while nobody knew', () => {
    const voided = [...backDated, version('4', left('void'), '2026-05-01', '2026-05-01')]
    const state = (known: string) => {
      const events = eventsKnownAt(voided, { asOf: day('2026-03-31'), knownBefore: tokyo(known) })
      return subjectUnder(oneStage, person, events)?.state
    }
    expect(state('2026-04-30')).toBe('registered')
    expect(state('2026-05-01')).toBe('void')
    const asOfBefore = { asOf: day('2026-02-01'), knownBefore: null }
    expect(eventsKnownAt(voided, asOfBefore)).toEqual([])
  })

  it('a subject under both clocks has its registration number only with its registration', () => {
    const under = (known: string) =>
      subjectUnder(oneStage, person, eventsKnownAt(backDated, { asOf: day('2026-06-24'), knownBefore: tokyo(known) }))
    expect(under('2026-03-31')).toMatchObject({
      state: 'eligible',
      registrationNumber: null,
      lastEventOn: '2026-02-24',
    })
    expect(under('2026-04-01')).toMatchObject({ state: 'registered', registrationNumber: 1 })
    expect(under('2026-02-10')).toBeNull()
  })
})

describe('for every history', () => {
  const dates = fc
    .integer({ min: 0, max: 300 })
    .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10))
  const histories = fc
    .array(
      fc.record({ on: dates, recorded: dates, withdrawn: fc.option(dates) }).map(({ on, recorded, withdrawn }) => ({
        on,
        recorded,
        withdrawn: withdrawn !== null && withdrawn > recorded ? withdrawn : null,
      })),
      { maxLength: 12 },
    )
    .map((all) =>
      all.map(({ on, recorded, withdrawn }, index) => version(`${index}`, reached('consent'), on, recorded, withdrawn)),
    )
  const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id)

  it('what is known now is the present log, and the day alone filters it', () => {
    fc.assert(
      fc.property(histories, dates, (versions, asOf) => {
        const present = versions.filter(({ withdrawnAt }) => withdrawnAt === null)
        const now = tokyo('2027-01-01')
        expect(ids(eventsKnownAt(versions, { asOf: day('2027-01-01'), knownBefore: now }))).toEqual(ids(present))
        expect(ids(eventsKnownAt(versions, { asOf: day(asOf), knownBefore: null }))).toEqual(
          ids(eventsBy(present, day(asOf))),
        )
      }),
    )
  })

  it('every version is believed from its recording until its withdrawal, and at no other time', () => {
    fc.assert(
      fc.property(histories, dates, (versions, known) => {
        const believed = ids(believedBefore(versions, tokyo(known)))
        for (const { id, recordedAt, withdrawnAt } of versions) {
          const is = recordedAt.slice(0, 10) <= known && (withdrawnAt === null || withdrawnAt.slice(0, 10) > known)
          expect(believed.includes(id)).toBe(is)
        }
      }),
    )
  })
})

describe('counts from events', () => {
  const tallied = (versions: readonly EventVersion[], known: string) => ({
    siteId: 'a',
    tallies: courseOf(oneStage, believedBefore(versions, tokyo(known))).tallies,
    whole: wholeTallies(oneStage, believedBefore(versions, tokyo(known))),
  })

  it('say what was known then: screened 1, registered 0 until the registration was recorded', () => {
    const sums = (known: string) => {
      const { bySite, whole } = countsFrom([tallied(backDated, known)], 'registration', day('2026-06-24'))
      return [bySite.find(({ step }) => step === 'consent')?.number, whole.days]
    }
    expect(sums('2026-03-31')).toEqual([1, []])
    expect(sums('2026-04-01')).toEqual([1, [{ date: '2026-03-02', number: 1 }]])
  })

  it('leave out days on which everything was taken back', () => {
    const unknown = [
      version('1', reached('consent'), '2026-02-10', '2026-02-11'),
      version('2', left('unaccounted'), '2026-03-01', '2026-03-01'),
      version('3', left('screen_failed'), '2026-03-01', '2026-03-05'),
    ]
    const { bySite } = countsFrom([tallied(unknown, '2026-06-24')], 'registration', day('2026-06-24'))
    expect(bySite.map(({ step }) => step)).toEqual(['consent', 'screen_failed@unaccounted'])
  })

  it('by state, and by list; a void is no registration', () => {
    const voided = { ...person, state: 'void' as const }
    expect(stateCounts([person, voided, person])).toEqual([
      { state: 'registered', number: 2, registered: 2 },
      { state: 'void', number: 1, registered: 0 },
    ])
    expect(isOnList({ by: 'registration' }, voided)).toBe(false)
    expect(isOnList({ by: 'registration' }, person)).toBe(true)
    expect(isOnList({ by: 'states', states: ['screening'] }, person)).toBe(false)
  })
})
