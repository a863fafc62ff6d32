/**
 * Draws the charts of a page. A canvas names the JSON that stands beside it, `<canvas data-chart="its-id">`; the JSON
 * names its kind. Before printing every chart is drawn anew in the inks and the sharpness of paper.
 *
 * @import { Chart as ChartType } from 'chart.js'
 * @import { CumulativeChart } from './cumulative-chart.js'
 */
import { printPalette, screenPalette } from './chart-palette.js'
import { cumulativeChart } from './cumulative-chart.js'

const { Chart } = /** @type {{ Chart: typeof ChartType }} */ (/** @type {unknown} */ (globalThis))

const kinds = { cumulative: cumulativeChart }

/** Four dots to a CSS pixel are 384 to the inch. */
const printSharpness = 4

/** @typedef {{ canvas: HTMLCanvasElement, data: CumulativeChart }} Figure */

const figures = [.../** @type {NodeListOf<HTMLCanvasElement>} */ (document.querySelectorAll('canvas[data-chart]'))].map(
  (canvas) => ({ canvas, data: dataOf(canvas) }),
)

/** @type {{ destroy(): void }[]} */
let drawn = figures.map(drawOnScreen)

addEventListener('beforeprint', () => redraw(drawForPrint))
addEventListener('afterprint', () => redraw(drawOnScreen))

/** @param {(figure: Figure) => { destroy(): void }} draw */
function redraw(draw) {
  for (const chart of drawn) chart.destroy()
  drawn = figures.map(draw)
}

/** @param {Figure} figure */
function drawOnScreen({ canvas, data }) {
  return new Chart(canvas, kinds[data.kind](data, screenPalette(canvas)))
}

/** @param {Figure} figure */
function drawForPrint({ canvas, data }) {
  const palette = printPalette(canvas)
  const chart = kinds[data.kind](data, palette)
  canvas.width = palette.width
  canvas.height = palette.height
  return new Chart(canvas, {
    ...chart,
    options: { ...chart.options, responsive: false, devicePixelRatio: printSharpness },
  })
}

/** @param {HTMLCanvasElement} canvas @returns {CumulativeChart} */
function dataOf(canvas) {
  const json = document.getElementById(canvas.dataset.chart ?? '')?.textContent
  if (!json) throw new Error(`No JSON for the chart ${canvas.dataset.chart}`)
  return JSON.parse(json)
}
