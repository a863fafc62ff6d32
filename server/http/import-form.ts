/** Reads the import's form: a file or pasted rows, what the columns mean, the cells that were mended on the page. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ImportTable } from '../domain/import-columns.ts'
import { mendedOrigin, nameOfFile, pastedRows } from '../domain/import-origin.ts'
import { isUnwritable } from '../domain/import-row.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { readText, textOfTable } from '../spreadsheet/read-csv.ts'
import { hashOf, readSpreadsheet } from '../spreadsheet/read-spreadsheet.ts'
import { type TrialVisit, textOf } from './visit.ts'

export type ImportForm = {
  table: ImportTable
  /** The rows as text, as the next form carries them. */
  text: string
  origin: { name: string; hash: string }
  meanings: Map<number, string>
  unknownSites: 'refuse' | 'add'
  /**
   * What the check of exactly this saw of the log (`ImportReport.seen`); null where these rows, meanings and choices were
   * not checked, or not found right, or not for this person in this trial.
   */
  seen: string | null
}

const plainFields = ['rows', 'originName', 'originHash', 'proof', 'checked', 'addSites', 'submissionKey']
const numberedField = /^(?:meaning-\d{1,3}|cell-\d{1,6}-\d{1,3})$/

export async function readImport(visit: TrialVisit): Promise<Parsed<ImportForm>> {
  const { request } = visit
  const body: Record<string, unknown> = request.body ?? {}
  if (request.uploadProblem !== undefined) return { problems: [request.uploadProblem] }
  const unknown = Object.keys(body).filter((name) => !plainFields.includes(name) && !numberedField.test(name))
  if (unknown.length > 0) return { problems: unknown.slice(0, 5).map(unknownField) }

  const rows = await readRows(visit, body)
  if (isRefused(rows)) return rows
  const edits = editsIn(body)
  const table = withEdits(rows.value.table, edits)
  const isMended = table !== rows.value.table
  const text = isMended ? textOfTable(table) : rows.value.text
  const origin = isMended ? { name: mendedOrigin(rows.value.origin.name), hash: hashOf(text) } : rows.value.origin
  const meanings = new Map<number, string>()
  for (const [name, value] of Object.entries(body)) {
    const [, index] = /^meaning-(\d+)$/.exec(name) ?? []
    if (index !== undefined) meanings.set(Number(index), textOf(value))
  }
  const unknownSites = textOf(body.addSites) === 'yes' ? 'add' : 'refuse'
  const form = { table, text, origin, meanings, unknownSites } as const
  return { value: { ...form, seen: seenIn(visit, form, textOf(body.checked)) } }
}

function unknownField(name: string): Problem {
  const shown = isUnwritable(name) ? '' : name.slice(0, 40)
  return { field: '', code: 'field_unknown', values: { name: shown } }
}

type Rows = Pick<ImportForm, 'table' | 'text' | 'origin'>

async function readRows(visit: TrialVisit, body: Record<string, unknown>): Promise<Parsed<Rows>> {
  const { request } = visit
  const { file } = request
  if (file !== undefined && file.size > 0) {
    const table = await readSpreadsheet(file.buffer)
    if (isRefused(table)) return table
    const origin = { name: nameOfFile(file.originalname), hash: hashOf(file.buffer) }
    return { value: { table: table.value, text: textOfTable(table.value), origin } }
  }
  const text = textOf(body.rows).replace(/\r\n?/g, '\n')
  if (text.trim() === '') return { problems: [{ field: 'rows', code: 'import_nothing_sent' }] }
  const table = readText(text)
  if (isRefused(table)) return table
  const stated = { name: textOf(body.originName), hash: textOf(body.originHash) }
  const isOurs = isSame(textOf(body.proof), proofOf(visit, stated, text))
  const origin = isOurs ? stated : { name: pastedRows, hash: hashOf(text) }
  return { value: { table: table.value, text, origin } }
}

function editsIn(body: Record<string, unknown>): Map<string, string> {
  return new Map(
    Object.entries(body).flatMap(([name, value]) => {
      const [, line, index] = /^cell-(\d+)-(\d+)$/.exec(name) ?? []
      return line === undefined ? [] : [[`${line} ${index}`, textOf(value).replace(/\r\n?/g, '\n').trim()] as const]
    }),
  )
}

/** The table with the cells that were mended on the page; itself where none was. */
function withEdits(table: ImportTable, edits: ReadonlyMap<string, string>): ImportTable {
  let isChanged = false
  const rows = table.rows.map(({ line, cells }) => {
    const mended = table.head.map((_, index) => {
      const cell = cells[index] ?? ''
      const edit = edits.get(`${line} ${index}`)
      if (edit === undefined || edit === cell.trim()) return cell
      isChanged = true
      return edit
    })
    return { line, cells: mended.length < cells.length ? [...mended, ...cells.slice(mended.length)] : mended }
  })
  return isChanged ? { ...table, rows } : table
}

/** Shows that a form's rows are those of the file that it names: nobody else can make it. */
export function proofOf({ actor, context, trial }: TrialVisit, origin: ImportForm['origin'], text: string): string {
  const about = JSON.stringify([trial.id, actor.personId, origin.name, origin.hash, hashOf(text)])
  return createHmac('sha256', context.config.sessionSecret).update(about).digest('hex')
}

type Checked = Pick<ImportForm, 'text' | 'meanings' | 'unknownSites'>

/**
 * Shows that these rows, with these meanings and choices, were checked and found right: for this person, in this trial,
 * and above what the log said then. Nobody else can make it.
 */
export function checkedMark(
  { actor, context, trial }: TrialVisit,
  { text, meanings, unknownSites }: Checked,
  seen: string,
): string {
  const columns = [...meanings].sort(([a], [b]) => a - b)
  const about = JSON.stringify(['checked', trial.id, actor.personId, hashOf(text), columns, unknownSites, seen])
  return `${seen}.${createHmac('sha256', context.config.sessionSecret).update(about).digest('hex')}`
}

function seenIn(visit: TrialVisit, form: Checked, mark: string): string | null {
  const [seen = ''] = mark.split('.', 1)
  return isSame(mark, checkedMark(visit, form, seen)) ? seen : null
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
