/** Charts as values: the same object gives the picture its lines and labels, and the table behind it its rows. */
import type { DayCount } from '../domain/accrual.ts'
import type { Attainment } from '../domain/attainment.ts'
import { fanOf } from '../domain/attainment-fan.ts'
import {
  addMonths,
  type CalendarDate,
  calendarDate,
  dayNumber,
  daysBetween,
  earlierOf,
  laterOf,
  monthOf,
} from '../domain/calendar-date.ts'
import { instantAfter } from '../domain/projection/exposure.ts'
import type { FanRow } from '../domain/projection/fan.ts'
import type { Site } from '../domain/site.ts'
import { plannedNumberBy, type TrialTerms } from '../domain/trial-terms.ts'
import { costChanges, type SiteChange, siteChanges } from '../domain/turning-points.ts'
import type { Words } from '../i18n/words.ts'
import type { AskedDeadline } from './asked-deadlines.ts'

type Point = { at: number; number: number }

/** What `public/js` draws; positions on the x axis are days since 1970-01-01. */
export type CumulativeChart = {
  kind: 'cumulative'
  x: { min: number; max: number; ticks: { at: number; label: string }[] }
  y: { max: number; ticks: number[]; title: string }
  target: { number: number; label: string; short: string } | null
  deadlines: {
    at: number
    name: string
    date: string
    shortName: string
    shortDate: string
    inForce: boolean
  }[]
  plans: { from: Point; until: Point; label: string; short: string; newest: boolean; age: number }[]
  /** Days on which the conditions changed, named in a row under the axis. */
  changes: { at: number; label: string }[]
  /** Days on which sites began or stopped to register; those too near to be told apart share one label. */
  sites: { strokes: number[]; label: string }[]
  actual: { points: Point[]; label: string; tip: string }
  fan: {
    points: { at: number; low80: number; low50: number; median: number; high50: number; high80: number; tip: string }[]
    label80: string
    label50: string
    labelMedian: string
    short80: string
    short50: string
    shortMedian: string
  } | null
}

/** A row of the table behind the chart: what the version's plan says on a day, and what happened or is forecast. */
export type CumulativeRow = { date: string; event: string; planned: string; actual: string; assumed: boolean }

export type CumulativeFigure = { chart: CumulativeChart; rows: CumulativeRow[] }

/**
 * Cumulative registrations against every version's plan known on the as-of date, with the forecast's fan up to the last
 * deadline that is promised or asked for. What is asked for and promised already is drawn as promised.
 */
export function cumulativeFigure(
  attainment: Attainment,
  versions: readonly TrialTerms[],
  sites: readonly Site[],
  steps: readonly DayCount[],
  words: Words,
  alsoAsked: readonly AskedDeadline[] = [],
): CumulativeFigure {
  const known = versions.filter(({ version }) => version <= attainment.promised.version)
  const asked = alsoAsked.filter(({ until }) => known.every(({ registrationUntil }) => registrationUntil !== until))
  const ends = asked.map(({ until }) => until)
  const facts = { fan: fanOf(attainment, sites, ends), openings: siteChanges(sites, attainment.asOf) }
  return cumulativeFigureOf({ attainment, versions, steps, ...facts }, words, asked)
}

/** What the figure is made from; a review keeps it as it was. */
export type CumulativeFacts = {
  attainment: Attainment
  versions: readonly TrialTerms[]
  /** Running totals of registrations. */
  steps: readonly DayCount[]
  openings: readonly SiteChange[]
  fan: readonly FanRow[] | null
}

