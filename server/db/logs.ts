/** The whole log, as files and lists take it: its subjects in order, and their events, a part at a time. */
import type { Bilingual } from '../domain/bilingual.ts'
import type { Subject } from '../domain/subject.ts'
import type { EventVersion } from '../domain/two-clocks.ts'
import type { Db } from './database.ts'
import { eventFrom } from './subject-events.ts'
import { inOrder, type SubjectQuery, subjectFrom } from './subjects.ts'

/** A part of a list in its order, or all of it. */
export type Part = 'all' | { limit: number; offset: number }

/** A subject as written down, with what stands in its row beside its events. */
export type LoggedSubject = { subject: Subject; consentVersionId: string | null; referralSource: string | null }

/** The identifiers of the subjects that match, in order: all of them, or a part. */
export async function listSubjectIds(
  db: Db,
  trialId: string,
  query: Omit<SubjectQuery, 'limit' | 'offset'>,
  part: Part,
): Promise<string[]> {
  const all = inOrder(db, trialId, query).select('id')
  const rows = await (part === 'all' ? all : all.limit(part.limit).offset(part.offset)).execute()
  return rows.map(({ id }) => id)
}

/** Some subjects in the order of their identifiers as given. */
export async function listLoggedSubjects(db: Db, ids: readonly string[]): Promise<LoggedSubject[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('subject').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (row === undefined) return []
    const { consent_version_id: consentVersionId, referral_source: referralSource } = row
    return [{ subject: subjectFrom(row), consentVersionId, referralSource }]
  })
}

/** Every version of the events of some subjects, by subject, in the order in which they happened. */
export async function listEventVersions(db: Db, subjectIds: readonly string[]): Promise<Map<string, EventVersion[]>> {
  const versions = new Map<string, EventVersion[]>(subjectIds.map((id) => [id, []]))
  if (subjectIds.length === 0) return versions
  const rows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('subject_id', 'in', subjectIds)
    .orderBy('occurred_on')
    .orderBy('id')
    .execute()
  for (const row of rows) versions.get(row.subject_id)?.push({ ...eventFrom(row), withdrawnAt: row.withdrawn_at })
  return versions
}

/** The words of a trial's reasons by `exit code`, those in use and those retired: what was recorded stays readable. */
export async function listReasonLabels(db: Db, trialId: string): Promise<Map<string, Bilingual>> {
  const rows = await db.selectFrom('exit_reason').selectAll().where('trial_id', '=', trialId).execute()
  return new Map(rows.map((row) => [`${row.exit} ${row.code}`, { ja: row.label_ja, en: row.label_en }]))
}
