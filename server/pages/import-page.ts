/** The pages of an import: where rows are pasted or a file is chosen, what they would record, and how far a long one is. */

import type { Bilingual } from '../domain/bilingual.ts'
import { type Column, type Meaning, meaningsOf, milestoneMeant } from '../domain/import-columns.ts'
import type { Wanted } from '../domain/import-plan.ts'
import type { ImportReport, RowResult } from '../domain/import-report.ts'
import type { CellProblem, ReadRow } from '../domain/import-row.ts'
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { stateWords } from './event-words.ts'
import { originWords } from './origin-words.ts'
import {
  type Choice,
  errorSummary,
  type Mark,
  mark,
  type Page,
  type ProblemInWords,
  problemsInWords,
  titleOf,
} from './page.ts'

export type ImportInput = {
  trial: Trial
  done: { new: number; changed: number; unchanged: number } | null
  /** The log changed after the rows were checked, and they were checked again. */
  isOutdated: boolean
  problems: readonly Problem[]
  /** What stood in the field for pasted rows. */
  rows: string
  mayAddSites: boolean
  batches: readonly {
    fileName: string
    fileHash: string
    newNumber: number
    changedNumber: number
    unchangedNumber: number
    importedAt: string
    by: Bilingual | null
  }[]
  submissionKey: string
  checked: {
    report: ImportReport
    text: string
    origin: { name: string; hash: string }
    proof: string
    checked: string
    unknownSites: 'refuse' | 'add'
    sites: readonly Site[]
  } | null
}

/** A cell to mend; one with several lines has a field of several lines, for a single one would join them. */
type WrongCell = {
  id: string | null
  line: string
  column: string
  value: string
  isLong: boolean
  error: string
  label: string
}

type Preview = {
  origin: string
  hash: string
  counts: { label: string; value: string }[]
  columns: {
    id: string
    head: string
    example: string
    by: string
    error: string | null
    isUnknown: boolean
    choices: Choice[]
  }[]
  ignored: string | null
  wrongRows: { cells: WrongCell[]; rest: { summary: string; cells: Omit<WrongCell, 'error'>[] } | null }[]
  moreCells: string | null
  sites: { names: string; mayAdd: boolean; chosen: boolean } | null
  rules: string[]
  rows: {
    line: string
    number: string
    site: string
    result: Mark
    days: { label: string; on: string; assumed: boolean }[]
    said: { label: string; text: string }[]
    serials: Mark[]
    warnings: string[]
  }[]
  moreRows: string | null
  hidden: { name: string; value: string }[]
  text: string
  confirm: string | null
  nothingToDo: string | null
}

export type ImportPage = Page & {
  errors: ReturnType<typeof errorSummary>
  action: string
  confirmAction: string
  back: string
  done: string | null
  outdated: string | null
  start: { rows: string; rowsError: string | null; fileError: string | null } | null
  preview: Preview | null
  submissionKey: string
  batches: { at: string; name: string; hash: string; counts: string; by: string }[]
}

const resultMarks: Record<RowResult, [Mark['kind'], Mark['tone']]> = {
  new: ['full', 'is-real'],
  changed: ['half', 'is-real'],
  unchanged: ['open', 'is-wait'],
  wrong: ['cross', 'is-act'],
}

const mostCells = 50
/** So many further cells of the wrong rows are fields too: a form has room for 800. */
const mostFurtherCells = 400
const mostRows = 50

