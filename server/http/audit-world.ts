/** What the identifiers of a trail mean to a reader: names of people, numbers of subjects, codes of sites. */
import { commandLine } from '../context.ts'
import { findNames } from '../db/people.ts'
import { listSites } from '../db/sites.ts'
import { findSubjectNumbers } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { mayIn } from '../domain/permission.ts'
import type { AuditWorld } from '../pages/audit-values.ts'
import type { TrialVisit } from './visit.ts'

/** `people` and `subjects` are identifiers that are needed beside those in the entries. */
export async function auditWorldOf(
  { actor, context: { db }, trial }: TrialVisit,
  entries: readonly AuditEntry[],
  people: readonly string[],
  subjects: readonly string[],
): Promise<AuditWorld> {
  const held = entries.map(({ after }) => String(after.person_id ?? ''))
  const names = await findNames(db, [...new Set([...people, ...held, ...entries.map(({ actorId }) => actorId)])])
  names.set(commandLine.personId, commandLine.name)
  const ofEntries = entries.flatMap(({ after }) => (typeof after.subject_id === 'string' ? [after.subject_id] : []))
  const sites = await listSites(db, trial.id)
  return {
    trial,
    pathway: await findPathway(db, trial.id),
    names,
    numbers: await findSubjectNumbers(db, trial.id, [...new Set([...ofEntries, ...subjects])]),
    siteCodes: new Map(sites.map(({ id, code }) => [id, code])),
    maySeeArms: mayIn(actor.grants, 'see_allocation', trial.id),
  }
}
