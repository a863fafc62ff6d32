/** What a deciding body demands besides its approval: an obligation with a day, and the day on which it was met. */
import type { Basis, Bilingual } from '../bilingual.ts'
import type { CalendarDate } from '../calendar-date.ts'

export type Condition = {
  id: string
  bodyId: string
  position: number
  text: Bilingual
  dueOn: CalendarDate
  /** The meeting that waits for it. */
  meeting: Bilingual | null
  metOn: CalendarDate | null
  metNote: string | null
  source: Bilingual
  basis: Basis
}

export const conditionStandings = ['met', 'due', 'overdue'] as const
export type ConditionStanding = (typeof conditionStandings)[number]

/** Due on 2026-07-31: due that day, overdue from 2026-08-01 on, met once it is. */
export function conditionStanding({ dueOn, metOn }: Condition, on: CalendarDate): ConditionStanding {
  if (metOn !== null && metOn <= on) return 'met'
  return dueOn < on ? 'overdue' : 'due'
}
