/**
 * Draws the charts of a page. A canvas names the JSON that stands beside it, `<canvas data-chart="its-id">`; the JSON
 * names its kind. Before printing every chart is drawn anew in the inks and the sharpness of paper.
 *
 * @import { Chart as ChartType, ChartConfiguration } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { ChangesChart } from './changes-chart.js'
 * @import { CumulativeChart } from './cumulative-chart.js'
 * @import { FunnelChart } from './funnel-chart.js'
 * @import { LanesChart } from './lanes-chart.js'
 */
import { changesChart, changesHeight } from './changes-chart.js'
import { printPalette, screenPalette } from './chart-palette.js'
import { cumulativeChart } from './cumulative-chart.js'
import { funnelChart } from './funnel-chart.js'
import { lanesChart, lanesHeight, lanesSheets } from './lanes-chart.js'

const { Chart } = /** @type {{ Chart: typeof ChartType }} */ (/** @type {unknown} */ (globalThis))

/** @typedef {CumulativeChart | LanesChart | ChangesChart | FunnelChart} ChartData */

/**
 * @typedef {object} Drawing
 * @property {(palette: Palette) => unknown} configuration
 * @property {((palette: Palette) => number) | null} height where the data ask for it; otherwise the style sheet knows it
 */

/** @param {ChartData} data @returns {Drawing} */
function drawingOf(data) {
  switch (data.kind) {
    case 'cumulative':
      return { configuration: (palette) => cumulativeChart(data, palette), height: null }
    case 'changes':
      return { configuration: (palette) => changesChart(data, palette), height: () => changesHeight(data) }
    case 'funnel':
      return { configuration: (palette) => funnelChart(data, palette), height: null }
    case 'lanes':
      return { configuration: (palette) => lanesChart(data, palette), height: (palette) => lanesHeight(data, palette) }
  }
}

/** What one sheet of paper cannot hold goes on several. @param {ChartData} data @returns {ChartData[]} */
const sheetsOf = (data) => (data.kind === 'lanes' ? lanesSheets(data) : [data])

/** Four dots to a CSS pixel are 384 to the inch. */
const printSharpness = 4

/** @typedef {{ canvas: HTMLCanvasElement, frame: HTMLElement, data: ChartData }} Figure */
/** @typedef {{ destroy(): void }} Drawn */

const figures = [.../** @type {NodeListOf<HTMLCanvasElement>} */ (document.querySelectorAll('canvas[data-chart]'))].map(
  (canvas) => ({ canvas, frame: /** @type {HTMLElement} */ (canvas.parentElement), data: dataOf(canvas) }),
)

let drawn = figures.map(drawOnScreen)

// Somebody put other data in the place of a chart's.
document.addEventListener('parts-replaced', () => {
  for (const figure of figures) figure.data = dataOf(figure.canvas)
  redraw(drawOnScreen)
})
addEventListener('beforeprint', () => redraw(drawForPrint))
addEventListener('afterprint', () => redraw(drawOnScreen))

/** @param {(figure: Figure) => Drawn} draw */
function redraw(draw) {
  for (const chart of drawn) chart.destroy()
  drawn = figures.map(draw)
}

/** @param {Figure} figure @returns {Drawn} */
function drawOnScreen({ canvas, frame, data }) {
  const palette = screenPalette(canvas)
  const { configuration, height } = drawingOf(data)
  frame.style.blockSize = height === null ? '' : `${height(palette)}px`
  return new Chart(canvas, /** @type {ChartConfiguration} */ (configuration(palette)))
}

/**
 * Sheets after the first get frames of their own for as long as printing takes.
 *
 * @param {Figure} figure @returns {Drawn}
 */
function drawForPrint({ canvas, frame, data }) {
  const palette = printPalette(canvas)
  const sheets = sheetsOf(data)
  const moreCanvases = sheets.slice(1).map(() => document.createElement('canvas'))
  const moreFrames = moreCanvases.map((more) => frameLike(frame, more))
  frame.style.blockSize = ''
  frame.after(...moreFrames)
  const charts = [canvas, ...moreCanvases].map((each, i) => printed(each, sheets[i] ?? data, palette))
  return {
    destroy() {
      for (const chart of charts) chart.destroy()
      for (const more of moreFrames) more.remove()
    },
  }
}

/** @param {HTMLElement} frame @param {HTMLCanvasElement} canvas */
function frameLike(frame, canvas) {
  const more = document.createElement('div')
  more.className = frame.className
  more.append(canvas)
  return more
}

/** @param {HTMLCanvasElement} canvas @param {ChartData} data @param {ReturnType<typeof printPalette>} palette */
function printed(canvas, data, palette) {
  const { configuration, height } = drawingOf(data)
  const chart = /** @type {ChartConfiguration} */ (configuration(palette))
  canvas.width = palette.width
  canvas.height = height?.(palette) ?? palette.height
  return new Chart(canvas, {
    ...chart,
    options: { ...chart.options, responsive: false, devicePixelRatio: printSharpness },
  })
}

/** @param {HTMLCanvasElement} canvas @returns {ChartData} */
function dataOf(canvas) {
  const json = document.getElementById(canvas.dataset.chart ?? '')?.textContent
  if (!json) throw new Error(`No JSON for the chart ${canvas.dataset.chart}`)
  return JSON.parse(json)
}
