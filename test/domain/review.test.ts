/** In which state each review of a trial is, what stands against signing, and what is too much for a page. */
import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import {
  commentProblems,
  listedReviews,
  measuresInForce,
  type ReviewSummary,
  signingProblems,
} from '../../server/domain/review.ts'

const day = calendarDate
const both = (text: string) => ({ ja: text, en: text })
const summary = (dueOn: string, state: 'open' | 'signed'): ReviewSummary => ({
  id: dueOn,
  dueOn: day(dueOn),
  termsVersion: 1,
  verdict: 'below',
  frozenAt: `${dueOn}T00:00:00.000Z`,
  signature:
    state === 'open'
      ? null
      : { name: both('A'), role: 'principal_investigator', meaning: 'agreed', signedAt: `${dueOn}T01:00:00.000Z` },
})
const schedule = ['2025-01-19', '2025-07-19', '2026-01-19', '2026-07-19', '2027-01-19', '2027-07-19'].map((dueOn) => ({
  dueOn: day(dueOn),
  termsVersion: 1,
}))

describe('the list', () => {
  const statesOn = (today: string, held: readonly ReviewSummary[]) => {
    const { waiting, earlier } = listedReviews(schedule, held, day(today))
    const told = (list: typeof waiting) => list.map(({ dueOn, state }) => `${dueOn} ${state}`)
    return { waiting: told(waiting), earlier: told(earlier) }
  }

  it('has the next one and those that wait on top, and of those to come only the next', () => {
    const held = [summary('2026-07-19', 'open'), summary('2026-01-19', 'signed')]
    expect(statesOn('2026-11-21', held)).toEqual({
      waiting: ['2027-01-19 upcoming', '2026-07-19 open'],
      earlier: ['2026-01-19 signed', '2025-07-19 missed', '2025-01-19 missed'],
    })
  })

  it('a day that has come is due, and missed only once a later review was held', () => {
    expect(statesOn('2025-07-19', [])).toEqual({
      waiting: ['2026-01-19 upcoming', '2025-07-19 due', '2025-01-19 due'],
      earlier: [],
    })
  })

  it('keeps a review that was held on a day which later terms do not ask for', () => {
    expect(statesOn('2025-02-01', [summary('2025-01-31', 'signed')]).earlier).toContain('2025-01-31 signed')
  })
})

describe('signing', () => {
  const measure = {
    id: 'm',
    category: 'information',
    title: both('leaflets'),
    siteIds: [],
    sources: [],
    startedOn: day('2026-08-01'),
    endedOn: null,
    owner: '',
    evidence: '',
    basis: 'recorded',
  } as const

  it('a verdict below asks for a measure that has begun; others do not', () => {
    const below = { verdict: 'below', signature: null } as const
    expect(signingProblems(below, [])).toEqual([{ field: 'measures', code: 'review_needs_measure' }])
    expect(signingProblems({ ...below, verdict: 'not_below' }, [])).toEqual([])
    expect(signingProblems(below, measuresInForce(['m'], [measure], day('2026-08-01')))).toEqual([])
    expect(measuresInForce(['m'], [measure], day('2026-07-31'))).toEqual([])
    expect(measuresInForce([], [measure], day('2026-08-01'))).toEqual([])
  })

  it('happens once, and nothing is said after it', () => {
    const signed = { ...summary('2026-01-19', 'signed'), comments: [] }
    expect(signingProblems(signed, []).map(({ code }) => code)).toEqual(['review_signed'])
    expect(commentProblems(signed, 'late').map(({ code }) => code)).toEqual(['review_signed'])
  })

  it('a page has room for two comments', () => {
    const comment = { id: 'c', text: 'x', name: both('A'), writtenAt: '' }
    expect(commentProblems({ signature: null, comments: [comment] }, 'more')).toEqual([])
    expect(commentProblems({ signature: null, comments: [comment, comment] }, 'more')[0]?.code).toBe(
      'review_comments_full',
    )
    expect(commentProblems({ signature: null, comments: [] }, '')[0]?.code).toBe('review_comment_missing')
  })
})
