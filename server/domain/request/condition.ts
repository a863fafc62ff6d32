/** What a deciding body demands besides its approval: an obligation with a day, and the day on which it was met. */
import type { Basis, Bilingual } from '../bilingual.ts'
import type { CalendarDate } from '../calendar-date.ts'
import type { RequestState } from './life-cycle.ts'

export type Condition = {
  id: string
  bodyId: string
  position: number
  text: Bilingual
  /** The day of the meeting at which it is due, or a day of its own. */
  dueOn: CalendarDate
  /** That meeting in the trial's calendar; null where the condition has a day of its own. */
  meetingId: string | null
  /** What the meeting is called: in the calendar, or in the document where it does not stand there. */
  meeting: Bilingual | null
  metOn: CalendarDate | null
  metNote: string | null
  source: Bilingual
  basis: Basis
}

export const conditionStandings = ['met', 'due', 'overdue', 'lapsed'] as const
export type ConditionStanding = (typeof conditionStandings)[number]

/** Of a request that was withdrawn or refused nobody owes anything any more. */
export const statesWithoutDuties = ['withdrawn', 'refused'] as const satisfies readonly RequestState[]

/** Due on 2026-07-31: due that day, overdue from 2026-08-01 on, met once it is; lapsed with the request. */
export function conditionStanding(
  { dueOn, metOn }: Pick<Condition, 'dueOn' | 'metOn'>,
  state: RequestState,
  on: CalendarDate,
): ConditionStanding {
  if (metOn !== null && metOn <= on) return 'met'
  if ((statesWithoutDuties as readonly RequestState[]).includes(state)) return 'lapsed'
  return dueOn < on ? 'overdue' : 'due'
}
