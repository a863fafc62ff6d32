/** A history of registrations out of a CSV file: one row is one subject, with the columns `date` and `site`. */
import { dayNumber } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import type { Registration } from '../domain/projection/recent-window.ts'
import { readDate } from '../domain/read-date.ts'
import { decodedText, readText } from './read-csv.ts'

/** More subjects than any trial has; a file beyond it is no history. */
const mostRows = 1_000_000

/**
 * The registrations of a file in the order of their days, those of one day in the order of the file; or every problem,
 * whose field is the line that it stands on. Further columns are passed over; a number as Excel keeps dates is none.
 */
export function readHistory(bytes: Uint8Array): Parsed<Registration[]> {
  const text = decodedText(bytes)
  if (isRefused(text)) return onLine(1, text.problems)
  const table = readText(text.value, mostRows)
  if (isRefused(table)) return onLine(1, table.problems)
  const { headLine, head, rows } = table.value
  const columns = head.map((name) => name.trim().toLowerCase())
  const missing = ['date', 'site'].filter((column) => !columns.includes(column))
  if (missing.length > 0) {
    return onLine(
      headLine,
      missing.map((column) => ({ field: column, code: 'history_no_column', values: { column } })),
    )
  }
  if (rows.length === 0) return onLine(headLine, [{ field: 'rows', code: 'history_empty' }])
  const registrations: Registration[] = []
  const problems: Problem[] = []
  for (const { line, cells } of rows) {
    const field = String(line)
    const reading = readDate(cells[columns.indexOf('date')] ?? '')
    const site = (cells[columns.indexOf('site')] ?? '').trim()
    if ('problem' in reading) problems.push(dateProblem(field, reading))
    else if (reading.warning !== null) problems.push({ field, code: 'date_unreadable' })
    else registrations.push({ day: dayNumber(reading.date), site })
    if (site === '') problems.push({ field, code: 'history_site_missing' })
    if (cells.length > columns.length) problems.push({ field, code: 'history_extra_cells' })
  }
  if (problems.length > 0) return { problems }
  return { value: registrations.sort((a, b) => a.day - b.day) }
}

/** Problems of the file as a whole, on the line where they are noticed. */
function onLine(line: number, problems: readonly Problem[]): { problems: Problem[] } {
  return { problems: problems.map((problem) => ({ ...problem, field: String(problem.values?.line ?? line) })) }
}
