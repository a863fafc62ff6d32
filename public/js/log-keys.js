/**
 * Keys for the log: rows by arrow or letter, the search, the form, the list of the keys. Nothing is lost without them, and
 * none is taken from a field that somebody types into. Whoever speaks to their computer, or leans on it, turns them off.
 */

const storedAs = 'log-keys'

/** Where letters and arrows mean themselves. */
const typing = 'input, select, textarea, [contenteditable]'

/** @returns {boolean} */
function areOff() {
  return localStorage.getItem(storedAs) === 'off'
}

/** What can be acted on in each row, the rows in order. @returns {HTMLElement[][]} */
function grid() {
  return [...document.querySelectorAll('table.log tbody tr')]
    .map((row) => {
      /** @type {NodeListOf<HTMLElement>} */
      const targets = row.querySelectorAll('a, button')
      return [...targets]
    })
    .filter((targets) => targets.length > 0)
}

/** Where the focus is among the rows; null where it is elsewhere. @param {HTMLElement[][]} rows */
function placeIn(rows) {
  const { activeElement } = document
  if (!(activeElement instanceof HTMLElement)) return null
  for (const [row, targets] of rows.entries()) {
    const index = targets.indexOf(activeElement)
    if (index >= 0) return { row, index, target: activeElement }
  }
  return null
}

/** The column that something stands in. @param {HTMLElement | undefined} target */
function columnOf(target) {
  const cell = target?.closest('th, td')
  return cell instanceof HTMLTableCellElement ? cell.cellIndex : 0
}

/** Into the first row from elsewhere, or to the next one in the same column, or the nearest. @param {number} down */
function moveDown(down) {
  const rows = grid()
  const place = placeIn(rows)
  const targets = rows[place === null ? 0 : Math.min(Math.max(place.row + down, 0), rows.length - 1)] ?? []
  const column = columnOf(place?.target)
  const [nearest] = [...targets].sort((a, b) => Math.abs(columnOf(a) - column) - Math.abs(columnOf(b) - column))
  nearest?.focus()
}

/** To what stands beside it in the row. @param {number} right */
function moveRight(right) {
  const rows = grid()
  const place = placeIn(rows)
  if (place !== null) rows[place.row]?.[place.index + right]?.focus()
}

/** @param {string} selector */
function focusOn(selector) {
  const target = document.querySelector(selector)
  if (!(target instanceof HTMLElement)) return false
  target.focus()
  if (target instanceof HTMLInputElement) target.select()
  return true
}

function toggleList() {
  const list = document.querySelector('#keys')
  if (!(list instanceof HTMLDetailsElement)) return false
  list.open = !list.open
  list.querySelector('summary')?.focus()
  return true
}

/** What each key does; arrows only among the rows, because elsewhere they scroll. @type {Record<string, () => unknown>} */
const letters = {
  j: () => moveDown(1),
  k: () => moveDown(-1),
  '/': () => focusOn('#search'),
  n: () => focusOn('form.quick :is(select, input:not([type="hidden"]))'),
  '?': toggleList,
}
/** @type {Record<string, () => unknown>} */
const arrows = {
  ArrowDown: () => moveDown(1),
  ArrowUp: () => moveDown(-1),
  ArrowRight: () => moveRight(1),
  ArrowLeft: () => moveRight(-1),
}

addEventListener('keydown', (event) => {
  const { target, key } = event
  if (areOff() || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
  if (!(target instanceof Element) || target.closest(typing) !== null) return
  const act = placeIn(grid()) === null ? letters[key] : (letters[key] ?? arrows[key])
  if (act === undefined || act() === false) return
  event.preventDefault()
})

const button = document.querySelector('#keys button')
if (button instanceof HTMLButtonElement) {
  const say = () => {
    button.textContent = (areOff() ? button.dataset.on : button.dataset.off) ?? ''
  }
  button.hidden = false
  say()
  button.addEventListener('click', () => {
    if (areOff()) localStorage.removeItem(storedAs)
    else localStorage.setItem(storedAs, 'off')
    say()
  })
}
