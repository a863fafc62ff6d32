/** One row of a spreadsheet's screening log, read cell by cell: what it says, or which cells are wrong and why. */
import type { CalendarDate } from './calendar-date.ts'
import { dateProblem } from './date-problem.ts'
import type { Column, ImportLine, Meaning } from './import-columns.ts'
import { importLimits, milestoneMeant } from './import-columns.ts'
import { fold, isBlank, knownOutcomes, type OwnExits, ownExitsOf, plainCode } from './import-words.ts'
import type { Pathway } from './milestone.ts'
import type { Problem } from './parsed.ts'
import { readDate } from './read-date.ts'
import type { ConsentVersion } from './screening.ts'
import type { Site } from './site.ts'
import { longestSubjectNumber, readSubjectNumber } from './subject-number.ts'
import type { Exit } from './subject-state.ts'

export type RowOutcome = Exclude<keyof typeof knownOutcomes, 'waiting'> | Exit

/** One thing wrong in one cell: `index` is its column's place, null where it is about the whole row. */
export type CellProblem = Why & {
  line: number
  index: number | null
  /** The column's head, as it stands in the file. */
  column: string
  value: string
}
export type Why = Omit<Problem, 'field'>

/** Something that the person should know and that stops nothing. */
export type RowWarning =
  | 'excel_serial'
  | 'note_kept'
  | 'reason_kept'
  | 'version_kept'
  | 'void_kept'
  | 'outcome_not_kept'
  | 'outcome_day_not_kept'

/** A day that came as the number that Excel keeps: shown beside what it was read as. */
export type SerialDay = { column: string; typed: string; on: CalendarDate }

export type ReadRow = {
  line: number
  cells: readonly string[]
  number: string
  /** As it was typed; which site that is, is looked up among the trial's. */
  siteTyped: string
  site: Site | null
  /** Days by the milestone's code: null where the column is there and the cell is empty. */
  days: ReadonlyMap<string, CalendarDate | null>
  outcome: RowOutcome | null
  outcomeDay: CalendarDate | null
  reason: string | null
  referral: string | null
  /** As it was typed; which version that is, is looked up among the trial's. */
  consentVersion: string | null
  measuredValue: string | null
  note: string | null
  serials: readonly SerialDay[]
  warnings: RowWarning[]
  problems: CellProblem[]
}

export function columnMeaning(columns: readonly Column[], meaning: Meaning): Column | null {
  return columns.find((column) => column.meaning === meaning) ?? null
}

/** Whether a row says nothing at all: it is passed over. */
export function isEmptyLine({ cells }: ImportLine): boolean {
  return cells.every((cell) => cell.trim() === '')
}

/** Reads a row; sites are those within the person's reach, `onlySite` the one that a table without sites is about. */
export function readRow(
  { line, cells }: ImportLine,
  columns: readonly Column[],
  pathway: Pathway,
  sites: readonly Site[],
  onlySite: Site | null,
): ReadRow {
  const problems: CellProblem[] = []
  const warnings: RowWarning[] = []
  const serials: SerialDay[] = []
  const refuse = (column: Column | null, why: Why) => {
    const value = column === null ? '' : (cells[column.index] ?? '')
    const about = { line, index: column?.index ?? null, column: column?.head ?? '' }
    problems.push({ ...about, value: value.slice(0, 100), ...why })
  }
  const textIn = (meaning: Meaning): string => {
    const column = columnMeaning(columns, meaning)
    if (column === null) return ''
    const text = (cells[column.index] ?? '').trim()
    if (isUnwritable(text)) refuse(column, { code: 'text_malformed' })
    const length = [...text].length
    if (length > importLimits.cell)
      refuse(column, { code: 'text_too_long', values: { most: importLimits.cell, length } })
    return text
  }
  const dayIn = (column: Column): CalendarDate | null => {
    const text = cells[column.index] ?? ''
    if (isBlank(text)) return null
    const reading = readDate(text)
    if ('date' in reading) {
      if (reading.warning !== null) {
        serials.push({ column: column.head, typed: text.trim().slice(0, 40), on: reading.date })
        if (!warnings.includes('excel_serial')) warnings.push('excel_serial')
      }
      return reading.date
    }
    const { field: _, ...why } = dateProblem('', reading)
    refuse(column, why)
    return null
  }

  const numberTyped = textIn('number')
  const number = readSubjectNumber(numberTyped)
  const numberColumn = columnMeaning(columns, 'number')
  if (isBlank(numberTyped)) refuse(numberColumn, { code: 'import_cell_missing' })
  else if (number === null) refuse(numberColumn, { code: 'number_malformed', values: { most: longestSubjectNumber } })

  const siteColumn = columnMeaning(columns, 'site')
  const siteTyped = textIn('site')
  const site = siteColumn === null ? onlySite : siteNamed(siteTyped, sites)
  if (siteColumn === null && site === null) refuse(null, { code: 'import_no_site_column' })
  else if (siteColumn !== null && siteTyped === '') refuse(siteColumn, { code: 'import_cell_missing' })

  const days = new Map<string, CalendarDate | null>()
  for (const column of columns) {
    const milestone = milestoneMeant(pathway, column.meaning)
    if (milestone !== null) days.set(milestone.code, dayIn(column))
  }
  const outcomeDayColumn = columnMeaning(columns, 'outcome_day')
  const outcomeDay = outcomeDayColumn === null ? null : dayIn(outcomeDayColumn)

  const outcomeColumn = columnMeaning(columns, 'outcome')
  const outcome = outcomeNamed(textIn('outcome'), outcomeColumn?.by === 'own_file' ? ownExitsOf(pathway) : {})
  if (outcome === 'unknown') refuse(outcomeColumn, { code: 'import_outcome_unknown' })

  const text = (meaning: Meaning) => {
    const typed = textIn(meaning)
    return typed === '' ? null : typed
  }
  const said = {
    reason: text('reason'),
    referral: text('referral'),
    consentVersion: isBlank(textIn('consent_version')) ? null : textIn('consent_version'),
    measuredValue: text('measured_value'),
    note: text('note'),
  }
  const read = {
    line,
    cells,
    number: number ?? plainCode(numberTyped),
    siteTyped,
    site,
    days,
    outcomeDay,
    serials,
    warnings,
    problems,
    ...said,
  }
  return { ...read, outcome: outcome === 'unknown' ? null : outcome }
}

