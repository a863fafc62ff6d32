/** Lists of subjects that are asked for again and again, each by its rule. */
import type { CalendarDate } from './calendar-date.ts'
import type { Pathway } from './milestone.ts'
import { type SubjectState, subjectStates } from './subject-state.ts'
import type { DueKind } from './timeline.ts'

/**
 * By state; by whether a registration number was given (whoever was registered stays so, whatever came after), or none
 * was; or by what the subject's timeline asks for on the day.
 */
export type ListRule =
  | { by: 'every' }
  | { by: 'states'; states: readonly SubjectState[] }
  | { by: 'registration' }
  | { by: 'unregistered'; states: readonly SubjectState[] }
  | { by: 'due'; kind: DueKind }

export const savedLists = {
  all: { by: 'every' },
  prescreened: { by: 'states', states: ['prescreened'] },
  waiting: { by: 'states', states: ['screening', 'eligible', 'provisional'] },
  to_allocate: { by: 'states', states: ['registered'] },
  overdue: { by: 'due', kind: 'overdue' },
  this_month: { by: 'due', kind: 'this_month' },
  unaccounted: { by: 'states', states: ['unaccounted'] },
  registered: { by: 'registration' },
  ended: {
    by: 'states',
    states: [
      ...['prescreen_excluded', 'screen_failed', 'declined', 'excluded_after_provisional'],
      ...['withdrawn', 'lost', 'died', 'void'],
    ] as const,
  },
  // The rows behind the figures of a reconciliation: asked for by a link, not offered beside the others.
  started: { by: 'states', states: subjectStates.filter((state) => state !== 'void') },
  failed: { by: 'states', states: ['screen_failed', 'excluded_after_provisional'] },
  declined: { by: 'states', states: ['declined'] },
  stopped: { by: 'unregistered', states: ['withdrawn', 'lost', 'died'] },
} as const satisfies Record<string, ListRule>

export type SavedList = keyof typeof savedLists

/** The names of all lists, in their order. */
export const listNames = Object.keys(savedLists) as SavedList[]

/** Whether a list is offered in a trial's log: that of who waits for an arm only where arms are allocated. */
export function isOffered(list: SavedList, { milestones }: Pick<Pathway, 'milestones'>): boolean {
  if (list === 'to_allocate') return milestones.some(({ kind }) => kind === 'allocation')
  const behindFigures: readonly SavedList[] = ['started', 'failed', 'declined', 'stopped']
  return !behindFigures.includes(list)
}

/** From the first day to the last, both included. */
export type Period = { from: CalendarDate; until: CalendarDate }

/** How many subjects are in a state, and how many of them have a registration number. */
export type StateCount = { state: SubjectState; number: number; registered: number }

/** How many subjects each list holds: by their states, and by what is due. */
export function listCounts(
  states: readonly StateCount[],
  due: Readonly<Record<DueKind, number>>,
): Record<SavedList, number> {
  const count = (rule: ListRule): number => {
    if (rule.by === 'due') return due[rule.kind]
    return states.reduce((sum, { state, number, registered }) => {
      if (rule.by === 'registration') return state === 'void' ? sum : sum + registered
      if (rule.by === 'every') return sum + number
      if (!rule.states.includes(state)) return sum
      return sum + number - (rule.by === 'unregistered' ? registered : 0)
    }, 0)
  }
  return Object.fromEntries(listNames.map((list) => [list, count(savedLists[list])])) as Record<SavedList, number>
}
