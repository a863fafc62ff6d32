/** The audit trail of a trial, a page at a time or as a file, and the history of one record. */
import { commandLine } from '../context.ts'
import { type AuditQuestion, chainHead, listAuditEntries, listAuditKinds } from '../db/audit-trail.ts'
import { findNames, findUsernames } from '../db/people.ts'
import { listSites } from '../db/sites.ts'
import { findSubjectNumbers } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { mayIn } from '../domain/permission.ts'
import { type AuditWorld, auditFileHeader, auditFileRow } from '../pages/audit-file.ts'
import { auditPage } from '../pages/audit-page.ts'
import { askedOfTrail } from './audit-question.ts'
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
  const world = await worldOf(visit, entries, actors)
  const events = await listAuditKinds(context.db, trial.id, 'event')
  const isStart = before === null || asked.length === 0
  // Whoever has no account acts by the name of where they act: the command line.
  const people = actors.map((id) => ({ id, username: usernames.get(id) ?? id }))
  const input = { world, entries, typed, problems, people, events, length, isStart, goesOn: found.length > pageSize }
  return { page: auditPage(input, words), status: problems.length > 0 ? 422 : 200 }
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
  return { file: { name, type: 'text/csv; charset=utf-8', content: csvOf(rows) } }
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
    yield [await worldOf(visit, entries, []), entries]
    before = entries.at(-1)?.sequence ?? 0
  }
}

/** What the entries' identifiers mean to a reader. */
async function worldOf(
  { actor, context: { db }, trial }: TrialVisit,
  entries: readonly AuditEntry[],
  people: readonly string[],
): Promise<AuditWorld> {
  const held = entries.map(({ after }) => String(after.person_id ?? ''))
  const names = await findNames(db, [...new Set([...people, ...held, ...entries.map(({ actorId }) => actorId)])])
  names.set(commandLine.personId, commandLine.name)
  const subjects = entries.flatMap(({ after }) => (typeof after.subject_id === 'string' ? [after.subject_id] : []))
  const sites = await listSites(db, trial.id)
  return {
    trial,
    pathway: await findPathway(db, trial.id),
    names,
    numbers: await findSubjectNumbers(db, trial.id, [...new Set(subjects)]),
    siteCodes: new Map(sites.map(({ id, code }) => [id, code])),
    maySeeArms: mayIn(actor.grants, 'see_allocation', trial.id),
  }
}
