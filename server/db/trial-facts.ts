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
import type { ChainHead } from './audit-trail.ts'
import { listRequestDays } from './change-requests.ts'
import { isOnlyAboutSubjects } from './changed-subjects.ts'
import type { Db } from './database.ts'
import { listReasonLabels } from './logs.ts'
import { rememberedWhile } from './remembered.ts'
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

export function findTrialFacts(db: Db, trialId: string, under: ChainHead | null = null): Promise<TrialFacts> {
  return rememberedWhile(db, trialId, 'facts', isOnlyAboutSubjects, () => readFacts(db, trialId), under)
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
