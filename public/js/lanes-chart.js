/**
 * Every subject of a trial as a lane: when it was reached what counts toward the target, what had its window, what
 * fell outside it, and where somebody left. By date, or by day from an anchor for those who know only day counts.
 *
 * The server makes it, every word already in the reader's language; the key is the page's. Places are days: since
 * 1970-01-01, or from the anchor. A window holds both its first and its last day.
 *
 * @typedef {object} LanesChart
 * @property {'lanes'} kind
 * @property {Days & { title: string }} x
 * @property {number | null} today by date only
 * @property {string} todayLabel
 * @property {Lane[]} lanes
 *
 * @typedef {object} Lane
 * @property {string} label the subject's number
 * @property {{ from: number, until: number, tone: Tone }[]} bars
 * @property {LaneWindow[]} windows
 * @property {LaneEvent[]} events
 * @property {{ at: number, label: string } | null} exit
 *
 * @typedef {'before' | 'after'} Tone before or after the milestone that counts toward the target
 *
 * @typedef {object} LaneWindow
 * @property {number} from
 * @property {number} until
 * @property {'early' | 'on_time' | 'late' | 'missed' | 'overdue' | 'upcoming'} standing
 *
 * @typedef {object} LaneEvent
 * @property {number} at
 * @property {string} label
 * @property {'early' | 'on_time' | 'late' | 'plain'} standing
 *
 * @import { Chart, ChartConfiguration, ChartDataset, ScaleOptions } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { Days } from './day-axis.js'
 * @typedef {{ x: [number, number], y: number }[]} Floating
 * @typedef {ChartDataset<'bar', Floating>} Bars
 */
import { dayAxis } from './day-axis.js'
import { laneMarks } from './lane-marks.js'
import { isNarrow, spaced, textSize } from './lettering.js'
import { still } from './still-chart.js'

/** More lanes than these stand closer together, and the days are written above them as well. */
const manyLanes = 30

/** What fits on a sheet of paper below a heading and a key. */
const lanesToASheet = 54

/** The room of the days, of their title, of the word above today, and of nothing. */
const daysHeight = 30
const titleHeight = 18
const daysAboveHeight = 22
const todayHeight = 24
const margin = 8

/** Between the lanes and the ends of the plot. */
const air = 4

/** @param {LanesChart} data @param {Palette} palette @returns {ChartConfiguration<'bar', Floating>} */
export function lanesChart(data, palette) {
  return {
    type: 'bar',
    data: {
      datasets: [
        bars(data, 'before', { barThickness: 4, backgroundColor: palette.ink2 }),
        bars(data, 'after', { barThickness: 6, backgroundColor: palette.accent }),
      ],
    },
    plugins: [laneMarks(data, palette)],
    options: {
      indexAxis: 'y',
      ...still(palette, null),
      layout: {
        autoPadding: false,
        padding: { top: headHeight(data), right: margin },
      },
      scales: {
        x: daysBelow(data, palette),
        ...(isCrowded(data) ? { above: daysAbove(data, palette) } : {}),
        y: laneAxis(data, palette),
      },
    },
  }
}

/** The chart is as high as its lanes ask for. @param {LanesChart} data @param {Palette} palette */
export function lanesHeight(data, palette) {
  const above = headHeight(data) + (isCrowded(data) ? daysAboveHeight : 0)
  const lanes = Math.max(1, data.lanes.length) * laneHeight(data, palette)
  return above + air + lanes + air + daysBelowHeight(data)
}

/** The same chart on as many sheets of paper as it needs, all about equally full. @param {LanesChart} data */
export function lanesSheets(data) {
  const sheets = Math.max(1, Math.ceil(data.lanes.length / lanesToASheet))
  const size = Math.ceil(data.lanes.length / sheets)
  return Array.from({ length: sheets }, (_, i) => ({ ...data, lanes: data.lanes.slice(i * size, (i + 1) * size) }))
}

/** @param {LanesChart} data */
const isCrowded = ({ lanes }) => lanes.length > manyLanes

/**
 * One and a half times its letters, less where there are many. Always even, so that what lies in the middle of a lane
 * lies on whole pixels.
 *
 * @param {LanesChart} data @param {Palette} palette
 */
