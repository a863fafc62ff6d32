/**
 * Sites in their funnel: how many each registered over how long it was open, between the limits within which sites of
 * one common rate stay. Each point bears its site's code; one outside the limits is drawn as a cross, not only in
 * another colour.
 *
 * @typedef {object} FunnelChart
 * @property {'funnel'} kind
 * @property {{ max: number, ticks: { at: number, label: string }[], title: string }} x years open
 * @property {{ max: number, ticks: number[], title: string }} y
 * @property {{ at: number, expected: number, low95: number, high95: number, low998: number, high998: number }[]} curve
 * @property {{ expected: string, limits95: string, limits998: string }} labels
 * @property {{ at: number, number: number, name: string, tip: string, place: 'within' | 'beyond95' | 'beyond998' }[]} sites
 *
 * @import { Chart, ChartConfiguration, ChartDataset, Plugin } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 * @import { Pointed } from './still-chart.js'
 * @typedef {{ x: number, y: number }[]} Points
 */
import { isNarrow, lettering, lineHeight, spread } from './lettering.js'
import { stepAxis, still } from './still-chart.js'

/** @param {Chart} chart */
const margin = (chart) => (isNarrow(chart) ? 76 : 92)

/** @param {FunnelChart} data @param {Palette} palette @returns {ChartConfiguration<'line', Points>} */
export function funnelChart(data, palette) {
  return {
    type: 'line',
    data: { datasets: [points(data, palette), ...lines(data, palette)] },
    plugins: [words(data, palette)],
    options: {
      ...still(palette, { label: tipOf(data) }),
      parsing: false,
      clip: false,
      layout: { autoPadding: false, padding: ({ chart }) => ({ top: 26, right: margin(chart), left: 1, bottom: 18 }) },
      scales: {
        x: {
          ...stepAxis(palette, data.x),
          border: { color: palette.ink2 },
          grid: { drawOnChartArea: false, tickLength: 5, tickColor: palette.ink2 },
        },
        y: stepAxis(palette, { max: data.y.max, ticks: data.y.ticks.map((at) => ({ at })) }),
      },
    },
  }
}

/** A site's numbers: its code, how many it registered and how long it was open. @param {FunnelChart} data */
function tipOf({ sites }) {
  /** @param {Pointed} item */
  return ({ datasetIndex, dataIndex }) => (datasetIndex === 0 ? sites[dataIndex]?.tip : undefined)
}

/** @param {FunnelChart} data @param {Palette} palette @returns {ChartDataset<'line', Points>} */
function points({ sites }, palette) {
  const isOut = sites.map(({ place }) => place !== 'within')
  return {
    data: sites.map(({ at, number }) => ({ x: at, y: number })),
    showLine: false,
    pointRadius: 5,
    pointStyle: isOut.map((out) => (out ? 'crossRot' : 'circle')),
    pointBackgroundColor: palette.accent,
    pointBorderColor: isOut.map((out) => (out ? palette.alarm : palette.accent)),
    pointBorderWidth: isOut.map((out) => (out ? 2.5 : 0)),
  }
}

/** Limits are whole numbers, so their lines are steps. @param {FunnelChart} data @param {Palette} palette @returns {ChartDataset<'line', Points>[]} */
function lines({ curve }, { ink, ink2 }) {
  /** @param {'expected' | 'low95' | 'high95' | 'low998' | 'high998'} limit @param {number[]} borderDash @param {string} borderColor @returns {ChartDataset<'line', Points>} */
  const line = (limit, borderDash, borderColor) => ({
    data: curve.map((point) => ({ x: point.at, y: point[limit] })),
    stepped: limit === 'expected' ? false : 'before',
    borderColor,
    borderWidth: 1.5,
    borderDash,
    pointRadius: 0,
  })
  return [
    line('expected', [], ink),
    line('low95', [6, 4], ink2),
    line('high95', [6, 4], ink2),
    line('low998', [2, 4], ink2),
    line('high998', [2, 4], ink2),
  ]
}

/** @param {FunnelChart} data @param {Palette} palette @returns {Plugin<'line'>} */
function words(data, palette) {
  return {
    id: 'funnel',
    afterDatasetsDraw(chart) {
      const { write, width } = lettering(chart, palette)
      const { chartArea } = chart
      write(data.y.title, 1, chartArea.top - 16, { color: palette.ink2 })
      write(data.x.title, chartArea.right, chartArea.bottom + 36, { color: palette.ink2, align: 'end' })
      const end = data.curve.at(-1)
      if (end !== undefined) {
        const labels = [
          { words: data.labels.limits998, at: end.high998, color: palette.ink2 },
          { words: data.labels.limits95, at: end.high95, color: palette.ink2 },
          { words: data.labels.expected, at: end.expected, color: palette.ink },
        ].map((label) => ({ ...label, wish: y(chart, label.at), size: lineHeight }))
        const middles = spread(labels, chartArea.top, chartArea.bottom)
        for (const [row, label] of labels.entries()) {
          const place = { color: label.color, bold: row === 2, room: margin(chart) - 8 }
          write(label.words, chartArea.right + 8, middles[row] ?? 0, place)
        }
      }
      for (const [names, group] of together(data.sites)) {
        const left = x(chart, group.at) - width(names) / 2
        const room = Math.min(Math.max(left, chartArea.left + 2), chartArea.right - width(names))
        write(names, room, y(chart, group.number) - lineHeight, { color: palette.ink, halo: true })
      }
    },
  }
}

/** Sites at the same place share one label; of many only how many more there are. @param {FunnelChart['sites']} sites */
function together(sites) {
  /** @type {Map<string, { at: number, number: number, names: string[] }>} */
  const groups = new Map()
  for (const { at, number, name } of sites) {
    const place = `${at.toFixed(1)} ${number}`
    const group = groups.get(place) ?? { at, number, names: [] }
    group.names.push(name)
    groups.set(place, group)
  }
  return [...groups.values()].map(({ names, ...group }) => {
    const rest = names.length - 6
    const shown = names.slice(0, 6).join(' ')
    return /** @type {const} */ ([rest > 0 ? `${shown} +${rest}` : shown, group])
  })
}

/** @param {Chart<'line'>} chart @param {number} at */
const x = (chart, at) => chart.scales.x?.getPixelForValue(at) ?? 0

/** @param {Chart<'line'>} chart @param {number} number */
const y = (chart, number) => chart.scales.y?.getPixelForValue(number) ?? 0
