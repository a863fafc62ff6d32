/** What is unusual about an event, though it may be recorded: said once before it is. */
import { type CalendarDate, dayNumber, daysBetween } from './calendar-date.ts'
import { type Cap, type Counted, capWarnings, couldExceedTarget } from './cap.ts'
import { type Milestone, milestoneOf } from './milestone.ts'
import type { SubjectInTrial } from './next-event.ts'
import type { Problem } from './parsed.ts'
import { reachedOn } from './subject.ts'
import { daysOutside, standingOfDone, windowFrom } from './visit-window.ts'

/** A day so many days back is seldom meant: more often the year is the wrong one. */
export const farDays = 180

/** `date_far`: 2025-06-24 typed on 2026-06-24 is 365 days back. */
export function farDateWarnings(field: string, on: CalendarDate, today: CalendarDate): Problem[] {
  const days = daysBetween(on, today)
  return days > farDays ? [{ field, code: 'date_far', values: { days } }] : []
}

/** A scheduled step outside its window: by how many days, and between which days it was due. */
export function windowWarnings(here: SubjectInTrial, code: string, on: CalendarDate): Problem[] {
  const milestone = milestoneOf(here.pathway, code)
  const schedule = milestone?.schedule ?? null
  const anchoredOn = schedule === null ? null : reachedOn(here.events, schedule.anchorCode)
  if (schedule === null || anchoredOn === null) return []
  const window = windowFrom(schedule, dayNumber(anchoredOn))
  const days = daysOutside(window, dayNumber(on))
  if (days === 0) return []
  const isEarly = standingOfDone(window, dayNumber(on)) === 'early'
  return [{ field: 'occurredOn', ...(isEarly ? { code: 'window_early' } : { code: 'window_late' }), values: { days } }]
}

/** Before a provisional registration: those waiting, with this one, could take the trial past its target. */
export function overAllocationWarnings(
  milestone: Milestone,
  here: SubjectInTrial,
  { registered, waiting, target }: { registered: number; waiting: number; target: number },
): Problem[] {
  const isProvisional = milestone.code === here.pathway.provisional?.code
  if (!isProvisional || !couldExceedTarget(registered, waiting + 1, target)) return []
  return [{ field: 'what', code: 'could_exceed_target', values: { registered, waiting: waiting + 1, target } }]
}

/** Before a registration that counts: the soft caps that it passes. */
export function placeWarnings(here: SubjectInTrial, caps: readonly Cap[], counted: Counted): Problem[] {
  return capWarnings(caps, { siteId: here.site.id, armCode: null }, counted)
}
