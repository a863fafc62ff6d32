/** The cell (マス目): one cell is one subject. Solid happened, half is under way, dashed is only said, red dashed is unknown. */

export type CellKind = 'real' | 'half' | 'open' | 'said' | 'lost' | 'time'

/** So many cells of one kind beside each other: a row of fifty thousand is as quickly told as one of five. */
export type CellRun = { kind: CellKind; number: number }

/** Shapes of one row, ready to be drawn: rectangles first, the half cells' triangles over them. */
export type CellRow = {
  width: number
  height: number
  rectangles: { kind: string; x: number; y: number; width: number; height: number }[]
  triangles: { points: string }[]
  /** Where a line stands for the target; null where none does. */
  goal: { x: number; height: number } | null
}

/** Above so many, a row of cells becomes one bar with the same fills: on a ruler, and in a table's row. */
const mostCells = { ruler: 40, row: 20 }

const round = (value: number) => Math.round(value * 10) / 10

/** Small cells for a table: 14 px, 4 px apart. */
export function smallCells(runs: readonly CellRun[]): CellRow {
  const length = lengthOf(runs)
  if (length > mostCells.row) return { ...barOf(runs, 178), height: 16 }
  return rowOf(oneByOne(runs), 14, 14, 4, Math.max(length * 18 - 4, 14))
}

/**
 * Cells on a ruler of 480 px that has room for `outOf`, so that two rulers compare; `goalAfter` draws the target's
 * line after so many.
 */
export function rulerCells(runs: readonly CellRun[], outOf: number, goalAfter: number | null): CellRow {
  const length = lengthOf(runs)
  const room = Math.max(outOf, length, 1)
  if (room > mostCells.ruler) return barOf(runs, (480 * length) / room, goalAfter)
  const width = (480 - 4 * (room - 1)) / room
  const row = rowOf(oneByOne(runs), width, 22, 4, 480)
  if (goalAfter === null || goalAfter >= length) return row
  return { ...row, height: 28, goal: { x: round(goalAfter * (width + 4) - 2), height: 28 } }
}

/** Elapsed time over a period, one cell a year: 4.93 of 5 years fills four cells and most of the fifth. */
export function timeCells(elapsedYears: number, periodYears: number): CellRow {
  const cells = Math.max(Math.round(periodYears), 1)
  const width = (480 - 4 * (cells - 1)) / cells
  const yearsPerCell = periodYears / cells
  const row = rowOf(Array<CellKind>(cells).fill('open'), width, 22, 4, 480)
  for (let cell = 0; cell < cells; cell++) {
    const share = Math.min(Math.max(elapsedYears / yearsPerCell - cell, 0), 1)
    if (share === 0) continue
    row.rectangles.push({ kind: 'time', x: round(cell * (width + 4)), y: 1, width: round(share * width), height: 22 })
  }
  return row
}

function rowOf(kinds: readonly CellKind[], width: number, height: number, gap: number, whole: number): CellRow {
  const row: CellRow = { width: whole, height: height + 2, rectangles: [], triangles: [], goal: null }
  for (const [index, kind] of kinds.entries()) {
    const x = index * (width + gap)
    // A stroke lies on the edge of its shape, so outlined cells are drawn half a stroke smaller.
    const inset = kind === 'real' || kind === 'time' ? 0 : kind === 'lost' ? 1 : 0.5
    row.rectangles.push({
      kind: kind === 'half' ? 'open' : kind,
      x: round(x + inset),
      y: 1 + inset,
      width: round(width - 2 * inset),
      height: height - 2 * inset,
    })
    if (kind === 'half') {
      row.triangles.push({ points: `${round(x)},${height + 1} ${round(x)},1 ${round(x + width)},1` })
    }
  }
  return row
}

function barOf(runs: readonly CellRun[], whole: number, goalAfter: number | null = null): CellRow {
  const isRuler = whole > 200
  const height = isRuler ? 21 : 13
  const row: CellRow = { width: isRuler ? 480 : whole, height: 24, rectangles: [], triangles: [], goal: null }
  const length = lengthOf(runs)
  const place = (index: number) => round((index / length) * whole)
  let start = 0
  for (const { kind, number } of joined(runs)) {
    const [x, right] = [place(start), place(start + number)]
    start += number
    const drawn = kind === 'half' ? 'open' : kind
    row.rectangles.push({ kind: drawn, x, y: 1.5, width: round(right - x), height })
    if (kind === 'half') row.triangles.push({ points: `${x},${height + 1.5} ${x},1.5 ${right},1.5` })
  }
  if (goalAfter === null || goalAfter >= length) return row
  return { ...row, height: 28, goal: { x: place(goalAfter), height: 28 } }
}

/** Neighbours of one kind are one run. */
function joined(runs: readonly CellRun[]): CellRun[] {
  const whole: CellRun[] = []
  for (const run of runs) {
    const last = whole.at(-1)
    if (last?.kind === run.kind) whole[whole.length - 1] = { ...last, number: last.number + run.number }
    else whole.push(run)
  }
  return whole
}

const lengthOf = (runs: readonly CellRun[]) => runs.reduce((sum, { number }) => sum + number, 0)

const oneByOne = (runs: readonly CellRun[]) => runs.flatMap(({ kind, number }) => Array<CellKind>(number).fill(kind))

/** So many cells of each kind, in this order; kinds without any are left out. */
export function cellsOf(...groups: readonly [number, CellKind][]): CellRun[] {
  return groups
    .map(([number, kind]) => ({ kind, number: Math.max(Math.round(number), 0) }))
    .filter(({ number }) => number > 0)
}
