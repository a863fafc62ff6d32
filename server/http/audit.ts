/** The audit trail of a trial, a page at a time or as a file, and the history of one record. */
import { everyRead, listReads } from '../db/access-records.ts'
import { type AuditQuestion, chainHead, findSubjectIdOf, listAuditEntries, listAuditKinds } from '../db/audit-trail.ts'
import { findUsernames } from '../db/people.ts'
import { countSubjectsByState } from '../db/subjects.ts'
import { manyShown, oneShown } from '../domain/access-record.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { mayIn } from '../domain/permission.ts'
import { type AuditWorld, auditFileHeader, auditFileRow } from '../pages/audit-file.ts'
import { auditPage } from '../pages/audit-page.ts'
import { askedOfTrail } from './audit-question.ts'
import { auditWorldOf } from './audit-world.ts'
import { isWritable } from './forms.ts'
import { csvOf } from './spreadsheet.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50
/** So many entries are read at a time for a file. */
const partSize = 1000

export async function showAudit(visit: TrialVisit): Promise<Reply> {
  const { context, request, trial, words } = visit
  const { typed, question, problems } = await askedOfTrail(visit)
  const place = textOf(request.query.before)
  const before = /^\d{1,9}$/.test(place) ? Number(place) : null
  const page = (from: number | null) =>
    listAuditEntries(context.db, trial.id, { before: from, limit: pageSize + 1 }, question)
  const asked = await page(before)
  // Before the first entry there is none: the trail begins again at its newest.
  const found = asked.length > 0 || before === null ? asked : await page(null)
  const entries = found.slice(0, pageSize)
  const { sequence: length } = await chainHead(context.db, trial.id)
  const actors = await listAuditKinds(context.db, trial.id, 'actor_id')
  const usernames = await findUsernames(context.db, actors)
  const subjectId = await subjectAsked(visit)
  const reads = subjectId === null ? null : await lastReads(visit, subjectId)
  const readers = (reads ?? []).map(({ personId }) => personId)
  const world = await auditWorldOf(visit, entries, [...actors, ...readers], [])
  const events = await listAuditKinds(context.db, trial.id, 'event')
  const isStart = before === null || asked.length === 0
  // Whoever has no account acts by the name of where they act: the command line.
  const people = actors.map((id) => ({ id, username: usernames.get(id) ?? id }))
  const mayAsk = mayIn(visit.actor.grants, 'ask_redaction', trial.id)
  const input = {
    world,
    mayAsk,
    entries,
    reads,
    typed,
    problems,
    people,
    events,
    length,
    isStart,
    goesOn: found.length > pageSize,
  }
  const about = new Set(entries.flatMap(subjectOf))
  const shown = await shownOf(visit, question, 'page', about.size)
  return { page: auditPage(input, words), shown, status: problems.length > 0 ? 422 : 200 }
}

export async function exportAudit(visit: TrialVisit): Promise<Reply> {
  const { trial, words } = visit
  const { question, problems } = await askedOfTrail(visit)
  if (problems.length > 0) {
    return { seeOther: `/trials/${trial.code}/audit?${visit.request.originalUrl.split('?')[1] ?? ''}` }
  }
  const rows = (async function* () {
    yield auditFileHeader(words)
    for await (const [world, entries] of partsOf(visit, question)) {
      for (const entry of entries) yield auditFileRow(entry, world, words)
    }
  })()
  const name = `${trial.code}_${words.t('audit.file_name')}.csv`.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-')
  const states = await countSubjectsByState(visit.context.db, trial.id, everybody)
  const most = states.reduce((sum, { number }) => sum + number, 0)
  const shown = await shownOf(visit, question, 'file', most)
  return { file: { name, type: 'text/csv; charset=utf-8', content: csvOf(rows) }, shown }
}

/** The subject whose history is asked for; null for the whole trail, or for another record. */
async function subjectAsked({ context, trial, request: { query } }: TrialVisit): Promise<string | null> {
  const asked = isWritable(textOf(query.record)) ? textOf(query.record).trim().normalize('NFKC') : ''
  return asked === '' ? null : findSubjectIdOf(context.db, trial.id, asked)
}

/** So many stand beside a subject's history; all of them have a page of their own. */
const readsShown = 5

function lastReads({ context, trial }: TrialVisit, subjectId: string) {
  return listReads(context.db, trial.id, { before: null, limit: readsShown }, { ...everyRead, subjectId })
}

/** All subjects of a trial. */
const everybody = { scope: 'every', siteId: null, search: null, consented: null } as const

function subjectOf({ table, recordId, after }: AuditEntry): string[] {
  if (table === 'subject') return [recordId]
  return typeof after.subject_id === 'string' ? [after.subject_id] : []
}

/** Whose history it is, where it is one subject's; otherwise how many subjects its entries are about, at most. */
async function shownOf(visit: TrialVisit, question: AuditQuestion, way: 'page' | 'file', number: number) {
  const what = way === 'page' ? 'audit_trail' : 'audit_file'
  const subjectId = await subjectAsked(visit)
  if (subjectId !== null) return oneShown(what, way, subjectId)
  return manyShown(what, way, number, { event: question.event ?? '' })
}

/** The whole answer, newest first, a part at a time. */
async function* partsOf(
  visit: TrialVisit,
  question: AuditQuestion,
): AsyncGenerator<[world: AuditWorld, entries: AuditEntry[]]> {
  const { context, trial } = visit
  for (let before: number | null = null; ; ) {
    const entries: AuditEntry[] = await listAuditEntries(context.db, trial.id, { before, limit: partSize }, question)
    if (entries.length === 0) return
    yield [await auditWorldOf(visit, entries, [], []), entries]
    before = entries.at(-1)?.sequence ?? 0
  }
}
