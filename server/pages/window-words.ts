/** Windows in words: when something is due, and how what happened fits. */
import { fromDayNumber } from '../domain/calendar-date.ts'
import type { TimelineStep } from '../domain/timeline.ts'
import { daysOutside, type VisitWindow, type WindowStanding } from '../domain/visit-window.ts'
import type { Words } from '../i18n/words.ts'
import { type Mark, mark } from './page.ts'

/** 2026-09-16（−14日〜+14日）. */
export function dueInWords({ dueDay, fromDay, untilDay }: VisitWindow, words: Words): string {
  const values = { due: fromDayNumber(dueDay), before: dueDay - fromDay, after: untilDay - dueDay }
  return words.t('window.due', values)
}

/** How a step stands: solid on time, a triangle where somebody has to act, a cross where it cannot happen any more. */
export function standingMark(standing: WindowStanding, window: VisitWindow, day: number, words: Words): Mark {
  const text = words.of('standing', standing, { days: daysOutside(window, day) })
  switch (standing) {
    case 'on_time':
      return mark('full', 'is-real', text)
    case 'early':
    case 'late':
      return mark('half', '', text)
    case 'missed':
      return mark('cross', '', text)
    case 'overdue':
      return mark('over', 'is-act', text)
    case 'upcoming':
      return mark('open', 'is-wait', text)
  }
}

/** The day that a step's standing is judged on: when it happened, or today. */
export function judgedDay(step: TimelineStep, today: number): number {
  return step.day ?? today
}
