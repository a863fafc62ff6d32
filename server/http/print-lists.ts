/** Lists for paper, at the sites within the reader's reach: each is a page that prints. */

import type { LogEntry } from '../db/log-entries.ts'
import { listReasonLabels } from '../db/logs.ts'
import { listConsentVersions } from '../db/trials.ts'
import { manyShown } from '../domain/access-record.ts'
import { type PrintListName, printListPage } from '../pages/print-list.ts'
import type { LogQuery } from '../pages/subjects-page.ts'
import { partSize } from './known-counts.ts'
import { askedOf, logOf } from './log.ts'
import type { Reply, TrialVisit } from './visit.ts'

/** Nobody prints more at once: 2,000 subjects are about a hundred sheets. */
const mostRowsOnPaper = 2000

export function printScreeningLog(visit: TrialVisit): Promise<Reply> {
  return printList(visit, 'screening_log', { list: 'all', order: 'number' })
}

export function printRegistrationLog(visit: TrialVisit): Promise<Reply> {
  return printList(visit, 'registration_log', { list: 'registered', order: 'number' })
}

export function printIdentificationCodes(visit: TrialVisit): Promise<Reply> {
  return printList(visit, 'identification_codes', { list: 'all', order: 'number' })
}

async function printList(visit: TrialVisit, list: PrintListName, always: Partial<LogQuery>): Promise<Reply> {
  const { context, trial, words } = visit
  const log = await logOf(visit, { ...always, direction: 'asc', search: '', consented: null, page: 1 })
  const { pathway, sites, site, clocks } = log
  const ids = await log.idsOf({ limit: mostRowsOnPaper, offset: 0 })
  const entries: LogEntry[] = []
  for (let from = 0; from < ids.length; from += partSize) {
    entries.push(...(await log.entriesOf(ids.slice(from, from + partSize))))
  }
  // A registration log is read by its own numbers.
  if (list === 'registration_log') entries.sort((a, b) => registrationNumberOf(a) - registrationNumberOf(b))
  const versions = await listConsentVersions(context.db, trial.id)
  const reasonLabels = await listReasonLabels(context.db, trial.id)
  const total = log.counts[log.query.list]
  const page = printListPage(
    { list, trial, pathway, sites, site, clocks, versions, reasonLabels, entries, total },
    words,
  )
  const shown = manyShown(list, 'print', entries.length, askedOf(log))
  return { page, shown, status: clocks.problem === null && clocks.known.problem === null ? 200 : 422 }
}

function registrationNumberOf({ subject }: LogEntry): number {
  return subject.registrationNumber ?? Number.POSITIVE_INFINITY
}
