/** Rows out of text: pasted from a spreadsheet with tabs between the cells, or a CSV file in UTF-8 or CP932. */
import { parse } from 'csv-parse/sync'
import { type ImportTable, importLimits } from '../domain/import-columns.ts'
import type { Parsed } from '../domain/parsed.ts'

/** The text of a file: UTF-8 with or without its mark where it is that, else CP932, as Excel saves it in Japan. */
export function decodedText(bytes: Uint8Array): Parsed<string> {
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      return { value: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
    } catch {
      // Not this one.
    }
  }
  return { problems: [{ field: 'file', code: 'import_encoding' }] }
}

/**
 * The rows of a text, at most so many; by default a few more than may be imported, so that the excess is noticed. Tabs
 * in its first line say that it was pasted or saved with tabs.
 */
export function readText(text: string, mostRows: number = importLimits.rows + 1000): Parsed<ImportTable> {
  const plain = text.replace(/^\uFEFF/, '')
  if (plain.includes('\0')) return { problems: [{ field: 'rows', code: 'import_binary' }] }
  const firstLine = plain.trimStart().split('\n', 1)[0] ?? ''
  try {
    const records: string[][] = parse(plain, {
      delimiter: firstLine.includes('\t') ? '\t' : ',',
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 1_000_000,
      to: mostRows,
    })
    return { value: tableOf(records) }
  } catch (error) {
    return { problems: [csvProblem(error)] }
  }
}

function csvProblem(error: unknown) {
  const { code, lines } = error as { code?: string; lines?: number }
  if (code === 'CSV_MAX_RECORD_SIZE')
    return { field: 'rows', code: 'import_line_too_long', values: { line: lines ?? 0 } }
  if (code?.startsWith('CSV_') !== true) throw error
  return { field: 'rows', code: 'import_quotes', values: { line: lines ?? 0 } }
}

/** The first row in which anything stands is the head; rows keep the place that they have in the file. */
export function tableOf(records: readonly (readonly string[])[]): ImportTable {
  const numbered = records.map((cells, index) => ({ line: index + 1, cells: withoutTail(cells) }))
  const filled = numbered.filter(({ cells }) => cells.length > 0)
  return { headLine: filled[0]?.line ?? 1, head: filled[0]?.cells ?? [], rows: filled.slice(1) }
}

/** Without the empty cells at its end, of which a spreadsheet has any number. */
function withoutTail(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1)
}

/** A table as text with tabs, each row on the line that it has in the file: what `readText` reads again. */
export function textOfTable({ headLine, head, rows }: ImportTable): string {
  const lines: string[] = []
  const put = (line: number, cells: readonly string[]) => {
    while (lines.length < line - 1) lines.push('')
    lines.push(cells.map(cellText).join('\t'))
  }
  put(headLine, head)
  for (const { line, cells } of rows) put(line, cells)
  return lines.join('\n')
}

function cellText(cell: string): string {
  const plain = cell.replace(/\r\n?/g, '\n')
  return /["\t\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
