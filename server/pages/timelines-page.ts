/** Every subject's timeline on one page: as lanes, as a table, and as lists of what is overdue and what comes next. */
import { type CalendarDate, dayNumber, fromDayNumber } from '../domain/calendar-date.ts'
import { type DayTimeline, dayOn, dayStepsOf, withinWindows } from '../domain/day-timeline.ts'
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import { reachedOn } from '../domain/subject.ts'
import { nextDue, timelineOf } from '../domain/timeline.ts'
import type { Trial } from '../domain/trial.ts'
import { daysOutside } from '../domain/visit-window.ts'
import type { Words } from '../i18n/words.ts'
import { type LogEntry, lanesChart, type Scale } from './lanes-chart.ts'
import { type Mark, mark, type Page } from './page.ts'
import { dueInWords, standingMark } from './window-words.ts'

export type TimelinesInput = {
  trial: Trial
  pathway: Pathway
  today: CalendarDate
  scale: Scale
  entries: readonly LogEntry[]
  /** Those whose next step can be due: still under way. */
  underWay: readonly LogEntry[]
  /** Those whose dates are not known. */
  days: readonly DayTimeline[]
  mayAddDays: boolean
  total: number
  page: number
  pageSize: number
}

type DaysTable = {
  note: string
  within: string[]
  columns: string[]
  rows: { number: string; anchor: string; cells: { day: string; standing: string | null }[] }[]
}

type DueItem = { when: string; mark: Mark; number: string; href: string; due: string }

export type TimelinesPage = Page & {
  note: string
  scales: { label: string; href: string; current: boolean }[]
  chartJson: string | null
  key: Mark[]
  columns: string[]
  rows: { number: string; href: string; cells: string[] }[]
  /** Those known by their days only: each day with how it fits its window. */
  days: DaysTable | null
  addDays: string | null
  isEmpty: boolean
  overdue: DueItem[]
  upcoming: DueItem[]
  pager: { range: string; previous: string | null; next: string | null }
}

/** So many days ahead are called upcoming. */
const daysAhead = 60

export function timelinesPage(input: TimelinesInput, words: Words): TimelinesPage {
  const { trial, pathway, today, scale, entries, total, page, pageSize } = input
  const chart = lanesChart(pathway, entries, page === 1 ? input.days : [], scale, today, words)
  const due = dueItems(input, words)
  const here = `/trials/${trial.code}/timelines`
  const href = (other: number) => `${here}?${new URLSearchParams({ ...query(scale), page: String(other) })}`
  return {
    template: 'timelines/index',
    title: words.t('timelines.title'),
    place: 'timelines',
    hasChart: true,
    note: words.t('timelines.note', { count: total, asOf: today }),
    scales: [
      { label: words.t('timelines.by_date'), href: here, current: scale.by === 'date' },
      ...anchorsOf(pathway).map(({ code, label }) => ({
        label: words.t('timelines.by_day', { anchor: words.pick(label) }),
        href: `${here}?by=${code}`,
        current: scale.by === 'day' && scale.anchorCode === code,
      })),
    ],
    chartJson: chart.lanes.length === 0 ? null : JSON.stringify(chart),
    key: [
      mark('lane-before', 'is-wait', words.t('timelines.key_before')),
      mark('lane-after', 'is-real', words.t('timelines.key_after')),
      mark('lane-window', 'is-real', words.t('timelines.key_window')),
      mark('full', 'is-real', words.t('timelines.key_event')),
      mark('open', 'is-wait', words.t('timelines.key_outside')),
      mark('cross', '', words.t('timelines.key_exit')),
      mark('over', 'is-act', words.t('timelines.key_overdue')),
    ],
    columns: pathway.milestones.map(({ label }) => words.pick(label)),
    rows: entries.map((entry) => ({
      number: entry.subject.number,
      href: `/trials/${trial.code}/subjects/${entry.subject.id}`,
      cells: cellsOf(pathway, entry, scale),
    })),
    days: input.days.length === 0 ? null : daysTable(input, words),
    addDays: input.mayAddDays ? `${here}/days/new` : null,
    isEmpty: total === 0 && input.days.length === 0,
    overdue: due.filter(({ isOverdue }) => isOverdue).map(({ item }) => item),
    upcoming: due.filter(({ isOverdue }) => !isOverdue).map(({ item }) => item),
    pager: {
      range: words.t('format.range_of', {
        first: total === 0 ? 0 : (page - 1) * pageSize + 1,
        last: Math.min(page * pageSize, total),
        total: words.number(total),
      }),
      previous: page > 1 ? href(page - 1) : null,
      next: page * pageSize < total ? href(page + 1) : null,
    },
  }
}

