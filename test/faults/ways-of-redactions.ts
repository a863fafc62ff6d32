/** Forms about texts that were typed by mistake: to ask that one be taken out, to confirm it, to leave it. */
import { day, done } from '../../seeds/story.ts'
import { recordPrescreening } from '../../server/actions/record-prescreening.ts'
import { commandLine } from '../../server/context.ts'
import { chainHead, listAuditEntries } from '../../server/db/audit-trail.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import type { Served } from '../http/served.ts'
import type { Client } from '../support/client.ts'
import { ready, type Way } from './failing-forms.ts'

const here = '/trials/SSC-BMC/redactions'

export function waysOfRedactions(served: Served, asker: () => Client, decider: () => Client): Way[] {
  /** The page that asks for the note of a candidate who was just written down. */
  async function newNote(): Promise<string> {
    const { db, context } = served
    const trialId = (await findTrialByCode(db, 'SSC-BMC'))?.id ?? ''
    const siteId = (await listSites(db, trialId))[0]?.id ?? ''
    const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const who = { trialId, siteId, number: null, enteredOn: day('2026-06-01'), referralSource: 'a letter' }
    const { sequence } = await chainHead(db, trialId)
    await done(recordPrescreening(context, actor, { ...who, note: `a name ${sequence}`, basis: 'recorded' }))
    const entries = await listAuditEntries(db, trialId, { before: null, limit: 2 })
    const noted = entries.find(({ after }) => typeof after.note === 'string')
    return `${here}/new?entry=${noted?.sequence}`
  }

  const typed = { place: 'subject_event.note', kind: 'person_name' }

  async function asked(): Promise<string> {
    const form = await ready(asker(), await newNote(), /redactions$/, typed)
    const answer = await asker().post(form.action, form.fields)
    if (answer.status !== 303) throw new Error(`it was not asked for: ${answer.status}`)
    return (answer.location ?? '').split('?')[0] ?? ''
  }

  return [
    ['/trials/:trial/redactions', async () => ready(asker(), await newNote(), /redactions$/, typed)],
    ['/trials/:trial/redactions/:redaction/confirmation', async () => ready(decider(), await asked(), /confirmation$/)],
    ['/trials/:trial/redactions/:redaction/refusal', async () => ready(decider(), await asked(), /refusal$/)],
  ]
}
