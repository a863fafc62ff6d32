/**
 * What a page about subjects needs of its trial besides them: read once, and again only when the trial's chain holds
 * something that is not about subjects.
 */
import type { Bilingual } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ExitReason } from '../domain/exit-reason.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'
import { keepNewest } from '../keep-newest.ts'
import { chainHead } from './audit-trail.ts'
import { listRequestDays } from './change-requests.ts'
import { type Head, onlySubjectsChanged } from './changed-subjects.ts'
import type { Db } from './database.ts'
import { listReasonLabels } from './logs.ts'
import { listExitReasons } from './settings.ts'
import { listSites } from './sites.ts'
import { listTerms } from './trial-terms.ts'
import { findPathway, listConsentVersions } from './trials.ts'

/** Shared by everybody who asks: none of it may be changed by its reader. */
export type TrialFacts = {
  pathway: Pathway
  sites: readonly Site[]
  versions: readonly TrialTerms[]
  consentVersions: readonly ConsentVersion[]
  /** Reasons in use. */
  exitReasons: readonly ExitReason[]
  /** The words of the reasons by `exit code`, of those in use and those retired. */
  reasonLabels: ReadonlyMap<string, Bilingual>
  /** Days named by change requests, worth looking back from. */
  requestDays: readonly CalendarDate[]
}

/** Of so many trials of an open database; those asked for longest ago go first. */
const mostKept = 1000
const keptOf = new WeakMap<Db, Map<string, { head: Head; facts: TrialFacts }>>()

export async function findTrialFacts(db: Db, trialId: string): Promise<TrialFacts> {
  const kept = keptOf.get(db) ?? new Map<string, { head: Head; facts: TrialFacts }>()
  keptOf.set(db, kept)
  const head = await chainHead(db, trialId)
  const before = kept.get(trialId)
  const stands = before !== undefined && (await onlySubjectsChanged(db, trialId, before.head, head))
  const facts = stands ? before.facts : await readFacts(db, trialId)
  keepNewest(kept, trialId, { head, facts }, mostKept)
  return facts
}

async function readFacts(db: Db, trialId: string): Promise<TrialFacts> {
  return {
    pathway: await findPathway(db, trialId),
    sites: await listSites(db, trialId),
    versions: await listTerms(db, trialId),
    consentVersions: await listConsentVersions(db, trialId),
    exitReasons: await listExitReasons(db, trialId),
    reasonLabels: await listReasonLabels(db, trialId),
    requestDays: await listRequestDays(db, trialId),
  }
}
