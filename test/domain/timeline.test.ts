import { describe, expect, it } from 'vitest'
import { dayNumber } from '../../server/domain/calendar-date.ts'
import { pathwayOf } from '../../server/domain/milestone.ts'
import { dueKindsOf, monthAround, nextDue, timelineOf } from '../../server/domain/timeline.ts'
import { day, eventsOf, milestone, type Told } from './protocols.ts'

const after = (offsetDays: number) => ({ anchorCode: 'treatment', offsetDays, windowBeforeDays: 7, windowAfterDays: 7 })
const followed = pathwayOf([
  milestone('consent', 'screening', { necessity: 'required' }),
  milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
  milestone('treatment', 'treatment'),
  milestone('week_4', 'visit', { schedule: after(28) }),
  milestone('week_12', 'visit', { schedule: after(84) }),
])
const untilTreatment: Told[] = [
  ['consent', '2026-01-05'],
  ['registration', '2026-01-20'],
  ['treatment', '2026-02-01'],
]
const standings = (told: Told[], on: string) =>
  timelineOf(followed, eventsOf(...told), day(on)).map(({ standing }) => standing)

describe('a timeline', () => {
  it('has no windows before their anchor is reached', () => {
    expect(standings([['consent', '2026-01-05']], '2026-06-01')).toEqual([null, null, null, null, null])
  })

  it('week 4 is due on 2026-03-01, upcoming until 2026-03-08 and overdue from the day after', () => {
    const [, , , week4] = timelineOf(followed, eventsOf(...untilTreatment), day('2026-02-02'))
    expect(week4?.window?.dueDay).toBe(dayNumber(day('2026-03-01')))
    expect(standings(untilTreatment, '2026-03-08').slice(3)).toEqual(['upcoming', 'upcoming'])
    expect(standings(untilTreatment, '2026-03-09').slice(3)).toEqual(['overdue', 'upcoming'])
  })

  it('is missed once a later visit happened', () => {
    const told: Told[] = [...untilTreatment, ['week_12', '2026-04-26']]
    expect(standings(told, '2026-05-01').slice(3)).toEqual(['missed', 'on_time'])
  })

  it('says early, on time and late of what happened', () => {
    const at = (on: string) => standings([...untilTreatment, ['week_4', on]], '2026-12-01')[3]
    expect(['2026-02-21', '2026-02-22', '2026-03-08', '2026-03-09'].map(at)).toEqual([
      'early',
      'on_time',
      'on_time',
      'late',
    ])
  })

  it('expects nothing of somebody who left, and calls missed only what was over by then', () => {
    const told: Told[] = [...untilTreatment, ['exit:withdrawn', '2026-03-20']]
    expect(standings(told, '2026-12-01').slice(3)).toEqual(['missed', null])
  })
})

describe('what is due next', () => {
  it('is the earliest window that is still open or over', () => {
    expect(nextDue(timelineOf(followed, eventsOf(...untilTreatment), day('2026-04-30')))?.milestone.code).toBe('week_4')
    const told: Told[] = [...untilTreatment, ['week_4', '2026-03-01']]
    expect(nextDue(timelineOf(followed, eventsOf(...told), day('2026-04-30')))?.milestone.code).toBe('week_12')
  })

  it('is nothing where all is done', () => {
    const told: Told[] = [...untilTreatment, ['week_4', '2026-03-01'], ['week_12', '2026-04-26']]
    expect(nextDue(timelineOf(followed, eventsOf(...told), day('2026-04-30')))).toBeNull()
  })
})

describe('what is due', () => {
  const dueOn = (on: string, ...told: Told[]) => dueKindsOf(timelineOf(followed, eventsOf(...told), day(on)), day(on))

  it('week 4, from 2026-02-22 to 2026-03-08, is of both months it touches, and overdue from the day after', () => {
    expect(dueOn('2026-02-05', ...untilTreatment)).toEqual(['this_month'])
    expect(dueOn('2026-03-08', ...untilTreatment)).toEqual(['this_month'])
    expect(dueOn('2026-03-09', ...untilTreatment)).toEqual(['overdue', 'this_month'])
    expect(dueOn('2026-05-04', ...untilTreatment)).toEqual(['overdue', 'this_month'])
    expect(dueOn('2026-06-01', ...untilTreatment)).toEqual(['overdue'])
  })

  it('is nothing before any window’s month, once all is done, and for whoever left', () => {
    const done: Told[] = [...untilTreatment, ['week_4', '2026-03-01'], ['week_12', '2026-04-26']]
    expect(dueOn('2026-01-31', ['consent', '2026-01-05'])).toEqual([])
    expect(dueOn('2026-04-30', ...done)).toEqual([])
    expect(dueOn('2026-06-01', ...untilTreatment, ['exit:withdrawn', '2026-03-01'])).toEqual([])
  })

  it('a month is whole, in a leap year too', () => {
    expect(monthAround(day('2028-02-10'))).toEqual({ first: '2028-02-01', last: '2028-02-29' })
    expect(monthAround(day('2026-12-31'))).toEqual({ first: '2026-12-01', last: '2026-12-31' })
  })
})
