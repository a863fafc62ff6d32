/** Rows as files: CSV as it comes, a workbook whole. What somebody typed is never taken for a formula. */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import writeExcelFile, { type Row, type SheetData } from 'write-excel-file/node'
import type { FileCell } from '../pages/log-file.ts'

/** Excel and its like would compute a cell that begins so, full-width signs included. */
const beginsLikeAFormula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** UTF-8 with a byte order mark, and CRLF: what a spreadsheet opens with a double click. */
export function csvOf(rows: AsyncIterable<readonly FileCell[]>): Readable {
  const written = stringify({ bom: true, record_delimiter: 'windows' })
  const source = Readable.from(textsOf(rows))
  // A row that cannot be read ends the file, and whoever sends it hears of it.
  source.on('error', (error) => written.destroy(error))
  written.on('close', () => source.destroy())
  return source.pipe(written)
}

async function* textsOf(rows: AsyncIterable<readonly FileCell[]>): AsyncGenerator<string[]> {
  for await (const row of rows) yield row.map(safeText)
}

/** `=1+1` becomes `'=1+1`, which is shown and not computed; numbers and dates are what they are. */
export function safeText(cell: FileCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'object') return cell.date
  return beginsLikeAFormula.test(cell) ? `'${cell}` : cell
}

/** One sheet, its head bold and in place, its dates real ones. A workbook is made in memory: for bounded lists only. */
export async function workbookOf(
  sheet: string,
  header: readonly string[],
  rows: AsyncIterable<readonly FileCell[]>,
): Promise<Readable> {
  const data: SheetData = [header.map((value) => ({ value, fontWeight: 'bold' as const }))]
  for await (const row of rows) data.push(row.map(cellOf))
  const columns = header.map((name) => ({ width: Math.min(32, Math.max(12, [...name].length * 2)) }))
  const file = writeExcelFile(data, { sheet, columns, stickyRowsCount: 1 })
  return Readable.from([await file.toBuffer()])
}

function cellOf(cell: FileCell): Row[number] {
  if (cell === null) return null
  if (typeof cell !== 'object') return { value: cell, type: typeof cell === 'number' ? Number : String }
  return { value: new Date(`${cell.date}T00:00:00.000Z`), type: Date, format: 'yyyy-mm-dd' }
}
