/**
 * What one more would do: from the chance as it is to where each change takes it, one bar each, the longest first. The
 * bar says where it ends; the table under the figure has the same numbers.
 *
 * @typedef {object} ChangesChart
 * @property {'changes'} kind
 * @property {{ at: number, label: string }} from the chance as it is
 * @property {number} max
 * @property {{ at: number, label: string }[]} ticks
 * @property {{ name: string, at: number, label: string }[]} bars
 *
 * @import { Chart, ChartConfiguration, Plugin } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 */
import { lettering, lineHeight } from './lettering.js'
import { stepAxis, still } from './still-chart.js'

/** Of one bar with its name above it. */
const rowHeight = 52
const barHeight = 14
/** Above the bars, for the word at the line of today; and below them, for the axis. */
const head = 24
const foot = 30

/** @param {ChangesChart} data */
export const changesHeight = (data) => head + data.bars.length * rowHeight + foot

/** @param {ChangesChart} data @param {Palette} palette @returns {ChartConfiguration<'bar', [number, number][]>} */
export function changesChart(data, palette) {
  return {
    type: 'bar',
    data: {
      labels: data.bars.map(({ name }) => name),
      datasets: [
        {
          data: data.bars.map(({ at }) => [data.from.at, at]),
          backgroundColor: palette.accent,
          barThickness: barHeight,
          borderSkipped: false,
        },
      ],
    },
    plugins: [words(data, palette)],
    options: {
      indexAxis: 'y',
      ...still(palette, null),
      layout: { autoPadding: false, padding: { top: head, right: 56, left: 1 } },
      scales: {
        x: {
          ...stepAxis(palette, data),
          border: { color: palette.ink2 },
          afterFit(axis) {
            axis.height = foot
          },
        },
        y: { display: false },
      },
    },
  }
}

/** The names over the bars, their ends, and the line of the chance as it is. @param {ChangesChart} data @param {Palette} palette @returns {Plugin<'bar'>} */
function words(data, palette) {
  return {
    id: 'changes',
    afterDatasetsDraw(chart) {
      const { write, width } = lettering(chart, palette)
      const now = x(chart, data.from.at)
      const { ctx, chartArea } = chart
      ctx.save()
      ctx.strokeStyle = palette.ink
      ctx.lineWidth = 1.5
      ctx.beginPath()
      ctx.moveTo(now, chartArea.top - 6)
      ctx.lineTo(now, chartArea.bottom)
      ctx.stroke()
      ctx.restore()
      const half = width(data.from.label, true) / 2
      const middle = Math.max(now, chartArea.left + half)
      write(data.from.label, middle, chartArea.top - 6 - lineHeight / 2, {
        color: palette.ink,
        bold: true,
        align: 'center',
      })
      for (const [row, bar] of data.bars.entries()) {
        const y = chart.scales.y?.getPixelForValue(row) ?? 0
        const name = { color: palette.ink, halo: true }
        write(bar.name, Math.max(now + 6, chartArea.left), y - barHeight / 2 - lineHeight * 0.8, name)
        write(bar.label, x(chart, bar.at) + 6, y, { color: palette.accent, bold: true, halo: true })
      }
    },
  }
}

/** @param {Chart<'bar'>} chart @param {number} at */
const x = (chart, at) => chart.scales.x?.getPixelForValue(at) ?? 0
