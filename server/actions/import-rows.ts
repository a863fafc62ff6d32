/**
 * A coordinator or data manager brings the rows of a spreadsheet into the log: what they would record by hand, row by
 * row, all or nothing. A check does the same and keeps nothing, so that the two can never disagree.
 */
import type { Actor, Context } from '../context.ts'
import { digestOf, insertImportBatch, listImportHeaders, listNumbered, rememberHeader } from '../db/imports.ts'
import { listExitReasons } from '../db/settings.ts'
import { listSites } from '../db/sites.ts'
import { findPathway, findTrial, listConsentVersions } from '../db/trials.ts'
import { joining, rehearse, transact, type Write } from '../db/write.ts'
import { columnProblems, columnsOf, type ImportTable } from '../domain/import-columns.ts'
import type { ImportCounts, ImportReport, RowReport } from '../domain/import-report.ts'
import { cellProblem, isEmptyLine, type ReadRow, readRow } from '../domain/import-row.ts'
import { fold } from '../domain/import-words.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { mayIn, reaches, sitesWithin } from '../domain/permission.ts'
import type { Site } from '../domain/site.ts'
import { subjectNumberKey } from '../domain/subject-number.ts'
import { doRow, type ImportPlace } from './import/enter-row.ts'
import { addSites, type Progress, rowsReadAtOnce, unknownAmong } from './import/unknown-sites.ts'

export type ImportDraft = {
  trialId: string
  table: ImportTable
  /** What the person said of single columns, by their place. */
  meanings: ReadonlyMap<number, string>
  /** Where the rows come from: the file's name, or words for what was pasted, and the SHA-256 of its bytes. */
  origin: { name: string; hash: string }
  /** What becomes of sites that the trial does not have. */
  unknownSites: 'refuse' | 'add'
  /** `check`: everything is done and nothing is kept. */
  purpose: 'check' | 'apply'
  /** What the check saw that the person looked at: where the log says something else by now, nothing is kept. */
  seen?: string
}

/**
 * `applied`: everything stands in the log now; the report is missing where the same form had been sent before.
 * `checked`: nothing was kept, because that was asked for, because something is wrong, or because nothing is to be done.
 * `outdated`: nothing was kept, because the log says something else than when the rows were checked; checked again.
 */
export type ImportOutcome =
  | { kind: 'applied'; counts: ImportCounts; report: ImportReport | null }
  | { kind: 'checked' | 'outdated'; report: ImportReport }
  | { kind: 'refused'; problems: readonly Problem[] }

const rowsBetweenProgress = 5

export async function importRows(
  context: Context,
  actor: Actor,
  draft: ImportDraft,
  progress: Progress = async () => {},
): Promise<ImportOutcome> {
  if (draft.purpose === 'check') {
    return { kind: 'checked', report: await checkRows(context, actor, draft, progress) }
  }
  const reports: ImportReport[] = []
  const outcome = await transact<ImportCounts>(context, actor, draft.trialId, async (write) => {
    const report = await doRows(joining(context, write), actor, write, draft, progress)
    reports.push(report)
    const { counts, problems } = report
    const isToKeep = problems.length === 0 && counts.wrong === 0 && !isOutdated(draft, report.seen)
    if (!isToKeep || counts.new + counts.changed === 0) return { problems: [] }
    await keepBatch(context, write, draft, report)
    return { value: counts }
  })
  const report = reports.at(-1) ?? null
  if (!isRefused(outcome)) return { kind: 'applied', counts: outcome.value, report }
  if (outcome.problems.length > 0 || report === null) return { kind: 'refused', problems: outcome.problems }
  if (isOutdated(draft, report.seen)) {
    const again = await checkRows(context, actor, { ...draft, purpose: 'check' }, progress)
    return { kind: 'outdated', report: again }
  }
  return { kind: 'checked', report }
}

/** On a copy of the trial: however many rows there are, nobody who records something waits for a check. */
async function checkRows(
  context: Context,
  actor: Actor,
  draft: ImportDraft,
  progress: Progress,
): Promise<ImportReport> {
  return rehearse(context, actor, draft.trialId, (write) =>
    doRows(joining(context, write), actor, write, draft, progress),
  )
}

