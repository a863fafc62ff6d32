/**
 * A coordinator or data manager brings the rows of a spreadsheet into the log: what they would record by hand, row by
 * row, all or nothing. A check does the same and keeps nothing, so that the two can never disagree.
 */

import type { Actor, Context } from '../context.ts'
import {
  digestOf,
  insertImportBatch,
  listImportHeaders,
  listNumbered,
  type NumberedSubject,
  rememberHeader,
} from '../db/imports.ts'
import { listExitReasons } from '../db/settings.ts'
import { insertSite, listSites } from '../db/sites.ts'
import { findPathway, findTrial, listConsentVersions } from '../db/trials.ts'
import { joining, rehearse, transact, type Write } from '../db/write.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ExitReason } from '../domain/exit-reason.ts'
import {
  type Column,
  columnProblems,
  columnsOf,
  type ImportLine,
  type ImportTable,
  type Meaning,
} from '../domain/import-columns.ts'
import {
  differencesOf,
  isSameCandidate,
  lacksRegistration,
  outcomeWarnings,
  reasonCodes,
  saysTheReasons,
  type Wanted,
  type WantedEvent,
  wantedOf,
} from '../domain/import-plan.ts'
import type { ImportCounts, ImportReport, RowReport, RowResult } from '../domain/import-report.ts'
import {
  type CellProblem,
  columnMeaning,
  consentVersionNamed,
  isEmptyLine,
  type ReadRow,
  type RowWarning,
  readRow,
  type Why,
} from '../domain/import-row.ts'
import { fold, plainCode } from '../domain/import-words.ts'
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { mayIn, reaches, sitesWithin } from '../domain/permission.ts'
import { type ConsentVersion, consentVersionOn } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import { subjectNumberKey } from '../domain/subject-number.ts'
import type { Trial } from '../domain/trial.ts'
import { correctEvent } from './correct-event.ts'
import { recordConsent } from './record-consent.ts'
import { recordExit } from './record-exit.ts'
import { recordMilestone } from './record-milestone.ts'
import { recordRegistration } from './record-registration.ts'
import { recordScreening } from './record-screening.ts'

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

/** Told after every few rows; what it gives is waited for, so that others get their turn. */
export type Progress = (done: number, total: number) => Promise<void>

const rowsBetweenProgress = 5
const rowsReadAtOnce = 200

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

