/** What the pages of a change request are made of, and what somebody may just have done to it. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { SiteSoFar } from '../../domain/projection/claims-against-record.ts'
import type { Reconciliation } from '../../domain/reconciliation.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Finding } from '../../domain/request-check/finding.ts'
import type { Site } from '../../domain/site.ts'
import type { Trial } from '../../domain/trial.ts'
import type { TrialTerms } from '../../domain/trial-terms.ts'
import type { FindingShown } from './request-words.ts'

export const requestDoings = [
  'drafted',
  'changed',
  'submitted',
  'withdrawn',
  'asked',
  'answered',
  'decided',
  'demanded',
  'met',
  'attached',
  'detached',
] as const
export type RequestDoing = (typeof requestDoings)[number]

export type RequestInput = {
  trial: Trial
  today: CalendarDate
  request: WholeRequest
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  /** What each site had by the as-of day. */
  soFar: readonly SiteSoFar[]
  registeredToday: number
  screenings: Reconciliation | null
  findings: readonly Finding[]
  /** The decision that each stated one belongs to, by its place. */
  decisionPlaces: readonly number[]
  /** Registrations after the old terms ended and before the new ones were in force. */
  between: readonly { siteId: string; on: CalendarDate; number: number }[]
  /** Whether the stored inputs still have the hash under which they were stored. */
  isIdentical: boolean
  may: { write: boolean; judge: boolean }
  done: RequestDoing | null
}

/** What the checks found about a place of the page. */
export type FindingsAt = (anchor: string) => FindingShown[]
