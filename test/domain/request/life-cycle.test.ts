import { describe, expect, it } from 'vitest'
import {
  type RequestState,
  type RequestStep,
  requestStates,
  requestSteps,
  standingOn,
  stateAfter,
  stepProblems,
} from '../../../server/domain/request/life-cycle.ts'
import { day } from '../protocols.ts'

/** What may follow what, as a reviewer reads it: a column for each step, the state after it, or nothing. */
const signed = `
                          change submit    inquire   answer_some answer_all decide_in_part approve  approve_with_conditions  refuse  demand    withdraw
draft                     draft  submitted -         -           -          -              -        -                        -       -         withdrawn
submitted                 -      -         inquiry   -           -          submitted      approved approved_with_conditions refused submitted withdrawn
inquiry                   -      -         inquiry   inquiry     submitted  inquiry        approved approved_with_conditions refused inquiry   withdrawn
approved                  -      -         approved  approved    approved   approved       -        -                        -       approved  -
approved_with_conditions  -      -         approved_with_conditions approved_with_conditions approved_with_conditions approved_with_conditions - - - approved_with_conditions -
refused                   -      -         -         -           -          -              -        -                        -       -         -
withdrawn                 -      -         -         -           -          -              -        -                        -       -         -
`
const [header, ...lines] = signed
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))

describe('the life of a change request', () => {
  it('has every state and every step in the signed table', () => {
    expect(lines.map(([state]) => state)).toEqual([...requestStates])
    expect(header).toEqual([...requestSteps])
  })

  it.each(lines.flatMap(([state, ...after]) => after.map((next, place) => [state, header?.[place], next])))(
    '%s, %s: %s',
    (state, step, next) => {
      const after = stateAfter(state as RequestState, step as RequestStep)
      expect(after ?? '-').toBe(next)
      expect(stepProblems(state as RequestState, step as RequestStep)).toHaveLength(next === '-' ? 1 : 0)
    },
  )

  it('brings approved terms into force by themselves on their day', () => {
    const from = day('2026-07-19')
    expect(standingOn('approved', from, day('2026-07-18'))).toBe('approved')
    expect(standingOn('approved', from, from)).toBe('in_force')
    expect(standingOn('approved', null, day('2030-01-01'))).toBe('approved')
    expect(standingOn('submitted', from, day('2030-01-01'))).toBe('submitted')
  })
})
