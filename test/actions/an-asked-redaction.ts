/** A name that was typed into a candidate's note: the entry that holds it, and the wish that it be taken out. */
import { day, done } from '../../seeds/story.ts'
import { askRedaction } from '../../server/actions/ask-redaction.ts'
import { recordPrescreening } from '../../server/actions/record-prescreening.ts'
import { commandLine } from '../../server/context.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listSites } from '../../server/db/sites.ts'
import type { Served } from '../http/served.ts'

/** The place of a text in the audit trail of a trial: that of a note written down just now, of a day. */
export async function mistypedNote(
  { context, db }: Pick<Served, 'context' | 'db'>,
  trialId: string,
  on: string,
): Promise<number> {
  const siteId = (await listSites(db, trialId))[0]?.id ?? ''
  const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const who = { trialId, siteId, number: null, enteredOn: day(on), referralSource: 'a letter' }
  await done(recordPrescreening(context, manager, { ...who, note: 'a name', basis: 'recorded' }))
  const entries = await listAuditEntries(db, trialId, { before: null, limit: 2 })
  return entries.find(({ after }) => after.note === 'a name')?.sequence ?? 0
}

/** What was asked by nobody among the readers, so that anybody who may can decide it. */
export async function askedRedaction(served: Pick<Served, 'context' | 'db'>, trialId: string, on = '2026-06-01') {
  const sequence = await mistypedNote(served, trialId, on)
  const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const draft = { trialId, sequence, place: 'subject_event.note', kind: 'person_name' as const, words: null }
  const { redactionId } = await done(askRedaction(served.context, manager, draft))
  return { sequence, redactionId }
}