/** What cannot be stored and shown: control characters but line ends and tabs, halves of a character, and its stand-in. */
export function isUnwritable(text: string): boolean {
  return /[^\P{Cc}\n\r\t]|\p{Cs}|\uFFFD/u.test(text)
}

/** A site by its code or a name, in either language, or both together; `1` is the site `01` where no other is meant. */
export function siteNamed(typed: string, sites: readonly Site[]): Site | null {
  const folded = fold(typed)
  if (folded === '') return null
  const named = sites.filter(({ code, name }) =>
    [code, name.ja, name.en, `${code}${name.ja}`, `${code}${name.en}`].some((one) => fold(one) === folded),
  )
  if (named.length === 1) return named[0] ?? null
  const exact = named.filter(({ code }) => code === plainCode(typed))
  if (exact.length === 1) return exact[0] ?? null
  if (named.length > 0 || !/^\d+$/.test(folded)) return null
  const bare = (code: string) => code.replace(/^0+(?=\d)/, '')
  const numbered = sites.filter(({ code }) => bare(code) === bare(folded))
  return numbered.length === 1 ? (numbered[0] ?? null) : null
}

/** A version by its label in either language, or by the number in it: `2` and `Ver. 2` are 第2版 where there is one only. */
export function consentVersionNamed(typed: string, versions: readonly ConsentVersion[]): ConsentVersion | null {
  const named = versions.filter(({ label }) => [label.ja, label.en].some((one) => fold(one) === fold(typed)))
  if (named[0] !== undefined) return named[0]
  const wanted = numberIn(typed)
  const numbered = versions.filter(({ label }) => wanted !== null && numberIn(label.ja) === wanted)
  return numbered.length === 1 ? (numbered[0] ?? null) : null
}

/** The only number in a text, as it is counted: `第02.0版` -> `2`, `2.1` -> `2.1`. */
function numberIn(text: string): string | null {
  const numbers = text.normalize('NFKC').match(/\d+(?:\.\d+)*/g) ?? []
  const [only] = numbers
  return only === undefined || numbers.length > 1 ? null : only.replace(/^0+(?=\d)/, '').replace(/(?:\.0+)+$/, '')
}

function outcomeNamed(typed: string, own: Partial<OwnExits>): RowOutcome | 'unknown' | null {
  const folded = foldOutcome(typed)
  if (folded === '' || isBlank(typed)) return null
  const known: [string, readonly string[]][] = [...Object.entries(own), ...Object.entries(knownOutcomes)]
  const found = known.find(([, words]) => words.some((word) => foldOutcome(word) === folded))
  if (found === undefined) return 'unknown'
  return found[0] === 'waiting' ? null : (found[0] as RowOutcome)
}

/** Unlike a head, an outcome may be a sign by itself: ○, ×. */
function foldOutcome(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s/gu, '')
}

/** What is wrong with the cell of a meaning; without such a column, with the outcome, or the number. */
export function cellProblem(row: ReadRow, columns: readonly Column[], of: Meaning, why: Why): CellProblem {
  const column = columnMeaning(columns, of) ?? columnMeaning(columns, 'outcome') ?? columnMeaning(columns, 'number')
  const value = column === null ? '' : (row.cells[column.index] ?? '')
  const about = { line: row.line, index: column?.index ?? null, column: column?.head ?? '' }
  return { ...about, value: value.slice(0, 100), ...why }
}
