/**
 * Under the axis of days: on which the conditions changed, with an upright line, and on which sites began or stopped to
 * register, with a stroke only. Words that would meet move apart; where there are too many, the quiet ones go first.
 *
 * @import { Chart, Plugin } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @typedef {object} Turns
 * @property {{ at: number, label: string }[]} changes
 * @property {{ strokes: number[], label: string }[]} sites
 */
import { lettering, spread } from './lettering.js'

const rowHeight = 18
/** Of the axis itself, above the row. */
const axisHeight = 30

/** The room that the row needs under the axis. @param {Turns} turns */
export const turnsHeight = ({ changes, sites }) => (changes.length + sites.length > 0 ? rowHeight : 0)

/**
 * @param {Turns} turns
 * @param {Palette} palette
 * @returns {Plugin<'line'>}
 */
export function turningPoints({ changes, sites }, palette) {
  return {
    id: 'turningPoints',
    beforeDatasetsDraw(chart) {
      for (const { at } of changes) upright(chart, palette, x(chart, at))
    },
    afterDatasetsDraw(chart) {
      strokes(
        chart,
        palette.ink2,
        1,
        sites.flatMap((mark) => mark.strokes),
      )
      strokes(
        chart,
        palette.ink,
        1.5,
        changes.map(({ at }) => at),
      )
      const { width } = lettering(chart, palette)
      /** @param {string} label @param {boolean} isStrong @param {number[]} days */
      const labelled = (label, isStrong, days) => {
        const wish = (x(chart, days[0] ?? 0) + x(chart, days.at(-1) ?? 0)) / 2
        return { label, isStrong, wish, size: width(label, isStrong) + 12 }
      }
      const strong = changes.map(({ at, label }) => labelled(label, true, [at]))
      const quiet = sites.map((mark) => labelled(mark.label, false, mark.strokes))
      const all = [...strong, ...quiet].sort((a, b) => a.wish - b.wish)
      const room = (/** @type {{ size: number }[]} */ labels) => labels.reduce((sum, { size }) => sum + size, 0)
      const labels = [all, strong].find((some) => room(some) <= chart.width)
      if (labels !== undefined) writeRow(chart, palette, labels)
    },
  }
}

/** @param {Chart<'line'>} chart @param {Palette} palette @param {{ label: string, isStrong: boolean, wish: number, size: number }[]} labels */
function writeRow(chart, palette, labels) {
  const { write } = lettering(chart, palette)
  const middles = spread(labels, 0, chart.width)
  const y = chart.chartArea.bottom + axisHeight + rowHeight / 2
  for (const [place, { label, isStrong, wish }] of labels.entries()) {
    const color = isStrong ? palette.ink : palette.ink2
    write(label, middles[place] ?? wish, y, { color, bold: isStrong, align: 'center' })
  }
}

/** @param {Chart<'line'>} chart @param {string} color @param {number} lineWidth @param {number[]} days */
function strokes(chart, color, lineWidth, days) {
  const { ctx, chartArea } = chart
  ctx.save()
  ctx.strokeStyle = color
  ctx.lineWidth = lineWidth
  for (const at of days) {
    ctx.beginPath()
    ctx.moveTo(crisp(x(chart, at)), chartArea.bottom)
    ctx.lineTo(crisp(x(chart, at)), chartArea.bottom + 8)
    ctx.stroke()
  }
  ctx.restore()
}

/** Dots and strokes: not a deadline, not a plan. @param {Chart<'line'>} chart @param {Palette} palette @param {number} at */
function upright({ ctx, chartArea }, palette, at) {
  ctx.save()
  ctx.lineWidth = 1
  ctx.strokeStyle = palette.ink2
  ctx.setLineDash([8, 3, 1, 3])
  ctx.beginPath()
  ctx.moveTo(crisp(at), chartArea.top)
  ctx.lineTo(crisp(at), chartArea.bottom)
  ctx.stroke()
  ctx.restore()
}

/** @param {number} pixel */
const crisp = (pixel) => Math.round(pixel - 0.5) + 0.5

/** @param {Chart<'line'>} chart @param {number} at */
const x = (chart, at) => chart.scales.x?.getPixelForValue(at) ?? 0
