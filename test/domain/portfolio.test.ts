import { describe, expect, it } from 'vitest'
import type { Attainment } from '../../server/domain/attainment.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import {
  facetCounts,
  facetOf,
  inPortfolioOrder,
  portfolioOrders,
  type Standing,
} from '../../server/domain/portfolio.ts'
import type { Trial } from '../../server/domain/trial.ts'

const both = (text: string) => ({ ja: text, en: `${text} in English` })

function trial(code: string, differences: Partial<Trial> = {}): Trial {
  return {
    id: code,
    code,
    name: both(code),
    title: both(code),
    condition: both('a condition'),
    design: 'single_arm',
    riskClass: 'none',
    phase: null,
    timeZone: 'Asia/Tokyo',
    retentionYears: null,
    leastShown: null,
    ...differences,
  }
}

type Told = {
  verdict?: Attainment['verdict']
  overdue?: number
  dueSoon?: number
  silent?: number
  registered?: number
  until?: string
  chance?: number
  review?: string
}

function standing(code: string, told: Told = {}): Standing {
  const { verdict = 'likely', registered = 0, until = '2028-03-31', chance } = told
  const attainment = {
    verdict,
    registered,
    promised: { targetNumber: 10, registrationUntil: calendarDate(until) },
    forecast: chance === undefined ? null : { chance: { withDrift: chance, ifRateHeld: chance } },
  } as Attainment
  return {
    trial: trial(code),
    attainment,
    silentSites: { silent: told.silent ?? 0, open: 5 },
    obligations: { overdue: told.overdue ?? 0, dueSoon: told.dueSoon ?? 0 },
    nextReviewOn: told.review === undefined ? null : calendarDate(told.review),
  }
}

const codes = (standings: readonly Standing[]) => standings.map(({ trial: { code } }) => code).join(' ')

describe('the order of the portfolio', () => {
  it('by attention: what is overdue, then the verdict, then how much is overdue, silent and due soon', () => {
    const standings = [
      standing('quiet'),
      standing('soon', { dueSoon: 1 }),
      standing('silent', { silent: 2 }),
      standing('late', { overdue: 1 }),
      standing('later', { overdue: 3 }),
      standing('below', { verdict: 'below' }),
      standing('below-late', { verdict: 'below', overdue: 1 }),
      standing('reached', { verdict: 'reached', silent: 4 }),
    ]
    expect(codes(inPortfolioOrder(standings, 'attention'))).toBe(
      'below-late later late below silent soon quiet reached',
    )
  })

  it.each([
    ['code', 'a b c'],
    ['progress', 'b c a'],
    ['deadline', 'c a b'],
    ['chance', 'a b c'],
    ['review', 'b a c'],
    ['obligations', 'c a b'],
    ['silent', 'b a c'],
  ] as const)('by %s: %s', (order, expected) => {
    const standings = [
      standing('a', { registered: 9, until: '2027-01-01', chance: 0.1, review: '2027-05-01', overdue: 1 }),
      standing('b', { registered: 1, until: '2029-01-01', chance: 0.5, review: '2027-01-01', dueSoon: 9, silent: 2 }),
      standing('c', { registered: 2, until: '2026-01-01', overdue: 2 }),
    ]
    expect(codes(inPortfolioOrder(standings.toReversed(), order))).toBe(expected)
  })

  it('a trial without terms has its place in every order', () => {
    const bare: Standing = { ...standing('bare'), attainment: null }
    for (const order of portfolioOrders) {
      expect(codes(inPortfolioOrder([bare, standing('a'), standing('z')], order))).toMatch(/bare/)
    }
  })
})

describe('how many trials there are of each sort', () => {
  const trials = [
    trial('a', { phase: 'phase_2', condition: both('x') }),
    trial('b', { phase: 'phase_2', design: 'randomised', condition: both('y') }),
    trial('c', { condition: both('x') }),
  ]

  it('the most frequent first; those of which nothing is stated are counted as well', () => {
    const of = (facet: 'phase' | 'design' | 'condition') =>
      facetCounts(trials, facet).map(({ value, count }) => `${value} ${count}`)
    expect(of('phase')).toEqual(['phase_2 2', ' 1'])
    expect(of('design')).toEqual(['single_arm 2', 'randomised 1'])
    expect(of('condition')).toEqual(['x 2', 'y 1'])
  })

  it('each number leads to as many trials', () => {
    for (const facet of ['phase', 'design', 'condition', 'riskClass'] as const) {
      for (const { value, count } of facetCounts(trials, facet)) {
        expect(trials.filter((one) => facetOf(one, facet) === value)).toHaveLength(count)
      }
    }
  })
})