export function cumulativeFigureOf(
  { attainment, versions, steps, openings, fan }: CumulativeFacts,
  words: Words,
  asked: readonly AskedDeadline[] = [],
): CumulativeFigure {
  const { asOf, promised, inForce } = attainment
  const known = versions.filter(({ version }) => version <= promised.version)
  const firstDay = known.reduce((first, { registrationFrom }) => earlierOf(first, registrationFrom), asOf)
  const deadlines = [...known.map(({ registrationUntil }) => registrationUntil), ...asked.map(({ until }) => until)]
  const lastDay = deadlines.reduce(laterOf, asOf)
  const shown = thinned(steps)
  const highest = Math.max(
    promised.targetNumber,
    attainment.registered,
    ...known.map(({ plan }) => plan.reachesNumber),
    ...(fan ?? []).map(({ high80 }) => high80),
  )
  const chart: CumulativeChart = {
    kind: 'cumulative',
    x: { min: dayNumber(firstDay), max: dayNumber(instantAfter(lastDay)), ticks: timeTicks(firstDay, lastDay) },
    // Room for the newest plan's label above its end.
    y: {
      max: highest + Math.max(Math.round(highest * 0.06), 1),
      ticks: numberTicks(promised.targetNumber, highest),
      title: words.t('chart.y_title'),
    },
    target: {
      number: promised.targetNumber,
      label: words.t('chart.target', { number: promised.targetNumber }),
      short: words.t('chart.target', { number: promised.targetNumber }),
    },
    deadlines: [
      ...known.map((terms) => ({
        at: dayNumber(instantAfter(terms.registrationUntil)),
        name: deadlineName(terms, inForce, words),
        date: terms.registrationUntil,
        shortName: words.t('chart.version_short', { version: terms.version }),
        shortDate: terms.registrationUntil.slice(0, 7),
        inForce: terms.version === inForce.version,
      })),
      ...asked.map(({ until, name, shortName }) => ({
        at: dayNumber(instantAfter(until)),
        name,
        date: until,
        shortName,
        shortDate: until.slice(0, 7),
        inForce: false,
      })),
    ],
    plans: known.map((terms) => ({
      from: { at: dayNumber(terms.plan.startsOn), number: terms.plan.startsAtNumber },
      until: { at: dayNumber(instantAfter(terms.registrationUntil)), number: terms.plan.reachesNumber },
      label:
        terms.version === promised.version
          ? words.t('chart.plan_newest', { version: terms.version, number: terms.plan.reachesNumber })
          : words.t('chart.plan', { version: terms.version }),
      short: words.t('chart.plan_short', { number: terms.plan.reachesNumber }),
      newest: terms.version === promised.version,
      age: promised.version - terms.version,
    })),
    changes: costChanges(versions, asOf).map(({ on, to }) => ({
      at: dayNumber(on),
      label: words.t('chart.cost_moved', { to: words.of('cost_bearer', to) }),
    })),
    sites: siteMarks(openings, daysBetween(firstDay, lastDay), words),
    actual: {
      points: [
        { at: dayNumber(firstDay), number: 0 },
        ...shown.map(({ date, number }) => ({ at: dayNumber(date), number })),
        { at: dayNumber(asOf), number: attainment.registered },
      ],
      label: words.t('chart.actual', { number: attainment.registered }),
      // Its own number takes the place of the mark.
      tip: words.t('chart.actual', { number: '#' }),
    },
    fan: fan === null ? null : fanInWords(fan, words),
  }
  return { chart, rows: rowsOf(attainment, known, asked, shown, fan, turnsOf(versions, openings, asOf, words), words) }
}

function fanInWords(fan: readonly FanRow[], words: Words): CumulativeChart['fan'] {
  const last = fan.at(-1)
  if (last === undefined) return null
  const range = (low: number, high: number) => ({ low, high })
  return {
    points: fan.map(({ at, ...limits }) => ({
      at: dayNumber(at),
      ...limits,
      tip: words.t('chart.tip_range', { low: limits.low80, high: limits.high80, median: limits.median }),
    })),
    label80: words.t('chart.range80', range(last.low80, last.high80)),
    label50: words.t('chart.range50', range(last.low50, last.high50)),
    labelMedian: words.t('chart.median', { number: last.median }),
    short80: words.t('chart.range80_short', range(last.low80, last.high80)),
    short50: words.t('chart.range50_short', range(last.low50, last.high50)),
    shortMedian: words.t('chart.median_short', { number: last.median }),
  }
}

/** Nearer to each other than this share of the axis, sites that open one after the other are one mark. */
const nearby = 0.08

function siteMarks(changes: readonly SiteChange[], days: number, words: Words): CumulativeChart['sites'] {
  const groups: SiteChange[][] = []
  for (const change of changes) {
    const first = groups.at(-1)?.[0]
    if (first !== undefined && daysBetween(first.on, change.on) < days * nearby) groups.at(-1)?.push(change)
    else groups.push([change])
  }
  return groups.map((group) => {
    const opened = group.reduce((sum, change) => sum + change.opened, 0)
    const stopped = group.reduce((sum, change) => sum + change.stopped, 0)
    const said = [
      ...(opened > 0 ? [words.t('chart.sites_opened', { count: opened })] : []),
      ...(stopped > 0 ? [words.t('chart.sites_stopped', { count: stopped })] : []),
    ]
    return { strokes: group.map(({ on }) => dayNumber(on)), label: said.join(words.t('format.and')) }
  })
}

/** More steps than these are drawn, and told, by months: each month's last day with a registration. */
const mostSteps = 120

function thinned(steps: readonly DayCount[]): readonly DayCount[] {
  if (steps.length <= mostSteps) return steps
  return steps.filter(({ date }, place) => {
    const next = steps[place + 1]
    return next === undefined || monthOf(next.date) !== monthOf(date)
  })
}

type Turn = { date: CalendarDate; event: string }

