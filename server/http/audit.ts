/** The audit trail of a trial, a page at a time. */
import { chainHead, listAuditEntries } from '../db/audit-trail.ts'
import { auditPage } from '../pages/audit-page.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50

export async function showAudit({ context, request, trial, words }: TrialVisit): Promise<Reply> {
  const typed = textOf(request.query.before)
  const before = /^\d{1,9}$/.test(typed) ? Number(typed) : null
  const entries = await listAuditEntries(context.db, trial.id, { before, limit: pageSize })
  const { sequence } = await chainHead(context.db, trial.id)
  return { page: auditPage({ trial, entries, length: sequence, pageSize }, words) }
}
