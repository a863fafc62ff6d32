/**
 * Every line says at its end what it is, in its own colour; there is no legend. Lines that reach the right edge are
 * named in the margin beside it, the others in the plot.
 *
 * @import { Chart, Plugin } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { CumulativeChart, Plan } from './cumulative-chart.js'
 */
import { isNarrow, lettering, lineHeight, spread } from './lettering.js'

/** @param {Chart} chart */
export const labelMargin = (chart) => (isNarrow(chart) ? 70 : 130)

/** Between the end of a line and its label. */
const gap = 8

/** Words that are this little too wide are drawn closer together rather than broken. */
const stretch = 1.08

/**
 * @param {CumulativeChart} data
 * @param {Palette} palette
 * @returns {Plugin<'line'>}
 */
export function directLabels(data, palette) {
  return {
    id: 'directLabels',
    afterDatasetsDraw(chart) {
      writeInMargin(chart, palette, marginLabels(chart, data, palette))
      writeInPlot(chart, palette, data)
    },
  }
}

/** @typedef {{ words: string, number: number, color: string, bold: boolean }} MarginLabel */

/**
 * Where two stand at the same number, the first stands above.
 *
 * @param {Chart<'line'>} chart @param {CumulativeChart} data @param {Palette} palette
 */
function marginLabels(chart, data, { ink, ink2, accent }) {
  const { plans, target, fan, actual } = data
  /** @param {string} whole @param {string} short */
  const fitting = (whole, short) => (isNarrow(chart) ? short : whole)
  /** @type {MarginLabel[]} */
  const labels = []

  for (const plan of plans.filter((plan) => reachesEdge(chart, plan.until.at))) {
    const words = fitting(plan.label, plan.short)
    labels.push({ words, number: plan.until.number, color: plan.newest ? ink : ink2, bold: plan.newest })
  }
  if (target) {
    labels.push({ words: fitting(target.label, target.short), number: target.number, color: ink, bold: true })
  }
  const end = fan?.points.at(-1)
  if (fan && end) {
    labels.push(
      { words: fitting(fan.label80, fan.short80), number: end.high80, color: ink2, bold: false },
      { words: fitting(fan.label50, fan.short50), number: end.high50, color: ink2, bold: false },
      { words: fitting(fan.labelMedian, fan.shortMedian), number: end.median, color: accent, bold: true },
    )
  }
  const today = actual.points.at(-1)
  if (today && reachesEdge(chart, today.at)) {
    labels.push({ words: actual.label, number: today.number, color: accent, bold: true })
  }
  return labels.filter((label) => label.words !== '')
}

/** @param {Chart<'line'>} chart @param {Palette} palette @param {MarginLabel[]} labels */
function writeInMargin(chart, palette, labels) {
  const { write, width } = lettering(chart, palette)
  const room = labelMargin(chart) - gap
  const left = chart.chartArea.right + gap
  const blocks = labels
    .map((label) => ({ label, lines: broken(label.words, (words) => width(words, label.bold) <= room * stretch) }))
    .map((block) => ({ ...block, wish: y(chart, block.label.number), size: block.lines.length * lineHeight }))
    .sort((a, b) => a.wish - b.wish)
  const middles = spread(blocks, chart.chartArea.top - gap, chart.chartArea.bottom + gap)
  for (const [i, { label, lines, size }] of blocks.entries()) {
    const top = (middles[i] ?? 0) - size / 2
    for (const [j, line] of lines.entries()) {
      write(line, left, top + (j + 0.5) * lineHeight, { color: label.color, bold: label.bold, room })
    }
  }
}