export function importPage(input: ImportInput, words: Words): ImportPage {
  const { trial, checked } = input
  const here = `/trials/${trial.code}/import`
  const problems = checked === null ? problemsInWords(input.problems, words) : tableProblems(checked.report, words)
  const cells = checked === null ? [] : cellsOf(checked.report, words)
  const isRefused = problems.length + cells.length > 0
  const linked = cells.slice(0, 10).map(({ id, label, error }) => ({
    field: id ?? 'rows-checked',
    text: words.t('import.at_cell', { cell: label, problem: error }),
  }))
  const summary = errorSummary([...problems, ...linked], words)
  const title = words.t('form.to_mend', { count: problems.length + cells.length })
  return {
    template: 'imports/new',
    title: titleOf('import.title', words, isRefused),
    place: 'subjects',
    address: here,
    errors: summary === null ? null : { ...summary, title },
    action: here,
    confirmAction: `${here}/confirm`,
    back: `/trials/${trial.code}/subjects`,
    done: input.done === null ? null : words.t('import.done', input.done),
    outdated: input.isOutdated ? words.t('import.outdated') : null,
    start:
      checked !== null
        ? null
        : { rows: input.rows, rowsError: textAt('rows', problems), fileError: textAt('file', problems) },
    preview: checked === null ? null : previewOf(input, checked, problems, cells, words),
    submissionKey: input.submissionKey,
    batches: input.batches.map((batch) => ({
      at: words.instant(batch.importedAt, trial.timeZone),
      name: originWords(batch.fileName, words),
      hash: batch.fileHash.slice(0, 12),
      counts: words.t('import.batch_counts', {
        new: batch.newNumber,
        changed: batch.changedNumber,
        unchanged: batch.unchangedNumber,
      }),
      by: batch.by === null ? '—' : words.pick(batch.by),
    })),
  }
}

function textAt(field: string, problems: readonly ProblemInWords[]): string | null {
  return problems.find((problem) => problem.field === field)?.text ?? null
}

function tableProblems({ problems }: ImportReport, words: Words): ProblemInWords[] {
  return problemsInWords(problems, words)
}

/** One line for each wrong cell, with everything that is wrong in it. */
function cellsOf({ rows, pathway }: ImportReport, words: Words): WrongCell[] {
  const cells = new Map<string, WrongCell>()
  for (const row of rows) {
    for (const problem of row.problems) {
      const { line, index, column } = problem
      const value = index === null ? '' : (row.read.cells[index] ?? '').trim()
      const key = `${line} ${index}`
      const error = cellWords(problem, pathway, words)
      const known = cells.get(key)
      const place = column === '' ? words.t('import.line', { line }) : words.t('import.cell', { line, column })
      cells.set(key, {
        id: index === null ? null : `cell-${line}-${index}`,
        line: words.number(line),
        column,
        value,
        isLong: value.includes('\n'),
        error: known === undefined ? error : `${known.error} ${error}`,
        label: place,
      })
    }
  }
  return [...cells.values()]
}

/** The wrong cells by their rows, with the rest of each row: what is wrong in one cell is often mended in another. */
function wrongRowsOf({ rows, columns }: ImportReport, cells: readonly WrongCell[], words: Words): Preview['wrongRows'] {
  const meant = columns.filter(({ meaning }) => meaning !== 'ignored' && meaning !== 'row_number')
  let room = mostFurtherCells
  const lines = [...new Set(cells.map(({ line }) => line))]
  return lines.map((line) => {
    const own = cells.filter((cell) => cell.line === line)
    const row = rows.find((one) => words.number(one.line) === line)
    const further = row === undefined ? [] : meant.map(({ index, head }) => furtherCell(row, index, head, words))
    const others = further.filter(({ id }) => own.every((cell) => cell.id !== id))
    if (row === undefined || others.length === 0 || others.length > room) return { cells: own, rest: null }
    room -= others.length
    return { cells: own, rest: { summary: words.t('import.rest_of_row', { line }), cells: others } }
  })
}

function furtherCell({ line, read }: ImportReport['rows'][number], index: number, column: string, words: Words) {
  const value = (read.cells[index] ?? '').trim()
  return {
    id: `cell-${line}-${index}`,
    line: words.number(line),
    column,
    value,
    isLong: value.includes('\n'),
    label: words.t('import.cell', { line, column }),
  }
}

