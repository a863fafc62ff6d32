/** How long a trial's records are kept: years after its end, by a rule that the trial states. Nothing is deleted by it. */
import type { Basis, Bilingual } from './bilingual.ts'
import { addMonths, type CalendarDate } from './calendar-date.ts'

export const mostRetentionYears = 100

export type Retention = {
  years: number
  /** The rule or document that asks for it. */
  rule: Bilingual
  /** The day on which the trial ended; null while it is under way. */
  endedOn: CalendarDate | null
  basis: Basis
}

/** Until when records are kept, and whether that is counted from the trial's end or from the end that is planned. */
export type KeptUntil = { on: CalendarDate; countedFrom: CalendarDate; from: 'end' | 'plan' }

/**
 * Five years after an end on 2032-07-18: kept until 2037-07-18, that day included. After 2028-02-29: until 2033-02-28.
 * Null where neither the end is known nor a planned one.
 */
export function keptUntil({ years, endedOn }: Retention, plannedEnd: CalendarDate | null): KeptUntil | null {
  const countedFrom = endedOn ?? plannedEnd
  if (countedFrom === null) return null
  return { on: addMonths(countedFrom, 12 * years), countedFrom, from: endedOn === null ? 'plan' : 'end' }
}
