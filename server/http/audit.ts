/** The audit trail of a trial, a page at a time. */

import { commandLine } from '../context.ts'
import { chainHead, listAuditEntries } from '../db/audit-trail.ts'
import { findNames } from '../db/people.ts'
import { findSubjectNumbers } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import { mayIn } from '../domain/permission.ts'
import { auditPage } from '../pages/audit-page.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50

export async function showAudit({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const typed = textOf(request.query.before)
  const before = /^\d{1,9}$/.test(typed) ? Number(typed) : null
  const asked = await listAuditEntries(context.db, trial.id, { before, limit: pageSize })
  // Before the first entry there is none: the trail begins again at its newest.
  const entries =
    asked.length > 0 ? asked : await listAuditEntries(context.db, trial.id, { before: null, limit: pageSize })
  const { sequence } = await chainHead(context.db, trial.id)
  const pathway = await findPathway(context.db, trial.id)
  const names = await findNames(context.db, [...new Set(entries.map(({ actorId }) => actorId))])
  names.set(commandLine.personId, commandLine.name)
  const numbers = await findSubjectNumbers(
    context.db,
    entries.map(({ after }) => String(after.subject_id ?? '')),
  )
  const maySeeArms = mayIn(actor.grants, 'see_allocation', trial.id)
  const input = { trial, entries, pathway, numbers, names, maySeeArms, length: sequence, pageSize }
  return { page: auditPage(input, words) }
}
