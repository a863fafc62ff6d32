import { describe, expect, it } from 'vitest'
import {
  accrualBySite,
  afterRegistration,
  cumulative,
  type SiteCount,
  screeningFlow,
} from '../../server/domain/accrual.ts'
import { pathwayOf } from '../../server/domain/milestone.ts'
import { day, milestone, oneStage, twoStage } from './protocols.ts'

const counted = (siteId: string, step: string, number: number, lastOn = '2026-03-01'): SiteCount => ({
  siteId,
  step,
  number,
  lastOn: day(lastOn),
})

describe('the accrual of each site', () => {
  it('is given in the order of the sites, with what was screened, registered and treated there', () => {
    const counts = [
      counted('02', 'consent', 2, '2026-03-12'),
      counted('01', 'consent', 4, '2026-01-22'),
      counted('01', 'eligibility', 1, '2022-02-24'),
      counted('01', 'registration', 1, '2022-03-02'),
      counted('01', 'treatment', 1, '2022-03-23'),
      counted('02', 'registration', 1, '2024-10-24'),
    ]
    expect(accrualBySite(oneStage, ['01', '02'], counts)).toEqual([
      { siteId: '01', screened: 4, registered: 1, treated: 1, lastActivityOn: '2026-01-22' },
      { siteId: '02', screened: 2, registered: 1, treated: 0, lastActivityOn: '2026-03-12' },
    ])
  })

  it('is zeros without a last activity at a site that counts nothing', () => {
    expect(accrualBySite(oneStage, ['03'], [counted('01', 'consent', 4)])).toEqual([
      { siteId: '03', screened: 0, registered: 0, treated: 0, lastActivityOn: null },
    ])
  })

  it('counts toward registered only what counts toward the target: never a provisional registration', () => {
    const counts = [counted('01', 'provisional', 5), counted('01', 'final', 2)]
    expect(accrualBySite(twoStage, ['01'], counts)[0]).toMatchObject({ registered: 2 })
  })

  it('adds up every treatment of a pathway that has several', () => {
    const pathway = pathwayOf([
      milestone('consent', 'screening'),
      milestone('registration', 'registration_stage', { counting: 'target' }),
      milestone('left_leg', 'treatment'),
      milestone('right_leg', 'treatment'),
    ])
    const counts = [counted('01', 'left_leg', 2), counted('01', 'right_leg', 1)]
    expect(accrualBySite(pathway, ['01'], counts)[0]).toMatchObject({ treated: 3 })
  })

  it('that nobody knows an outcome is no activity; that somebody left is', () => {
    const unknown = [counted('01', 'consent', 1, '2025-06-12'), counted('01', 'unaccounted@screening', 1, '2026-06-24')]
    expect(accrualBySite(oneStage, ['01'], unknown)[0]?.lastActivityOn).toBe('2025-06-12')
    const failed = [...unknown, counted('01', 'screen_failed@unaccounted', 1, '2026-05-02')]
    expect(accrualBySite(oneStage, ['01'], failed)[0]?.lastActivityOn).toBe('2026-05-02')
  })
})

describe('the running total', () => {
  it('1 on 2022-03-02 and 1 on 2024-10-24: 1, then 2, whatever the order of the days', () => {
    const days = [
      { date: day('2024-10-24'), number: 1 },
      { date: day('2022-03-02'), number: 1 },
    ]
    expect(cumulative(days)).toEqual([
      { date: '2022-03-02', number: 1 },
      { date: '2024-10-24', number: 2 },
    ])
    expect(days[0]?.date).toBe('2024-10-24')
  })

  it('rises by as many as there were on the day', () => {
    const days = [2, 0, 3].map((number, index) => ({ date: day(`2026-01-0${index + 1}`), number }))
    expect(cumulative(days).map(({ number }) => number)).toEqual([2, 2, 5])
  })

  it('of nothing is nothing', () => {
    expect(cumulative([])).toEqual([])
  })
})

