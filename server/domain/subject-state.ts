/**
 * The states of a subject and which event may follow which: one table, read by every verb and every page.
 * States are derived from events; nothing else sets them.
 */
import type { Milestone, MilestoneKind, Pathway } from './milestone.ts'

export const subjectStates = [
  'prescreened',
  'prescreen_excluded',
  'screening',
  'eligible',
  'screen_failed',
  'declined',
  'unaccounted',
  'provisional',
  'excluded_after_provisional',
  'registered',
  'allocated',
  'treated',
  'not_treated',
  'follow_up',
  'completed',
  'withdrawn_in_part',
  'withdrawn',
  'lost',
  'died',
  'void',
] as const
export type SubjectState = (typeof subjectStates)[number]

/**
 * Ways out of a pathway. `unaccounted`: nobody can say what became of the screening; it stays open for an answer.
 * `void`: the entry was a mistake and counts nowhere; it is a correction and has rules of its own.
 */
export const exits = [
  'prescreen_excluded',
  'screen_failed',
  'declined',
  'unaccounted',
  'excluded_after_provisional',
  'not_treated',
  'withdrawn',
  'lost',
  'died',
  'completed',
  'void',
] as const
export type Exit = (typeof exits)[number]

/** What a withdrawal takes back. Without the visits it is one in part: the subject is still seen. */
export const withdrawalScopes = ['treatment', 'visits', 'data'] as const
export type WithdrawalScope = (typeof withdrawalScopes)[number]

/** Whether the subject is on the way to a registration, so that somebody has to say what became of it. */
export function isWaiting(state: SubjectState): boolean {
  return state === 'screening' || state === 'eligible' || state === 'provisional'
}

/** Whether the state is one after the final registration, still under way or completed. */
export function isRegistered(state: SubjectState): boolean {
  const after: readonly SubjectState[] = ['registered', 'allocated', 'treated', 'not_treated', 'follow_up', 'completed']
  return after.includes(state) || state === 'withdrawn_in_part'
}

/** Whether the subject has left before completing. */
export function isEnded(state: SubjectState): boolean {
  return following[state] === ended && state !== 'completed'
}

/** Whether something may still be expected of the subject: nobody who left, completed or was a mistake is overdue. */
export function isUnderWay(state: SubjectState): boolean {
  return following[state].milestones.length > 0
}

/** What may follow a state. A registration stage is `provisional` or `registration`, by its place in the pathway. */
type Step = Exclude<MilestoneKind, 'registration_stage'> | 'provisional' | 'registration'
type Following = { milestones: readonly Step[]; exits: readonly Exit[] }

const ended: Following = { milestones: [], exits: [] }
const afterRegistration: readonly Exit[] = ['not_treated', 'withdrawn', 'lost', 'died']
const afterTreatment: readonly Exit[] = ['completed', 'withdrawn', 'lost', 'died']

const following: Record<SubjectState, Following> = {
  prescreened: { milestones: ['screening'], exits: ['prescreen_excluded', 'declined'] },
  prescreen_excluded: ended,
  screening: {
    milestones: ['procedure', 'eligibility', 'provisional', 'registration'],
    exits: ['screen_failed', 'declined', 'died', 'unaccounted'],
  },
  unaccounted: {
    milestones: ['procedure', 'eligibility', 'provisional', 'registration'],
    exits: ['screen_failed', 'declined', 'died'],
  },
  eligible: {
    milestones: ['procedure', 'provisional', 'registration'],
    exits: ['screen_failed', 'declined', 'died', 'unaccounted'],
  },
  screen_failed: ended,
  declined: ended,
  provisional: {
    milestones: ['procedure', 'registration'],
    exits: ['excluded_after_provisional', 'withdrawn', 'died', 'lost'],
  },
  excluded_after_provisional: ended,
  registered: { milestones: ['procedure', 'allocation', 'treatment', 'visit'], exits: afterRegistration },
  allocated: { milestones: ['procedure', 'treatment', 'visit'], exits: afterRegistration },
  treated: { milestones: ['procedure', 'treatment', 'visit'], exits: afterTreatment },
  not_treated: { milestones: ['procedure', 'visit'], exits: afterTreatment },
  follow_up: { milestones: ['procedure', 'treatment', 'visit'], exits: afterTreatment },
  withdrawn_in_part: { milestones: ['procedure', 'visit'], exits: afterTreatment },
  completed: ended,
  withdrawn: ended,
  lost: ended,
  died: ended,
  void: ended,
}

function stepOf(pathway: Pathway, milestone: Milestone): Step {
  if (milestone.kind !== 'registration_stage') return milestone.kind
  return milestone.code === pathway.registration.code ? 'registration' : 'provisional'
}

/** Whether the table lets a milestone follow a state. Required steps before it are `missingBefore`'s matter. */
export function mayReach(pathway: Pathway, state: SubjectState, milestone: Milestone): boolean {
  return following[state].milestones.includes(stepOf(pathway, milestone))
}

export function mayExit(state: SubjectState, exit: Exit): boolean {
  return following[state].exits.includes(exit)
}

/** The exits that the table allows from a state, in its order. */
export function exitsFrom(state: SubjectState): readonly Exit[] {
  return following[state].exits
}

/** The state that reaching a milestone leads to; a procedure leaves the state as it was, a visit ends no withdrawal. */
export function stateAfter(pathway: Pathway, state: SubjectState, milestone: Milestone): SubjectState {
  const reached: Record<Step, SubjectState> = {
    screening: 'screening',
    eligibility: 'eligible',
    provisional: 'provisional',
    registration: 'registered',
    allocation: 'allocated',
    treatment: 'treated',
    visit: state === 'withdrawn_in_part' ? state : 'follow_up',
    procedure: state,
  }
  return reached[stepOf(pathway, milestone)]
}

/** The state that an exit leads to: a withdrawal that leaves the visits is one in part. */
export function stateAfterExit(exit: Exit, scope: readonly WithdrawalScope[]): SubjectState {
  const isInPart = exit === 'withdrawn' && scope.length > 0 && !scope.includes('visits')
  return isInPart ? 'withdrawn_in_part' : exit
}

/** Whether a withdrawal from this state has to say what it takes back: before a registration there is only everything. */
export function hasScope(exit: Exit, from: SubjectState): boolean {
  return exit === 'withdrawn' && isRegistered(from)
}
