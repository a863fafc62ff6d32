/**
 * An axis of days: the ticks that the server chose and worded, as few of them as have room.
 *
 * @typedef {{ min: number, max: number, ticks: { at: number, label: string }[] }} Days
 *
 * @import { Chart, ScaleOptions } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 */
import { lettering, textSize } from './lettering.js'

/** @param {Days} days @param {Palette} palette @returns {ScaleOptions<'linear'>} */
export function dayAxis(days, palette) {
  const labels = new Map(days.ticks.map((tick) => [tick.at, tick.label]))
  return {
    type: 'linear',
    min: days.min,
    max: days.max,
    border: { color: palette.ink2 },
    grid: { drawOnChartArea: false, tickLength: 5, tickColor: palette.ink2 },
    ticks: { ...letters(palette), autoSkip: false, maxRotation: 0, callback: (at) => labels.get(Number(at)) },
    afterBuildTicks(axis) {
      axis.ticks = thinned(days, lettering(axis.chart, palette).width, axis.maxWidth).map(({ at }) => ({ value: at }))
    },
    afterFit(axis) {
      axis.height = 30
    },
  }
}

/**
 * Every tick, or every second, third and so on, so that no label comes near the next.
 *
 * @param {Days} days @param {(words: string) => number} width @param {number} room
 */
function thinned({ min, max, ticks }, width, room) {
  const widest = Math.max(0, ...ticks.map((tick) => width(tick.label)))
  const between = ((ticks.at(-1)?.at ?? 0) - (ticks[0]?.at ?? 0)) / Math.max(1, ticks.length - 1)
  const step = Math.max(1, Math.ceil((widest + 8) / ((room * between) / (max - min))))
  return ticks.filter((_, i) => i % step === 0)
}

/** @param {Palette} palette */
export const letters = (palette) => ({
  color: palette.ink2,
  /** @param {{ chart: Chart }} context */
  font: ({ chart }) => ({ family: palette.family, size: textSize(chart, palette) }),
})
