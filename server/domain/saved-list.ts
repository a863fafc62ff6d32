/** Lists of subjects that are asked for again and again, each by its rule. */
import type { SubjectState } from './subject-state.ts'

/** By state, or by whether a registration number was given: whoever was registered stays so, whatever came after. */
export type ListRule = { by: 'every' } | { by: 'states'; states: readonly SubjectState[] } | { by: 'registration' }

export const savedLists = {
  all: { by: 'every' },
  prescreened: { by: 'states', states: ['prescreened'] },
  waiting: { by: 'states', states: ['screening', 'eligible', 'provisional'] },
  registered: { by: 'registration' },
  ended: {
    by: 'states',
    states: [
      ...['prescreen_excluded', 'screen_failed', 'declined', 'excluded_after_provisional'],
      ...['withdrawn', 'lost', 'died', 'void'],
    ] as const,
  },
  unaccounted: { by: 'states', states: ['unaccounted'] },
} as const satisfies Record<string, ListRule>

export type SavedList = keyof typeof savedLists

/** How many subjects are in a state, and how many of them have a registration number. */
export type StateCount = { state: SubjectState; number: number; registered: number }

/** How many subjects each list holds. */
export function listCounts(states: readonly StateCount[]): Record<SavedList, number> {
  const count = (rule: ListRule): number =>
    states.reduce((sum, { state, number, registered }) => {
      if (rule.by === 'registration') return state === 'void' ? sum : sum + registered
      return rule.by === 'every' || rule.states.includes(state) ? sum + number : sum
    }, 0)
  return {
    all: count(savedLists.all),
    prescreened: count(savedLists.prescreened),
    waiting: count(savedLists.waiting),
    registered: count(savedLists.registered),
    ended: count(savedLists.ended),
    unaccounted: count(savedLists.unaccounted),
  }
}
