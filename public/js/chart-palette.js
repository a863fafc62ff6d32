/**
 * What a chart is painted with. Colours, sizes and letters are read from the style sheets at the moment of drawing,
 * so that tokens.css stays the only place that knows them, on screen and on paper.
 *
 * @typedef {object} Palette
 * @property {string} ink figures, the target, the newest plan
 * @property {string} ink2 labels, axes, deadlines, the plan before
 * @property {string} ink3 older plans
 * @property {string} rule grid lines
 * @property {string} ruleStrong edges of what may still come
 * @property {string} accent what really happened, and what follows from it
 * @property {string} alarm somebody has to act
 * @property {string} band80 the accent, thinned, for the 80% band and for windows
 * @property {string} band50 the accent, thinned, for the 50% band that lies over it
 * @property {string} sheet what the chart lies on
 * @property {string} family the font families of the page
 * @property {number} textSize in pixels
 */

/** @param {Element} canvas @returns {Palette} */
export function screenPalette(canvas) {
  const { fontFamily } = getComputedStyle(canvas)
  return palette(screenToken(canvas), fontFamily)
}

/** @param {Element} canvas @returns {Palette & { width: number, height: number }} */
export function printPalette(canvas) {
  const token = printToken(canvas)
  return {
    ...palette(token, getComputedStyle(canvas).fontFamily),
    width: Number.parseFloat(token('--chart-width')),
    // A figure on a full page may ask for less than others.
    height: Number.parseFloat(screenToken(canvas)('--chart-print-height') || token('--chart-height')),
  }
}

/** @typedef {(name: string) => string} Token */

/** @param {Token} token @param {string} family @returns {Palette} */
function palette(token, family) {
  const accent = token('--accent')
  return {
    ink: token('--ink'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    rule: token('--rule'),
    ruleStrong: token('--rule-strong'),
    accent,
    alarm: token('--alarm'),
    band80: thinned(accent, token('--band-80')),
    band50: thinned(accent, token('--band-50')),
    sheet: token('--sheet'),
    family,
    textSize: Number.parseFloat(token('--chart-text')),
  }
}

/** @param {string} color @param {string} share */
const thinned = (color, share) => `color-mix(in srgb, ${color} ${Number(share) * 100}%, transparent)`

/** @param {Element} canvas @returns {Token} */
function screenToken(canvas) {
  const style = getComputedStyle(canvas)
  return (name) => style.getPropertyValue(name).trim()
}

/**
 * The page is still laid out for the screen when printing is announced, so its computed style does not know the
 * print tokens yet. They are read from the print rules themselves.
 *
 * @param {Element} canvas @returns {Token}
 */
function printToken(canvas) {
  const onScreen = screenToken(canvas)
  const inPrint = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule && rule.media.mediaText === 'print')
    .flatMap((rule) => [.../** @type {CSSMediaRule} */ (rule).cssRules])
    .filter((rule) => rule instanceof CSSStyleRule && rule.selectorText === ':root')
    .map((rule) => /** @type {CSSStyleRule} */ (rule).style)
  return (name) => inPrint.map((style) => style.getPropertyValue(name).trim()).find(Boolean) ?? onScreen(name)
}
