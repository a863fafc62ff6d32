/** The subjects of an archive as people read them: the log's own file, every subject in the order of its number. */
import { stringify } from 'csv-stringify/sync'
import type { Db } from '../db/database.ts'
import { listEventVersions, listLoggedSubjects, listReasonLabels } from '../db/logs.ts'
import { listSites } from '../db/sites.ts'
import { listArchivedSubjects } from '../db/trial-archive.ts'
import { findPathway, listConsentVersions } from '../db/trials.ts'
import type { Trial } from '../domain/trial.ts'
import { safeText } from '../http/spreadsheet.ts'
import type { Words } from '../i18n/words.ts'
import { type FileCell, type FileWorld, fileHeader, fileRow } from '../pages/log-file.ts'

const pageSize = 500

export async function* subjectRows(db: Db, trial: Trial, words: Words): AsyncGenerator<FileCell[]> {
  const world: FileWorld = {
    pathway: await findPathway(db, trial.id),
    sites: await listSites(db, trial.id),
    versions: await listConsentVersions(db, trial.id),
    reasonLabels: await listReasonLabels(db, trial.id),
  }
  yield fileHeader(world, words)
  const ids = await listArchivedSubjects(db, trial.id)
  for (let from = 0; from < ids.length; from += pageSize) {
    const page = ids.slice(from, from + pageSize)
    const versions = await listEventVersions(db, page)
    for (const logged of await listLoggedSubjects(db, page)) {
      const events = (versions.get(logged.subject.id) ?? []).filter(({ withdrawnAt }) => withdrawnAt === null)
      yield fileRow(world, { ...logged, events }, words)
    }
  }
}

/** UTF-8 with a byte order mark, and CRLF: what a spreadsheet opens with a double click. */
export async function* csvLines(
  rows: AsyncIterable<readonly FileCell[]> | Iterable<readonly FileCell[]>,
): AsyncGenerator<string> {
  let isFirst = true
  for await (const row of rows) {
    yield stringify([row.map(safeText)], { bom: isFirst, record_delimiter: 'windows' })
    isFirst = false
  }
}