/** Lines broken at spaces, as few as fit. @param {string} words @param {(words: string) => boolean} fits */
function broken(words, fits) {
  /** @type {string[]} */
  const lines = []
  for (const word of words.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && fits(`${line} ${word}`)) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** @typedef {{ left: number, right: number, y: number }} Box */

/** @param {Chart<'line'>} chart @param {Palette} palette @param {CumulativeChart} data */
function writeInPlot(chart, palette, { actual, plans }) {
  const { write, width } = lettering(chart, palette)
  /** @type {Box[]} */
  const taken = []

  const today = actual.points.at(-1)
  if (today && !reachesEdge(chart, today.at)) {
    const box = besideActual(chart, actual.points, width(actual.label, true))
    write(actual.label, box.left, box.y, { color: palette.accent, bold: true, halo: true })
    taken.push(box)
  }
  const inside = plans.filter((plan) => !reachesEdge(chart, plan.until.at)).sort((a, b) => a.age - b.age)
  for (const plan of inside) {
    if (isNarrow(chart) && !plan.newest) continue
    const words = isNarrow(chart) ? plan.short : plan.label
    const box = besidePlan(chart, plan, plans, width(words, plan.newest), taken)
    if (box === undefined) continue
    write(words, box.left, box.y, { color: plan.newest ? palette.ink : palette.ink2, bold: plan.newest, halo: true })
    taken.push(box)
  }
}

/**
 * Under the end of the actual line, where its last step is long enough to hold the label and lies above the axis;
 * otherwise over it, where a line that only rises has never been.
 *
 * @param {Chart<'line'>} chart @param {CumulativeChart['actual']['points']} points @param {number} width @returns {Box}
 */
function besideActual(chart, points, width) {
  const end = points.at(-1) ?? { at: 0, number: 0 }
  const right = Math.max(x(chart, end.at) - 2, chart.chartArea.left + gap + width)
  const left = right - width
  const lastStep = points.find((point) => point.number === end.number) ?? end
  const under = x(chart, lastStep.at) <= left && y(chart, end.number) + 1.5 * lineHeight <= chart.chartArea.bottom
  return { left, right, y: y(chart, end.number) + (under ? lineHeight : -lineHeight) }
}

/**
 * Left of the plan's line, high up, where the lines lie apart; lower or higher if a label or another plan is in the
 * way. Without a free place the plan is named by its deadline alone.
 *
 * @param {Chart<'line'>} chart @param {Plan} plan @param {Plan[]} plans @param {number} width @param {Box[]} taken
 * @returns {Box | undefined}
 */
function besidePlan(chart, plan, plans, width, taken) {
  const line = slope(chart, plan)
  const others = plans.filter((other) => other !== plan).map((other) => slope(chart, other))
  return [0.78, 0.66, 0.54, 0.9, 0.42]
    .map((share) => {
      const middle = line.bottom + (line.top - line.bottom) * share
      const right = line.xAt(middle + lineHeight / 2) - 6
      return { left: right - width, right, y: middle }
    })
    .filter((box) => box.left >= chart.chartArea.left + 2)
    .filter((box) => taken.every((other) => areApart(box, other)))
    .find((box) => !others.some((other) => crosses(other, box)))
}

/** The pixels of a plan's line. @param {Chart<'line'>} chart @param {Plan} plan */
function slope(chart, { from, until }) {
  const left = x(chart, from.at)
  const bottom = y(chart, from.number)
  const top = y(chart, until.number)
  const run = (x(chart, until.at) - left) / Math.max(1, bottom - top)
  return { top, bottom, xAt: (/** @type {number} */ y) => left + (bottom - y) * run }
}

/** @param {ReturnType<typeof slope>} line @param {Box} box */
function crosses({ top, bottom, xAt }, { left, right, y }) {
  return top <= y && y <= bottom && left - gap < xAt(y) && xAt(y) < right + gap
}

/** @param {Box} a @param {Box} b */
const areApart = (a, b) => a.right + gap < b.left || b.right + gap < a.left || Math.abs(a.y - b.y) >= lineHeight

/** @param {Chart<'line'>} chart @param {number} at */
const reachesEdge = (chart, at) => chart.chartArea.right - x(chart, at) < gap

/** @param {Chart<'line'>} chart @param {number} at */
const x = (chart, at) => chart.scales.x?.getPixelForValue(at) ?? 0

/** @param {Chart<'line'>} chart @param {number} number */
const y = (chart, number) => chart.scales.y?.getPixelForValue(number) ?? 0