function laneHeight(data, { textSize }) {
  if (!isCrowded(data)) return 2 * Math.ceil(textSize * 0.75)
  return data.lanes.length > 2 * manyLanes ? 14 : 2 * Math.ceil(textSize * 0.6)
}

/** @param {LanesChart} data */
const headHeight = ({ today }) => (today === null ? 12 : todayHeight)

/** @param {LanesChart} data */
const daysBelowHeight = ({ x }) => daysHeight + (x.title === '' ? 0 : titleHeight)

/** @param {LanesChart} data @param {Tone} tone @param {Partial<Bars>} look @returns {Bars} */
function bars({ lanes }, tone, look) {
  const data = lanes.flatMap((lane, y) =>
    lane.bars.filter((bar) => bar.tone === tone).map(({ from, until }) => ({ x: floating(from, until), y })),
  )
  return { ...look, data, grouped: false, borderSkipped: false }
}

/** @param {number} from @param {number} until @returns {[number, number]} */
const floating = (from, until) => [from, until]

/** @param {LanesChart} data @param {Palette} palette @returns {ScaleOptions<'linear'>} */
function daysBelow(data, palette) {
  const { title } = data.x
  return {
    ...dayAxis(data.x, palette),
    grid: { color: palette.rule, tickLength: 5, tickColor: palette.ink2 },
    title: {
      display: title !== '',
      text: spaced(title),
      color: palette.ink2,
      font: { family: palette.family, size: palette.textSize },
      padding: 0,
    },
    afterFit(axis) {
      axis.height = daysBelowHeight(data)
    },
  }
}

/**
 * The hairlines are those of the days below; the letters keep today's line away.
 *
 * @param {LanesChart} data @param {Palette} palette @returns {ScaleOptions<'linear'>}
 */
function daysAbove(data, palette) {
  const axis = dayAxis(data.x, palette)
  return {
    ...axis,
    position: 'top',
    border: { display: false },
    grid: { drawOnChartArea: false, drawTicks: false },
    ticks: { ...axis.ticks, padding: 4, textStrokeColor: palette.sheet, textStrokeWidth: 4 },
    afterFit(scale) {
      scale.height = daysAboveHeight
    },
  }
}

/** @param {LanesChart} data @param {Palette} palette @returns {ScaleOptions<'linear'>} */
function laneAxis(data, palette) {
  const { lanes } = data
  const labels = lanes.map((lane) => lane.label)
  const short = shortened(labels)
  const height = laneHeight(data, palette)
  return {
    type: 'linear',
    reverse: true,
    offset: false,
    min: -0.5 - air / height,
    max: Math.max(1, lanes.length) - 0.5 + air / height,
    border: { display: false },
    grid: { display: false },
    ticks: {
      color: palette.ink,
      font: ({ chart }) => ({ family: palette.family, size: Math.min(textSize(chart, palette), height - 2) }),
      autoSkip: false,
      padding: 8,
      callback(at) {
        return (isNarrow(/** @type {Chart} */ (this.chart)) ? short : labels)[Number(at)]
      },
    },
    afterBuildTicks(axis) {
      axis.ticks = labels.map((_, value) => ({ value }))
    },
    afterFit(axis) {
      axis.width -= 8
      axis.paddingTop = 0
      axis.paddingBottom = 0
    },
  }
}

/**
 * Without what all of them begin with; where that is not short enough, their ends, if those still tell them apart.
 * From SSC-01-001 and SSC-02-001 come 01-001 and 02-001.
 *
 * @param {string[]} labels
 */
function shortened(labels) {
  const [first = '', ...others] = labels
  const parts = others.length === 0 ? [] : [...first.matchAll(/[-_. ]/g)].map(({ index }) => first.slice(0, index + 1))
  const shared = parts.filter((part) => others.every((label) => label.startsWith(part))).at(-1) ?? ''
  const rests = labels.map((label) => label.slice(shared.length))
  const ends = rests.map((rest) => rest.slice(-6).replace(/^[-_. ]/, ''))
  return new Set(ends).size === new Set(labels).size ? ends : rests
}