/** Everything that the rows of one table have in common. */
type Place = {
  context: Context
  actor: Actor
  trial: Trial
  pathway: Pathway
  columns: readonly Column[]
  versions: readonly ConsentVersion[]
  reasons: readonly ExitReason[]
  /** What a correction says of its source. */
  note: string
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
  const place: Place = {
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

function cellProblem(row: ReadRow, columns: readonly Column[], of: Meaning, why: Why): CellProblem {
  const column = columnMeaning(columns, of) ?? columnMeaning(columns, 'outcome') ?? columnMeaning(columns, 'number')
  const value = column === null ? '' : (row.cells[column.index] ?? '')
  const about = { line: row.line, index: column?.index ?? null, column: column?.head ?? '' }
  return { ...about, value: value.slice(0, 100), ...why }
}

/* ---------- sites that the trial does not have ---------- */

type UnknownSite = { typed: string; from: CalendarDate | null }

/** Each with the first day that a row of it knows. */
async function unknownAmong(
  lines: readonly ImportLine[],
  columns: readonly Column[],
  sites: readonly Site[],
  pathway: Pathway,
  progress: Progress,
): Promise<UnknownSite[]> {
  const unknown = new Map<string, UnknownSite>()
  for (const [index, line] of lines.entries()) {
    if (index % rowsReadAtOnce === 0) await progress(0, lines.length)
    const { site, siteTyped, days, outcomeDay } = readRow(line, columns, pathway, sites, null)
    const key = fold(siteTyped)
    if (site !== null || key === '') continue
    const own = [...days.values(), outcomeDay].filter((day) => day !== null)
    const before = unknown.get(key)
    const from = [...own, ...(before?.from == null ? [] : [before.from])].sort()[0] ?? null
    unknown.set(key, { typed: before?.typed ?? siteTyped, from })
  }
  return [...unknown.values()]
}

/** A site is open from the first day that the table knows of it: an assumption, and marked as one. */
async function addSites(
  context: Context,
  write: Write,
  trialId: string,
  unknown: readonly UnknownSite[],
  every: readonly Site[],
): Promise<Site[]> {
  const taken = new Set(every.map(({ code }) => code))
  const added: Site[] = []
  for (const { typed, from } of unknown) {
    const statuses = from === null ? [] : [{ status: 'open' as const, from, basis: 'assumed' as const }]
    const code = codeFor(typed, taken)
    taken.add(code)
    const site = { code, name: { ja: typed.slice(0, 200), en: typed.slice(0, 200) }, plannedPerYear: null, statuses }
    added.push({ id: await insertSite(write, context, trialId, site), ...site })
  }
  return added
}

/** What was typed, where it can be a code; else the next free number. */
function codeFor(typed: string, taken: ReadonlySet<string>): string {
  const plain = plainCode(typed)
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(plain) && !taken.has(plain)) return plain
  for (let number = taken.size + 1; ; number++) {
    const code = String(number).padStart(2, '0')
    if (!taken.has(code)) return code
  }
}

/* ---------- one row ---------- */

async function doRow(place: Place, row: ReadRow, known: NumberedSubject | null): Promise<RowReport> {
  const { columns, pathway, versions } = place
  const { line, number } = row
  const wanted = wantedOf(row, pathway)
  const report = (result: RowResult, problems: readonly CellProblem[]): RowReport => {
    const isNew = result === 'new' && wanted !== null
    const consentVersion = isNew ? (versionFor(place, row, wanted.consentedOn)?.label ?? null) : null
    return { line, number, result, read: row, wanted, consentVersion, problems, warnings: row.warnings }
  }
  if (row.consentVersion !== null && consentVersionNamed(row.consentVersion, versions) === null) {
    row.problems.push(cellProblem(row, columns, 'consent_version', { code: 'import_version_unknown' }))
  }
  const recorded = known?.events ?? []
  if (wanted !== null && lacksRegistration(row, wanted, recorded, pathway)) {
    const values = { milestone: pathway.registration.code }
    row.problems.push(cellProblem(row, columns, 'outcome', { code: 'import_outcome_without_day', values }))
  }
  if (row.problems.length > 0) return report('wrong', row.problems)
  if (wanted !== null) row.warnings.push(...outcomeWarnings(row, wanted, recorded, pathway))
  if (known !== null) return doKnown(place, row, wanted, known, report)
  if (wanted === null) return report('wrong', [consentMissing(place, row)])
  if (row.outcome === 'void')
    return report('wrong', [cellProblem(row, columns, 'outcome', { code: 'import_row_void' })])
  const problems = await enter(place, row, wanted)
  return report(problems.length > 0 ? 'wrong' : 'new', problems)
}

type Report = (result: RowResult, problems: readonly CellProblem[]) => RowReport

function consentMissing({ columns, pathway }: Place, row: ReadRow): CellProblem {
  return cellProblem(row, columns, `milestone:${pathway.screening.code}`, { code: 'import_cell_missing' })
}

async function doKnown(
  place: Place,
  row: ReadRow,
  wanted: Wanted | null,
  known: NumberedSubject,
  report: Report,
): Promise<RowReport> {
  const { actor, columns, context, pathway, trial } = place
  const { subject, events } = known
  const wrong = (of: Meaning, why: Why) => report('wrong', [cellProblem(row, columns, of, why)])
  // A number of another site says nothing about that site's subject, only that it is taken.
  if (!reaches(sitesWithin(actor.grants, 'log_subjects', trial.id), subject.siteId)) {
    return wrong('number', { code: 'number_taken', values: { number: row.number } })
  }
  if (row.site?.id !== subject.siteId) return wrong('site', { code: 'import_site_changed' })
  if (wanted === null) {
    return isSameCandidate(row, events) ? report('unchanged', []) : report('wrong', [consentMissing(place, row)])
  }

  const hasOutcomes = columnMeaning(columns, 'outcome') !== null
  const { corrections, additions, disagreements } = differencesOf(row, wanted, events, pathway, hasOutcomes)
  const isDifferent = corrections.length + additions.length + disagreements.length > 0
  if (subject.state === 'void') {
    // It counts nowhere, and a table that still has it as it was need not be changed for that.
    if (isDifferent) return wrong('number', { code: 'import_subject_void' })
    if (row.outcome !== 'void') row.warnings.push('void_kept')
    return report('unchanged', [])
  }
  if (disagreements.length > 0) {
    return report(
      'wrong',
      disagreements.map(({ of, ...why }) => cellProblem(row, columns, of, why)),
    )
  }
  row.warnings.push(...keptWarnings(place, row, known))
  for (const { eventId, on, of } of corrections) {
    const said = { trialId: trial.id, subjectId: subject.id, eventId, occurredOn: on, seenEventId: null }
    const outcome = await correctEvent(context, actor, { ...said, reason: 'transcription', note: place.note })
    if (isRefused(outcome)) return report('wrong', placed(place, row, of, outcome.problems))
  }
  for (const event of additions) {
    const problems = await record(place, row, subject.id, event)
    if (problems.length > 0) return report('wrong', problems)
  }
  return report(corrections.length + additions.length > 0 ? 'changed' : 'unchanged', [])
}

/** What a row says otherwise than the record, and an import leaves as it is. */
function keptWarnings({ columns, reasons, versions }: Place, row: ReadRow, known: NumberedSubject): RowWarning[] {
  const warnings: RowWarning[] = []
  const note = row.note ?? ''
  // The product writes out the notes of all events side by side.
  const every = known.events.flatMap((event) => event.note ?? []).join(' / ')
  const isSameNote = columnMeaning(columns, 'note') === null || note === (known.note ?? '') || note === every
  if (!isSameNote) warnings.push('note_kept')
  const exit = known.events.findLast(({ what }) => what.kind === 'exit')
  if (exit !== undefined && !saysTheReasons(row.reason, exit, reasons)) warnings.push('reason_kept')
  const version = row.consentVersion === null ? null : consentVersionNamed(row.consentVersion, versions)
  if (version !== null && known.consentVersionId !== null && version.id !== known.consentVersionId) {
    warnings.push('version_kept')
  }
  return warnings
}

/** A subject that the log does not have: the screening, then everything else in the order of its days. */
async function enter(place: Place, row: ReadRow, wanted: Wanted): Promise<CellProblem[]> {
  const { actor, context, trial } = place
  const outcome = await recordScreening(context, actor, {
    trialId: trial.id,
    siteId: row.site?.id ?? '',
    number: row.number,
    consentedOn: wanted.consentedOn,
    consentVersionId: versionFor(place, row, wanted.consentedOn)?.id ?? '',
    referralSource: row.referral?.slice(0, 200) ?? null,
    note: row.note,
    basis: wanted.consentBasis,
  })
  if (isRefused(outcome)) return placed(place, row, wanted.consentOf, outcome.problems)
  for (const event of wanted.events) {
    const problems = await record(place, row, outcome.value.subjectId, event)
    if (problems.length > 0) return problems
  }
  return []
}

/** The version that the row names; else the one that was in force on the day of the consent. */
function versionFor({ versions }: Place, { consentVersion }: ReadRow, day: CalendarDate): ConsentVersion | null {
  const named = consentVersion === null ? null : consentVersionNamed(consentVersion, versions)
  return named ?? consentVersionOn(versions, day)
}

async function record(place: Place, row: ReadRow, subjectId: string, event: WantedEvent): Promise<CellProblem[]> {
  const outcome = await recorded(place, row, subjectId, event)
  return isRefused(outcome) ? placed(place, row, event.of, outcome.problems) : []
}

function recorded(
  place: Place,
  row: ReadRow,
  subjectId: string,
  { what, on, basis }: WantedEvent,
): Promise<Parsed<unknown>> {
  const { actor, context, pathway, reasons, trial } = place
  const said = { trialId: trial.id, subjectId, occurredOn: on, basis, seenEventId: null }
  if (what.kind === 'exit') {
    const details = {
      reasons: reasonCodes(row.reason, what.exit, reasons),
      measuredValue: row.measuredValue,
      scope: [],
    }
    return recordExit(context, actor, { ...said, ...details, exit: what.exit, note: row.reason })
  }
  const draft = { ...said, code: what.code, note: null }
  const kind = milestoneOf(pathway, what.code)?.kind
  if (kind === 'registration_stage') return recordRegistration(context, actor, draft)
  if (kind !== 'screening') return recordMilestone(context, actor, draft)
  return recordConsent(context, actor, {
    ...said,
    note: row.note,
    consentVersionId: versionFor(place, row, on)?.id ?? '',
  })
}

/** What a verb refused, at the cell that it is about. */
function placed({ columns }: Place, row: ReadRow, of: Meaning, problems: readonly Problem[]): CellProblem[] {
  const about: Record<string, Meaning> = {
    number: 'number',
    siteId: 'site',
    note: 'reason',
    reasons: 'reason',
    measuredValue: columnMeaning(columns, 'measured_value') === null ? 'outcome' : 'measured_value',
    // Of a registration that the outcome asks for, the day stands beside it.
    ...(of === 'outcome_day' ? { what: 'outcome' } : {}),
  }
  return problems.map(({ field, ...why }) => cellProblem(row, columns, about[field] ?? of, why))
}