function turnsOf(
  versions: readonly TrialTerms[],
  openings: readonly SiteChange[],
  asOf: CalendarDate,
  words: Words,
): Turn[] {
  const costs = costChanges(versions, asOf).map(({ on, version, from, to }) => ({
    date: on,
    event: words.t('chart.row_cost', {
      version,
      from: words.of('cost_bearer', from),
      to: words.of('cost_bearer', to),
    }),
  }))
  const turns = openings.flatMap(({ on, opened, stopped }) => [
    ...(opened > 0 ? [{ date: on, event: words.t('chart.row_sites_opened', { count: opened }) }] : []),
    ...(stopped > 0 ? [{ date: on, event: words.t('chart.row_sites_stopped', { count: stopped }) }] : []),
  ])
  return [...turns, ...costs]
}

function deadlineName(terms: TrialTerms, inForce: TrialTerms, words: Words): string {
  const { version } = terms
  if (version === inForce.version) return words.t('chart.deadline_in_force', { version })
  return terms.approval === null && version < inForce.version
    ? words.t('chart.deadline_inferred', { version })
    : words.t('chart.deadline', { version })
}

function rowsOf(
  attainment: Attainment,
  known: readonly TrialTerms[],
  asked: readonly AskedDeadline[],
  steps: readonly DayCount[],
  fan: readonly FanRow[] | null,
  turns: readonly Turn[],
  words: Words,
): CumulativeRow[] {
  const { asOf, inForce, promised } = attainment
  const planned = (terms: TrialTerms, on: CalendarDate) => words.number(plannedNumberBy(terms, on), 1)
  const counted = (by: CalendarDate) => steps.findLast(({ date }) => date <= by)?.number ?? 0
  const rows: (CumulativeRow & { order: string })[] = steps.map(({ date, number }) => ({
    order: `${date} 1`,
    date,
    event: words.t('chart.row_registered'),
    planned: '—',
    actual: String(number),
    assumed: false,
  }))
  rows.push({
    order: `${asOf} 2`,
    date: asOf,
    event: words.t('chart.row_as_of'),
    planned: planned(inForce, asOf),
    actual: String(attainment.registered),
    assumed: false,
  })
  for (const { date, event } of turns) {
    const actual = date <= asOf ? String(counted(date)) : '—'
    rows.push({ order: `${date} 0`, date, event, planned: '—', actual, assumed: false })
  }
  const forecastBy = (on: CalendarDate) => fan?.find(({ at }) => at === instantAfter(on))
  const inWords = ({ low80, high80, median }: FanRow) =>
    words.t('chart.row_forecast', { low: low80, high: high80, median })
  for (const terms of known) {
    const on = terms.registrationUntil
    const forecast = terms.version === promised.version && on > asOf ? forecastBy(on) : undefined
    rows.push({
      order: `${on} 3`,
      date: on,
      event: deadlineName(terms, inForce, words),
      planned: planned(terms, on),
      actual: forecast !== undefined ? inWords(forecast) : on <= asOf ? String(counted(on)) : '—',
      assumed: terms.basis === 'assumed',
    })
  }
  for (const { until, name } of asked) {
    const forecast = forecastBy(until)
    rows.push({
      order: `${until} 4`,
      date: until,
      event: name,
      planned: '—',
      actual: forecast !== undefined ? inWords(forecast) : until <= asOf ? String(counted(until)) : '—',
      assumed: false,
    })
  }
  return rows.sort((a, b) => (a.order < b.order ? -1 : 1)).map(({ order: _, ...row }) => row)
}

/** The first of January of each year shown; of each quarter or month where the whole is short. */
function timeTicks(first: CalendarDate, last: CalendarDate): { at: number; label: string }[] {
  const days = daysBetween(first, last)
  const everyMonths = days > 3 * 366 ? 12 : days > 366 ? 6 : days > 200 ? 3 : 1
  const everyYears = Math.max(Math.ceil(days / 366 / 10), 1)
  const ticks: { at: number; label: string }[] = []
  let at = calendarDate(`${first.slice(0, 4)}-01-01`)
  for (; at <= last; at = addMonths(at, everyMonths * everyYears)) {
    if (at >= first) ticks.push({ at: dayNumber(at), label: everyMonths === 12 ? at.slice(0, 4) : at.slice(0, 7) })
  }
  return ticks
}

/** Whole numbers with the target among them: 0, 4, 8, 12 for a target of 12; 0, 5, 10, 13 for one of 13. */
function numberTicks(target: number, highest: number): number[] {
  if (target <= 0) return [0, Math.max(highest, 1)]
  const parts = [3, 4, 5].find((count) => target % count === 0)
  const step = parts === undefined ? niceStep(target / 3) : target / parts
  const ticks = Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step)
  return [...ticks.filter((tick) => tick === target || Math.abs(tick - target) >= step / 2), target]
    .filter((tick, index, all) => all.indexOf(tick) === index)
    .sort((a, b) => a - b)
}

/** The largest of 1, 2, 5, 10, 20, ... that is not above a number of 1 or more. */
function niceStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)))
  return (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1) * power
}
