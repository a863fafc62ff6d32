/**
 * The life of a change request: a table of what may follow what. Several bodies may decide on one request; it is
 * approved only when all of those whose approval it needs have approved.
 */
import type { CalendarDate } from '../calendar-date.ts'
import type { Problem } from '../parsed.ts'

export const requestStates = [
  'draft',
  'submitted',
  'inquiry',
  'approved',
  'approved_with_conditions',
  'refused',
  'withdrawn',
] as const
export type RequestState = (typeof requestStates)[number]

/** What a reader is told: approved terms come into force by themselves when their day comes. */
export const requestStandings = [...requestStates, 'in_force'] as const
export type RequestStanding = (typeof requestStandings)[number]

export const requestSteps = [
  'change',
  'submit',
  'inquire',
  'answer_some',
  'answer_all',
  /** A decision that leaves others to wait for, or that comes after all of those needed. */
  'decide_in_part',
  'approve',
  'approve_with_conditions',
  'refuse',
  'demand',
  'withdraw',
] as const
export type RequestStep = (typeof requestSteps)[number]

const afterApproval = (state: RequestState) =>
  ({ inquire: state, answer_some: state, answer_all: state, decide_in_part: state, demand: state }) as const

const table: Record<RequestState, Partial<Record<RequestStep, RequestState>>> = {
  draft: { change: 'draft', submit: 'submitted', withdraw: 'withdrawn' },
  submitted: {
    inquire: 'inquiry',
    decide_in_part: 'submitted',
    approve: 'approved',
    approve_with_conditions: 'approved_with_conditions',
    refuse: 'refused',
    demand: 'submitted',
    withdraw: 'withdrawn',
  },
  inquiry: {
    inquire: 'inquiry',
    answer_some: 'inquiry',
    answer_all: 'submitted',
    decide_in_part: 'inquiry',
    approve: 'approved',
    approve_with_conditions: 'approved_with_conditions',
    refuse: 'refused',
    demand: 'inquiry',
    withdraw: 'withdrawn',
  },
  // Other bodies may still ask, and decide for themselves.
  approved: afterApproval('approved'),
  approved_with_conditions: afterApproval('approved_with_conditions'),
  refused: {},
  withdrawn: {},
}

/** The state after a step; null where the step is not possible: nothing follows a refusal, a draft is not asked about. */
export function stateAfter(state: RequestState, step: RequestStep): RequestState | null {
  return table[state][step] ?? null
}

/** Why a step cannot be taken now: an empty list where it can. */
export function stepProblems(state: RequestState, step: RequestStep): Problem[] {
  if (stateAfter(state, step) !== null) return []
  return [{ field: '', code: 'request_step_impossible', values: { requestState: state } }]
}

/** Whether a request stands before others: everything but a draft, and what was withdrawn. */
export function isAsked(state: RequestState): boolean {
  return state !== 'draft' && state !== 'withdrawn'
}

export function isApproved(state: RequestState): boolean {
  return state === 'approved' || state === 'approved_with_conditions'
}

/** How it stands on a day: approved terms are in force from their own day on. */
export function standingOn(state: RequestState, inForceFrom: CalendarDate | null, on: CalendarDate): RequestStanding {
  return isApproved(state) && inForceFrom !== null && inForceFrom <= on ? 'in_force' : state
}