describe('the flow of a one-stage trial', () => {
  it('the extension request: 6 screened are 2 registered, 2 in screening and 2 of whom nobody knows', () => {
    const counts = [
      counted('01', 'consent', 3),
      counted('02', 'consent', 2),
      counted('03', 'consent', 1),
      counted('01', 'registration', 1),
      counted('02', 'registration', 1),
      counted('01', 'unaccounted@screening', 1),
      counted('03', 'unaccounted@screening', 1),
      counted('01', 'completed@follow_up', 1),
    ]
    expect(screeningFlow(oneStage, counts)).toEqual({
      screened: 6,
      provisional: null,
      registered: 2,
      inScreening: 2,
      notRegistered: 0,
      leftBefore: { failed: 0, declined: 0, died: 0 },
      unaccounted: 2,
    })
  })

  it('tells those who left before registration from those who left after it', () => {
    const counts = [
      counted('01', 'consent', 9),
      counted('01', 'registration', 3),
      counted('01', 'screen_failed@screening', 1),
      counted('01', 'declined@eligible', 1),
      counted('01', 'died@screening', 1),
      counted('01', 'died@treated', 1),
      counted('01', 'withdrawn@registered', 1),
    ]
    expect(screeningFlow(oneStage, counts)).toMatchObject({ registered: 3, notRegistered: 3, inScreening: 3 })
  })

  it('an unknown outcome that became a screen failure is a screen failure', () => {
    const counts = [
      counted('01', 'consent', 1),
      counted('01', 'unaccounted@screening', 0),
      counted('01', 'screen_failed@unaccounted', 1),
    ]
    expect(screeningFlow(oneStage, counts)).toMatchObject({ notRegistered: 1, unaccounted: 0, inScreening: 0 })
  })

  it('of no counts is all zeros', () => {
    expect(screeningFlow(oneStage, [])).toEqual({
      screened: 0,
      provisional: null,
      registered: 0,
      inScreening: 0,
      notRegistered: 0,
      leftBefore: { failed: 0, declined: 0, died: 0 },
      unaccounted: 0,
    })
  })
})

describe('the flow of a two-stage trial', () => {
  const counts = [
    counted('01', 'consent', 20),
    counted('01', 'provisional', 17),
    counted('01', 'final', 12),
    counted('01', 'excluded_after_provisional@provisional', 2),
    counted('01', 'withdrawn@provisional', 1),
    counted('01', 'declined@screening', 1),
    counted('01', 'lost@follow_up', 1),
  ]

  it('17 provisional are 12 registered, 3 who left in between and 2 who wait', () => {
    expect(screeningFlow(twoStage, counts).provisional).toEqual({ ever: 17, waiting: 2, excluded: 3 })
  })

  it('20 screened are 17 provisional, 1 not registered and 2 in screening: provisional is never registered', () => {
    expect(screeningFlow(twoStage, counts)).toMatchObject({
      screened: 20,
      registered: 12,
      inScreening: 2,
      notRegistered: 1,
      leftBefore: { failed: 0, declined: 1, died: 0 },
      unaccounted: 0,
    })
  })
})

describe('after registration', () => {
  it('5 registered, 4 treated; 1 completed, 1 withdrew, 1 died: 2 are under way', () => {
    const counts = [
      counted('01', 'registration', 3),
      counted('02', 'registration', 2),
      counted('01', 'treatment', 4),
      counted('02', 'not_treated@registered', 1),
      counted('01', 'completed@follow_up', 1),
      counted('01', 'withdrawn@treated', 1),
      counted('02', 'died@registered', 1),
      counted('02', 'died@screening', 3),
    ]
    const left = { completed: 1, withdrawn: 1, lost: 0, died: 1, underWay: 2 }
    expect(afterRegistration(oneStage, counts)).toEqual({ treated: 4, notTreated: 1, ...left })
  })

  it('who withdrew in part and then completed left once', () => {
    const counts = [
      counted('01', 'registration', 1),
      counted('01', 'withdrawn@treated', 1),
      counted('01', 'completed@withdrawn_in_part', 1),
    ]
    expect(afterRegistration(oneStage, counts)).toMatchObject({ withdrawn: 1, completed: 0, underWay: 0 })
  })

  it('a treatment that may be repeated is no number of subjects', () => {
    expect(afterRegistration(twoStage, [counted('01', 'treatment', 7)]).treated).toBeNull()
  })
})
