/**
 * Registrations over time: what every version of the terms planned, what really happened, and what may follow.
 * Nothing hides behind a hover; the same numbers stand in the table under the figure.
 *
 * The server makes it, every word already in the reader's language. Dates are days since 1970-01-01.
 *
 * @typedef {object} CumulativeChart
 * @property {'cumulative'} kind
 * @property {Days} x
 * @property {{ max: number, ticks: number[], title: string }} y whole numbers, the target among them
 * @property {{ number: number, label: string, short: string } | null} target
 * @property {Deadline[]} deadlines
 * @property {Plan[]} plans
 * @property {{ at: number, label: string }[]} changes
 * @property {{ strokes: number[], label: string }[]} sites
 * @property {{ points: Place[], label: string, tip: string }} actual from (start, 0) to the as-of date; # is a number
 * @property {Fan | null} fan
 *
 * @typedef {{ at: number, number: number }} Place
 *
 * @typedef {object} Deadline
 * @property {number} at
 * @property {string} name
 * @property {string} date
 * @property {string} shortName
 * @property {string} shortDate
 * @property {boolean} inForce
 *
 * @typedef {object} Plan
 * @property {Place} from
 * @property {Place} until
 * @property {string} label
 * @property {string} short
 * @property {boolean} newest
 * @property {number} age 0 is the newest
 *
 * @typedef {object} Fan
 * @property {{ at: number, low80: number, low50: number, median: number, high50: number, high80: number, tip: string }[]} points
 * @property {string} label80
 * @property {string} label50
 * @property {string} labelMedian
 * @property {string} short80
 * @property {string} short50
 * @property {string} shortMedian
 *
 * @import { ChartConfiguration, ChartDataset, Plugin, ScaleOptions } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { Pointed } from './still-chart.js'
 * @import { Days } from './day-axis.js'
 * @typedef {{ x: number, y: number }[]} Points
 * @typedef {ChartDataset<'line', Points>} Line
 */
import { dayAxis } from './day-axis.js'
import { deadlineLines, headHeight } from './deadline-lines.js'
import { directLabels, labelMargin } from './direct-labels.js'
import { isNarrow, lettering } from './lettering.js'
import { dateOf, stepAxis, still } from './still-chart.js'
import { turningPoints, turnsHeight } from './turning-points.js'

/** @param {CumulativeChart} data @param {Palette} palette @returns {ChartConfiguration<'line', Points>} */
export function cumulativeChart(data, palette) {
  return {
    type: 'line',
    data: {
      datasets: [
        actualLine(data, palette),
        ...planLines(data, palette),
        ...targetLine(data, palette),
        ...fanLines(data, palette),
      ],
    },
    plugins: [
      deadlineLines(data.deadlines, palette),
      turningPoints(data, palette),
      directLabels(data, palette),
      numberTitle(data, palette),
    ],
    options: {
      ...still(palette, {
        title: ([item]) => (item === undefined ? '' : dateOf(item.parsed.x ?? 0)),
        label: tipOf(data),
      }),
      parsing: false,
      clip: false,
      layout: {
        autoPadding: false,
        padding: ({ chart }) => ({
          top: data.deadlines.length > 0 ? headHeight : 20,
          right: labelMargin(chart),
          bottom: turnsHeight(data),
        }),
      },
      scales: { x: dayAxis(data.x, palette), y: numberAxis(data, palette) },
    },
  }
}

/**
 * What happened by a day, or what the middle of the fan is there: the other lines say themselves what they are.
 *
 * @param {CumulativeChart} data
 */
function tipOf({ actual, plans, target, fan }) {
  const median = 1 + plans.length + (target === null ? 0 : 1)
  /** @param {Pointed} item */
  return ({ datasetIndex, dataIndex, parsed }) => {
    if (datasetIndex === 0) return actual.tip.replace('#', String(parsed.y))
    return datasetIndex === median ? fan?.points[dataIndex]?.tip : undefined
  }
}

/** Over the axis of numbers: what is counted. @param {CumulativeChart} data @param {Palette} palette @returns {Plugin<'line'>} */
function numberTitle({ y }, palette) {
  return {
    id: 'numberTitle',
    afterDatasetsDraw(chart) {
      // On a telephone the caption says it, and the heads of the deadlines need the room.
      if (isNarrow(chart)) return
      lettering(chart, palette).write(y.title, 1, chart.chartArea.top - 8, { color: palette.ink2, halo: true })
    },
  }
}

/**
 * Subjects are whole: the line keeps its height until the day of the next registration. Its dot is the as-of date.
 *
 * @param {CumulativeChart} data @param {Palette} palette @returns {Line}
 */
function actualLine({ actual }, { accent }) {
  return {
    ...steps(actual.points.map(({ at, number }) => ({ x: at, y: number }))),
    borderColor: accent,
    borderWidth: 3,
    pointRadius: actual.points.map((_, i) => (i === actual.points.length - 1 ? 5 : 0)),
    pointBackgroundColor: accent,
    pointBorderWidth: 0,
  }
}

/**
 * The newer the plan, the longer its dashes and the darker its ink.
 *
 * @param {CumulativeChart} data @param {Palette} palette @returns {Line[]}
 */
function planLines({ plans }, { ink, ink2, ink3 }) {
  const newest = { borderColor: ink, borderDash: [12, 4] }
  const before = { borderColor: ink2, borderDash: [6, 4] }
  const older = { borderColor: ink3, borderDash: [2, 4] }
  return plans.map(({ from, until, age }) => ({
    data: [from, until].map(({ at, number }) => ({ x: at, y: number })),
    borderWidth: 1.5,
    pointRadius: 0,
    pointHoverRadius: 0,
    ...([newest, before][age] ?? older),
  }))
}

/** @param {CumulativeChart} data @param {Palette} palette @returns {Line[]} */
function targetLine({ target, x }, { ink }) {
  if (target === null) return []
  const data = [x.min, x.max].map((at) => ({ x: at, y: target.number }))
  return [{ data, borderColor: ink, borderWidth: 1.5, pointRadius: 0, pointHoverRadius: 0 }]
}

/**
 * Two bands between a lower and an upper line, and the median. Only the upper edges are drawn full: they carry the
 * contrast that the tints do not have. Each upper line is filled down to the line that follows it.
 *
 * @param {CumulativeChart} data @param {Palette} palette @returns {Line[]}
 */
function fanLines({ fan }, { accent, band50, band80 }) {
  if (fan === null) return []
  /** @param {'low80' | 'low50' | 'median' | 'high50' | 'high80'} quantile @returns {Line} */
  const line = (quantile) => ({
    ...steps(fan.points.map((point) => ({ x: point.at, y: point[quantile] }))),
    borderColor: accent,
    borderWidth: 0,
    pointRadius: 0,
  })
  return [
    { ...line('median'), borderWidth: 2 },
    { ...line('high50'), borderWidth: 1, fill: '+1', backgroundColor: band50 },
    line('low50'),
    { ...line('high80'), borderWidth: 1, fill: '+1', backgroundColor: band80 },
    line('low80'),
  ]
}

/** @param {Points} data */
const steps = (data) => ({ data, stepped: /** @type {const} */ ('before') })

/** Whole numbers. @param {CumulativeChart} data @param {Palette} palette @returns {ScaleOptions<'linear'>} */
function numberAxis({ y }, palette) {
  return {
    ...stepAxis(palette, { max: y.max, ticks: y.ticks.map((at) => ({ at })) }),
    afterFit(axis) {
      axis.width = Math.max(axis.width - 8, isNarrow(axis.chart) ? 24 : 30)
    },
  }
}