function cellWords({ code, values }: CellProblem, pathway: Pathway, words: Words): string {
  const inWords: Record<string, string | number> = { ...values }
  const milestone = typeof values?.milestone === 'string' ? milestoneOf(pathway, values.milestone) : null
  if (milestone !== null) inWords.milestone = words.pick(milestone.label)
  if (code === 'import_outcome_differs') inWords.recorded = words.of('state', String(values?.recorded))
  const [problem] = problemsInWords([{ field: '', code, values: inWords }], words)
  return problem?.text ?? ''
}

function previewOf(
  { mayAddSites }: ImportInput,
  { report, text, origin, proof, checked, unknownSites, sites }: NonNullable<ImportInput['checked']>,
  problems: readonly ProblemInWords[],
  cells: readonly WrongCell[],
  words: Words,
): Preview {
  const { columns, pathway, counts } = report
  const unknown = columns.filter(({ by, head }) => by === 'unknown' && head.trim() !== '').map(({ head }) => head)
  const isWrong = problems.length > 0 || counts.wrong > 0
  const toDo = counts.new + counts.changed
  return {
    origin: originWords(origin.name, words),
    hash: origin.hash,
    counts: (['new', 'changed', 'unchanged', 'wrong'] as const).map((result) => ({
      label: words.of('import_count', result),
      value: words.t('import.rows_counted', { count: words.number(counts[result]) }),
    })),
    columns: columns.map(({ index, head, meaning, by }) => ({
      id: `meaning-${index}`,
      head: head.trim() === '' ? words.t('import.column_without_head', { place: index + 1 }) : head.slice(0, 60),
      example: exampleOf(report, index),
      by: words.of('import_by', by),
      error: textAt(`meaning-${index}`, problems),
      isUnknown: by === 'unknown',
      choices: meaningsOf(pathway).map((value) => ({
        value,
        label: meaningWords(value, pathway, words),
        chosen: value === meaning,
      })),
    })),
    ignored:
      unknown.length === 0
        ? null
        : words.t('import.ignored', { heads: unknown.slice(0, 20).join(words.t('import.comma')) }),
    wrongRows: wrongRowsOf(report, cells.slice(0, mostCells), words),
    moreCells: cells.length <= mostCells ? null : words.t('import.more_cells', { count: cells.length - mostCells }),
    sites:
      report.unknownSites.length === 0
        ? null
        : {
            names: report.unknownSites.slice(0, 20).join(words.t('import.comma')),
            mayAdd: mayAddSites,
            chosen: unknownSites === 'add',
          },
    rules: rulesOf(columns, pathway, originWords(origin.name, words), words),
    rows: report.rows.slice(0, mostRows).map((row) => ({
      line: words.number(row.line),
      number: row.number,
      site: siteWords(row.read, sites, words),
      result: mark(...resultMarks[row.result], words.of('import_result', row.result)),
      days: row.result === 'wrong' || row.wanted === null ? [] : daysOf(row.wanted, pathway, words),
      said: saidBy(row, words),
      serials: row.read.serials.map(({ column, typed, on }) =>
        mark('over', 'is-wait', words.t('import.serial', { column, typed, on: words.date(on) })),
      ),
      warnings: row.warnings.map((warning) => words.of('import_warning', warning)),
    })),
    moreRows:
      report.rows.length <= mostRows
        ? null
        : words.t('import.more_rows', { count: words.number(report.rows.length - mostRows) }),
    hidden: [
      { name: 'originName', value: origin.name },
      { name: 'originHash', value: origin.hash },
      { name: 'proof', value: proof },
      { name: 'checked', value: checked },
    ],
    text,
    confirm: isWrong || toDo === 0 ? null : words.t('import.confirm', { count: words.number(toDo) }),
    nothingToDo: isWrong || toDo > 0 ? null : words.t('import.nothing_to_do'),
  }
}