function daysTable({ pathway, days }: TimelinesInput, words: Words): DaysTable {
  const nameOf = (code: string) => words.pick(milestoneOf(pathway, code)?.label ?? { ja: code, en: code })
  const shown = pathway.milestones.filter(({ code }) => days.some((timeline) => dayOn(timeline, code) !== null))
  return {
    note: words.t('days.table_note', { count: days.length }),
    within: withinWindows(pathway, days).map(({ milestone, within, known }) =>
      words.t('days.within', { step: words.pick(milestone.label), within, known }),
    ),
    columns: shown.map(({ label }) => words.pick(label)),
    rows: days.map((timeline) => ({
      number: timeline.number,
      anchor: nameOf(timeline.anchorCode),
      cells: dayStepsOf(pathway, timeline)
        .filter(({ milestone }) => shown.includes(milestone))
        .map(({ day, window, standing }) => ({
          day: day === null ? '—' : String(day),
          standing:
            day === null || window === null || standing === null
              ? null
              : words.of('standing', standing, { days: daysOutside(window, day) }),
        })),
    })),
  }
}

function query(scale: Scale): Record<string, string> {
  return scale.by === 'date' ? {} : { by: scale.anchorCode }
}

/** What days can be counted from: index dates, the consent, and every milestone that a schedule is anchored to. */
export function anchorsOf({ milestones, screening }: Pathway) {
  const anchors = new Set(milestones.flatMap(({ schedule }) => (schedule === null ? [] : [schedule.anchorCode])))
  return milestones.filter(({ code }) => anchors.has(code) || code === screening.code)
}

/** The same numbers as the lanes: dates, or days from the anchor. */
function cellsOf(pathway: Pathway, { events }: LogEntry, scale: Scale): string[] {
  const anchoredOn = scale.by === 'day' ? reachedOn(events, scale.anchorCode) : null
  return pathway.milestones.map(({ code }) => {
    const on = reachedOn(events, code)
    if (on === null) return '—'
    if (scale.by === 'date') return on
    return anchoredOn === null ? '—' : String(dayNumber(on) - dayNumber(anchoredOn))
  })
}

function dueItems({ trial, pathway, today, underWay }: TimelinesInput, words: Words) {
  const now = dayNumber(today)
  return underWay
    .flatMap(({ subject, events }) => {
      const next = nextDue(timelineOf(pathway, events, today))
      if (next === null || next.standing === null || next.window.fromDay > now + daysAhead) return []
      const item: DueItem = {
        when: fromDayNumber(next.window.dueDay),
        mark: { ...standingMark(next.standing, next.window, now, words), text: stepWords(next, now, words) },
        number: subject.number,
        href: `/trials/${trial.code}/subjects/${subject.id}`,
        due: dueInWords(next.window, words),
      }
      return [{ isOverdue: next.standing === 'overdue', item, order: next.window.untilDay }]
    })
    .sort((a, b) => a.order - b.order)
}

function stepWords(next: NonNullable<ReturnType<typeof nextDue>>, now: number, words: Words): string {
  const standing = next.standing === null ? '' : standingMark(next.standing, next.window, now, words).text
  return words.t('timelines.step_standing', { step: words.pick(next.milestone.label), standing })
}
