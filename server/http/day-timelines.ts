/** Timelines known by their days only: the form that takes them, all or none. */
import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'
import { recordDayTimelines } from '../actions/record-day-timelines.ts'
import { findPathway } from '../db/trials.ts'
import { correctionReasons } from '../domain/correction.ts'
import { readDayTimelines } from '../domain/day-timeline.ts'
import type { Pathway } from '../domain/milestone.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { type DayTimelinesTyped, dayTimelinesFormPage } from '../pages/day-timelines-form-page.ts'
import { anchorsOf } from '../pages/timelines-page.ts'
import { readForm, text } from './forms.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const fields = z.object({ anchorCode: text(64), rows: text(60_000), because: text(64), submissionKey: text(64) })

export async function newDayTimelines(visit: TrialVisit): Promise<Reply> {
  const pathway = await findPathway(visit.context.db, visit.trial.id)
  const anchorCode = anchorsOf(pathway)[0]?.code ?? ''
  return show(visit, pathway, { anchorCode, rows: '', because: '', submissionKey: visit.context.newId() }, [], 200)
}

export async function createDayTimelines(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const pathway = await findPathway(context.db, trial.id)
  const form = readForm(fields, request.body)
  if (isRefused(form)) return showDayTimelinesAgain(visit, form.problems)
  const { anchorCode, because } = form.value
  if (!anchorsOf(pathway).some(({ code }) => code === anchorCode)) {
    return showDayTimelinesAgain(visit, [{ field: 'anchorCode', code: 'day_anchor_unknown' }])
  }
  // As it was pasted: a head whose first cell is empty begins with a tab.
  const table = readTable(textOf(request.body?.rows))
  if (isRefused(table)) return showDayTimelinesAgain(visit, table.problems)
  const timelines = readDayTimelines(pathway, anchorCode, table.value)
  if (isRefused(timelines)) return showDayTimelinesAgain(visit, timelines.problems)
  const reason = correctionReasons.find((one) => one === because) ?? null
  const draft = { trialId: trial.id, timelines: timelines.value, because: reason }
  const outcome = await recordDayTimelines(context, actor, draft)
  if (isRefused(outcome)) return showDayTimelinesAgain(visit, outcome.problems)
  return { seeOther: `/trials/${trial.code}/timelines?by=${encodeURIComponent(anchorCode)}#days-caption` }
}

export async function showDayTimelinesAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const { context, request, trial } = visit
  const { body = {} } = request
  const typed: DayTimelinesTyped = {
    anchorCode: textOf(body.anchorCode),
    rows: textOf(body.rows),
    because: textOf(body.because),
    submissionKey: context.newId(),
  }
  return show(visit, await findPathway(context.db, trial.id), typed, problems, 422)
}

/** Cells between tabs where the head has one, as spreadsheets copy them; otherwise between commas. */
function readTable(pasted: string): Parsed<string[][]> {
  const [head = ''] = pasted.split('\n', 1)
  const delimiter = head.includes('\t') ? '\t' : ','
  const options = { delimiter, bom: true, relax_column_count: true }
  try {
    return { value: parse(pasted, options) }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { problems: [{ field: 'rows', code: 'day_rows_unreadable', values: { row: Number(error.lines ?? 1) } }] }
  }
}

function show(
  { trial, words }: TrialVisit,
  pathway: Pathway,
  typed: DayTimelinesTyped,
  problems: readonly Problem[],
  status: number,
): Reply {
  return { page: dayTimelinesFormPage({ trial, pathway, typed, problems }, words), status }
}
