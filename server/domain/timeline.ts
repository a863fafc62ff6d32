/**
 * One subject's timeline: every milestone of the pathway with the day it was reached, its window, and how the two fit.
 * Derived from the events; nothing of it is stored.
 */
import { addDays, addMonths, type CalendarDate, calendarDate, dayNumber, monthOf } from './calendar-date.ts'
import type { Milestone, Pathway } from './milestone.ts'
import { reachedOn, type SubjectEvent } from './subject.ts'
import { stateAfterExit } from './subject-state.ts'
import { standingOfDone, standingOfOpen, type VisitWindow, type WindowStanding, windowFrom } from './visit-window.ts'

export type TimelineStep = {
  milestone: Milestone
  /** Days since 1970-01-01; null where it has not been reached. */
  day: number | null
  /** Null where the milestone has no schedule, or its anchor has not been reached. */
  window: VisitWindow | null
  standing: WindowStanding | null
}

/** In the pathway's order, as it looks on a day. Optional steps without a schedule have no standing. */
export function timelineOf(pathway: Pathway, events: readonly SubjectEvent[], today: CalendarDate): TimelineStep[] {
  const reached = new Map(
    pathway.milestones.map(({ code }): [string, number | null] => {
      const on = reachedOn(events, code)
      return [code, on === null ? null : dayNumber(on)]
    }),
  )
  const exit = events.find(hasLeft)
  const leftDay = exit === undefined ? null : dayNumber(exit.occurredOn)
  return pathway.milestones.map((milestone, place) => {
    const { schedule, code } = milestone
    const day = reached.get(code) ?? null
    const anchorDay = schedule === null ? null : (reached.get(schedule.anchorCode) ?? null)
    if (schedule === null || anchorDay === null) return { milestone, day, window: null, standing: null }
    const window = windowFrom(schedule, anchorDay)
    if (day !== null) return { milestone, day, window, standing: standingOfDone(window, day) }
    // Whoever has left is not expected any more; only what was over by then was missed.
    if (leftDay !== null && window.untilDay >= leftDay) return { milestone, day, window: null, standing: null }
    const isLaterReached = pathway.milestones
      .slice(place + 1)
      .some((later) => later.kind !== 'procedure' && (reached.get(later.code) ?? null) !== null)
    const passed = leftDay !== null || isLaterReached ? 'passed' : 'open'
    return { milestone, day, window, standing: standingOfOpen(window, passed, dayNumber(today)) }
  })
}

/** An exit after which nobody is expected any more: not where the outcome is unknown, nor where the visits go on. */
function hasLeft({ what, scope }: SubjectEvent): boolean {
  return what.kind === 'exit' && what.exit !== 'unaccounted' && stateAfterExit(what.exit, scope) !== 'withdrawn_in_part'
}

/** What a timeline asks somebody to look at: a step past its window, or one whose window touches the month of a day. */
export const dueKinds = ['overdue', 'this_month'] as const
export type DueKind = (typeof dueKinds)[number]

/** The first and the last day of the month that a day lies in: 2026-06-24 -> 2026-06-01 and 2026-06-30. */
export function monthAround(day: CalendarDate): { first: CalendarDate; last: CalendarDate } {
  const first = calendarDate(`${monthOf(day)}-01`)
  return { first, last: addDays(addMonths(first, 1), -1) }
}

/**
 * Of a timeline as it looks on a day. Due 06-15 with 14 days either way, not recorded: on 06-24 it is of this month,
 * on 06-30 overdue as well, on 07-01 overdue alone.
 */
export function dueKindsOf(timeline: readonly TimelineStep[], today: CalendarDate): DueKind[] {
  const month = monthAround(today)
  const [first, last] = [dayNumber(month.first), dayNumber(month.last)]
  const open = timeline.filter(({ standing }) => standing === 'overdue' || standing === 'upcoming')
  const touches = ({ window }: TimelineStep) => window !== null && window.fromDay <= last && window.untilDay >= first
  const kinds: Record<DueKind, boolean> = {
    overdue: open.some(({ standing }) => standing === 'overdue'),
    this_month: open.some(touches),
  }
  return dueKinds.filter((kind) => kinds[kind])
}

/** The scheduled step that comes next, or is overdue: the earliest window that is still open for something to happen. */
export function nextDue(timeline: readonly TimelineStep[]): (TimelineStep & { window: VisitWindow }) | null {
  let next: (TimelineStep & { window: VisitWindow }) | null = null
  for (const step of timeline) {
    const { window, standing } = step
    if (window === null || (standing !== 'overdue' && standing !== 'upcoming')) continue
    if (next === null || window.untilDay < next.window.untilDay) next = { ...step, window }
  }
  return next
}
