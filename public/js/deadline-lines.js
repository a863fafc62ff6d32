/**
 * The deadline of every version as an upright line, its name and date on top. The one in force is solid; heads that
 * would meet move apart, and their line bends towards them.
 *
 * @import { Chart, Plugin } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { Deadline } from './cumulative-chart.js'
 */
import { isNarrow, lettering, lineHeight, spread } from './lettering.js'

/** The room above the plot that the heads need. */
export const headHeight = 48

/** A head further than this from its line would rather be short. */
const farAway = 24

/**
 * @param {Deadline[]} deadlines
 * @param {Palette} palette
 * @returns {Plugin<'line'>}
 */
export function deadlineLines(deadlines, palette) {
  return {
    id: 'deadlineLines',
    beforeDatasetsDraw(chart) {
      const { write } = lettering(chart, palette)
      for (const head of heads(chart, palette, deadlines)) {
        drawLine(chart, palette, head)
        write(head.name, head.middle, 13.5, { color: palette.ink2, align: 'center' })
        write(head.date, head.middle, 13.5 + lineHeight, { color: palette.ink, bold: true, align: 'center' })
      }
    },
  }
}

/**
 * Whole names where they fit beside each other, short ones otherwise.
 *
 * @param {Chart<'line'>} chart @param {Palette} palette @param {Deadline[]} deadlines
 */
function heads(chart, palette, deadlines) {
  const { width } = lettering(chart, palette)
  /** @param {(deadline: Deadline) => { name: string, date: string }} words */
  const placed = (words) => {
    const unplaced = deadlines
      .map((deadline) => ({ ...words(deadline), inForce: deadline.inForce, x: x(chart, deadline.at) }))
      .map((head) => ({ ...head, wish: head.x, size: Math.max(width(head.name), width(head.date, true)) + 8 }))
      .sort((a, b) => a.wish - b.wish)
    const middles = spread(unplaced, 0, chart.width)
    return unplaced.map((head, i) => ({ ...head, middle: middles[i] ?? head.x }))
  }
  const whole = placed(({ name, date }) => ({ name, date }))
  const fits = whole.every((head) => Math.abs(head.middle - head.x) <= farAway)
  if (fits && !isNarrow(chart)) return whole
  return placed(({ shortName, shortDate }) => ({ name: shortName, date: shortDate }))
}

/**
 * Straight up where the line ends under its head, bent towards it otherwise.
 *
 * @param {Chart<'line'>} chart @param {Palette} palette
 * @param {{ x: number, middle: number, size: number, inForce: boolean }} head
 */
function drawLine({ ctx, chartArea }, palette, { x, middle, size, inForce }) {
  const reach = size / 2 - 8
  const top = Math.max(middle - reach, Math.min(x, middle + reach))
  ctx.save()
  ctx.lineWidth = 1
  ctx.strokeStyle = inForce ? palette.ink : palette.ink2
  ctx.setLineDash(inForce ? [] : [1, 3])
  ctx.beginPath()
  ctx.moveTo(crisp(top), headHeight - 8)
  ctx.lineTo(crisp(x), headHeight)
  ctx.lineTo(crisp(x), chartArea.bottom)
  ctx.stroke()
  ctx.restore()
}

/** @param {number} pixel */
const crisp = (pixel) => Math.round(pixel - 0.5) + 0.5

/** @param {Chart<'line'>} chart @param {number} at */
const x = (chart, at) => chart.scales.x?.getPixelForValue(at) ?? 0
