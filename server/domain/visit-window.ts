/**
 * Windows of scheduled milestones, judged on whole days counted from their anchor, both ends included. Days are plain
 * numbers, so that the same rules serve calendar dates and a timeline that knows only days from an index date.
 */
import type { Schedule } from './milestone.ts'

/** Days on the same scale as the anchor's: dates as days since 1970-01-01, or days from the index date. */
export type VisitWindow = { dueDay: number; fromDay: number; untilDay: number }

/**
 * `missed`: it did not happen and something later did, or the subject has left. `overdue`: nothing happened and the
 * window has passed. `upcoming`: it can still happen in time.
 */
export const windowStandings = ['early', 'on_time', 'late', 'missed', 'overdue', 'upcoming'] as const
export type WindowStanding = (typeof windowStandings)[number]

/** Due 40 days after the anchor, 14 either way: from an anchor on day 0, due on 40, from 26 until 54. */
export function windowFrom(schedule: Schedule, anchorDay: number): VisitWindow {
  const dueDay = anchorDay + schedule.offsetDays
  return { dueDay, fromDay: dueDay - schedule.windowBeforeDays, untilDay: dueDay + schedule.windowAfterDays }
}

/** Where something that happened lies: day 54 of a window until 54 is on time, day 55 is late by one day. */
export function standingOfDone(window: VisitWindow, happenedDay: number): 'early' | 'on_time' | 'late' {
  if (happenedDay < window.fromDay) return 'early'
  return happenedDay > window.untilDay ? 'late' : 'on_time'
}

/**
 * Where something stands that has not happened: `passed` says that a later step happened or that the subject left;
 * `nowDay` is null on a timeline without dates, which has no today.
 */
export function standingOfOpen(
  window: VisitWindow,
  passed: 'passed' | 'open',
  nowDay: number | null,
): 'missed' | 'overdue' | 'upcoming' {
  if (passed === 'passed') return 'missed'
  return nowDay !== null && nowDay > window.untilDay ? 'overdue' : 'upcoming'
}

/** Days outside the window, positive on both sides; 0 within it. */
export function daysOutside(window: VisitWindow, day: number): number {
  return Math.max(window.fromDay - day, day - window.untilDay, 0)
}