/** The first thing that stands in a column: it tells more than its head. */
function exampleOf({ rows }: ImportReport, index: number): string {
  const cell = rows.map(({ read }) => read.cells[index]?.trim() ?? '').find((text) => text !== '') ?? ''
  return cell.slice(0, 40)
}

function meaningWords(meaning: Meaning, pathway: Pathway, words: Words): string {
  const milestone = milestoneMeant(pathway, meaning)
  if (milestone !== null) return words.t('import.day_of', { step: words.pick(milestone.label) })
  return words.of('import_meaning', meaning)
}

function siteWords({ site, siteTyped }: ReadRow, sites: readonly Site[], words: Words): string {
  if (site === null) return siteTyped.slice(0, 60)
  const known = sites.find(({ id }) => id === site.id) ?? site
  return `${known.code} ${words.pick(known.name)}`
}

function daysOf({ consentedOn, consentBasis, events }: Wanted, pathway: Pathway, words: Words) {
  const consent = { label: words.pick(pathway.screening.label), on: consentedOn, assumed: consentBasis === 'assumed' }
  return [
    consent,
    ...events.map(({ what, on, basis }) => ({
      label:
        what.kind === 'exit'
          ? stateWords(what.exit, pathway, words)
          : words.pick(milestoneOf(pathway, what.code)?.label ?? { ja: what.code, en: what.code }),
      on,
      assumed: basis === 'assumed',
    })),
  ]
}

/** What is recorded beside the days: all of it with a new row, the reason of an outcome with a known one. */
function saidBy({ result, read, wanted, consentVersion, warnings }: ImportReport['rows'][number], words: Words) {
  const leaves = wanted?.events.some(({ what }) => what.kind === 'exit') === true
  const isRecorded = leaves && (result === 'new' || (result === 'changed' && !warnings.includes('reason_kept')))
  const ofNew = (text: string | null) => (result === 'new' ? text : null)
  const said: [Meaning, string | null][] = [
    ['reason', isRecorded ? read.reason : null],
    ['measured_value', isRecorded ? read.measuredValue : null],
    ['referral', ofNew(read.referral)],
    ['note', ofNew(read.note)],
    ['consent_version', ofNew(consentVersion === null ? null : words.pick(consentVersion))],
  ]
  return said.flatMap(([meaning, text]) =>
    text === null ? [] : [{ label: words.of('import_meaning', meaning), text }],
  )
}

/** What is done where the table does not say it: only what concerns these columns. */
function rulesOf(columns: readonly Column[], pathway: Pathway, name: string, words: Words): string[] {
  const has = (meaning: Meaning) => columns.some((column) => column.meaning === meaning)
  const eligibility = pathway.milestones.find(({ kind }) => kind === 'eligibility')
  const rules: string[] = []
  if (!has(`milestone:${pathway.screening.code}`)) rules.push(words.t('import.rule_consent'))
  if (eligibility !== undefined && !has(`milestone:${eligibility.code}`)) {
    rules.push(words.t('import.rule_eligibility', { step: words.pick(eligibility.label) }))
  }
  if (has('outcome') && !has('outcome_day')) rules.push(words.t('import.rule_exit'))
  if (has('note') || has('referral')) rules.push(words.t('import.rule_note'))
  return [...rules, words.t('import.rule_correction', { name })]
}

export type ImportProgressPage = Page & { said: string; value: string; max: string; note: string; here: string }

/** How far an import is: the page is asked for again by itself. */
export function importProgressPage(
  { address, done, total }: { address: string; done: number; total: number },
  words: Words,
): ImportProgressPage {
  return {
    template: 'imports/progress',
    title: words.t('import.progress_title'),
    place: 'subjects',
    address,
    here: address,
    refreshSeconds: 2,
    said: words.t('import.progress', { done: words.number(done), total: words.number(total) }),
    value: String(done),
    max: String(Math.max(total, 1)),
    note: words.t('import.progress_note'),
  }
}
