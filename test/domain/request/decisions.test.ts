import { describe, expect, it } from 'vitest'
import { type DecidingBody, type Decision, verdictOf } from '../../../server/domain/request/decisions.ts'
import { termsApproved } from '../../../server/domain/request/terms-asked.ts'
import { day, termsOf } from '../protocols.ts'

const both = (text: string) => ({ ja: text, en: text })
const body = (id: string, items: number[], necessity: DecidingBody['necessity'] = 'needed'): DecidingBody => ({
  id,
  position: 1,
  name: both(id),
  necessity,
  items,
  basis: 'recorded',
})
let position = 0
const decision = (bodyId: string, items: number[], decidedOn: string, outcome: Decision['outcome'] = 'approved') => {
  position += 1
  const dates = { metOn: null, decidedOn: day(decidedOn), notifiedOn: null }
  return {
    id: `${position}`,
    bodyId,
    position,
    items,
    outcome,
    ...dates,
    text: null,
    source: both('notice'),
    basis: 'recorded',
  } satisfies Decision
}

describe('the verdict of several bodies', () => {
  const committee = body('committee', [1, 2, 3, 4, 5])
  const board = body('board', [5])

  it('is an approval only when each needed body approved each of its items, by the decision that came last', () => {
    const decisions = [decision('committee', [1, 2, 3, 4], '2026-01-23'), decision('committee', [5], '2026-06-12')]
    expect(verdictOf([committee], decisions)).toMatchObject({ result: 'approved', last: { decidedOn: '2026-06-12' } })
    expect(verdictOf([committee], decisions.slice(0, 1))).toMatchObject({ result: 'pending', waitingFor: [committee] })
    expect(verdictOf([committee, board], decisions)).toMatchObject({
      result: 'pending',
      waitingFor: [board],
      last: null,
    })
    const later = [...decisions, decision('board', [5], '2026-07-31', 'approved_with_conditions')]
    expect(verdictOf([committee, board], later)).toMatchObject({
      result: 'approved_with_conditions',
      waitingFor: [],
      last: { decidedOn: '2026-07-31' },
    })
  })

  it('does not wait for those who are informed, and none is needed for a draft without bodies', () => {
    const decisions = [decision('committee', [1, 2, 3, 4, 5], '2026-06-12')]
    expect(verdictOf([committee, body('board', [5], 'informed')], decisions).result).toBe('approved')
    expect(verdictOf([], decisions).result).toBe('pending')
  })

  it('is a refusal as soon as one of them refuses', () => {
    const decisions = [
      decision('committee', [1, 2, 3, 4, 5], '2026-06-12'),
      decision('board', [5], '2026-07-01', 'refused'),
    ]
    expect(verdictOf([committee, board], decisions).result).toBe('refused')
    expect(verdictOf([committee, body('board', [5], 'informed')], decisions).result).toBe('approved')
  })

  it('takes the statement that was recorded first where one decision is told twice', () => {
    const one = body('committee', [5])
    const decisions = [decision('committee', [5], '2026-06-12'), decision('committee', [5], '2026-05-29')]
    expect(verdictOf([one], decisions).last?.decidedOn).toBe('2026-06-12')
  })
})

describe('terms that were approved', () => {
  const asked = {
    targetNumber: 12,
    registrationFrom: day('2021-07-19'),
    registrationUntil: day('2029-07-18'),
    studyUntil: day('2032-07-18'),
    costBearer: 'patient',
    effectiveFrom: day('2026-07-19'),
    basis: 'recorded',
    assumption: null,
  } as const
  const promise = { registeredNumber: 2, statedTotal: 13 }

  it.each([
    ['2026-06-12', '2026-07-19'],
    ['2026-07-31', '2026-07-31'],
  ])('on %s are in force from %s', (approvedOn, from) => {
    const approval = { decision: decision('c', [5], approvedOn), body: body('c', [5]) }
    const terms = termsApproved(asked, promise, approval, termsOf({ reviewIntervalMonths: 12 }), 3)
    expect(terms).toMatchObject({
      version: 3,
      effectiveFrom: from,
      registrationUntil: '2029-07-18',
      reviewIntervalMonths: 12,
      plan: { startsOn: from, startsAtNumber: 2, reachesNumber: 13 },
      approval: { body: both('c'), approvedOn, document: both('notice') },
    })
  })
})
