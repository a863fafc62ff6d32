import { describe, expect, it } from 'vitest'
import { type Milestone, pathwayOf } from '../../server/domain/milestone.ts'
import { exits, exitsFrom, mayExit, mayReach, stateAfter, subjectStates } from '../../server/domain/subject-state.ts'
import { milestone } from './protocols.ts'

/**
 * The states and what may follow each, as the protocol's reviewer reads them. Beside the table of states in the
 * design: an outcome nobody knows (`unaccounted`) may follow until there is a registration and is answered by
 * whatever could have followed before it; who is eligible may still fail or refuse; a trial without a judgement
 * of eligibility registers from screening; a procedure may be done until the subject has left.
 */
const table: Record<string, { reach: string; exit: string; outcome?: 'ended' }> = {
  prescreened: { reach: 'screening', exit: 'prescreen_excluded declined' },
  prescreen_excluded: { reach: '', exit: '', outcome: 'ended' },
  screening: {
    reach: 'procedure eligibility provisional registration',
    exit: 'screen_failed declined died unaccounted',
  },
  unaccounted: { reach: 'procedure eligibility provisional registration', exit: 'screen_failed declined died' },
  eligible: { reach: 'procedure provisional registration', exit: 'screen_failed declined died unaccounted' },
  provisional: { reach: 'procedure registration', exit: 'excluded_after_provisional withdrawn died lost' },
  registered: { reach: 'procedure allocation treatment visit', exit: 'not_treated withdrawn died lost' },
  allocated: { reach: 'procedure treatment visit', exit: 'not_treated withdrawn died lost' },
  treated: { reach: 'procedure treatment visit', exit: 'completed withdrawn lost died' },
  not_treated: { reach: 'procedure visit', exit: 'completed withdrawn lost died' },
  follow_up: { reach: 'procedure treatment visit', exit: 'completed withdrawn lost died' },
  screen_failed: { reach: '', exit: '', outcome: 'ended' },
  declined: { reach: '', exit: '', outcome: 'ended' },
  excluded_after_provisional: { reach: '', exit: '', outcome: 'ended' },
  withdrawn_in_part: { reach: 'procedure visit', exit: 'completed withdrawn lost died' },
  completed: { reach: '', exit: '', outcome: 'ended' },
  withdrawn: { reach: '', exit: '', outcome: 'ended' },
  lost: { reach: '', exit: '', outcome: 'ended' },
  died: { reach: '', exit: '', outcome: 'ended' },
  void: { reach: '', exit: '', outcome: 'ended' },
}

/** A pathway with one milestone of each kind, the registration in two stages. */
const steps = {
  screening: milestone('screening', 'screening'),
  eligibility: milestone('eligibility', 'eligibility'),
  provisional: milestone('provisional', 'registration_stage'),
  registration: milestone('registration', 'registration_stage', { counting: 'target' }),
  allocation: milestone('allocation', 'allocation'),
  treatment: milestone('treatment', 'treatment'),
  procedure: milestone('procedure', 'procedure'),
  visit: milestone('visit', 'visit'),
} satisfies Record<string, Milestone>
const pathway = pathwayOf(Object.values(steps))

describe('what may follow a state', () => {
  it('the table has every state of the product, and no other', () => {
    expect(Object.keys(table).sort()).toEqual([...subjectStates].sort())
  })

  const reachable = subjectStates.flatMap((state) =>
    Object.entries(steps).map(([step, milestone]) => ({
      state,
      step,
      milestone,
      may: table[state]!.reach.split(' ').includes(step),
    })),
  )
  it.each(reachable)('$state, $step: $may', ({ state, milestone, may }) => {
    expect(mayReach(pathway, state, milestone)).toBe(may)
  })

  const leaving = subjectStates.flatMap((state) =>
    exits.map((exit) => ({ state, exit, may: table[state]!.exit.split(' ').includes(exit) })),
  )
  it.each(leaving)('$state, exit $exit: $may', ({ state, exit, may }) => {
    expect(mayExit(state, exit)).toBe(may)
    expect(exitsFrom(state).includes(exit)).toBe(may)
  })

  it('nothing follows a state in which the subject has left', () => {
    for (const [state, { outcome, reach, exit }] of Object.entries(table)) {
      if (outcome === 'ended') expect([state, reach, exit]).toEqual([state, '', ''])
    }
    const ended = subjectStates.filter((state) => table[state]!.outcome === 'ended')
    expect(ended.flatMap((state) => exitsFrom(state))).toEqual([])
  })

  it('the only registration of a one-stage trial follows screening or eligibility, never a registration', () => {
    const oneStage = pathwayOf([steps.screening, steps.registration])
    expect(subjectStates.filter((state) => mayReach(oneStage, state, steps.registration))).toEqual([
      'screening',
      'eligible',
      'unaccounted',
      'provisional',
    ])
  })
})

describe('the state that a milestone leads to', () => {
  const leadsTo: Record<keyof typeof steps, string | null> = {
    screening: 'screening',
    eligibility: 'eligible',
    provisional: 'provisional',
    registration: 'registered',
    allocation: 'allocated',
    treatment: 'treated',
    procedure: null,
    visit: 'follow_up',
  }

  it.each(Object.entries(leadsTo))('%s: %s', (step, expected) => {
    for (const state of subjectStates) {
      // Whoever withdrew in part and comes to a visit has still withdrawn.
      const stays = step === 'visit' && state === 'withdrawn_in_part' ? state : null
      expect(stateAfter(pathway, state, steps[step as keyof typeof steps])).toBe(stays ?? expected ?? state)
    }
  })
})
