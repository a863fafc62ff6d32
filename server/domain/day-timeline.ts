/**
 * A subject whose dates are not known, only the days from an index date: marrow on day 11, dosing on day 47. Windows are
 * judged on the same whole days as dates are. Such timelines come from publications and from sites that may not give
 * dates; they are shown beside the log and counted nowhere.
 */
import type { Basis } from './bilingual.ts'
import type { Milestone, Pathway } from './milestone.ts'
import type { Parsed, Problem } from './parsed.ts'
import type { TimelineStep } from './timeline.ts'
import { standingOfDone, windowFrom } from './visit-window.ts'

export type DayTimeline = {
  number: string
  anchorCode: string
  /** Whole days from the anchor, by the code of the milestone; what is not in it was not reached, or is not known. */
  days: Readonly<Record<string, number>>
  basis: Basis
}

/** So many can be handed in at once; and no milestone lies a century from its anchor. */
export const mostDayTimelines = 500
const mostDays = 36_500

/** The day of a milestone on a timeline: the anchor's is 0. */
export function dayOn({ anchorCode, days }: DayTimeline, code: string): number | null {
  if (code === anchorCode) return 0
  return Object.hasOwn(days, code) ? (days[code] ?? null) : null
}

/** In the pathway's order: dosing due 40 days after the anchor, 14 either way, on day 54 -> on time. */
export function dayStepsOf(pathway: Pathway, timeline: DayTimeline): TimelineStep[] {
  return pathway.milestones.map((milestone) => {
    const { schedule, code } = milestone
    const day = dayOn(timeline, code)
    const anchorDay = schedule === null ? null : dayOn(timeline, schedule.anchorCode)
    if (schedule === null || anchorDay === null) return { milestone, day, window: null, standing: null }
    const window = windowFrom(schedule, anchorDay)
    // Without dates there is no today: of what has no day nobody can say whether it is still to come.
    return { milestone, day, window, standing: day === null ? null : standingOfDone(window, day) }
  })
}

/** How many of those with a day for a scheduled milestone lie within its window: 11 of 13. */
export function withinWindows(
  pathway: Pathway,
  timelines: readonly DayTimeline[],
): { milestone: Milestone; within: number; known: number }[] {
  const steps = timelines.map((timeline) => dayStepsOf(pathway, timeline))
  return pathway.milestones.flatMap((milestone, place) => {
    const standings = steps.flatMap((own) => own[place]?.standing ?? [])
    if (standings.length === 0) return []
    return [
      { milestone, within: standings.filter((standing) => standing === 'on_time').length, known: standings.length },
    ]
  })
}

/**
 * Reads a table as it was pasted: its first column holds the numbers, whatever stands above it, and every other column
 * is named by a milestone's code or by its label in either language. Everything that stands in the way is said, by row
 * and column; rows are counted as in the table, with the head as the first. Blank rows are passed over.
 */
export function readDayTimelines(
  pathway: Pathway,
  anchorCode: string,
  table: readonly (readonly string[])[],
): Parsed<DayTimeline[]> {
  const isBlank = (cells: readonly string[]) => cells.every((cell) => plain(cell) === '')
  const [head = [], ...all] = table
  const rows = all.flatMap((cells, index) => (isBlank(cells) ? [] : [{ cells, row: index + 2 }]))
  const problems: Problem[] = []
  const problem = (found: Omit<Problem, 'field'>) => problems.push({ field: 'rows', ...found })
  if (rows.length === 0) return { problems: [{ field: 'rows', code: 'day_rows_missing' }] }
  if (rows.length > mostDayTimelines) {
    return { problems: [{ field: 'rows', code: 'day_rows_too_many', values: { most: mostDayTimelines } }] }
  }
  const columns = head.slice(1).map((name, index) => {
    const milestone = milestoneNamed(pathway, name)
    if (milestone === null)
      problem({ code: 'day_column_unknown', values: { column: index + 2, typed: name.slice(0, 40) } })
    return milestone
  })
  const codes = columns.flatMap((milestone) => milestone?.code ?? [])
  if (columns.length === 0) problem({ code: 'day_columns_missing' })
  for (const code of new Set(codes.filter((code, index) => codes.indexOf(code) !== index))) {
    problem({
      code: 'day_column_twice',
      values: { typed: head[columns.findLastIndex((one) => one?.code === code) + 1] ?? code },
    })
  }
  const numbers = new Set<string>()
  const timelines = rows.map(({ cells, row }): DayTimeline => {
    const number = plain(cells[0] ?? '')
    if (number === '') problem({ code: 'day_number_missing', values: { row } })
    else if (number.length > 64 || /\p{Cc}/u.test(number)) problem({ code: 'day_number_malformed', values: { row } })
    else if (numbers.has(number)) problem({ code: 'day_number_twice', values: { row, number } })
    numbers.add(number)
    if (!isBlank(cells.slice(head.length))) problem({ code: 'day_row_too_long', values: { row } })
    const days: Record<string, number> = {}
    for (const [place, milestone] of columns.entries()) {
      const typed = plain(cells[place + 1] ?? '')
      if (milestone === null || isNothing(typed)) continue
      const day = /^[-+]?\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN
      const column = head[place + 1] ?? ''
      if (Number.isNaN(day) || Math.abs(day) > mostDays)
        problem({ code: 'day_not_whole', values: { row, column, typed: typed.slice(0, 40) } })
      else if (milestone.code === anchorCode && day !== 0)
        problem({ code: 'day_of_anchor', values: { row, column, typed } })
      else if (milestone.code !== anchorCode) days[milestone.code] = day
    }
    return { number, anchorCode, days, basis: 'recorded' }
  })
  return problems.length > 0 ? { problems } : { value: timelines }
}

/** Full-width digits and signs become plain ones, and the true minus sign a hyphen. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[−‐‑–]/g, '-')
    .trim()
}

function isNothing(text: string): boolean {
  return text === '' || /^[-—ー]$/.test(text)
}

function milestoneNamed({ milestones }: Pathway, typed: string): Milestone | null {
  const same = (text: string) => plain(text).toLowerCase().replace(/\s/g, '')
  const name = same(typed)
  return milestones.find(({ code, label }) => [code, label.ja, label.en].some((known) => same(known) === name)) ?? null
}
