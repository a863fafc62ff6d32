/**
 * What is counted of a whole trial beside its steps: subjects for whom a scheduled step is overdue, and registrations
 * that were allowed outside their period. Added up to a day, they say how many there were by its end.
 */
import { type CalendarDate, fromDayNumber } from './calendar-date.ts'
import type { Pathway } from './milestone.ts'
import { byDateThenRecording, courseOf, eventsBy, type SubjectEvent, type Tally } from './subject.ts'
import { isUnderWay } from './subject-state.ts'
import { dueKindsOf, timelineOf } from './timeline.ts'

/** Names that no milestone can have. */
export const overdueStep = 'whole:overdue'
export const overrideStep = 'whole:override'

/**
 * What one subject adds. A visit due by 03-10 and made on 03-20: overdue +1 on 03-11 and -1 on 03-20. An entry that was
 * a mistake adds nothing on any day.
 */
export function wholeTallies(pathway: Pathway, events: readonly SubjectEvent[]): Tally[] {
  if (events.some(({ what }) => what.kind === 'exit' && what.exit === 'void')) return []
  const overrides = events
    .filter(({ overrideReason }) => overrideReason !== null)
    .map(({ occurredOn }): Tally => ({ step: overrideStep, date: occurredOn, number: 1 }))
  return [...overrides, ...overdueTallies(pathway, events)]
}

/** Whether a scheduled step of a subject is overdue on a day, by what had happened by then. */
export function isOverdueOn(pathway: Pathway, events: readonly SubjectEvent[], day: CalendarDate): boolean {
  const happened = eventsBy(events, day)
  if (happened.length === 0 || !isUnderWay(courseOf(pathway, happened).state)) return false
  return dueKindsOf(timelineOf(pathway, happened, day), day).includes('overdue')
}

/** It can only change on the day of an event, or on the day after a window. */
function overdueTallies(pathway: Pathway, events: readonly SubjectEvent[]): Tally[] {
  if (pathway.milestones.every(({ schedule }) => schedule === null)) return []
  const inOrder = [...events].sort(byDateThenRecording)
  const tallies: Tally[] = []
  let was = 0
  for (const date of daysOfChange(pathway, inOrder)) {
    const is = isOverdueOn(pathway, inOrder, date) ? 1 : 0
    if (is !== was) tallies.push({ step: overdueStep, date, number: is - was })
    was = is
  }
  return tallies
}

function daysOfChange(pathway: Pathway, events: readonly SubjectEvent[]): CalendarDate[] {
  const days = new Set(events.map(({ occurredOn }) => occurredOn))
  for (const day of [...days]) {
    for (const { window } of timelineOf(pathway, eventsBy(events, day), day)) {
      if (window !== null) days.add(fromDayNumber(window.untilDay + 1))
    }
  }
  return [...days].sort()
}
