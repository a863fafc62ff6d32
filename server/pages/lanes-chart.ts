/** All subjects as lanes: what happened, when it was due, and how far each has come; by date, or by day from an anchor. */

import {
  addMonths,
  type CalendarDate,
  calendarDate,
  dayNumber,
  daysBetween,
  fromDayNumber,
} from '../domain/calendar-date.ts'
import { type DayTimeline, dayOn, dayStepsOf } from '../domain/day-timeline.ts'
import type { Pathway } from '../domain/milestone.ts'
import { reachedOn, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { isWaiting } from '../domain/subject-state.ts'
import { nextDue, timelineOf } from '../domain/timeline.ts'
import type { WindowStanding } from '../domain/visit-window.ts'
import type { Words } from '../i18n/words.ts'
import { stateWords } from './event-words.ts'

/** What `public/js` draws; positions are days since 1970-01-01, or days from the anchor. */
export type LanesChart = {
  kind: 'lanes'
  x: { min: number; max: number; ticks: { at: number; label: string }[]; title: string }
  today: number | null
  todayLabel: string
  lanes: Lane[]
}

export type Lane = {
  label: string
  bars: { from: number; until: number; tone: 'before' | 'after' }[]
  windows: { from: number; until: number; standing: WindowStanding }[]
  events: { at: number; label: string; standing: 'early' | 'on_time' | 'late' | 'plain' }[]
  /** How the subject left before completing; null where it did not. */
  exit: { at: number; label: string } | null
}

export type Scale = { by: 'date' } | { by: 'day'; anchorCode: string }

export type LogEntry = { subject: Subject; events: readonly SubjectEvent[] }

/** Subjects that have not reached the anchor have no lane by day: there is no day to count from. */
export function lanesChart(
  pathway: Pathway,
  entries: readonly LogEntry[],
  known: readonly DayTimeline[],
  scale: Scale,
  today: CalendarDate,
  words: Words,
): LanesChart {
  const lanes = [
    ...entries.flatMap((entry) => laneOf(pathway, entry, scale, today, words) ?? []),
    ...known.flatMap((timeline) => laneOfDays(pathway, timeline, scale, words) ?? []),
  ]
  const days = lanes.flatMap(({ bars, windows, events }) => [
    ...bars.flatMap(({ from, until }) => [from, until]),
    ...windows.flatMap(({ from, until }) => [from, until]),
    ...events.map(({ at }) => at),
  ])
  const min = days.length === 0 ? 0 : Math.min(...days)
  const max = days.length === 0 ? 1 : Math.max(...days, min + 1)
  const anchor = scale.by === 'day' ? pathway.milestones.find(({ code }) => code === scale.anchorCode) : undefined
  return {
    kind: 'lanes',
    x: {
      min: scale.by === 'day' ? Math.min(min, 0) : min,
      max,
      ticks: scale.by === 'day' ? dayTicks(min, max) : dateTicks(min, max),
      title:
        anchor === undefined
          ? words.t('timelines.axis_date')
          : words.t('timelines.axis_day', { anchor: words.pick(anchor.label) }),
    },
    today: scale.by === 'date' && dayNumber(today) <= max ? dayNumber(today) : null,
    todayLabel: words.t('timelines.today'),
    lanes,
  }
}

function laneOf(
  pathway: Pathway,
  { subject, events }: LogEntry,
  scale: Scale,
  today: CalendarDate,
  words: Words,
): Lane | null {
  const anchoredOn = scale.by === 'date' ? null : reachedOn(events, scale.anchorCode)
  if (scale.by === 'day' && anchoredOn === null) return null
  const origin = anchoredOn === null ? 0 : dayNumber(anchoredOn)
  const place = (day: number) => day - origin
  const steps = timelineOf(pathway, events, today)
  const exit = events.findLast(
    ({ what }) => what.kind === 'exit' && what.exit !== 'completed' && what.exit !== 'unaccounted',
  )
  const first = dayNumber(events[0]?.occurredOn ?? subject.enteredOn)
  // Whoever is waited for goes on until today: in screening, or with something still due.
  const isWaitedFor = isWaiting(subject.state) || nextDue(steps) !== null
  const last = isWaitedFor ? dayNumber(today) : dayNumber(subject.lastEventOn)
  const countedOn = reachedOn(events, pathway.counting.code)
  const counted = countedOn === null ? null : dayNumber(countedOn)
  return {
    label: subject.number,
    bars:
      counted === null
        ? [{ from: place(first), until: place(last), tone: 'before' }]
        : [
            { from: place(first), until: place(counted), tone: 'before' },
            { from: place(counted), until: place(last), tone: 'after' },
          ],
    windows: steps.flatMap(({ window, standing }) =>
      window === null || standing === null
        ? []
        : [{ from: place(window.fromDay), until: place(window.untilDay), standing }],
    ),
    events: steps.flatMap(({ day, milestone, standing }) =>
      day === null ? [] : [{ at: place(day), label: words.pick(milestone.label), standing: doneStanding(standing) }],
    ),
    exit:
      exit === undefined || exit.what.kind !== 'exit'
        ? null
        : { at: place(dayNumber(exit.occurredOn)), label: stateWords(exit.what.exit, pathway, words) },
  }
}

/** The lane of somebody whose dates are not known: only by day, and only from the day they are counted from. */
function laneOfDays(pathway: Pathway, timeline: DayTimeline, scale: Scale, words: Words): Lane | null {
  if (scale.by === 'date' || timeline.anchorCode !== scale.anchorCode) return null
  const steps = dayStepsOf(pathway, timeline)
  const reached = steps.flatMap(({ day }) => day ?? [])
  const [first, last] = [Math.min(0, ...reached), Math.max(0, ...reached)]
  const counted = dayOn(timeline, pathway.counting.code)
  return {
    label: timeline.number,
    bars:
      counted === null
        ? [{ from: first, until: last, tone: 'before' }]
        : [
            { from: first, until: counted, tone: 'before' },
            { from: counted, until: last, tone: 'after' },
          ],
    windows: steps.flatMap(({ window, standing }) =>
      window === null || standing === null ? [] : [{ from: window.fromDay, until: window.untilDay, standing }],
    ),
    events: steps.flatMap(({ day, milestone, standing }) =>
      day === null ? [] : [{ at: day, label: words.pick(milestone.label), standing: doneStanding(standing) }],
    ),
    exit: null,
  }
}

function doneStanding(standing: WindowStanding | null): Lane['events'][number]['standing'] {
  return standing === 'early' || standing === 'late' || standing === 'on_time' ? standing : 'plain'
}

/** The first of January of each year; of each month, quarter or half-year where the whole is short. */
function dateTicks(min: number, max: number): LanesChart['x']['ticks'] {
  const [first, last] = [fromDayNumber(min), fromDayNumber(max)]
  const days = daysBetween(first, last)
  const everyMonths = days > 1100 ? 12 : days > 400 ? 6 : days > 200 ? 3 : 1
  const ticks: LanesChart['x']['ticks'] = []
  const start = calendarDate(`${first.slice(0, 4)}-01-01`)
  for (let at = start; at <= last; at = addMonths(at, everyMonths)) {
    if (at >= first) ticks.push({ at: dayNumber(at), label: everyMonths === 12 ? at.slice(0, 4) : at.slice(0, 7) })
  }
  return ticks
}

/** Round numbers of days: every 10, 30, 100 or 365, so that about ten ticks stand on the axis. */
function dayTicks(min: number, max: number): LanesChart['x']['ticks'] {
  const step = [5, 10, 20, 30, 60, 100, 200, 365].find((days) => (max - min) / days <= 12) ?? 730
  const ticks: LanesChart['x']['ticks'] = []
  for (let at = Math.ceil(min / step) * step; at <= max; at += step) ticks.push({ at, label: String(at) })
  return ticks
}
