/**
 * Words on a canvas: how wide they are, how they are written, and how neighbours make room for each other.
 *
 * @import { Chart } from 'chart.js'
 * @import { Palette } from './chart-palette.js'
 */

export const lineHeight = 15

/** Below this width of the canvas the margin shrinks and short words stand in it. @param {Chart} chart */
export const isNarrow = (chart) => chart.width < 480

/** @param {Chart} chart @param {Palette} palette */
export const textSize = (chart, palette) => (isNarrow(chart) ? Math.min(12, palette.textSize) : palette.textSize)

/**
 * @typedef {object} Writing
 * @property {string} color
 * @property {boolean} [bold]
 * @property {CanvasTextAlign} [align] where x lies in the words; their start unless told
 * @property {boolean} [halo] keeps the lines of the plot away from the letters
 * @property {number} [room] the words are drawn closer together when they are wider than this
 */

/** @param {Chart} chart @param {Palette} palette */
export function lettering(chart, palette) {
  const { ctx } = chart
  /** @param {boolean | undefined} bold */
  const font = (bold) => `${bold ? 700 : 400} ${textSize(chart, palette)}px ${palette.family}`

  return {
    /** @param {string} words @param {boolean} [bold] */
    width(words, bold) {
      ctx.font = font(bold)
      return ctx.measureText(spaced(words)).width
    },

    /**
     * Writes one line; y is its middle.
     *
     * @param {string} words @param {number} x @param {number} y @param {Writing} writing
     */
    write(words, x, y, { color, bold, align = 'start', halo, room }) {
      ctx.save()
      ctx.font = font(bold)
      ctx.textAlign = align
      ctx.textBaseline = 'alphabetic'
      const baseline = y + textSize(chart, palette) * 0.35
      if (halo) {
        ctx.strokeStyle = palette.sheet
        ctx.lineWidth = 4
        ctx.lineJoin = 'round'
        ctx.strokeText(spaced(words), x, baseline, room)
      }
      ctx.fillStyle = color
      ctx.fillText(spaced(words), x, baseline, room)
      ctx.restore()
    },
  }
}

const betweenScripts =
  /(?<=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}])(?=[\da-z])|(?<=[\da-z])(?=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}])/giu

/**
 * The page gets its air between Japanese and digits from `text-autospace`; a canvas has to be told.
 *
 * @param {string} words
 */
export const spaced = (words) => words.replace(betweenScripts, '\u200a')

/**
 * Places things on a line in their order, none over the next, each as near to its wish as the others allow.
 * Two labels of 20 that both wish for 50 come to stand at 40 and 60. Wishes rise; the answer is the middles.
 *
 * @param {{ wish: number, size: number }[]} things
 * @param {number} low @param {number} high
 */
export function spread(things, low, high) {
  /** @type {(typeof things)[]} */
  const groups = []
  /** @param {typeof things} group */
  const size = (group) => group.reduce((sum, thing) => sum + thing.size, 0)
  /** @param {typeof things} group */
  const start = (group) => {
    const wishes = group.map((thing, i) => thing.wish - thing.size / 2 - size(group.slice(0, i)))
    const mean = wishes.reduce((sum, wish) => sum + wish, 0) / wishes.length
    return Math.max(low, Math.min(mean, high - size(group)))
  }
  for (const thing of things) {
    let last = [thing]
    for (let before = groups.at(-1); before && start(before) + size(before) > start(last); before = groups.at(-1)) {
      groups.pop()
      last = [...before, ...last]
    }
    groups.push(last)
  }
  return groups.flatMap((group) => group.map((thing, i) => start(group) + size(group.slice(0, i)) + thing.size / 2))
}
