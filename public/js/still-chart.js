/**
 * What all charts have in common: they stand still, whatever motion somebody wishes for, fill their frame, have words at
 * their lines instead of a legend, axes of whole steps in the letters of the page, and a tip that repeats beside the
 * pointer what the table under the figure says.
 *
 * @typedef {object} Pointed what lies nearest to the pointer
 * @property {number} datasetIndex
 * @property {number} dataIndex
 * @property {{ x: number | null, y: number | null }} parsed
 *
 * @typedef {{ title?: (items: Pointed[]) => string, label: (item: Pointed) => string | undefined }} Tip
 *
 * @import { ScaleOptions } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 */
import { letters } from './day-axis.js'
import { spaced } from './lettering.js'

const pointing = /** @type {const} */ (['mousemove', 'mouseout', 'touchstart', 'touchmove'])

/** A chart without a tip hears nothing at all. @param {Palette} palette @param {Tip | null} tip */
export function still(palette, tip) {
  return {
    animation: /** @type {const} */ (false),
    events: tip === null ? [] : [...pointing],
    interaction: { mode: /** @type {const} */ ('nearest'), intersect: false, axis: /** @type {const} */ ('xy') },
    maintainAspectRatio: false,
    plugins: { legend: { display: false }, tooltip: tip === null ? { enabled: false } : tipLook(palette, tip) },
  }
}

/** Paper and ink, without a box of colour beside the words. @param {Palette} palette @param {Tip} tip */
function tipLook({ sheet, ink, ruleStrong, family, textSize }, { title, label }) {
  const font = { family, size: textSize }
  return {
    animation: /** @type {const} */ (false),
    displayColors: false,
    backgroundColor: sheet,
    borderColor: ruleStrong,
    borderWidth: 1,
    cornerRadius: 2,
    caretSize: 0,
    caretPadding: 8,
    padding: 8,
    titleColor: ink,
    bodyColor: ink,
    titleFont: font,
    bodyFont: font,
    callbacks: {
      title: title ?? (() => ''),
      /** @param {Pointed} item */
      label: (item) => spaced(label(item) ?? ''),
    },
    /** @param {Pointed} item */
    filter: (item) => label(item) !== undefined,
  }
}

/**
 * An axis of the steps that the server chose, under its words.
 *
 * @param {Palette} palette
 * @param {{ min?: number, max: number, ticks: readonly { at: number, label?: string }[] }} steps
 * @returns {ScaleOptions<'linear'>}
 */
export function stepAxis(palette, { min = 0, max, ticks }) {
  const labels = new Map(ticks.map(({ at, label }) => [at, label]))
  return {
    type: 'linear',
    min,
    max,
    border: { display: false },
    grid: { color: palette.rule, drawTicks: false },
    ticks: {
      ...letters(palette),
      autoSkip: false,
      maxRotation: 0,
      padding: 8,
      callback: (at) => labels.get(Number(at)) ?? at,
    },
    afterBuildTicks(axis) {
      axis.ticks = ticks.map(({ at }) => ({ value: at }))
    },
  }
}

/** A day of the axis as a date: 0 is 1970-01-01. @param {number} day */
export const dateOf = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10)
