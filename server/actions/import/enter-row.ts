/** One row of a table that is imported, as the verbs that a person would use by hand. */
import type { Actor, Context } from '../../context.ts'
import type { NumberedSubject } from '../../db/imports.ts'
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { ExitReason } from '../../domain/exit-reason.ts'
import type { Column, Meaning } from '../../domain/import-columns.ts'
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
} from '../../domain/import-plan.ts'
import type { RowReport, RowResult } from '../../domain/import-report.ts'
import {
  type CellProblem,
  cellProblem,
  columnMeaning,
  consentVersionNamed,
  type ReadRow,
  type RowWarning,
  type Why,
} from '../../domain/import-row.ts'
import { milestoneOf, type Pathway } from '../../domain/milestone.ts'
import { isRefused, type Parsed, type Problem } from '../../domain/parsed.ts'
import { reaches, sitesWithin } from '../../domain/permission.ts'
import { type ConsentVersion, consentVersionOn } from '../../domain/screening.ts'
import type { Trial } from '../../domain/trial.ts'
import { correctEvent } from '../correct-event.ts'
import { recordConsent } from '../record-consent.ts'
import { recordExit } from '../record-exit.ts'
import { recordMilestone } from '../record-milestone.ts'
import { recordRegistration } from '../record-registration.ts'
import { recordScreening } from '../record-screening.ts'

/** Everything that the rows of one table have in common. */
export type ImportPlace = {
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

/** What becomes of one row: what a person would record by hand, through the same verbs. */
export async function doRow(place: ImportPlace, row: ReadRow, known: NumberedSubject | null): Promise<RowReport> {
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

function consentMissing({ columns, pathway }: ImportPlace, row: ReadRow): CellProblem {
  return cellProblem(row, columns, `milestone:${pathway.screening.code}`, { code: 'import_cell_missing' })
}

async function doKnown(
  place: ImportPlace,
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
function keptWarnings({ columns, reasons, versions }: ImportPlace, row: ReadRow, known: NumberedSubject): RowWarning[] {
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
async function enter(place: ImportPlace, row: ReadRow, wanted: Wanted): Promise<CellProblem[]> {
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
function versionFor({ versions }: ImportPlace, { consentVersion }: ReadRow, day: CalendarDate): ConsentVersion | null {
  const named = consentVersion === null ? null : consentVersionNamed(consentVersion, versions)
  return named ?? consentVersionOn(versions, day)
}

async function record(place: ImportPlace, row: ReadRow, subjectId: string, event: WantedEvent): Promise<CellProblem[]> {
  const outcome = await recorded(place, row, subjectId, event)
  return isRefused(outcome) ? placed(place, row, event.of, outcome.problems) : []
}

function recorded(
  place: ImportPlace,
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
function placed({ columns }: ImportPlace, row: ReadRow, of: Meaning, problems: readonly Problem[]): CellProblem[] {
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
