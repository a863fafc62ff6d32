/** The log as a file: what somebody sees on the page, all of its pages, in its order, at the sites within their reach. */
import { listReasonLabels } from '../db/logs.ts'
import { listConsentVersions } from '../db/trials.ts'
import { manyShown } from '../domain/access-record.ts'
import { type FileCell, type FileWorld, fileHeader, fileRow, mostRowsInWorkbook } from '../pages/log-file.ts'
import { partSize } from './known-counts.ts'
import { askedOf, type Log, logOf } from './log.ts'
import { csvOf, workbookOf } from './spreadsheet.ts'
import type { Reply, TrialVisit } from './visit.ts'

export async function exportCsv(visit: TrialVisit): Promise<Reply> {
  const log = await logOf(visit)
  if (isAskedWrongly(log)) return { seeOther: backToLog(visit) }
  const world = await worldOf(visit, log)
  const header = fileHeader(world, visit.words)
  const rows = (async function* () {
    yield header
    yield* rowsOf(visit, log, world)
  })()
  return {
    file: { name: nameOf(visit, log, 'csv'), type: 'text/csv; charset=utf-8', content: csvOf(rows) },
    shown: shownIn(log, 'csv'),
  }
}

export async function exportXlsx(visit: TrialVisit): Promise<Reply> {
  const { words, trial } = visit
  const log = await logOf(visit)
  // The log says why: it offers a long list as CSV only.
  const isTooLong = log.counts[log.query.list] > mostRowsInWorkbook
  if (isAskedWrongly(log) || isTooLong) return { seeOther: backToLog(visit) }
  const world = await worldOf(visit, log)
  const rows = rowsOf(visit, log, world)
  const content = await workbookOf(trial.code.slice(0, 31), fileHeader(world, words), rows)
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return { file: { name: nameOf(visit, log, 'xlsx'), type, content }, shown: shownIn(log, 'xlsx') }
}

function shownIn(log: Log, as: 'csv' | 'xlsx') {
  return manyShown('log_file', 'file', log.counts[log.query.list], { ...askedOf(log), as })
}

/** A day that cannot be read would give a file of another day: the log says what is wrong with it. */
function isAskedWrongly({ clocks }: Log): boolean {
  return clocks.problem !== null || clocks.known.problem !== null
}

function backToLog({ request, trial }: TrialVisit): string {
  const [, query] = request.originalUrl.split('?')
  return `/trials/${trial.code}/subjects?${query ?? ''}`
}

async function worldOf({ context: { db }, trial }: TrialVisit, { pathway, sites }: Log): Promise<FileWorld> {
  const versions = await listConsentVersions(db, trial.id)
  return { pathway, sites, versions, reasonLabels: await listReasonLabels(db, trial.id) }
}

/** Read a part at a time, so that a long log is never in memory as a whole. */
async function* rowsOf({ words }: TrialVisit, log: Log, world: FileWorld): AsyncGenerator<FileCell[]> {
  const ids = await log.idsOf('all')
  for (let from = 0; from < ids.length; from += partSize) {
    for (const entry of await log.entriesOf(ids.slice(from, from + partSize))) yield fileRow(world, entry, words)
  }
}

/** `SSC-BMC_症例_2026-06-24.csv`; with the day of what was known behind it where one was chosen. */
function nameOf({ trial, words }: TrialVisit, { clocks }: Log, ending: string): string {
  const known = clocks.known.day === null ? '' : `_${words.t('file.known_at', { day: clocks.known.day })}`
  const parts = [trial.code, words.t('file.name'), clocks.day].join('_')
  return `${parts}${known}.${ending}`.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-')
}
