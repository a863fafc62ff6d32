/** What an import says of each row: what it stands for, what becomes of it, and what is wrong or noteworthy. */
import type { Bilingual } from './bilingual.ts'
import type { Column } from './import-columns.ts'
import type { Wanted } from './import-plan.ts'
import type { CellProblem, ReadRow, RowWarning } from './import-row.ts'
import type { Pathway } from './milestone.ts'
import type { Problem } from './parsed.ts'

export type RowResult = 'new' | 'changed' | 'unchanged' | 'wrong'
export type RowReport = {
  line: number
  number: string
  result: RowResult
  read: ReadRow
  /** The days that the row stands for, those that were put in for a missing one too; null where it could not be read. */
  wanted: Wanted | null
  /** The version of the consent document that a new row is recorded with; null for every other row. */
  consentVersion: Bilingual | null
  problems: readonly CellProblem[]
  warnings: readonly RowWarning[]
}
export type ImportCounts = Record<RowResult, number>

export type ImportReport = {
  columns: readonly Column[]
  pathway: Pathway
  /** Of the whole table: where there is one, no row was read. */
  problems: readonly Problem[]
  rows: readonly RowReport[]
  counts: ImportCounts
  /** Sites that the trial did not have: as they were typed. */
  unknownSites: readonly string[]
  /** A digest of what the log said of the rows' subjects, before anything was done. */
  seen: string
}