/** An import puts the rows above the log as it was when a person looked: a correction since then is not undone unseen. */
function isOutdated({ purpose, seen }: ImportDraft, found: string): boolean {
  return purpose === 'apply' && seen !== undefined && seen !== found
}

async function keepBatch(context: Context, write: Write, draft: ImportDraft, { columns, counts }: ImportReport) {
  for (const { by, head, meaning } of columns) {
    if (by === 'chosen' && fold(head) !== '') await rememberHeader(write, context, draft.trialId, fold(head), meaning)
  }
  await insertImportBatch(write, context, draft.trialId, {
    fileName: draft.origin.name,
    fileHash: draft.origin.hash,
    newNumber: counts.new,
    changedNumber: counts.changed,
    unchangedNumber: counts.unchanged,
  })
}

async function doRows(
  context: Context,
  actor: Actor,
  write: Write,
  draft: ImportDraft,
  progress: Progress,
): Promise<ImportReport> {
  const { trialId, table, origin } = draft
  const trial = await findTrial(write, trialId)
  const pathway = await findPathway(write, trialId)
  // A head that is too wide is not looked at cell by cell.
  const head = table.head.slice(0, 1000)
  const columns = columnsOf(head, pathway, await listImportHeaders(write, trialId), draft.meanings)
  const problems = columnProblems(table, columns, pathway)
  const counts: ImportCounts = { new: 0, changed: 0, unchanged: 0, wrong: 0 }
  if (draft.unknownSites === 'add' && !mayIn(actor.grants, 'configure_trial', trialId)) {
    problems.push({ field: 'addSites', code: 'import_may_not_add_sites' })
  }
  if (problems.length > 0) return { columns, pathway, problems, rows: [], counts, unknownSites: [], seen: '' }

  const scope = sitesWithin(actor.grants, 'log_subjects', trialId)
  const every = await listSites(write, trialId)
  const lines = table.rows.filter((line) => !isEmptyLine(line))
  const unknownSites = await unknownAmong(lines, columns, every, pathway, progress)
  const added =
    draft.unknownSites === 'add' ? await addSites(context, write, trialId, unknownSites, every) : ([] as Site[])
  const sites = [...every, ...added].filter(({ id }) => reaches(scope, id))
  const onlySite = sites.length === 1 ? (sites[0] ?? null) : null

  const read: ReadRow[] = []
  for (const line of lines) {
    read.push(readRow(line, columns, pathway, sites, onlySite))
    if (read.length % rowsReadAtOnce === 0) await progress(0, lines.length)
  }
  const known = await listNumbered(write, trialId, [...new Set(read.map(({ number }) => number))])
  const seenNow = digestOf(known)
  if (isOutdated(draft, seenNow)) {
    return { columns, pathway, problems, rows: [], counts, unknownSites: [], seen: seenNow }
  }
  const place: ImportPlace = {
    context,
    actor,
    trial,
    pathway,
    columns,
    versions: await listConsentVersions(write, trialId),
    reasons: await listExitReasons(write, trialId),
    note: origin.name,
  }
  const seen = new Map<string, number>()
  const rows: RowReport[] = []
  for (const row of read) {
    const key = subjectNumberKey(row.number)
    const earlier = seen.get(key)
    if (earlier !== undefined && row.number !== '') {
      row.problems.push(cellProblem(row, columns, 'number', { code: 'import_number_twice', values: { line: earlier } }))
    }
    seen.set(key, earlier ?? row.line)
    if (row.site === null && row.siteTyped !== '') {
      row.problems.push(
        cellProblem(row, columns, 'site', {
          code: 'import_site_unknown',
          values: { name: row.siteTyped.slice(0, 60) },
        }),
      )
    }
    const report = await doRow(place, row, known.get(key) ?? null)
    counts[report.result] += 1
    rows.push(report)
    if (rows.length % rowsBetweenProgress === 0) await progress(rows.length, read.length)
  }
  if (rows.length % rowsBetweenProgress !== 0) await progress(rows.length, read.length)
  return {
    columns,
    pathway,
    problems,
    rows,
    counts,
    unknownSites: unknownSites.map(({ typed }) => typed),
    seen: seenNow,
  }
}
